"""`yunnao assessment` as whole commands: the example by files, a district's values with corrections, and what goes wrong."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.commands import Called, console, yunnao
from tests.platforms.indicators.report.audit import complaints


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "example"
    called = console("assessment", "example", folder)
    assert called.code == 0, called
    return folder


def by_files(example: Path, *more: object) -> Called:
    return yunnao(
        "assessment",
        "score",
        "--definition",
        example / "zhaixing_duoqi.yaml",
        "--values",
        example / "values.xlsx",
        *more,
    )


def document(called: Called) -> Any:
    assert called.code == 0, called
    return json.loads(called.out)


def totals(found: Any) -> Any:
    """The totals without where values stand."""
    return [{**unit, "bonus": [{**own, "source": ""} for own in unit["bonus"]]} for unit in found["total"]]


def test_the_example_is_scored_and_says_that_it_is_one(example: Path, tmp_path: Path) -> None:
    called = by_files(example, "-o", tmp_path / "result.xlsx")
    assert called.code == 0, called
    assert "示例权重" in called.out
    assert complaints((tmp_path / "result.xlsx").read_bytes(), tmp_path / "checked.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    assert book.sheetnames == [
        "综合", "经济运行", "项目签约落地", "城市更新建设", "优化营商环境", "位次变动", "敏感性", "明细", "口径",
    ]  # fmt: skip
    assert all("示例权重" in str(sheet["A2"].value) for sheet in book)
    third, first = document(by_files(example, "--json")), document(by_files(example, "--json", "--period", "2023Q1"))
    assert (third["period"], third["before"], len(third["boards"])) == ("2023Q3", "2023Q2", 4)
    assert (first["period"], first["before"], len(first["boards"])) == ("2023Q1", None, 3)
    assert sum(int(unit["stars"]) for unit in first["boards"][0]["units"]) == 55
    assert sorted(unit["rank"] for unit in first["total"]) == sorted(str(n) for n in range(1, 11))


def test_the_same_is_a_page_and_a_document(example: Path, tmp_path: Path) -> None:
    for name in ("result.html", "result.json"):
        called = by_files(example, "-o", tmp_path / name, "--lang", "en")
        assert called.code == 0, called
    assert 'lang="en"' in (tmp_path / "result.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["assessment"] == "zhaixing_duoqi"


def test_values_of_the_quarter_before_may_be_in_another_file(example: Path, tmp_path: Path) -> None:
    rows = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(example / "values.xlsx")["指标值"].iter_rows()
    ]
    files = {}
    for name, wanted in (("now", "2023Q3"), ("before", "2023Q2")):
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(rows[1])
        for row in rows[2:]:
            if str(row[2]) in (wanted, wanted.replace("2023", "2022")):
                sheet.append(row)
        files[name] = tmp_path / f"{name}.xlsx"
        book.save(files[name])
    given = ("--definition", example / "zhaixing_duoqi.yaml", "--values", files["now"], "--json")
    alone = document(yunnao("assessment", "score", *given))
    both = document(yunnao("assessment", "score", *given, "--previous", files["before"]))
    assert {unit["move"] for unit in alone["total"]} == {None}
    assert totals(both) == totals(document(by_files(example, "--json")))


def test_a_district_loads_values_corrects_them_and_looks_back(example: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for words in (("init", home), ("load", home, "assessment_values", example / "values.xlsx")):
        called = yunnao(*words)
        assert called.code == 0, called
    before = document(yunnao("assessment", "score", home, "--json"))
    assert totals(before) == totals(document(by_files(example, "--json")))
    correction = tmp_path / "correction.csv"
    correction.write_text("考核对象,指标,时期,完成值\n崂山区,地区生产总值增速,2023Q3,99.9\n", encoding="utf-8")
    called = yunnao("load", home, "assessment_values", correction, now="2024-07-16T10:00:00+08:00")
    assert called.code == 0, called
    after = document(yunnao("assessment", "score", home, "--json", now="2024-07-16T11:00:00+08:00"))

    def growth(found: Any) -> Any:
        (unit,) = [unit for unit in found["boards"][0]["units"] if unit["unit"] == "laoshan"]
        return unit["indicators"][0]

    assert growth(after)["value"] == "99.9"
    assert "correction.csv" in growth(after)["source"]
    looked_back = document(
        yunnao(
            "assessment", "score", home, "--json", "--known-at", "2024-07-15T23:00:00", now="2024-07-16T12:00:00+08:00"
        )
    )
    assert growth(looked_back)["value"] == growth(before)["value"]
    assert totals(looked_back) == totals(before)


def test_rows_that_nothing_asks_for_are_told(example: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange.csv"
    lines = (
        "考核对象,指标,时期,完成值",
        "月球区,地区生产总值增速,2023Q3,1",
        "黄岛区,地区生产总值增速,2023Q4,一",
        "黄岛区,没有的指标,2023Q3,1",
    )
    strange.write_text("\n".join(lines), encoding="utf-8")
    called = by_files(example, "--values", strange, "-o", tmp_path / "result.xlsx")
    assert called.code == 3, called
    assert "没有叫“月球区”的考核对象" in called.err
    assert "没有用上的行" in openpyxl.load_workbook(tmp_path / "result.xlsx").sheetnames


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "请写区的目录 HOME"),
        (("--definition", "absent.yaml", "--values", "absent.xlsx"), "absent.yaml"),
        (("no-home",), "no-home"),
    ],
)
def test_what_goes_wrong_is_a_sentence(words: tuple[str, ...], told: str) -> None:
    called = yunnao("assessment", "score", *words)
    assert called.code == 2, called
    assert told in called.err


def test_a_result_of_another_kind_or_period_is_refused(example: Path, tmp_path: Path) -> None:
    assert "只能写成" in by_files(example, "-o", tmp_path / "result.pdf").err
    assert "没有 2030Q1 的值" in by_files(example, "--period", "2030Q1").err
    assert "不是一个时期" in by_files(example, "--period", "soon").err
    home = tmp_path / "home"
    assert yunnao("init", home).code == 0
    assert "yunnao load" in yunnao("assessment", "score", home).err
