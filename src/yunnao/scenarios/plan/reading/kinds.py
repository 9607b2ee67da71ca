"""The kind and the direction of a quantity, from its unit and the words around it."""

import re
from functools import cache

from yunnao.scenarios.plan.quantities import Direction, Kind
from yunnao.scenarios.plan.reading.lexicon import table
from yunnao.scenarios.plan.reading.mentions import Mention

_POINTS = frozenset({"个百分点", "百分点", "个基点", "基点", "个点", "个位次", "位次", "个名次", "名次"})
_PERCENT = frozenset({"%", "‰", "倍", "番"})
_NEAR = 14
_CHANGED_FIRST = re.compile(
    r"^[、，和及]?(?:再|将|继续|稳步|持续|分别|全面|平均)*(?:减(?![税少排免负低轻])|提高|降低|压减|压缩|减少|上调|下调|提升|增加)(?!到|至|了)(?=[^，]{2,}$)(?!.*(?:到|至|达|为|占|率)$)"
)
_POLLUTION = re.compile(r"(?i)pm|浓度|污染|排放|指数|臭氧|二氧化|no2|so2")


@cache
def _re(name: str) -> re.Pattern[str]:
    return re.compile(table("kinds")[name])


def direction(before: str, subject: str = "") -> Direction:
    """Up or down where ``before`` (the words of the clause before the number) ends with a change; 降至, 提高到 tell a direction too."""
    up, down = _last(_re("up"), before[-_NEAR:]), _last(_re("down"), before[-_NEAR:])
    if up < 0 and down < 0:
        return "none"
    if up > down and before.endswith("改善") and _POLLUTION.search(subject + before):
        return "down"
    return "up" if up > down else "down"


def _last(pattern: re.Pattern[str], text: str) -> int:
    place = -1
    for match in pattern.finditer(text):
        place = match.end()
    return place


def kind(mention: Mention, before: str, after: str, ordinal: bool) -> Kind:
    """The kind of a quantity.

    Args:
        mention: the quantity.
        before: words of its clause before it, those of a list's earlier members left out.
        after: words of its clause behind the unit.
        ordinal: 第 stands before the numeral.
    """
    unit = mention.unit.base
    if mention.rank:
        return "rank"
    reached = bool(_re("reached").search(before))
    changed = bool(_re("growth").search(before)) and not reached
    if unit in _POINTS and (unit != "个点" or changed):
        return "rate_change"
    if unit in _PERCENT:
        if first := _CHANGED_FIRST.match(before):
            return (
                "rate_change"
                if re.search(rf"(?:{table('kinds')['rate_noun']})$", before[first.end() :])
                else "growth_yoy"
            )
        if changed:
            return "rate_change" if _of_a_rate(before) else "growth_yoy"
        if unit == "番":
            return "growth_yoy"
        return "level" if unit == "倍" else "share"
    if ordinal or unit.startswith("连") or _re("cumulative").search(before):
        return "cumulative"
    if changed and (
        _re("rate_noun").search(before) or "/" in unit or unit in table("units")["time"] or unit in ("个工作日",)
    ):
        return "rate_change"
    if unit == "位" and _re("moves").search(before[-4:]):
        return "rate_change"
    if _re("increment").search(before) or _built(before, after):
        return "increment"
    return "level"


_LAST_CHANGE = re.compile(
    r"^(.*)(?:增长|上升|提升|提高|增加|扩大|上涨|下降|降低|减少|回落|缩短|压减|压缩|改善|增|(?<!下)降|减)"
)
_MANNER = re.compile(
    r"(?:同比|环比|年均|平均|累计|分别|实际|名义|均|预计|可比|力争|争取|确保|整体|进一步|较[^，。；、]{1,6}|比(?![例重率值])[^，。；、]{1,6}|也|都|将)+$"
)


def _of_a_rate(before: str) -> bool:
    """Whether what changes by a percentage is itself a rate, a standard or a duration."""
    match = _LAST_CHANGE.match(before)
    subject = _MANNER.sub("", match.group(1) if match else before)
    return bool(re.search(rf"(?:{table('kinds')['rate_noun']})$", subject)) and not subject.endswith(
        ("浓度", "密度", "指数")
    )


_BUILT = re.compile(r"竣工|建成|投产|投用|落成")


def _built(before: str, after: str) -> bool:
    return bool(_BUILT.search(after[:24]))
