"""Writes random office exports of the three registers in the ways that offices write them, from true values that it is given."""

import csv
import datetime as dt
import io
import random
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import openpyxl

from tests.acceptance.contract import KINDS, MONEY_UNITS, UNKNOWN_WORDS, VAT, check_character, code_digits

Row = dict[str, object]
FAULTS = ("check digit", "negative", "text in number", "date", "clash")


@dataclass
class Written:
    """A file and what the office did wrong in it.

    Attributes:
        refused: numbers of the rows that nobody could take, from 1, and their fault.
        refused_keys: true keys of those rows.
        repeats: identical rows too many.
        rows: data rows in all.
    """

    path: Path
    refused: dict[int, str] = field(default_factory=dict)
    refused_keys: set[str] = field(default_factory=set)
    repeats: int = 0
    rows: int = 0


class Office:
    """One office's habits, drawn once for a file."""

    def __init__(self, register: str, rng: random.Random) -> None:
        self.register, self.rng = register, rng
        self.suffix = rng.choice(["xlsx", "xlsx", "csv"])
        self.encoding = rng.choice(["gb18030", "utf-8", "utf-8-sig"])
        self.order = list(KINDS[register])
        if rng.random() < 0.5:
            rng.shuffle(self.order)
        self.by_id = rng.random() < 0.2
        self.numbered = rng.random() < 0.4
        self.units = {fact: self._unit(kind) for fact, (_, kind) in KINDS[register].items()}
        self.typed = rng.random() < 0.4

    def _unit(self, kind: str) -> str:
        if self.by_id:
            return ""
        options = {"money": ["", "元", "万元", "万元", "千元", "亿元"], "count": ["", "人"], "share": ["", "", "%"]}
        return self.rng.choice(options.get(kind, [""]))

    def headers(self) -> list[str]:
        """The header row."""
        texts = []
        for fact in self.order:
            title, kind = KINDS[self.register][fact]
            unit = self.units[fact]
            if kind == "count" and fact == "unemployment_insurance_months_last_year":
                unit = self.units[fact] = ""
            opened, closed = self.rng.choice([("（", "）"), ("(", ")")])
            texts.append(fact if self.by_id else f"{title}{opened}{unit}{closed}" if unit else title)
        return ["序号", *texts, "备注"] if self.numbered else texts

    def cell(self, fact: str, value: object) -> object:
        """A value as this office might write it."""
        kind = KINDS[self.register][fact][1]
        if value is None:
            return self.rng.choice([None, *UNKNOWN_WORDS]) if self.suffix == "xlsx" else self.rng.choice(UNKNOWN_WORDS)
        if kind == "yes_no":
            return "是" if value else "否"
        if kind == "vat":
            return next(word for word, code in VAT.items() if code == value)
        if kind == "date":
            return self._date(value)
        if kind in ("money", "count", "share"):
            return self._number(Decimal(str(value)), kind, self.units[fact])
        return self._padded(str(value)) if kind == "key" else str(value)

    def _padded(self, text: str) -> str:
        return self.rng.choice([text] * 8 + [f" {text}", f"{text}　"])

    def _date(self, day: object) -> object:
        assert isinstance(day, dt.date)
        if self.typed and self.suffix == "xlsx" and self.rng.random() < 0.5:
            return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a workbook's dates have no zone
        forms = ["{0:04}{1:02}{2:02}", "{0}/{1}/{2}", "{0}年{1}月{2}日", "{0}.{1}.{2}", "{0:04}-{1:02}-{2:02}"]
        return self.rng.choice(forms).format(day.year, day.month, day.day)

    def _number(self, value: Decimal, kind: str, unit: str) -> object:
        figure = value / MONEY_UNITS.get(unit, 1)
        sign = ""
        if kind == "share" and (unit == "%" or self.rng.random() < 0.5):
            figure, sign = value * 100, self.rng.choice(["%", "％"]) if unit == "" else self.rng.choice(["", "%"])
        figure = figure.normalize()
        typed = self.typed and self.suffix == "xlsx" and not sign and self.rng.random() < 0.5
        if typed and Decimal(repr(float(figure))) == figure:
            return int(figure) if figure == figure.to_integral() else float(figure)
        plain = f"{figure:f}"
        ways = [plain, plain, plain, f"{figure:,f}"]
        if figure == figure.to_integral() and figure != 0 and figure % 10 == 0:
            ways.append(str(figure))  # 5E+3
        if kind == "money" and "." not in plain:
            ways += [f"{plain}.00", f" {plain} "]
        text = self.rng.choice(ways) + sign
        if self.rng.random() < 0.1:
            text = text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
        return text


def write(folder: Path, register: str, rows: list[Row], rng: random.Random, faults: int, repeats: int) -> Written:
    """Write ``rows`` (true values) as an office would, some of them spoilt."""
    office = Office(register, rng)
    headers = office.headers()
    written = Written(folder / f"{register}.{office.suffix}")
    spoilt = {str(row["credit_code"]): kind for row, kind in zip(_some(rows, faults, rng), _cycle(rng), strict=False)}
    again = {str(row["credit_code"]) for row in _some(rows, repeats, rng)} - set(spoilt)
    above = _titles(register, rng)
    table: list[list[object]] = [*above, list(headers)]
    for row in rows:
        key = str(row["credit_code"])
        copies = [dict(row)]
        if key in again:
            copies.append(dict(row))
            written.repeats += 1
        kind = spoilt.get(key)
        if kind == "clash":
            copies.append({**row, _countable(register): 7777})
        for copy in copies:
            cells = {fact: office.cell(fact, copy[fact]) for fact in office.order}
            spoiled = kind in FAULTS and _spoil(cells, register, str(kind))
            table.append(_line(cells, office, len(table) - len(above)))
            written.rows += 1
            if spoiled or kind == "clash":
                written.refused[len(table)] = str(kind)
                written.refused_keys.add(key)
        if office.suffix == "xlsx" and rng.random() < 0.01:
            table.append([None] * len(headers))
    if rng.random() < 0.7:
        total: list[object] = [None] * len(headers)
        total[0:2] = [rng.choice(["合计", "合 计", "总计"]), f"{len(rows)} 户"]
        table.append(total)
    _save(written.path, table, len(above), office, rng)
    return written


def _some(rows: list[Row], count: int, rng: random.Random) -> list[Row]:
    return rng.sample(rows, count)


def _cycle(rng: random.Random) -> list[str]:
    return [FAULTS[n % len(FAULTS)] for n in range(200)]


def _countable(register: str) -> str:
    """The last count: of persons, which have no natural limit."""
    return [fact for fact, (_, kind) in KINDS[register].items() if kind == "count"][-1]


def _spoil(cells: dict[str, object], register: str, kind: str) -> bool:
    """Spoil a row's cells; whether it is now unreadable. A register without dates gets text in a number instead."""
    kinds = KINDS[register]
    dates = [fact for fact, (_, of) in kinds.items() if of == "date"]
    match kind:
        case "check digit":
            key = str(cells["credit_code"]).strip().strip("　")
            other = next(character for character in code_digits() if character != check_character(key[:17]))
            cells["credit_code"] = key[:17] + other
        case "negative":
            cells[_countable(register)] = "-5"
        case "date" if dates:
            cells[dates[0]] = "2023-02-30"
        case "text in number" | "date":
            money = [fact for fact, (_, of) in kinds.items() if of == "money"]
            cells[money[-1]] = "约五十"
        case _:
            return False
    return True


def _line(cells: dict[str, object], office: Office, number: int) -> list[object]:
    line = [cells[fact] for fact in office.order]
    return [number, *line, None] if office.numbered else line


def _titles(register: str, rng: random.Random) -> list[list[object]]:
    titles: list[list[object]] = [
        ["各项登记情况一览表（截至2022年12月31日）"],
        [f"填报单位：示例区{register}科"],
        [None],
    ]
    return titles[: rng.randint(0, 2)]


def _save(path: Path, table: list[list[object]], titles: int, office: Office, rng: random.Random) -> None:
    if office.suffix == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator=rng.choice(["\r\n", "\n"])).writerows(
            ["" if cell is None else cell for cell in row] for row in table
        )
        path.write_bytes(text.getvalue().encode(office.encoding))
        return
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if rng.random() < 0.5:
        sheet.title = "说明"
        sheet.append(["本表由业务系统导出，口径见各栏"])
        sheet = book.create_sheet("数据")
    for row in table:
        sheet.append([cell if cell != "" else None for cell in row])
    for number in range(1, titles + 1):
        if rng.random() < 0.7:
            sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(table[titles]))
    book.save(path)
