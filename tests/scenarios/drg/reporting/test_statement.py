"""Statements: what they print sums to the run to the last fen, is found again in the Word file, and is the same file each time."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.indicators.report.audit import complaints
from tests.scenarios.drg.settled import AS_OF, settled
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Language
from yunnao.platforms.indicators.report.document import Report
from yunnao.platforms.indicators.report.word import as_docx
from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.statement import HospitalFigures, Source, of_hospitals, statement

SOURCE = Source(run=3, kind="year", period="2023", as_of=AS_OF, title="示例办法", lines=(("基准点数", "出处（待核）"),))

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def number(text: str) -> Decimal:
    """A printed number; a dash counts as nothing."""
    return Decimal("0") if text in ("", "—") else Decimal(text.replace(",", ""))


def tables(content: bytes) -> dict[str, list[list[str]]]:
    """Title -> rows of the tables of a Word file, read back by another program's reader."""
    document = docx.Document(io.BytesIO(content))
    titles = [each.text for each in document.paragraphs if each.style is not None and each.style.name == "Caption"]
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return dict(zip(titles, found, strict=True))


@pytest.fixture(scope="module")
def written() -> list[tuple[HospitalFigures, Report, bytes]]:
    year = settled()
    reports = [(found, statement(found, SOURCE)) for found in of_hospitals(year.stays, year.hospitals)]
    return [(found, report, as_docx(report)) for found, report in reports]


def test_groups_and_classes_in_the_file_sum_to_the_accounts_of_the_run(written: Any) -> None:
    year = settled()
    assert len(written) == year.hospitals["hospital_id"].n_unique()
    paid = Decimal(0)
    for found, _, content in written:
        own = year.hospitals.filter(pl.col("hospital_id") == found.accounts[0]["hospital_id"])
        wanted = [
            Decimal(own["stays"].sum()),
            Decimal(own["points"].sum()) / 10_000,
            Decimal(own["payable"].sum()) / 100,
            Decimal(own["cost"].sum()) / 100,
        ]
        read = tables(content)
        for title in ("各类病例", "各病组"):
            _, *rows, total = read[title]
            assert [sum(map(number, column)) for column in list(zip(*rows, strict=True))[-4:]] == wanted
            assert [number(cell) for cell in total[-4:]] == wanted
        result = {row[0]: row[1:] for row in read["结算结果"][1:]}
        for name in ("基金应付（元）", "点数", "出院结算病例（例）", "医疗总费用（元）", "本次应付（元）"):
            *pools, summed = map(number, result[name])
            assert sum(pools) == summed
        final = [number(cell) for cell in result["本次应付（元）"]][-1]
        parts = {name: [number(cell) for cell in result[name]][-1] for name in result if name.endswith("（元）")}
        assert final == (
            parts["基金应付（元）"] - parts["已预拨（元）"] + parts["返还质量保证金（元）"] - parts["扣款（元）"]
        )
        paid += parts["基金应付（元）"]
    assert paid * 100 == sum(pool.shared for pool in year.pools.values())  # the whole budget, to the fen


def test_the_sentence_says_what_the_tables_say_and_each_number_where_it_comes_from(written: Any) -> None:
    found, report, content = written[0]
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)
    assert "示例第一医院（H1，三级）2023 年出院结算" in text
    assert "扣款 123.45 元" in text
    numbers = list(report.numbers())
    assert all("第 3 次结算" in each.note for each in numbers)
    summed = sum(row["points"] for row in found.accounts)
    assert f"{Decimal(summed) / 10_000:,}" in [each.text for each in numbers]


def test_the_same_run_is_the_same_file_and_a_sound_one(written: Any, tmp_path: Path) -> None:
    for found, _, content in written[:2]:
        assert as_docx(statement(found, SOURCE)) == content
        assert complaints(content, tmp_path / "结算单.docx") == []


def test_persons_diagnoses_and_single_stays_are_in_no_statement(written: Any) -> None:
    year = settled()
    persons = set(year.stays["person_id"].drop_nulls())
    for _, _, content in written:
        cells = {cell for rows in tables(content).values() for row in rows for cell in row}
        assert not cells & persons
        assert not any(re.fullmatch(r"C\d{5}", cell) for cell in cells)


@settings(max_examples=40)
@given(st.data())
def test_a_run_that_was_tampered_with_gives_no_statement(data: st.DataObject) -> None:
    year = settled()
    row = data.draw(st.integers(0, year.stays.height - 1))
    column = data.draw(st.sampled_from(["points", "payment", "total_cost"]))
    by = data.draw(st.integers(-1000, 1000).filter(bool))
    here = pl.int_range(pl.len()) == row
    if column == "total_cost" and year.stays["class"][row] == "excluded":
        return
    changed = year.stays.with_columns(pl.when(here).then(pl.col(column) + by).otherwise(column).alias(column))
    with pytest.raises(YunnaoError, match="不符"):
        list(of_hospitals(changed, year.hospitals))


def test_a_hospital_without_stays_has_a_statement_of_nothing() -> None:
    year = settled()
    empty = dict.fromkeys(
        (
            "stays",
            "grouped",
            "points",
            "payable",
            "prepaid",
            "bond_withheld",
            "bond_returned",
            "deduction",
            "final",
            "cost",
        ),
        0,
    )
    account = (
        year.hospitals.row(0, named=True) | empty | {"cmi": None, "point_value": "", "own_share": 0, "difference": 0}
    )
    read = tables(as_docx(statement(HospitalFigures(accounts=[account], classes=(), groups=()), SOURCE)))
    assert read["各病组"][-1] == ["合计", "", "", "0", "0.0000", "0.00", "0.00"]


def test_money_to_be_paid_back_is_said_so() -> None:
    year = settled()
    found = next(of_hospitals(year.stays, year.hospitals))
    owed = [
        dict(row) | {"prepaid": row["payable"] + 100, "bond_returned": 0, "deduction": 0, "final": -100}
        for row in found.accounts
    ]
    report = statement(HospitalFigures(accounts=owed, classes=found.classes, groups=found.groups), SOURCE)
    text = "".join(each if isinstance(each, str) else each.text for each in report.blocks[1].spans)  # type: ignore[union-attr]
    assert f"本次应收回 {len(owed)}.00 元" in text


def test_a_month_prints_what_is_prepaid(written: Any) -> None:
    found = written[0][0]
    month = Source(run=1, kind="month", period="2023-05", as_of=AS_OF, title="示例办法")
    report = statement(found, month)
    assert report.title == "示例第一医院 2023 年 5 月 DRG 点数付费预拨单"
    read = tables(as_docx(report))
    assert "已预拨（元）" not in {row[0] for row in read["结算结果"]}


def test_months_sum_to_the_year() -> None:
    year = settled()
    months = figures.monthly(year.stays)
    assert months["month"].is_sorted()
    for name in figures.SUMS:
        wanted = {"payment": "payable"}.get(name, name)
        assert months[name].sum() == year.hospitals[wanted].sum()


def test_a_statement_in_english_has_the_same_numbers(written: Any) -> None:
    found, _, chinese = written[0]
    english = as_docx(statement(found, replace(SOURCE, language="en", lines=(("Base points", "source"),))))
    both = [list(tables(content).values()) for content in (chinese, english)]
    for own, other in zip(*both, strict=True):
        if own[0][0] != "规则":
            assert [row[1:] for row in own[1:]] == [row[1:] for row in other[1:]]
    told = [each.text for each in docx.Document(io.BytesIO(english)).paragraphs]
    told += [cell for table in both[1] for row in table for cell in row]
    named = str(found.accounts[0]["name"])
    assert [text for text in told if CHINESE.search(text.replace(named, "").replace(SOURCE.title, ""))] == []


def test_a_statement_shows_what_was_transferred(written: Any) -> None:
    found = written[0][0]
    paid = [dict(each) | {"transferred": 7_000_00, "transfer_difference": 7_000_00} for each in found.accounts]
    read = tables(as_docx(statement(replace(found, accounts=paid), SOURCE)))
    lines = {row[0]: row[1:] for row in read["结算结果"]}
    assert lines["实际拨付（元）"][0] == "7,000.00"
    assert "实际拨付（元）" not in {row[0] for row in tables(written[0][2])["结算结果"]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sentence_adds_up_where_transfers_are_entered(language: Language) -> None:
    """The bond is a part of what was prepaid, but not of what was transferred: the sentence has to name it."""
    year = settled()
    found = next(of_hospitals(year.stays, year.hospitals))
    accounts = [
        dict(row)
        | {"transferred": 7_000_00, "bond_withheld": 210_00, "bond_returned": 100_00}
        | {"final": row["payable"] - 7_000_00 - 210_00 + 100_00 - row["deduction"]}
        for row in found.accounts
    ]
    source = replace(SOURCE, language=language)
    report = statement(HospitalFigures(accounts=accounts, classes=found.classes, groups=found.groups), source)
    said = {
        each.note.split("，" if language == "zh" else ", ")[3 if language == "en" else 2]: each
        for each in report.numbers()
    }
    amount = {name: number(each.text) for name, each in said.items()}
    assert amount["payable"] - amount["transferred"] - amount["bond_withheld"] + amount["bond_returned"] - amount[
        "deduction"
    ] == (amount["final"] if sum(row["final"] for row in accounts) >= 0 else -amount["final"])
