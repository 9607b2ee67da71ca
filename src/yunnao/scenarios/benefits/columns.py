"""One line a column: short makers of the registers and fact definitions of this scenario."""

from collections.abc import Mapping

from yunnao.kernel.fact import CodeForm, FactDefinition, FactType
from yunnao.kernel.numbers import FEN_PER_YUAN, MONEY_BOUND
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text

CREDIT_CODE = FactDefinition(
    id="credit_code",
    type=FactType.KEY,
    title=Text("统一社会信用代码", "Unified social credit code"),
    aliases=("社会信用代码", "统一信用代码", "信用代码"),
)


def money(
    id_: str,
    zh: str,
    en: str,
    *,
    most: int | None = None,
    signed: bool = False,
    personal: bool = False,
    meaning: str = "",
) -> FactDefinition:
    """An amount in yuan, at most ``most`` yuan; a ``signed`` one may be negative (a loss)."""
    return FactDefinition(
        id=id_,
        type=FactType.MONEY,
        title=Text(zh, en),
        unit="元",
        minimum=-MONEY_BOUND if signed else None,
        maximum=None if most is None else most * FEN_PER_YUAN,
        personal=personal,
        meaning=meaning,
    )


def number(
    id_: str,
    zh: str,
    en: str,
    *,
    unit: str,
    least: int = 0,
    most: int | None = None,
    personal: bool = False,
    meaning: str = "",
) -> FactDefinition:
    """A whole number of ``unit`` (person, month, day, count, year), not negative."""
    return FactDefinition(
        id=id_,
        type=FactType.INTEGER,
        title=Text(zh, en),
        unit=unit,
        minimum=least or None,
        maximum=most,
        personal=personal,
        meaning=meaning,
    )


def share(id_: str, zh: str, en: str, *, meaning: str = "") -> FactDefinition:
    """A share of 1; offices may write it with a percent sign."""
    return FactDefinition(id=id_, type=FactType.SHARE, title=Text(zh, en), unit="1", meaning=meaning)


def boolean(id_: str, zh: str, en: str, *, personal: bool = False, meaning: str = "") -> FactDefinition:
    """Yes or no."""
    return FactDefinition(id=id_, type=FactType.BOOLEAN, title=Text(zh, en), personal=personal, meaning=meaning)


def day(id_: str, zh: str, en: str, *, personal: bool = False, meaning: str = "") -> FactDefinition:
    """A date."""
    return FactDefinition(id=id_, type=FactType.DATE, title=Text(zh, en), personal=personal, meaning=meaning)


def code(
    id_: str,
    zh: str,
    en: str,
    values: Mapping[str, tuple[str, str]] | None = None,
    *,
    also: Mapping[str, str] | None = None,
    form: CodeForm | None = None,
    unit: str = "",
    personal: bool = False,
    meaning: str = "",
) -> FactDefinition:
    """A code; closed where ``values`` (code -> Chinese and English label) are given; ``also`` are other spellings.

    The ``form`` is that of an open code which is not just any text.
    """
    return FactDefinition(
        id=id_,
        type=FactType.CODE,
        title=Text(zh, en),
        unit=unit,
        values=None if values is None else {value: Text(*label) for value, label in values.items()},
        value_aliases=also or {},
        form=form,
        personal=personal,
        meaning=meaning,
    )


def key(id_: str, zh: str, en: str, *, personal: bool = False) -> FactDefinition:
    """Part of what names a row."""
    return FactDefinition(id=id_, type=FactType.KEY, title=Text(zh, en), personal=personal)


def text(id_: str, zh: str, en: str) -> FactDefinition:
    """Free text, never decided upon."""
    return FactDefinition(id=id_, type=FactType.TEXT, title=Text(zh, en))


def register(
    id_: str,
    title: Text,
    department: str,
    *facts: FactDefinition,
    row: tuple[str, ...] = (),
    optional: frozenset[str] = frozenset(),
    names_subjects: bool = False,
) -> Register:
    """A register about enterprises; ``row`` names the facts that, with the credit code, tell its rows apart."""
    return Register(
        id=id_,
        title=title,
        department=department,
        subject="enterprise",
        subject_key="credit_code",
        key=("credit_code", *row),
        facts=(CREDIT_CODE, *facts),
        optional=optional,
        names_subjects=names_subjects,
    )
