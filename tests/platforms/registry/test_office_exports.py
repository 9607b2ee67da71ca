"""An office's own three exports load without a word of configuration."""

import csv
from pathlib import Path

import polars as pl
import pytest

from tests.platforms.registry.registers import SHARED, needs_shared, shared_registers
from yunnao.platforms.registry.intake import Intake, take_in

pytestmark = needs_shared
FILES = {"enterprises": "市场主体登记信息.xlsx", "tax_filings": "涉税信息.csv", "insurance": "失业保险.xlsx"}
EXPECTED = {"negative": "负数", "check digit": "校验码", "text in number": "不是数", "date": "没有 2023 年 2 月 30 日"}


@pytest.fixture(scope="module")
def intakes() -> dict[str, Intake]:
    folder, registers = SHARED / "data" / "registers", shared_registers()
    return {id_: take_in(folder / name, name, registers[id_]) for id_, name in FILES.items()}


def bad_rows(register: str) -> dict[str, str]:
    with (SHARED / "data" / "registers" / "bad_rows.csv").open(encoding="utf-8") as stream:
        return {row["credit_code"]: row["fault"] for row in csv.DictReader(stream) if row["register"] == register}


@pytest.mark.parametrize("register", FILES)
def test_exactly_the_bad_rows_are_refused(intakes: dict[str, Intake], register: str) -> None:
    intake = intakes[register]
    bad = bad_rows(register)
    refused = {code: fault for code, fault in bad.items() if fault != "duplicate"}
    repeated = [code for code, fault in bad.items() if fault == "duplicate"]
    key = "c0"
    written = dict(intake.originals.select("row", key).iter_rows())
    by_start = {code[:17]: fault for code, fault in refused.items()}  # a wrong check digit is written in the file
    found = {written[problem.row][:17]: problem.reason for problem in intake.problems}
    assert found.keys() == by_start.keys()
    assert all(EXPECTED[fault] in found[start] for start, fault in by_start.items())
    assert (intake.refused, intake.repeats) == (len(refused), len(repeated))
    assert intake.rows == intake.table.height + intake.refused + intake.repeats
    assert set(repeated) <= set(intake.table["credit_code"])
    assert not set(refused) & set(intake.table["credit_code"])


def test_what_is_no_data_is_noted(intakes: dict[str, Intake]) -> None:
    assert any("合计行 1 行：第 407 行" in note for note in intakes["enterprises"].notes)
    assert any("只保留一行：略去第 12、136、260 行" in note for note in intakes["enterprises"].notes)
    assert any("说明" in note for note in intakes["insurance"].notes)
    assert intakes["insurance"].sheets == ["失业保险"]


def test_values_are_read_in_their_units(intakes: dict[str, Intake]) -> None:
    def row(register: str, code: str) -> dict[str, object]:
        return intakes[register].table.row(by_predicate=pl.col("credit_code") == code, named=True)

    first = row("enterprises", "91370211CA75WXCJWR")
    assert (first["revenue_year"], first["assets_year_end"], first["employees"]) == (100000001, 1466441668, 1)
    assert str(first["registered_on"]) == "2007-12-25"
    fourth = row("enterprises", "91370211927FFYJTCC")
    assert (fourth["revenue_year"], fourth["assets_year_end"]) == (None, 5_000_000_000)
    assert str(fourth["registered_on"]) == "1995-11-07"
    assert row("enterprises", "91370211BF6BPYJX2F")["employees"] == 100
    taxes = row("tax_filings", "91370211BF6BPYJX2F")
    assert taxes["assets_avg_quarterly"] == 5_000_000_000
    assert taxes["taxable_income_year"] == 100_000_001
    assert taxes["industry_restricted_or_prohibited"] is None
    assert row("tax_filings", "913702116RWG1QYTMN")["industry_restricted_or_prohibited"] is True
    assert row("tax_filings", "91370211QNBGR522BD")["assets_avg_quarterly"] == 11068454399
    assert row("insurance", "91370211CA75WXCJWR")["layoff_rate"] == 55_000_000_000
    assert row("insurance", "9137021142EYPCDHPX")["layoff_rate"] == 55_100_000_000
    assert row("insurance", "91370211922U8J94CM")["unemployment_insurance_months_last_year"] == 11


def test_every_cell_agrees_with_a_plain_reading(intakes: dict[str, Intake]) -> None:
    """The tax file once more with nothing but Python's decimals."""
    import unicodedata
    from decimal import Decimal

    text = (SHARED / "data" / "registers" / FILES["tax_filings"]).read_bytes().decode("gb18030")
    unknown = {"", "-", "无"}
    table = {row["credit_code"]: row for row in intakes["tax_filings"].table.iter_rows(named=True)}
    scales = {1: ("taxable_income_year", 100), 2: ("staff_avg_quarterly", 1), 3: ("assets_avg_quarterly", 10**6)}
    scales |= {6: ("vat_sales_year", 100), 8: ("six_taxes_two_fees_payable", 100)}
    seen = 0
    for cells in list(csv.reader(text.splitlines()))[1:]:
        if cells[0] not in table:
            continue
        seen += 1
        for place, (name, scale) in scales.items():
            plain = unicodedata.normalize("NFKC", cells[place]).replace(",", "").strip()
            expected = None if plain in unknown else int(Decimal(plain) * scale + Decimal("0.5"))
            assert table[cells[0]][name] == expected, (cells, name)
    assert seen == len(table) == 396


def test_paths_are_beside_the_repository() -> None:
    assert (Path(SHARED) / "data" / "registers").is_dir()
