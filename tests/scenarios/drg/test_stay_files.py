"""Files of stays as offices export them: every row comes out, in order, in whatever form."""

import datetime as dt
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.drg import stay_files
from yunnao.scenarios.drg.grouped_files import write_grouped
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme
from yunnao.scenarios.drg.stay_files import open_stays

SCHEME = load_scheme(SAMPLE_SCHEME)
HEAD = "case_id,sex,age_years,diagnoses,procedures,remark\n"
ROWS = 'a,男,60,I63.900|G40.900,,"一,二"\nb,2,60,C54.100,68.2900,\na,男,60,I63.900,,\n,男,60,I63.900,,\n'
GROUPS = ["XBR25", "XNC15", "0000", "0000"]


def grouped(path: Path, ending: str = ".csv", *, explain: bool = False) -> pl.DataFrame:
    target = path.with_name(f"result{ending}")
    with open_stays(path) as stays:
        write_grouped(stays, SCHEME, target, ending, explain=explain)
    return read_back(target)


def read_back(path: Path) -> pl.DataFrame:
    match path.suffix:
        case ".csv":
            return pl.read_csv(path, infer_schema=False)
        case ".parquet":
            return pl.read_parquet(path)
        case ".jsonl":
            return pl.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    return pl.DataFrame(
        [[str(cell) for cell in row] for row in rows], schema=[str(cell) for cell in head], orient="row"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "stays.csv"
    path.write_bytes((HEAD + ROWS).replace("一,二", "一二").replace(",", mark).encode(encoding))
    found = grouped(path)
    assert found["drg"].to_list() == GROUPS
    assert found["remark"].to_list()[0] == "一二"
    assert found.columns[:6] == HEAD.strip().split(",")


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx", ".jsonl"])
def test_every_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "stays.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    found = grouped(path, ending, explain=True)
    assert found["drg"].to_list() == GROUPS
    assert found["remark"].to_list()[0] == "一,二"
    assert "分入 XBR25" in found["path"].to_list()[0]
    assert found["path"].to_list()[2] == "病案编号与前面的一行相同"


def test_a_workbook_as_an_office_keeps_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["某区住院病案"])
    sheet.append(["病案号", "性别", "年龄", "诊断编码", "手术操作编码", "医保办备注"])
    sheet.append(["a", "男", 60, "I63.900|G40.900", None, dt.date(2023, 5, 1)])
    sheet.append(["b", 2, 60, "C54.100", "68.2900", "x"])
    sheet.append([None] * 6)
    book.save(tmp_path / "stays.xlsx")
    found = grouped(tmp_path / "stays.xlsx")
    assert found["drg"].to_list() == GROUPS[:2]
    assert found.columns[:2] == ["病案号", "性别"]
    assert found["医保办备注"].to_list()[1] == "x"


def test_parquet_keeps_its_types_and_may_have_lists(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "case_id": [1, 2],
            "sex": pl.Series(["male", "female"], dtype=pl.Categorical),
            "age_years": [60, 60],
            "diagnoses": [["I63.900", "G40.900"], ["C54.100"]],
            "procedures": [[], ["68.2900"]],
            "total_cost": [1.5, 2.5],
            "drg": ["mine", "yours"],
        }
    )
    frame.write_parquet(tmp_path / "stays.parquet")
    found = grouped(tmp_path / "stays.parquet", ".parquet")
    assert found["drg"].to_list() == GROUPS[:2]
    assert found["input_drg"].to_list() == ["mine", "yours"]
    assert found.select("case_id", "sex", "diagnoses", "total_cost").equals(
        frame.select("case_id", "sex", "diagnoses", "total_cost")
    )
    for ending in (".csv", ".xlsx"):  # which have no lists
        found = grouped(tmp_path / "stays.parquet", ending)
        assert found["drg"].to_list() == GROUPS[:2]
        assert found["diagnoses"].to_list() == ["I63.900|G40.900", "C54.100"]


def test_what_a_cell_cannot_hold_is_refused_before_any_work(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"case_id": ["1"], "sex": ["男"], "age_years": [60], "diagnoses": ["I63.900"], "procedures": [""]}
    )
    frame.with_columns(bills=pl.struct(a=1)).write_parquet(tmp_path / "stays.parquet")
    with pytest.raises(FileRefused, match="列 bills"):
        grouped(tmp_path / "stays.parquet")
    assert grouped(tmp_path / "stays.parquet", ".parquet")["drg"].to_list() == GROUPS[:1]


def test_lines_that_hold_nothing_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    path.write_text(HEAD + "\n" + ROWS + ",,,,,\n\n", encoding="utf-8")
    assert grouped(path)["drg"].to_list() == [*GROUPS, "0000"]


def test_parts_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stays.csv"
    rows = [f"{number % 900},男,60,I63.900,,{number}" for number in range(1_000)]
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr(stay_files, "BATCH", 64)
    found = grouped(path)
    assert found["remark"].to_list() == [str(number) for number in range(1_000)]
    assert found["outcome"].to_list() == ["grouped"] * 900 + ["invalid"] * 100


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空文件"),
        (b"case_id,sex,age_years,diagnoses\n1,1,60,I63.900\n", "缺少列 procedures（手术操作编码）"),
        (HEAD.encode() + b"a,1,60,I63.900,G40.900,,x,y\n", "第 2 行有 8 格，表头只有 6 格"),
        (b"PAR1 and no more", "请检查文件是否完整"),
        (b"a\x00b,c\n", "空字节"),
        (HEAD.encode() + b"\xff\xff\xff\n", "编码"),
        ((HEAD + "a,男,60,I63.900,,张").encode()[:-1], "中间断了"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "stays.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=words):
        grouped(path)


def test_a_head_and_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    path.write_text(HEAD, encoding="utf-8")
    assert grouped(path).height == 0


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx", ".jsonl"])
def test_a_result_is_grouped_again_and_again(tmp_path: Path, ending: str) -> None:
    """What grouping adds may stand in a file already, with and without the path: nothing is overwritten or refused."""
    path = tmp_path / "stays.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    first = grouped(path, explain=True)
    for round_ in range(3):
        (tmp_path / "result.csv").rename(tmp_path / f"{round_}.csv")
        found = grouped(tmp_path / f"{round_}.csv", explain=True)
    assert found["drg"].to_list() == GROUPS
    assert found.select(first.columns).equals(first)
    assert {"input_drg", "input_path", "input_input_drg"} < set(found.columns)
    assert grouped(tmp_path / "2.csv", ending, explain=True)["drg"].to_list() == GROUPS


def test_what_a_sheet_cannot_hold_is_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    path.write_text(HEAD + f"a,男,60,I63.900,,{'x' * 32_768}\n", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"第 2 行的 remark .*32,767"):
        grouped(path, ".xlsx")
    assert grouped(path)["remark"].str.len_chars().to_list() == [32_768]
