"""What a person should look at in a report's rows: one indicator said with different numbers, promises below what was reached.

Nothing is decided here. Two numbers of one name may both be right, for another scope: each remark says what differs and where, and leaves
it to the reader.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from yunnao.scenarios.plan.quantities import Quantity

REMARK_KINDS = {
    "two_targets": "同一指标两个目标",
    "two_outcomes": "同一指标两个结果",
    "scope": "名称相同、范围可能不同",
    "below_outcome": "目标低于上年实绩",
    "striven_below": "力争值不高于目标",
}
"""Kind of a remark -> its Chinese title."""

_COMPARED = ("level", "growth_yoy", "share", "cumulative", "increment", "rate_change", "rank")
_WORDS_OF_CHANGE = re.compile(r"同比|预计|全年|年均|增长率|增幅|增速|增长|完成|达到|实现|总数|总量|数量|数$|额$")
_SAME_KIND = {"cumulative": "level"}
_GROWING = ("growth_yoy", "share")
_COUNTED = ("level", "increment", "cumulative")
_GENERAL = re.compile(
    r"[^\W\d_]{0,2}(?:项目|企业|单位|活动|机构|平台)|总?投资|总?规模|面积|里程|长度|人[次数员]?|重点|竣工|投产|开工|完工|建成|投用|引进|新增|新建|培育|建设|推进|实施|[总数个家处所]"
)
"""Words of names that many different things share: two projects are not a contradiction."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at.

    Attributes:
        kind: a key of `REMARK_KINDS`.
        starts: of the rows it is about, in the order of the text.
        sentence: in Chinese, for the person who looks.
    """

    kind: str
    starts: tuple[int, ...]
    sentence: str


def remarks(rows: Sequence[Quantity]) -> tuple[Remark, ...]:
    """Everything worth a look, in the order of the text."""
    found: list[Remark] = []
    for same in _by_name(row for row in rows if row.status != "description" and row.kind in _COMPARED):
        found += _different(same)
        found += _below(same)
    found += [_striven(row) for row in rows if _not_striven(row)]
    return tuple(sorted(found, key=lambda remark: (remark.starts, remark.kind)))


def _by_name(rows: Iterable[Quantity]) -> Iterator[list[Quantity]]:
    """Rows that one column could hold: the same indicator, kind and base unit."""
    groups: dict[tuple[str, str, str], list[Quantity]] = defaultdict(list)
    for row in rows:
        name = _name(row.indicator)
        if name:
            groups[name, _SAME_KIND.get(row.kind, row.kind), row.base_unit].append(row)
    return (group for group in groups.values() if len(group) > 1)


def _name(indicator: str) -> str:
    name = unicodedata.normalize("NFKC", indicator).lower()
    return _WORDS_OF_CHANGE.sub("", "".join(sign for sign in name if sign.isalnum()))


def _different(rows: Sequence[Quantity]) -> Iterator[Remark]:
    """Two numbers of one name for one period, of which one cannot follow from the other.

    Within one sentence, numbers of one name are a list of different things; and so are counts of different areas, or of things in general.
    """
    for first, second in combinations(rows, 2):
        if first.status != second.status or first.period != second.period or _agree(first, second):
            continue
        if (first.line, first.sentence) == (second.line, second.sentence) or "other" in (first.period, second.period):
            continue
        if first.kind in _COUNTED and (first.area != second.area or not _GENERAL.sub("", _name(first.indicator))):
            continue
        what = f"{first.indicator}（{first.period}）：第 {first.line} 行 {_said(first)}，第 {second.line} 行 {_said(second)}"
        if first.area != second.area:
            yield _remark(
                "scope",
                first,
                second,
                f"{what}；范围是{first.area or '全区'}和{second.area or '全区'}，请确认不是同一范围",
            )
        elif _place(first) != _place(second) and first.kind != "rank":
            sections = f"“{_place(first)}”和“{_place(second)}”"
            yield _remark("scope", first, second, f"{what}；分别写在{sections}，请确认范围是否相同，相同则有一处有误")
        else:
            kind = "two_targets" if first.status == "target" else "two_outcomes"
            yield _remark(kind, first, second, f"{what}；请确认以哪个为准")


def _below(rows: Sequence[Quantity]) -> Iterator[Remark]:
    """A growth or share that is promised lower than the year before reached."""
    for before, after in combinations(rows, 2):
        reached, promised = (before, after) if before.status == "outcome" else (after, before)
        if (reached.status, promised.status) != ("outcome", "target") or not _follows(reached.period, promised.period):
            continue
        if (reached.area, reached.kind, reached.direction) != (promised.area, promised.kind, promised.direction):
            continue
        more_is_meant = (
            promised.kind in _GROWING and promised.direction != "down" and promised.comparator not in ("≤", "<")
        )
        if more_is_meant and (promised.value_high or promised.value) < reached.value:
            years = f"{reached.period} 年{_said(reached)}，{promised.period} 年目标{_said(promised)}"
            yield _remark("below_outcome", reached, promised, f"{promised.indicator}：{years}；请确认是有意放低")


def _not_striven(row: Quantity) -> bool:
    return (
        row.aspirational is not None
        and row.comparator not in ("≤", "<")
        and row.direction != "down"
        and row.kind != "rank"
        and row.aspirational < row.value
    )


def _striven(row: Quantity) -> Remark:
    said = f"{row.indicator}：目标{_said(row)}，力争 {row.aspirational:f}{row.unit}，力争值反而低；请核对原文"
    return Remark("striven_below", (row.start,), said)


def _agree(first: Quantity, second: Quantity) -> bool:
    """The same number, or one that a comparator allows beside the other (超过 4500, 达到 4536.7), or what the other strives for."""
    if second.aspirational is not None and second.aspirational == second.value and first.aspirational == second.value:
        return True
    low, high = sorted((first, second), key=lambda row: row.base_value)
    if low.base_value == high.base_value:
        return True
    if low.comparator in ("≥", ">") and low.status == "outcome":
        return high.base_value <= low.base_value * Decimal("1.02")
    return {first.comparator, second.comparator} == {"≈", "="} and abs(
        high.base_value - low.base_value
    ) <= low.base_value * Decimal("0.05")


def _place(row: Quantity) -> str:
    return row.section.split(" > ")[-1] if row.section else ""


def _follows(earlier: str, later: str) -> bool:
    return earlier.isdigit() and later.isdigit() and int(later) == int(earlier) + 1


def _said(row: Quantity) -> str:
    sign = "" if row.comparator == "=" else f"{row.comparator} "
    high = "" if row.value_high is None else f"–{row.value_high:f}"
    down = "下降 " if row.direction == "down" else ""
    return f" {down}{sign}{row.value:f}{high}{row.unit}"


def _remark(kind: str, first: Quantity, second: Quantity, sentence: str) -> Remark:
    return Remark(kind, tuple(sorted((first.start, second.start))), sentence)
