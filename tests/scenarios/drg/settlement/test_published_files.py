"""Published tables as offices export them: read, refused with rows named, in force by day."""

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter

from tests.scenarios.drg.settlement.made import rules_with
from yunnao.kernel.errors import FileRefused, YunnaoError
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.published_files import load_published, read_base_points, read_coefficients

GROUPS = {"AA19", "BB11", "BB15"}


def file(folder: Path, text: str, name: str = "points.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def rules(others: str = "none", **coefficients: object) -> Rules:
    return rules_with(
        base_points={"basis": "year", "table": {"file": "points.csv", "others": others}}, coefficients=coefficients
    )


def test_a_csv_of_an_office(tmp_path: Path) -> None:
    head = "某市2023年DRG基准点数表,,,\n序号,DRG编码,DRG名称,基准点数,例均费用（万元）,三级系数,是否稳定\n"
    text = head + '1,AA19,甲,"1,234.5678",1.5,1.05,是\n2,BB11,乙,50,,,否\n'
    found = read_base_points(file(tmp_path, text, encoding="gb18030"), GROUPS)
    assert [(each.row, each.drg, each.base, each.mean, each.stable) for each in found] == [
        (3, "AA19", Fraction("1234.5678"), Fraction(15_000_00), True),
        (4, "BB11", Fraction(50), None, False),
    ]
    assert found[0].coefficients == {"tertiary": Fraction("1.05")}
    assert found[1].coefficients == {}


def test_a_workbook_of_an_office(tmp_path: Path) -> None:
    path = tmp_path / "points.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(
            [["病组编码", "基准点数", "执行日期"], ["AA19", 123.4567, "2023-01-01"], ["BB15", 50, ""]]
        ):
            sheet.write_row(number, 0, row)
    found = read_base_points(path, GROUPS)
    assert [(each.drg, each.base, each.since) for each in found] == [
        ("AA19", Fraction("123.4567"), dt.date(2023, 1, 1)),
        ("BB15", Fraction(50), None),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("XX99,50,", "第 2 行的病组 XX99 不在分组方案里"),
        ("AA19,0,", "第 2 行的基准点数 0 要大于 0"),
        ("AA19,-3,", "第 2 行的基准点数 -3 要大于 0"),
        ("AA19,,", "第 2 行没有基准点数"),
        ("AA19,many,", "第 2 行的基准点数 'many' 不是数"),
        ("AA19,0.1234567890123,", "小数超过十二位"),
        (",50,", "第 2 行没有病组编码"),
        ("AA19,50,2023-03-01", "第 2 行的执行日期 2023-03-01：清算按自然年"),
        ("AA19,50,soon", "第 2 行的执行日期 'soon'"),
    ],
)
def test_rows_that_are_wrong_are_said(tmp_path: Path, row: str, said: str) -> None:
    path = file(tmp_path, f"病组编码,基准点数,执行日期\n{row}\nBB11,40,\n")
    with pytest.raises(FileRefused, match=r"points\.csv") as error:
        read_base_points(path, GROUPS)
    assert said in str(error.value)


def test_columns_are_closed(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="不认识的列「封顶点数」"):
        read_base_points(file(tmp_path, "病组编码,基准点数,封顶点数\nAA19,50,60\n"), GROUPS)
    with pytest.raises(FileRefused, match="缺少列 基准点数"):
        read_base_points(file(tmp_path, "病组编码,病组名称\nAA19,甲\n"), GROUPS)


def test_repeats_are_refused_and_the_latest_day_is_in_force(tmp_path: Path) -> None:
    head = "病组编码,基准点数,执行日期\n"
    file(tmp_path, head + "AA19,50,2023-01-01\nBB11,40,\nAA19,51,2023-01-01\n")
    with pytest.raises(YunnaoError, match="第 4 行的 AA19 与第 2 行重复"):
        load_published(tmp_path, rules(), GROUPS)
    file(tmp_path, head + "AA19,50,2022-01-01\nAA19,60,2023-01-01\nAA19,70,2024-01-01\nBB11,40,\n")
    found = load_published(tmp_path, rules(), GROUPS)
    assert {drg: row.base for drg, row in found.groups.items()} == {"AA19": 60, "BB11": 40}
    assert found.missing == ("BB15",)
    file(tmp_path, head + "AA19,70,2024-01-01\n")
    with pytest.raises(YunnaoError, match="没有 2023 年执行的基准点数"):
        load_published(tmp_path, rules(), GROUPS)


def test_coefficients_are_of_a_hospital_or_of_a_level(tmp_path: Path) -> None:
    head = "医疗机构编号,等级,病组编码,系数\n"
    path = file(tmp_path, head + "H1,,,1.1\nH1,,AA19,1.2\n,三级,,0.9\n", "k.csv")
    found = [(each.whose, each.drg, each.coefficient) for each in read_coefficients(path, GROUPS)]
    assert found == [
        ("H1", "", Fraction("1.1")),
        ("H1", "AA19", Fraction("1.2")),
        ("tertiary", "", Fraction("0.9")),
    ]
    for row in ("H1,三级,,1", ",,,1"):
        with pytest.raises(FileRefused, match="并且只写一个"):
            read_coefficients(file(tmp_path, head + row + "\n", "k.csv"), GROUPS)


def test_the_nearest_coefficient_counts(tmp_path: Path) -> None:
    file(tmp_path, "病组编码,基准点数,二级系数\nAA19,50,0.8\nBB11,40,\n")
    file(tmp_path, "医疗机构编号,等级,病组编码,系数\nH1,,,1.1\nH1,,AA19,1.2\n,三级,,0.9\n", "k.csv")
    found = load_published(tmp_path, rules(parts=[{"of": "published"}], table="k.csv"), GROUPS)
    asked = [
        ("H1", "tertiary", "AA19"),
        ("H1", "tertiary", "BB11"),
        ("H2", "tertiary", "AA19"),
        ("H2", "secondary", "AA19"),
        ("H2", "primary", "AA19"),
    ]
    assert [float(found.coefficient(*each)) for each in asked] == [1.2, 1.1, 0.9, 0.8, 1.0]
    file(tmp_path, "等级,病组编码,系数\n二级,AA19,0.9\n", "k.csv")
    with pytest.raises(YunnaoError, match="在基准点数表里也有"):
        load_published(tmp_path, rules(parts=[{"of": "published"}], table="k.csv"), GROUPS)


def test_coefficients_of_a_table_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    file(tmp_path, "病组编码,基准点数,二级系数\nAA19,50,0.8\n")
    with pytest.raises(YunnaoError, match="没有用它"):
        load_published(tmp_path, rules(), GROUPS)


def test_a_policy_that_names_a_table_without_using_it_is_refused() -> None:
    with pytest.raises(ValueError, match="of: published"):
        rules_with(coefficients={"table": "k.csv"})
    with pytest.raises(ValueError, match="公布的表"):
        rules_with(coefficients={"parts": [{"of": "published"}]})
    with pytest.raises(ValueError, match="file"):
        rules_with(base_points={"basis": "year", "table": {"file": "../points.csv", "others": "none"}})


def test_without_a_table_rules_are_written_as_before() -> None:
    written = rules_with().model_dump()
    assert "table" not in written["base_points"]
    assert "table" not in written["coefficients"]


def test_coefficients_that_are_not_in_force_do_not_silently_count_as_one(tmp_path: Path) -> None:
    file(tmp_path, "病组编码,基准点数,三级系数\nAA19,50,\n")
    with pytest.raises(YunnaoError, match=r"points\.csv：没有 2023 年执行的系数"):
        load_published(tmp_path, rules(parts=[{"of": "published"}]), GROUPS)
    for rows in ("", "H1,1.1,2024-01-01\n"):
        file(tmp_path, "医疗机构编号,系数,执行日期\n" + rows, "k.csv")
        with pytest.raises(YunnaoError, match=r"k\.csv：没有 2023 年执行的系数"):
            load_published(tmp_path, rules(parts=[{"of": "published"}], table="k.csv"), GROUPS)


def test_a_hospital_is_written_as_registers_read_it(tmp_path: Path) -> None:
    head = "医疗机构编号,等级,系数\n"
    found = read_coefficients(file(tmp_path, head + "Ｈ１,-,1.1\n", "k.csv"), GROUPS)
    assert [each.whose for each in found] == ["H1"]
    with pytest.raises(FileRefused, match="并且只写一个"):
        read_coefficients(file(tmp_path, head + ",-,1.1\n", "k.csv"), GROUPS)
