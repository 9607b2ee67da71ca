"""What one cell means: the reference reading of every fact type, in plain Python.

`columns` reads whole columns faster; wherever it is not sure it asks these functions, and its tests hold it to them.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from yunnao.capabilities.credit_code import ALPHABET, LENGTH, check_digit
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.numbers import plain, scaled_integer, share_text, yuan_text
from yunnao.platforms.registry.spelling import WHITE_SPACE, clean
from yunnao.platforms.registry.units import UNITS, dimension, exponent_of

Stored = str | bool | int | dt.date

UNKNOWN = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "—",
        "——",
        "–",
        "―",
        "/",
        "\\",
        "无",
        "不详",
        "未知",
        "暂无",
        "n/a",
        "na",
        "null",
        "none",
        "#n/a",
    }
)
"""Cells that say nothing, after NFKC, trimming and lower case; in every column."""

TRUE = frozenset({"是", "true", "y", "yes", "1"})
FALSE = frozenset({"否", "false", "n", "no", "0"})
FIRST_YEAR, LAST_YEAR = 1900, 2100
KEY_LIMIT, CODE_LIMIT, TEXT_LIMIT = 64, 100, 10_000
_NUMBER_LIMIT = 80
_GROUPED = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_NUMBER = re.compile(
    rf"^(?P<before>[+-]?)(?P<yuan>¥\s*)?(?P<after>[+-]?)"
    rf"(?P<figure>(?:{_GROUPED}(?:\.\d*)?|\.\d+)(?:e[+-]?\d{{1,9}})?)\s*(?P<unit>\D{{0,6}})$",
    re.ASCII,
)
_IN_BRACKETS = re.compile(r"^\(\s*(?P<inside>[^()+-]*)\)$")
_TWO_MEANINGS = frozenset({"月", "日", "时"})
"""Units that make a date or a time of the figure before them."""

_LISTED = 20
_ONLY_FIGURES = "请只填数字，单位写在表头"
_LONG_AS_FLOAT = re.compile(r"^\d(\.\d+)?e\+\d+$", re.ASCII)
_TIME = r"(?:(?:\s*t\s*|\s+)\d{1,2}(?::|时)\d{1,2}(?:(?::|分)\d{1,2}(?:\.\d+)?)?秒?\s*(?:z|[+-]\d{2}:?\d{2})?)?"
_DATE = re.compile(
    rf"^(?:(\d{{4}})\s*([-/.年])\s*(\d{{1,2}})\s*([-/.月])\s*(\d{{1,2}})\s*[日号]?|(\d{{4}})(\d{{2}})(\d{{2}})){_TIME}$",
    re.ASCII,
)
_SERIAL = re.compile(r"^\d{1,5}(?:\.\d+)?$", re.ASCII)
_DAY_FORM = "请写成 2023-02-28 这样的年月日"
_SERIAL_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell read: its value (None is unknown), or the reason why it cannot be read; `rounded` if digits were cut."""

    value: Stored | None = None
    reason: str | None = None
    rounded: bool = False


UNKNOWN_READING = Reading()


def is_unknown(cleaned: str) -> bool:
    """Whether a `clean` text says nothing."""
    return cleaned.lower() in UNKNOWN


def read_cell(text: str, fact: FactDefinition, exponent: int = 0, *, unit: str = "", numeric: bool = False) -> Reading:
    """The meaning of one cell.

    Args:
        text: as written.
        fact: of the column.
        exponent: power of ten from a figure to the stored integer.
        unit: that the header names, or "".
        numeric: the cell is a number of a workbook (a date may then be a serial number).
    """
    cleaned = clean(text)
    if fact.type is FactType.CODE and fact.values is not None:
        return read_listed_code(cleaned, fact)
    if is_unknown(cleaned):
        return UNKNOWN_READING
    match fact.type:
        case FactType.MONEY | FactType.SHARE | FactType.INTEGER:
            return read_number(cleaned, fact, exponent, unit)
        case FactType.DATE:
            return read_date(cleaned, numeric=numeric)
        case FactType.BOOLEAN:
            return read_boolean(cleaned)
        case FactType.KEY:
            return read_credit_code(cleaned) if fact.id == "credit_code" else read_key(cleaned)
        case FactType.CODE:
            return read_open_code(cleaned, fact)
        case FactType.TEXT:
            return _within(text.strip(WHITE_SPACE), TEXT_LIMIT)


def read_number(cleaned: str, fact: FactDefinition, exponent: int, unit: str = "") -> Reading:
    """A figure -> stored integer within bounds. Money and shares are rounded half up, others must be whole.

    The figure may carry ¥ or a unit (``1.5万元``, ``30人``, ``5.5%``) and, as accountants write it, be negative in brackets.
    """
    text = cleaned.lower().replace("\u2212", "-")
    bracketed = _IN_BRACKETS.match(text) if text.startswith("(") else None
    found = _NUMBER.match(bracketed["inside"] if bracketed else text) if len(text) <= _NUMBER_LIMIT else None
    if found is None or (found["before"] and found["after"]):
        return Reading(reason=f"不是数；{_ONLY_FIGURES}")
    word = found["unit"].strip() or ("元" if found["yuan"] else "")
    if word:
        own = _exponent_in(word, fact, exponent, unit, money=bool(found["yuan"]))
        if isinstance(own, str):
            return Reading(reason=f"{own}；{_ONLY_FIGURES}")
        exponent = own
    try:
        figure = Decimal(found["before"] + found["after"] + found["figure"].replace(",", ""))
    except InvalidOperation:
        return Reading(reason=f"不是可用的数；{_ONLY_FIGURES}")
    if bracketed:
        figure = figure.copy_negate()
    if figure.adjusted() > 30 and figure:
        return Reading(reason=_outside(fact, above=figure > 0))
    if figure.adjusted() < -60:
        figure = Decimal("1e-60").copy_sign(figure) if figure else Decimal(0)
    factor = Decimal(1).scaleb(exponent)
    exact = figure * factor
    value = scaled_integer(exact, 1)
    rounded = exact != value
    if fact.type is FactType.INTEGER and rounded:
        return Reading(reason="不能有小数；请填整数")
    low, high = fact.bounds
    if not low <= value <= high:
        return Reading(reason=_outside(fact, above=value > high))
    return Reading(value=value, rounded=rounded)


def _exponent_in(word: str, fact: FactDefinition, exponent: int, unit: str, *, money: bool) -> int | str:
    """Power of ten of a figure that carries the unit ``word``, or why that unit cannot stand there."""
    if word in ("%", "‰") and not money:
        return {"%": 10, "‰": 9}[word] if fact.type is FactType.SHARE else f"「{fact.title.zh}」不是比例，不能带 {word}"
    if word not in UNITS or word in _TWO_MEANINGS:
        return "不是数"
    own = exponent_of(fact, word)
    if own is None or UNITS[word].dimension != dimension(fact) or (money and fact.type is not FactType.MONEY):
        return f"「{fact.title.zh}」不能以「{word}」为单位"
    if unit and own != exponent:
        return f"格里的单位「{word}」与表头的单位「{unit}」不一致"
    return own


def _outside(fact: FactDefinition, *, above: bool) -> str:
    low, high = fact.bounds
    if not above and low == 0:
        return "不能为负数；请核对后改正"
    limit = high if above else low
    if fact.type is FactType.MONEY:
        shown = f"{plain(Decimal(yuan_text(limit)))} 元"
    elif fact.type is FactType.SHARE:
        shown = f"{share_text(limit)}（即 {plain(Decimal(share_text(limit)) * 100)}%）"
    else:
        shown = str(limit)
    return f"{'高于上限' if above else '低于下限'} {shown}；请核对数字和单位"


def read_date(cleaned: str, *, numeric: bool = False) -> Reading:
    """A day as people write it, or a workbook's serial number; a time behind it is dropped."""
    text = cleaned.lower()
    if numeric and _SERIAL.match(text):
        days = int(text.split(".")[0])
        if days == 60 or days < 1:
            return Reading(reason=f"不是日期：{_DAY_FORM}")
        return _in_years(_SERIAL_ZERO + dt.timedelta(days=days + (days < 60)))
    found = _DATE.match(text)
    if found is None:
        return Reading(reason=f"不是日期：{_DAY_FORM}")
    year, first, month, second, day, *compact = found.groups()
    if year is None:
        year, month, day = compact
    elif (first, second) not in (("-", "-"), ("/", "/"), (".", "."), ("年", "月")):
        return Reading(reason=f"不是日期：年月日之间的符号不一致，{_DAY_FORM}")
    try:
        return _in_years(dt.date(int(year), int(month), int(day)))
    except ValueError:
        return Reading(reason=f"没有 {int(year)} 年 {int(month)} 月 {int(day)} 日这一天；请核对后改正")


def _in_years(day: dt.date) -> Reading:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return Reading(value=day)
    return Reading(reason=f"年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间；请核对后改正")


def read_boolean(cleaned: str) -> Reading:
    """是 or 否, and the usual Latin spellings."""
    text = cleaned.lower()
    if text in TRUE or text in FALSE:
        return Reading(value=text in TRUE)
    return Reading(reason="只能写「是」或「否」")


def listed_codes(fact: FactDefinition) -> Mapping[str, str]:
    """Every listed spelling (`clean`, lower case) of a code's values -> stored code."""
    labels = ((text, code) for code, label in (fact.values or {}).items() for text in (label.zh, label.en))
    return _spellings((*fact.value_aliases.items(), *labels, *((code, code) for code in fact.values or {})))


@lru_cache(maxsize=256)
def _spellings(written: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {clean(text).lower(): code for text, code in written}


def read_listed_code(cleaned: str, fact: FactDefinition) -> Reading:
    """A value of a closed list. A value the list declares wins over the same word for unknown."""
    code = listed_codes(fact).get(cleaned.lower())
    if code is not None and cleaned:
        return Reading(value=code)
    if is_unknown(cleaned):
        return UNKNOWN_READING
    shown = [f"{code} {label.zh}" if fact.unit else label.zh for code, label in (fact.values or {}).items()]
    more = "……" if len(shown) > _LISTED else ""
    between = "；" if any("、" in label for label in shown) else "、"
    return Reading(reason=f"不在可选值之内；请改为其中之一：{between.join(shown[:_LISTED])}{more}")


def read_open_code(cleaned: str, fact: FactDefinition) -> Reading:
    """A value of an open list: of the fact's form if it has one, else any text; listed spellings become their code."""
    code = listed_codes(fact).get(cleaned.lower())
    if code is not None or fact.form is None:
        return _within(code or cleaned, CODE_LIMIT)
    code = fact.form.read(cleaned)
    return (
        Reading(value=code) if code is not None else Reading(reason=f"不是「{fact.title.zh}」；请写{fact.form.allowed}")
    )


def normal_credit_code(cleaned: str) -> str:
    """Upper case, without spaces and hyphens."""
    return re.sub(r"[\s\-\u2010-\u2015\u2212]", "", cleaned).upper()


def read_credit_code(cleaned: str) -> Reading:
    """A unified social credit code with its check digit (GB 32100-2015)."""
    if _LONG_AS_FLOAT.match(cleaned.lower()):
        return Reading(reason="长编号被表格软件变成了科学计数法：请把该列设为文本后重新填写")
    code = normal_credit_code(cleaned)
    if len(code) != LENGTH:
        return Reading(reason=f"统一社会信用代码应为 {LENGTH} 位，这里是 {len(code)} 位；请核对后改正")
    strange = next((character for character in code if character not in ALPHABET), None)
    if strange:
        return Reading(reason=f"统一社会信用代码不能含有字符「{strange}」；请核对后改正")
    right = check_digit(code[:-1])
    if right != code[-1]:
        return Reading(
            reason=f"统一社会信用代码的校验码不对：第 18 位按 GB 32100-2015 应为 {right}，这里是 {code[-1]}；请核对整个代码"
        )
    return Reading(value=code)


def read_key(cleaned: str) -> Reading:
    """Any other name of a subject or a row."""
    if _LONG_AS_FLOAT.match(cleaned.lower()):
        return Reading(reason="长编号被表格软件变成了科学计数法：请把该列设为文本后重新填写")
    return _within(cleaned, KEY_LIMIT)


def _within(text: str, limit: int) -> Reading:
    if len(text) > limit:
        return Reading(reason=f"文字太长：最多 {limit} 个字，这里有 {len(text)} 个；请缩短")
    if "\x00" in text:
        return Reading(reason="含有看不见的空字符；请删除后重新填写")
    return Reading(value=text)


Reader = Callable[[str], Reading]
