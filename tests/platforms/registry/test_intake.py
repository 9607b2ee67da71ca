"""Rows, encodings, duplicates and refusals of delimited files and Parquet."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.platforms.registry.registers import ENTERPRISES, HEADER, HIRES, code, write_csv
from yunnao.kernel.errors import FileRefused
from yunnao.kernel.register import Register
from yunnao.platforms.registry.formats import check_readable
from yunnao.platforms.registry.intake import Intake, take_in

ROWS = [[code(i), i, f"{i}.50"] for i in range(1, 6)]
GOOD = [HEADER, *ROWS]


def load(path: Path, register: Register = ENTERPRISES) -> Intake:
    check_readable(path)
    return take_in(path, path.name, register)


def refusal(path: Path, register: Register = ENTERPRISES) -> str:
    with pytest.raises(FileRefused) as caught:
        load(path, register)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [[code(i), i, f"{i},000.50"] for i in range(1, 6)]
    intake = load(write_csv(tmp_path / "a.csv", [HEADER, *rows], encoding, delimiter))
    assert intake.table.height == 5
    assert sorted(intake.table["revenue"].to_list()) == [i * 100_000 + 50 for i in range(1, 6)]
    assert intake.notes == ["没有这些列，按未知处理：企业名称、主体类型、所属镇街、成立日期、利润、裁员率、已上市"]


def test_the_table_is_typed_and_sorted_by_key(tmp_path: Path) -> None:
    table = load(write_csv(tmp_path / "a.csv", GOOD)).table
    assert table.columns == [fact.id for fact in ENTERPRISES.facts]
    assert table["credit_code"].to_list() == sorted(code(i) for i in range(1, 6))
    assert table.schema["registered_on"] == pl.Date
    assert table.schema["revenue"] == pl.Int64


def test_line_breaks_inside_quotes_and_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        f'统一社会信用代码,"从业\r\n人数",营业收入,企业名称\r\n{code(1)},1,2,"甲\r\n公司, ""一""号"\r\n'.encode()
        + f"\r\n{code(2)},x,2,乙\r\n".encode()
    )
    intake = load(path)
    assert intake.table["name"].to_list() == ['甲\r\n公司, "一"号']
    assert [(p.row, p.column, p.value, p.reason) for p in intake.problems] == [
        (4, "从业人数", "x", "不是数；请只填数字，单位写在表头")
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(ending.join(",".join(map(str, row)) for row in GOOD).encode())
    assert load(path).table.height == 5


def test_blank_total_footer_and_repeated_header_rows_are_no_data(tmp_path: Path) -> None:
    rows = [
        ["", "企业名称", *HEADER],
        ["1", "甲", *ROWS[0]],
        ["", "", "", "", ""],
        ["小 计", "", "", "1", "1.5"],
        ["", "企业名称", *HEADER],
        ["2", "合计", *ROWS[1]],
        ["", "总计：", "-", "9", "9"],
        ["", "", "合计2户", "9", "9"],
        ["制表人：张三", "", "", "", ""],
        ["备注：收入不含税", "", "", "", ""],
        ["", "", "", "", ""],
    ]
    intake = load(write_csv(tmp_path / "a.csv", rows))
    assert (intake.rows, intake.table.height, intake.problems) == (2, 2, [])
    assert intake.notes[:4] == [
        "跳过空行 1 行：第 3 行",
        "跳过合计行 3 行：第 4、7、8 行",
        "跳过表尾说明行 2 行：第 9、10 行",
        "跳过重复的表头行 1 行：第 5 行",
    ]
    assert set(intake.table["name"]) == {"甲", "合计"}  # a name is a name where the row has a key


def test_a_row_with_several_faults_lists_each(tmp_path: Path) -> None:
    intake = load(write_csv(tmp_path / "a.csv", [*GOOD, ["-", "-3", "1,2"], [code(9), 1, 1]]))
    assert [(p.row, p.column, p.value) for p in intake.problems] == [
        (7, "统一社会信用代码", "-"),
        (7, "从业人数", "-3"),
        (7, "营业收入", "1,2"),
    ]
    assert (intake.rows, intake.refused, intake.table.height) == (7, 1, 6)


def test_identical_rows_are_kept_once_however_they_are_written(tmp_path: Path) -> None:
    twice = [[code(1).lower(), "１.0", "1.500"], [f" {code(1)}", "1", "1.5"]]
    intake = load(write_csv(tmp_path / "a.csv", [*GOOD, *twice]))
    assert (intake.rows, intake.repeats, intake.refused, intake.table.height) == (7, 2, 0, 5)
    assert "略去第 7、8 行" in intake.notes[-1]


def test_contradicting_rows_are_all_refused_each_naming_the_other(tmp_path: Path) -> None:
    rows = [*GOOD, [code(1), 1, 99], [code(1), 1, "1.5"], [code(2), "x", 1]]
    intake = load(write_csv(tmp_path / "a.csv", rows))
    assert [(p.row, p.value) for p in intake.problems] == [(2, code(1)), (7, code(1)), (9, "x")]
    assert "与第 7 行" in intake.problems[0].reason
    assert "与第 2 行" in intake.problems[1].reason
    assert code(2) in intake.table["credit_code"].to_list()  # a bad row does not spoil a good one
    assert (intake.rows, intake.table.height, intake.refused, intake.repeats) == (8, 4, 3, 1)


def test_keys_of_several_columns(tmp_path: Path) -> None:
    rows = [
        ["credit_code", "person", "hired_on", "months"],
        [code(1), "a", "2022-01-01", 12],
        [code(1), "b", "2022-01-01", 12],
        [code(1), "a", "2022/1/2", 6],
        [code(1), "a", "20220102", 7],
        [code(1), "a", "", 7],
        [code(1), "a", "2022-01-01", "12"],
    ]
    intake = load(write_csv(tmp_path / "a.csv", rows), HIRES)
    assert (intake.table.height, intake.refused, intake.repeats) == (2, 3, 1)
    assert [p.row for p in intake.problems] == [4, 5, 6]
    assert "不能为空" in intake.problems[2].reason


def test_rounding_is_noted(tmp_path: Path) -> None:
    intake = load(write_csv(tmp_path / "a.csv", [*GOOD, [code(7), 1, "1.005"], [code(8), 1, "1.0049"]]))
    assert "「营业收入」有 2 个数位数太多，已四舍五入到分" in intake.notes
    rounded = dict(intake.table.select("credit_code", "revenue").iter_rows())
    assert (rounded[code(7)], rounded[code(8)]) == (101, 100)


def test_ignored_columns_are_noted(tmp_path: Path) -> None:
    intake = load(write_csv(tmp_path / "a.csv", [[*HEADER, "联系人"], *([*row, "李四"] for row in ROWS)]))
    assert "没有用到的列：联系人" in intake.notes


def test_an_unquoted_comma_refuses_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(HEADER), *(f"{code(i)},1,2" for i in range(5)), f"{code(9)},1,1,234.50"]))
    intake = load(path)
    assert [(p.row, p.column, p.value) for p in intake.problems] == [(7, "（整行）", "234.50")]
    path.write_text("\n".join([",".join(HEADER), *(f"{code(i)},1,2,," for i in range(5))]))
    assert load(path).table.height == 5


def test_parquet_with_its_own_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "credit_code": [code(1), code(2), code(3), "x"],
            "从业人数": [1, None, 3, 4],
            "营业收入（万元）": [0.1 + 0.2, float("nan"), 1e7, 1.0],
            "利润": [Decimal("-1.25"), None, Decimal("7.00"), None],
            "registered_on": [dt.date(2020, 1, 2), None, dt.date(2021, 1, 2), None],
            "listed": [True, None, False, True],
            "无关": [[1], [2], [3], [4]],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    intake = load(tmp_path / "a.parquet")
    rows = {row["credit_code"]: row for row in intake.table.iter_rows(named=True)}
    assert (rows[code(1)]["revenue"], rows[code(1)]["profit"], rows[code(1)]["listed"]) == (300_000, -125, True)
    assert rows[code(1)]["registered_on"] == dt.date(2020, 1, 2)
    assert all(rows[code(2)][name] is None for name in ("employees", "revenue", "profit", "registered_on", "listed"))
    assert rows[code(3)]["listed"] is False
    assert rows[code(3)]["revenue"] == 10**13
    assert [(p.row, p.column, p.value) for p in intake.problems] == [(5, "credit_code", "x")]
    assert "没有用到的列：无关" in intake.notes


def test_parquet_beyond_bounds(tmp_path: Path) -> None:
    pl.DataFrame({"credit_code": [code(1), code(2)], "employees": [1, -1], "revenue": [1e300, 1.0]}).write_parquet(
        tmp_path / "a"
    )
    assert "没有一行可用" in refusal(tmp_path / "a")
    (tmp_path / "b").write_bytes((tmp_path / "a").read_bytes()[:-20])
    assert "不是完整的 Parquet" in refusal(tmp_path / "b")


# --- files refused as a whole


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    assert "文件夹" in refusal(tmp_path)
    assert "没有这个文件" in refusal(tmp_path / "none.csv")
    assert "不是普通文件" in refusal(Path("/dev/null"))
    assert "没有这个文件" in refusal(Path("a\x00b"))
    (tmp_path / "empty.csv").write_bytes(b"")
    assert "空文件" in refusal(tmp_path / "empty.csv")


def test_a_missing_column_is_named_with_the_headers_seen(tmp_path: Path) -> None:
    sentence = refusal(write_csv(tmp_path / "a.csv", [["统一社会信用代码", "营业收入"], [code(1), 1]]))
    assert "缺少 1 列：从业人数" in sentence
    assert "统一社会信用代码、营业收入" in sentence
    assert "前 40 行" in refusal(write_csv(tmp_path / "b.csv", [["甲", "乙"], [1, 2]]))


def test_two_columns_for_one_fact(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [[*HEADER, "营业收入（万元）"], [*ROWS[0], 1]])
    assert "「营业收入」有 2 列" in refusal(path)


def test_gb18030_saved_as_utf8(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", GOOD, "gb18030")
    for name, text in (
        ("b.csv", path.read_bytes().decode("utf-8", errors="replace")),
        ("c.csv", path.read_bytes().decode("latin-1")),
        ("d.csv", path.read_bytes().decode("utf-8", errors="replace").encode().decode("gb18030", errors="replace")),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert "乱码" in refusal(tmp_path / name)
        assert "GB18030" in refusal(tmp_path / name)


def test_swapped_columns_are_guessed(tmp_path: Path) -> None:
    header = ["统一社会信用代码", "从业人数", "营业收入", "成立日期"]
    rows = [[code(i), f"2020-01-{i:02d}", 1, i] for i in range(1, 9)]
    sentence = refusal(write_csv(tmp_path / "a.csv", [header, *rows]))
    assert "「成立日期」一列 8 个值里有 8 个读不了" in sentence
    assert "「1」、「2」、「3」" in sentence
    assert "像是「从业人数」" in sentence
    names = [
        ["统一社会信用代码", "企业名称", "从业人数", "营业收入"],
        *([f"甲{i}公司", code(i), 1, 1] for i in range(5)),
    ]
    sentence = refusal(write_csv(tmp_path / "b.csv", names))
    assert "「统一社会信用代码」" in sentence
    assert "像是「企业名称」" in sentence


def test_a_free_text_that_could_hold_anything_is_no_sign_of_swapped_columns(tmp_path: Path) -> None:
    header = ["统一社会信用代码", "企业名称", "从业人数", "营业收入", "成立日期"]
    rows = [[code(i), f"甲{i}公司", 1, 1, f"{i}/5/2020"] for i in range(1, 9)]
    sentence = refusal(write_csv(tmp_path / "a.csv", [header, *rows]))
    assert "「成立日期」一列 8 个值里有 8 个读不了" in sentence
    assert "对调" not in sentence


def test_half_a_column_unreadable_is_not_yet_a_swap(tmp_path: Path) -> None:
    rows = [[code(i), i if i % 2 else "约", 1] for i in range(1, 9)]
    assert load(write_csv(tmp_path / "a.csv", [HEADER, *rows])).refused == 4
    rows = [[code(i), i if i > 5 else "约", 1] for i in range(1, 9)]
    assert "8 个值里有 5 个读不了" in refusal(write_csv(tmp_path / "a.csv", [HEADER, *rows]))
    rows = [[code(1), "约", 1], [code(2), "约", 1], [code(3), "", 1]]
    assert load(write_csv(tmp_path / "a.csv", [HEADER, *rows])).refused == 2


def test_nothing_but_a_header_or_bad_rows(tmp_path: Path) -> None:
    assert "没有数据行" in refusal(write_csv(tmp_path / "a.csv", [HEADER]))
    assert "没有数据行" in refusal(write_csv(tmp_path / "a.csv", [HEADER, ["合计", "1", "1"]]))
    sentence = refusal(write_csv(tmp_path / "a.csv", [HEADER, [code(1), "-1", 1], [code(2), 1, "1e400"]]))
    assert "2 行都有问题" in sentence
    assert "不能为负数" in sentence
    assert "高于上限" in sentence
    (tmp_path / "b.csv").write_text("\n\n \n")
    assert "空表" in refusal(tmp_path / "b.csv")


@pytest.mark.parametrize(
    "text",
    [
        "<html><table><tr><td>统一社会信用代码</td></tr></table></html>",
        "\ufeff<?xml version='1.0'?><Workbook/>",
        "  <!DOCTYPE html>",
        "<table border=1>",
        "<meta http-equiv=x>",
    ],
)
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv"])
def test_markup_in_disguise(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert "另存为「Excel 工作簿（.xlsx）」" in refusal(tmp_path / name)


def test_hostile_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    head = (",".join(HEADER) + "\n").encode()
    path.write_bytes(head + f"{code(1)},1,\x001\n".encode())
    assert "NUL" in refusal(path)
    path.write_bytes(head + f"{code(1)},1,".encode() + b"9" * 10_000_000 + b"\n")
    assert f"超过 {csv.field_size_limit()} 个字" in refusal(path)
    path.write_bytes(head + f'{code(1)},1,"1\n'.encode() + f"{code(2)},1,2\n".encode() * 10_000)
    assert "引号没有成对" in refusal(path)
    path.write_bytes(head + b"," * 3000)
    assert "2000 格" in refusal(path)
    path.write_bytes(bytes(range(1, 256)) * 20)
    assert "编码" in refusal(path)
    path.write_bytes(b"\xff\xfe\x00")
    assert "utf-16" in refusal(path)


def test_a_spreadsheet_formula_in_a_csv_is_just_not_a_number(tmp_path: Path) -> None:
    intake = load(write_csv(tmp_path / "a.csv", [*GOOD, [code(9), 1, "=1+1"]]))
    assert [(p.value, p.reason) for p in intake.problems] == [("=1+1", "不是数；请只填数字，单位写在表头")]


def test_units_in_cells_count_where_the_header_names_none(tmp_path: Path) -> None:
    rows = [[code(1), "30人", "1.5万元"], [code(2), "3", "￥1,000"], [code(3), "3", "(5)"]]
    intake = load(write_csv(tmp_path / "a.csv", [HEADER, *rows]))
    assert dict(intake.table.select("credit_code", "revenue").iter_rows()) == {code(1): 1_500_000, code(2): 100_000}
    assert [(p.row, p.reason) for p in intake.problems] == [(4, "不能为负数；请核对后改正")]
    for above, header in (([], "营业收入（元）"), (["单位：元"], "营业收入")):
        lines = [*([above] if above else []), ["统一社会信用代码", "从业人数", header], *rows[:2]]
        intake = load(write_csv(tmp_path / "b.csv", lines))
        assert [p.value for p in intake.problems] == ["1.5万元"]
        assert "与表头的单位「元」不一致" in intake.problems[0].reason
