"""Bad input gets a sentence that says what, where and what to do, exit code 2, and leaves the home as it was, byte for byte."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.commands import Called, assert_refused, fingerprint, two_at_a_time, yunnao
from tests.acceptance.test_time import ONE, TWO

HEADER = [
    *("统一社会信用代码", "企业名称", "主体类型", "行业门类", "行业代码"),
    *("成立日期", "所属镇街", "期末从业人数（人）", "上年营业收入（万元）", "上年末资产总额（万元）"),
]
GOOD = [ONE, "甲", "企业", "C", "C398", "2001-01-01", "王台", "10", "1000", "1000"]
OTHER = [TWO, "乙", "企业", "C", "C398", "2001-01-01", "王台", "10", "1000", "1000"]
Rows = list[list[str]]


def _csv(rows: Rows) -> bytes:
    return "\n".join(",".join(row) for row in [*rows, []]).encode()


def _with(place: int, value: str, row: list[str] = GOOD) -> list[str]:
    return [*row[:place], value, *row[place + 1 :]]


def _book(path: Path, rows: Rows, change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(path)
    return path


def _merge(book: openpyxl.Workbook) -> None:
    assert book.active is not None
    book.active.merge_cells("H1:J1")  # three figures under one header


def _formula(book: openpyxl.Workbook) -> None:
    assert book.active is not None
    book.active["H2"] = "=5+5"


def _files(folder: Path) -> dict[str, Path]:
    """Fault -> a file that must be refused as a whole."""
    swapped = [HEADER[0], *HEADER[2:], HEADER[1]]
    contents = {
        "missing column": _csv([HEADER[:-1], GOOD[:-1]]),
        "the same column twice": _csv([[*HEADER, HEADER[-1]], [*GOOD, "5"]]),
        "swapped columns": _csv([swapped, GOOD, OTHER]),
        "another register": _csv([["姓名", "电话"], ["张三", "1"]]),
        "gb18030 saved as utf-8": _csv([HEADER, GOOD]).decode().encode("gb18030").decode("latin-1").encode(),
        "gb18030 with replacement characters": _csv([HEADER, GOOD])
        .decode()
        .encode("gb18030")
        .decode("utf-8", "replace")
        .encode(),
        "a unit that does not fit": _csv([_with(7, "期末从业人数（万元）", HEADER), GOOD]),
        "empty": b"",
        "only a header": _csv([HEADER]),
        "all rows bad": _csv([HEADER, _with(0, ONE[:17] + "0"), _with(7, "-5", OTHER)]),
        "1e400 alone": _csv([HEADER, _with(8, "1e400")]),
        "negative head count alone": _csv([HEADER, _with(7, "-1")]),
        "2023-02-30 alone": _csv([HEADER, _with(5, "2023-02-30")]),
        "binary": bytes(range(256)) * 20,
        "a quote never closed": _csv([HEADER, _with(1, '"甲'), OTHER]),
        "a quote closed by another row's": _csv([HEADER, _with(1, '"甲'), OTHER, _with(1, '"丙', OTHER), OTHER]),
    }
    files = {}
    for name, content in contents.items():
        files[name] = folder / f"{name}.csv"
        files[name].write_bytes(content)
    table = f"<html><table><tr><td>{'</td><td>'.join(HEADER)}</td></tr></table></html>"
    for name, content in (("xls that is html", table.encode()), ("xls that is nonsense", b"\xd0\xcf\x11\xe0" * 9)):
        files[name] = folder / f"{name}.xls"
        files[name].write_bytes(content)
    good = _book(folder / "whole.xlsx", [HEADER, GOOD])
    files["cut off workbook"] = folder / "cut off.xlsx"
    files["cut off workbook"].write_bytes(good.read_bytes()[:3000])
    files["empty sheet"] = _book(folder / "empty sheet.xlsx", [])
    files["merged header cells"] = _book(folder / "merged.xlsx", [HEADER, GOOD, OTHER], _merge)
    files["a formula alone"] = _book(folder / "formula.xlsx", [HEADER, GOOD], _formula)
    files["a directory"] = folder / "a directory.csv"
    files["a directory"].mkdir()
    files["no such file"] = folder / "absent.csv"
    return files


FILES = (
    *("missing column", "the same column twice", "swapped columns", "another register", "gb18030 saved as utf-8"),
    *("gb18030 with replacement characters", "a unit that does not fit", "empty", "only a header", "all rows bad"),
    *(
        "1e400 alone",
        "negative head count alone",
        "2023-02-30 alone",
        "binary",
        "a quote never closed",
        "xls that is html",
    ),
    *("xls that is nonsense", "cut off workbook", "empty sheet", "merged header cells", "a formula alone"),
    *("a directory", "no such file", "a quote closed by another row's"),
)
Loads = dict[str, tuple[Called, bool]]


def _home(folder: Path) -> Path:
    home = folder / "home"
    assert yunnao("init", home).code == 0
    (folder / "first.csv").write_bytes(_csv([HEADER, GOOD, OTHER]))
    assert yunnao("load", home, "enterprises", folder / "first.csv").code == 0
    return home


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> Loads:
    """Fault -> how loading ended and whether the home was left as it was."""
    folder = tmp_path_factory.mktemp("bad")
    home = _home(folder)
    files = _files(folder)
    assert set(files) == set(FILES)

    def load(name: str) -> tuple[Called, bool]:
        own = folder / f"home of {name}"
        shutil.copytree(home, own)
        before = fingerprint(own)
        return yunnao("load", own, "enterprises", files[name]), fingerprint(own) == before

    return dict(zip(FILES, two_at_a_time(load, FILES), strict=True))


@pytest.mark.parametrize("fault", FILES)
def test_a_file_refused_as_a_whole_changes_nothing(fault: str, loads: Loads) -> None:
    called, unchanged = loads[fault]
    sentence = assert_refused(called)
    assert len(sentence.strip()) > 12
    assert unchanged


HINTS = {
    "missing column": "资产总额",
    "gb18030 saved as utf-8": "GB18030",
    "xls that is html": "HTML",
    "empty sheet": "空",
    "a formula alone": "公式",
    "merged header cells": "缺少",
    "a directory": "文件夹",
    "2023-02-30 alone": "2 月 30 日",
    "negative head count alone": "负",
    "no such file": "没有",
    "a quote never closed": "引号",
    "a quote closed by another row's": "引号",
}


@pytest.mark.parametrize("fault", sorted(HINTS))
def test_the_sentence_says_what_is_wrong(fault: str, loads: Loads) -> None:
    assert HINTS[fault].lower() in loads[fault][0].err.lower()


def test_single_bad_rows_among_good_ones_are_refused_alone(tmp_path: Path) -> None:
    home = _home(tmp_path)
    third = "913702117HJK4FA37W"
    bad = {
        "1e400": _with(8, "1e400", OTHER),
        "negative": _with(7, "-1", OTHER),
        "no such day": _with(5, "2023-02-30", OTHER),
        "half a person": _with(7, "2.5", OTHER),
        "infinite": _with(8, "inf", OTHER),
        "not a number": _with(8, "nan", OTHER),
        "a script": _with(0, "<script>alert(1)</script>", OTHER),
    }

    def load(name: str) -> Called:
        own = tmp_path / f"home of {name}"
        shutil.copytree(home, own)
        file = tmp_path / f"{name}.csv"
        file.write_bytes(_csv([HEADER, bad[name], _with(0, third)]))
        rejects = tmp_path / f"{name} rejects.xlsx"
        called = yunnao("load", own, "enterprises", file, "--rejects", rejects)
        rows = list(openpyxl.load_workbook(rejects).worksheets[0].iter_rows(values_only=True))
        assert len(rows) == 2, rows
        return called

    for name, called in zip(bad, two_at_a_time(load, bad), strict=True):
        assert called.code == 3, (name, called)
        assert "Traceback" not in called.err + called.out
        assert "收下 1，拒绝 1" in called.out
        blamed = next(cell for cell, good in zip(bad[name], OTHER, strict=True) if cell != good)
        assert f"「{blamed}」：" in called.out  # beside its reason


CALLS: dict[str, list[str]] = {
    "no such home": ["run", "{absent}"],
    "no such home to load": ["load", "{absent}", "enterprises", "{good}"],
    "no such home to explain": ["explain", "{absent}", "hnte_cit_15", ONE],
    "home is a file": ["run", "{file}"],
    "init in a file": ["init", "{file}"],
    "init twice": ["init", "{home}"],
    "init among other files": ["init", "{folder}"],
    "bad day": ["run", "{home}", "--as-of", "2023-02-30"],
    "day in words": ["run", "{home}", "--as-of", "昨天"],
    "bad time": ["run", "{home}", "--known-at", "25:00"],
    "bad valid-from": ["load", "{home}", "enterprises", "{good}", "--valid-from", "20231301"],
    "unknown register": ["load", "{home}", "dragons", "{good}"],
    "unknown scenario": ["run", "{home}", "--scenario", "dragons"],
    "unknown policy": ["explain", "{home}", "dragons", ONE],
    "unknown subject": ["explain", "{home}", "hnte_cit_15", "913702117HJK4FA37W"],
    "policy not in force": ["explain", "{home}", "six_taxes_two_fees_2022", ONE, "--as-of", "2024-01-01"],
    "policy switched off": ["explain", "{home}", "gov_procurement_sme", ONE, "--as-of", "2024-01-01"],
    "unknown parameter": ["simulate", "{home}", "hnte_cit_15", "--set", "dragons=1", "--as-of", "2023-06-30"],
    "parameter that is text": ["simulate", "{home}", "hnte_cit_15", "--set", "reduced_rate=x", "--as-of", "2023-06-30"],
    "parameter without value": ["simulate", "{home}", "hnte_cit_15", "--set", "reduced_rate"],
    "nothing decided yet": ["decisions", "{home}", "-o", "{folder}/d.csv"],
    "nothing measured yet": ["indicators", "{home}"],
    "nothing to replay": ["replay", "{home}"],
    "no such case": ["case", "{home}", "c0"],
    "cases as a picture": ["cases", "{home}", "-o", "{folder}/c.png"],
    "unknown command": ["dance", "{home}"],
    "unknown option": ["run", "{home}", "--fast"],
    "missing argument": ["load", "{home}"],
    "rejects as a picture": ["load", "{home}", "enterprises", "{good}", "--rejects", "{folder}/r.png"],
    "rejects into nowhere": ["load", "{home}", "enterprises", "{bad}", "--rejects", "{folder}/no/where.xlsx"],
    "rejects over the file itself": ["load", "{home}", "enterprises", "{bad}", "--rejects", "{bad}"],
    "scale that is no number": ["sample", "{home}", "--scale", "nan"],
    "infinite scale": ["sample", "{home}", "--scale", "inf"],
    "unknown outcome": ["decisions", "{home}", "--outcome", "maybe", "-o", "{folder}/d.csv"],
    "negative scale": ["sample", "{home}", "--scale", "-1"],
    "dictionary over a file": ["dictionary", "{home}", "-o", "{file}"],
}


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Loads:
    """Mistake -> how the command ended and whether the home was left as it was."""
    folder = tmp_path_factory.mktemp("calls")
    home = _home(folder)
    (folder / "a file").write_text("not a home", "utf-8")
    (folder / "bad.csv").write_bytes(_csv([HEADER, _with(7, "-1"), OTHER]))
    (folder / "good.csv").write_bytes(_csv([HEADER, OTHER]))

    def call(name: str) -> tuple[Called, bool]:
        own = folder / f"home of {name}"
        shutil.copytree(home, own)
        places = {
            "home": own,
            "absent": folder / "absent",
            "file": folder / "a file",
            "folder": folder,
            "good": folder / "good.csv",
            "bad": folder / "bad.csv",
        }
        before = fingerprint(own)
        called = yunnao(*(part.format(**places) for part in CALLS[name]))
        return called, fingerprint(own) == before

    found = dict(zip(CALLS, two_at_a_time(call, CALLS), strict=True))
    assert (folder / "a file").read_text("utf-8") == "not a home"
    assert not (folder / "absent").exists()
    return found


@pytest.mark.parametrize("mistake", sorted(CALLS))
def test_a_mistake_at_the_keyboard_gets_a_sentence(mistake: str, calls: Loads) -> None:
    called, unchanged = calls[mistake]
    assert_refused(called)
    assert unchanged
