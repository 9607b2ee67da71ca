"""Values come out of offices' files as they stand in them, to the last digit; what cannot be read is told, never guessed."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.assessment.value_files import read_values

HEADER = ["考核对象", "指标", "时期", "完成值", "目标值", "单位"]


def workbook(path: Path, *rows: list[object], percent: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["一季度考核指标"], HEADER, *rows):
        sheet.append(row)
    for cell in percent:
        sheet[cell].number_format = "0.0%"
    book.save(path)
    return path


def test_numbers_of_a_workbook_are_exact(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "values.xlsx",
        ["甲区", "增速", "2023Q1", 6.1, None, "%"],
        ["甲区", "收入", "2023年一季度", "1,234.50", 1300, "亿元"],
        ["甲区", "外资", "2023Q1", "—", "", "亿美元"],
    )
    values, problems = read_values([path])
    assert problems == []
    found = {value.indicator: (value.value, value.target, str(value.period), value.source) for value in values}
    assert found == {
        "增速": (Decimal("6.1"), None, "2023Q1", "values.xlsx"),
        "收入": (Decimal("1234.5"), Decimal(1300), "2023Q1", "values.xlsx"),
        "外资": (None, None, "2023Q1", "values.xlsx"),
    }


def test_a_cell_shown_in_per_cent_is_refused_rather_than_read_a_hundredth(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "values.xlsx",
        ["甲区", "增速", "2023Q1", 0.061, None, "%"],
        ["乙区", "增速", "2023Q1", 5.9, None, "%"],
        ["丙区", "增速", "2023Q1", "5.9%", None, "%"],
        ["丁区", "增速", "2023Q1", 5.7, None, "%"],
        percent=("D3",),
    )
    values, problems = read_values([path])
    assert {value.unit: value.value for value in values} == {"乙区": Decimal("5.9"), "丁区": Decimal("5.7")}
    assert [problem.row for problem in problems] == [3, 5]
    assert "按百分比显示" in problems[0].reason


def test_a_strange_period_refuses_its_row_and_a_file_without_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_text(
        "考核对象,指标,时期,完成值\n甲区,增速,2023Q9,1\n甲区,增速,2023Q1,2\n乙区,增速,2023Q1,2\n", encoding="utf-8"
    )
    values, problems = read_values([path])
    assert len(values) == 2
    assert "2023Q1、2023年一季度" in problems[0].reason
    path.write_text("考核对象,指标\n甲区,增速\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="缺少"):
        read_values([path])
    with pytest.raises(FileRefused, match="没有给出"):
        read_values([])
