"""After a correction only those whom it touches are decided again, and the result is that of starting afresh."""

import csv
import re
from pathlib import Path

from tests.acceptance.commands import done, lines, yunnao
from tests.acceptance.conftest import DELIVERED, SAMPLE_DAY, SAMPLE_NOW

LATER = "2023-07-05T09:00:00+08:00"


def _correction(source: Path, target: Path, wanted: list[int], change: dict[str, str]) -> set[str]:
    """Some rows of an office's CSV with other values, under its own header; the subjects they are about."""
    raw = source.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    rows = list(csv.reader(text.splitlines()))
    start = next(n for n, row in enumerate(rows) if any("信用代码" in cell for cell in row))
    header = rows[start]
    key = next(n for n, name in enumerate(header) if "信用代码" in name)
    chosen = [list(rows[start + n]) for n in wanted]
    for row in chosen:
        for place, name in enumerate(header):
            for wording, value in change.items():
                if wording in name:
                    row[place] = value
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *chosen])
    return {row[key].strip() for row in chosen}


def _decisions(home: Path, path: Path) -> list[dict[str, object]]:
    done("decisions", home, "-o", path)
    return [{name: value for name, value in row.items() if name != "snapshot"} for row in lines(path)]


def test_a_correction_is_decided_in_proportion_and_equals_a_fresh_start(a_copy, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    home = a_copy("home")
    sample = home / "sample"
    touched = _correction(
        sample / DELIVERED["tax_filings"],
        tmp_path / "tax.csv",
        [9, 40],
        {"应纳税所得额": "3000000.01", "高新技术企业证书": "是"},
    )
    touched |= _correction(sample / DELIVERED["hires"], tmp_path / "hires.csv", [50], {"劳动合同月数": "1"})
    for register in ("tax_filings", "hires"):
        file = tmp_path / f"{'tax' if register == 'tax_filings' else register}.csv"
        done("load", home, register, file, now=LATER)
    before = {(r["policy"], r["subject"]): r for r in _decisions(home, tmp_path / "before.jsonl")}
    out = done("run", home, "--as-of", SAMPLE_DAY, now=LATER).out
    again = int(re.findall(r"本次决定 ([\d,]+) 个主体", out)[0].replace(",", ""))
    assert 0 < again <= len(touched) + 3, out  # hires share graduates with at most a few other employers
    incremental = _decisions(home, tmp_path / "incremental.jsonl")
    changed = {str(row["subject"]) for row in incremental if row != before[row["policy"], row["subject"]]}
    assert changed
    assert changed & touched == changed or again > len(touched)

    fresh = tmp_path / "fresh"
    done("init", fresh, now=SAMPLE_NOW)
    for register, name in DELIVERED.items():
        assert yunnao("load", fresh, register, sample / name, now=SAMPLE_NOW).code in (0, 3)
    for register, name in (("tax_filings", "tax.csv"), ("hires", "hires.csv")):
        done("load", fresh, register, tmp_path / name, now=LATER)
    done("run", fresh, "--as-of", SAMPLE_DAY, now=LATER)
    assert _decisions(fresh, tmp_path / "fresh.jsonl") == incremental
    assert "每一格都相同" in done("replay", home).out
    assert "每一格都相同" in done("replay", home, "1").out
