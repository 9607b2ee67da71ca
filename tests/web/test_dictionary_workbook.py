"""The dictionary's workbook, read by an independent reader."""

from pathlib import Path

import openpyxl
import pytest

from tests.web.small_scenario import AS_OF, hostile_policy, policy, scenario
from yunnao.web.dictionary_workbook import write_workbook


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("workbook") / "dictionary.xlsx"
    write_workbook(
        [scenario(hostile_policy(), policy("formula", note="=1+1"))], path, as_of=AS_OF, district_title="示例区"
    )
    return openpyxl.load_workbook(path)


def test_sheets_have_frozen_headers_and_filters(workbook: openpyxl.Workbook) -> None:
    assert workbook.sheetnames == ["政策目录", "条件", "参数", "示例", "事实"]
    for sheet in workbook:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(cell.value for cell in sheet[1])


def test_every_cell_is_text_and_none_a_formula(workbook: openpyxl.Workbook) -> None:
    kinds = {cell.data_type for sheet in workbook for row in sheet for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert "=1+1" in [cell.value for row in workbook["政策目录"] for cell in row]


def test_conditions_and_parameters_are_rows(workbook: openpyxl.Workbook) -> None:
    conditions = [[cell.value for cell in row] for row in workbook["条件"] if row[0].value == "hiring"]
    assert len(conditions) == 8
    assert conditions[0][2:8] == ["1", "以下各项须全部满足", "上年营业收入", "不超过", "300 万元", "第三条"]
    assert conditions[2][3] == "以下各项须全部满足 → 以下各项满足任意一项即可 → 以下各项须全部满足"
    parameters = [[cell.value for cell in row] for row in workbook["参数"] if row[0].value == "hiring"]
    assert [row[5] for row in parameters] == ["1,500 元", "2,000 元", "5.5%"]


def test_equal_dictionaries_are_equal_files(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook([scenario()], tmp_path / name, as_of=AS_OF, district_title="示例区")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
