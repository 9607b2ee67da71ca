"""Reads office exports of the three registers, plainly: one cell at a time, over fractions, sharing no code with the product."""

import csv
import datetime as dt
import io
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

import openpyxl

from tests.acceptance.contract import KINDS, MONEY_UNITS, UNKNOWN_WORDS, VAT, YES_NO, check_character


class BadCell(Exception):
    """A cell that cannot be understood; the row is refused."""


@dataclass
class Delivery:
    """What a file says.

    Attributes:
        facts: key -> fact -> value.
        refused: row numbers as the office counts them, from 1 -> key as written.
        repeats: how many identical rows were dropped.
    """

    facts: dict[str, dict[str, object]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    repeats: int = 0


def read(path: Path, register: str) -> Delivery:
    """Read a CSV or Excel file of ``register``."""
    kinds = KINDS[register]
    for rows in _sheets(path):
        place = next((n for n, row in enumerate(rows) if len(_columns(row, register)) == len(kinds)), None)
        if place is not None:
            return _read_rows(rows, place, register)
    raise AssertionError(f"{path}: no header of {register}")


def _sheets(path: Path) -> list[list[list[object]]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return [[list(row) for row in csv.reader(io.StringIO(text))]]


def _tidy(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}"
    return unicodedata.normalize("NFKC", "" if cell is None else str(cell)).strip()


def _columns(row: list[object], register: str) -> dict[str, tuple[int, str]]:
    """Fact -> (position, unit that the header names or "")."""
    found = {}
    for place, cell in enumerate(row):
        named = re.fullmatch(r"(.+?)(?:\((元|千元|万元|亿元|人|月|%)\))?", _tidy(cell))
        for fact, (title, _) in KINDS[register].items():
            if named and named[1] in (fact, title):
                found[fact] = (place, named[2] or "")
    return found


def _read_rows(rows: list[list[object]], header: int, register: str) -> Delivery:
    columns = _columns(rows[header], register)
    delivery = Delivery()
    seen: dict[str, list[tuple[int, dict[str, object]]]] = {}
    for number, row in enumerate(rows[header + 1 :], header + 2):
        cells = [_tidy(cell) for cell in row]
        if not any(cells) or any(re.sub(r"\s", "", cell) in ("合计", "总计") for cell in cells[:2]):
            continue
        key = cells[columns["credit_code"][0]]
        try:
            facts = {
                fact: value(cells[place], KINDS[register][fact][1], unit, fact)
                for fact, (place, unit) in columns.items()
            }
        except BadCell:
            delivery.refused[number] = key
            continue
        seen.setdefault(key, []).append((number, facts))
    for key, versions in seen.items():
        if all(facts == versions[0][1] for _, facts in versions):
            delivery.facts[key] = versions[0][1]
            delivery.repeats += len(versions) - 1
        else:
            delivery.refused |= {number: key for number, _ in versions}
    return delivery


def value(text: str, kind: str, unit: str, fact: str) -> object:
    """One cell.

    Raises:
        BadCell: it says nothing that its column could mean.
    """
    if text in UNKNOWN_WORDS and kind != "key":
        return None
    if kind == "key":
        return _key(text)
    if kind in ("yes_no", "vat"):
        return _listed(text, YES_NO if kind == "yes_no" else VAT)
    if kind == "date":
        return _date(text)
    if kind in ("text", "code"):
        return text
    found = _number(text, unit, kind)
    if found < 0 and fact != "taxable_income_year":
        raise BadCell(text)
    if kind != "count":
        return found
    if found.denominator != 1 or (fact == "unemployment_insurance_months_last_year" and found > 12):
        raise BadCell(text)
    return int(found)


def _key(text: str) -> str:
    if len(text) != 18 or check_character(text[:17]) != text[17]:
        raise BadCell(text)
    return text


def _listed(text: str, words: dict[str, object] | dict[str, str] | dict[str, bool]) -> object:
    if text not in words:
        raise BadCell(text)
    return words[text]


def _date(text: str) -> dt.date:
    found = re.fullmatch(r"(\d{4})(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})日?", text)
    if not found:
        raise BadCell(text)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise BadCell(text) from None


def _number(text: str, unit: str, kind: str) -> Fraction:
    percent = text.endswith("%") or (kind == "share" and unit == "%")
    try:
        figure = Fraction(Decimal(text.rstrip("%").replace(",", "")))
    except InvalidOperation:
        raise BadCell(text) from None
    return figure / 100 if percent else figure * MONEY_UNITS.get(unit, 1)
