"""Registers and files the tests of the registry share."""

import csv
import datetime as dt
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from yunnao.capabilities.credit_code import ALPHABET, check_digit
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.moment import CHINA
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.registry.service import Registry

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder `shared` is not beside the repository")


def fact(id_: str, kind: FactType, zh: str, unit: str = "", **more: object) -> FactDefinition:
    return FactDefinition(id=id_, type=kind, title=Text(zh, id_), unit=unit, **more)  # type: ignore[arg-type]


CREDIT_CODE = fact("credit_code", FactType.KEY, "统一社会信用代码")
ENTERPRISES = Register(
    id="enterprises",
    title=Text("市场主体", "Enterprises"),
    department="market",
    subject="enterprise",
    subject_key="credit_code",
    key=("credit_code",),
    facts=(
        CREDIT_CODE,
        fact("name", FactType.TEXT, "企业名称"),
        fact(
            "kind",
            FactType.CODE,
            "主体类型",
            values={"company": Text("企业", "Company"), "individual": Text("个体工商户", "Individual business")},
            value_aliases={"个体": "individual"},
        ),
        fact("street", FactType.CODE, "所属镇街"),
        fact("registered_on", FactType.DATE, "成立日期"),
        fact("employees", FactType.INTEGER, "从业人数", "person", aliases=("职工人数",)),
        fact("revenue", FactType.MONEY, "营业收入", "元"),
        fact("profit", FactType.MONEY, "利润", "元", minimum=-(10**14)),
        fact("layoff_rate", FactType.SHARE, "裁员率"),
        fact("listed", FactType.BOOLEAN, "已上市"),
    ),
    optional=frozenset({"name", "kind", "street", "registered_on", "profit", "layoff_rate", "listed"}),
    names_subjects=True,
)
HIRES = Register(
    id="hires",
    title=Text("用工", "Hires"),
    department="jobs",
    subject="enterprise",
    subject_key="credit_code",
    key=("credit_code", "person", "hired_on"),
    facts=(
        CREDIT_CODE,
        fact("person", FactType.KEY, "人员编号"),
        fact("hired_on", FactType.DATE, "入职日期"),
        fact("months", FactType.INTEGER, "合同月数", "month"),
    ),
)
REGISTERS: Mapping[str, Register] = {"enterprises": ENTERPRISES, "hires": HIRES}
HEADER = ("统一社会信用代码", "从业人数", "营业收入")


class TickingClock:
    """Answers one second later each time."""

    def __init__(self) -> None:
        self.now = dt.datetime(2024, 1, 1, 9, tzinfo=CHINA)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


def registry(home: Path) -> Registry:
    return Registry(home, REGISTERS, TickingClock())


def code(number: int) -> str:
    """The ``number``-th made-up credit code."""
    letters = random.Random(number).choices(ALPHABET, k=9)
    first17 = "91370211" + "".join(letters)
    return first17 + check_digit(first17)


def write_csv(path: Path, rows: Sequence[Any], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Iterable[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def shared_registers() -> Mapping[str, Register]:
    """The three registers of the dictionary beside the office's exports."""
    with (SHARED / "rules" / "facts.csv").open(encoding="utf-8") as stream:
        types = {row["fact"]: row for row in csv.DictReader(stream)}
    with (SHARED / "data" / "registers" / "dictionary.csv").open(encoding="utf-8") as stream:
        columns = list(csv.DictReader(stream))
    registers = {}
    for id_ in dict.fromkeys(column["register"] for column in columns):
        facts = tuple(
            fact(
                column["fact"],
                FactType(types.get(column["fact"], {"type": "text"})["type"]),
                re.sub("（.*?）", "", column["title_zh"]),
                types.get(column["fact"], {"unit": ""})["unit"].split(" ")[0],
                minimum=-(10**14) if column["fact"] == "taxable_income_year" else None,
            )
            for column in columns
            if column["register"] == id_
        )
        registers[id_] = Register(
            id=id_,
            title=Text(id_, id_),
            department="office",
            subject="enterprise",
            subject_key="credit_code",
            key=("credit_code",),
            facts=facts,
        )
    return registers
