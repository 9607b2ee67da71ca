"""One stay, with its path: which gate, rule and list, which other diagnosis counted and which was ruled out by what.

The rules are read from the scheme as they stand there, word by word; `many` uses tables of bits made from them. They agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from yunnao.capabilities.drg import reasons
from yunnao.capabilities.drg.codes import compared, split_codes
from yunnao.capabilities.drg.scheme import UNGROUPED, Adrg, Mdc, Scheme, Test
from yunnao.capabilities.drg.stay import SEXES, Outcome, Stay, numbers_of, why_invalid
from yunnao.capabilities.drg.vocabulary import BOUNDED, NEWBORN_DAYS, Word

_CUT = 5


@dataclass(frozen=True, slots=True)
class Grouped:
    """What became of a stay.

    Attributes:
        mdc, adrg, drg, outcome, reason: as in the columns of `many.group`.
        unknown_codes: those in no table, as written.
        path: the steps that led there, in Chinese, in order.
    """

    mdc: str
    adrg: str
    drg: str
    outcome: Outcome
    reason: str
    unknown_codes: tuple[str, ...]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Complication:
    """Another diagnosis that is a complication."""

    code: str
    level: str
    table: str
    counts: bool


class _Facts:
    """What words ask of a stay."""

    def __init__(self, stay: Stay, scheme: Scheme) -> None:
        self.scheme = scheme
        self.numbers = numbers_of(stay)
        self.written = split_codes(stay.diagnoses)
        self.written_procedures = split_codes(stay.procedures)
        self.diagnoses = tuple(map(compared, self.written))
        self.procedures = tuple(map(compared, self.written_procedures))
        self.sex = SEXES.get((stay.sex or "").strip().lower())
        self.named = {
            "department": (stay.department or "").strip(),
            "discharge_type": (stay.discharge_type or "").strip(),
        }
        self._complications: tuple[_Complication, ...] | None = None

    @property
    def complications(self) -> tuple[_Complication, ...]:
        """Diagnoses after the first that are complications, in order."""
        if self._complications is None:
            principal = self.diagnoses[0]
            found = []
            for written, code in zip(self.written[1:], self.diagnoses[1:], strict=True):
                if what := self.scheme.counted(principal, code):
                    found.append(_Complication(written, *what))
            self._complications = tuple(found)
        return self._complications

    def at(self, word: Word) -> tuple[str, ...]:
        """The codes that a word looks at."""
        match word.where, word.what.split("_")[0]:
            case "principal", _:
                return self.diagnoses[:1]
            case "secondary", _:
                return self.diagnoses[1:]
            case "main", _:
                return self.procedures[:1]
            case _, "diagnosis":
                return self.diagnoses
        return self.procedures

    def true(self, word: Word, test: Test) -> bool:
        """Whether the word of a test is true of the stay."""
        return self._holds(word, test) is not word.negated

    def _holds(self, word: Word, test: Test) -> bool:
        match word.kind:
            case "listed":
                listed = test.listed(word.what)
                return any(code in listed for code in self.at(word))
            case "valid":
                return any(code in self.scheme.valid_procedures for code in self.at(word))
            case "parts":
                there = frozenset().union(*(test.parts.get(code, frozenset()) for code in self.procedures))
                return any(way <= there for way in word.alternatives)
            case "sites":
                return len(self.sites(test)) >= 2
            case "complication":
                levels = (each.level for each in self.complications if each.counts)
                return any(level in word.where.split(" or ") for level in levels)
            case "sex":
                return self.sex == word.where
            case "age_zero":
                return self.numbers["age_years"] == 0
            case "newborn":
                days = self.numbers["age_days"]
                return days is not None and days <= NEWBORN_DAYS
            case "named":
                return self.named[word.what] in test.names[word.what]
            case "bounded":
                value = self.numbers[word.what]
                return all(bound.holds(value) for bound in test.bounds if bound.column == word.what)
            case "always":
                return True

    def sites(self, test: Test) -> frozenset[str]:
        """Body sites of all diagnoses."""
        return frozenset().union(*(test.sites.get(code, frozenset()) for code in self.diagnoses))

    def may_pass(self, code: str) -> bool:
        """Whether principal diagnosis and main procedure are among those that an MDC or ADRG needs: asked first, because it is quick."""
        principal, main = self.scheme.needs[code]
        return (principal is None or self.diagnoses[0] in principal) and (main is None or self.procedures[0] in main)

    def passes(self, test: Test) -> bool:
        """Whether every word of a test is true."""
        return all(self.true(word, test) for word in test.words)


def group_stay(stay: Stay, scheme: Scheme, *, explain: bool = True) -> Grouped:
    """Group one stay; its id is not compared with others.

    Args:
        stay: as read.
        scheme: by which.
        explain: whether to write the path down; without it, a few microseconds.
    """
    facts = _Facts(stay, scheme)
    unknown = _unknown(facts)
    if why := why_invalid(stay, facts.numbers, facts.diagnoses):
        return Grouped("", "", UNGROUPED, "invalid", why, unknown, (f"不是一次住院：{why}",) if explain else ())
    path: list[str] = []
    entered: list[str] = []
    for mdc in scheme.mdcs:
        if not (facts.may_pass(mdc.code) and facts.passes(mdc.test)):
            continue
        entered.append(mdc.code)
        if explain:
            path.append(f"进入 {mdc.code}{_titled(mdc.title)}：{_why(facts, mdc.test)}")
        found = _within(mdc, facts)
        if isinstance(found, str):
            why = reasons.reason(
                "ambiguous", mdc=mdc.code, adrg=found, principal="", listed=True, entered=(), has_groups=False
            )
            return Grouped(mdc.code, found, found, "ambiguous", why, unknown, (*path, why) if explain else ())
        if found is not None:
            if explain:
                path.append(f"符合 {found.code}{_titled(found.title)}：{_why(facts, found.test)}")
            return _split(mdc, found, facts, unknown, path, explain=explain)
        if explain:
            path.append(f"{mdc.code} 的 ADRG 没有一个符合，接着试后面的 MDC")
    why = reasons.reason(
        "ungroupable",
        mdc="",
        adrg="",
        principal=facts.written[0],
        listed=facts.diagnoses[0] in scheme.principal_diagnoses,
        entered=tuple(entered),
        has_groups=False,
    )
    return Grouped("", "", UNGROUPED, "ungroupable", why, unknown, (*path, why) if explain else ())


def _within(mdc: Mdc, facts: _Facts) -> Adrg | str | None:
    """The adjacent group of an MDC, or QY's code, or none."""
    ask = mdc.ambiguous_place if mdc.ambiguous else -1
    for place, adrg in enumerate(mdc.adrgs):
        if place == ask and _has_valid(facts):
            return mdc.ambiguous_code
        if facts.may_pass(adrg.code) and facts.passes(adrg.test):
            return adrg
    return mdc.ambiguous_code if ask == len(mdc.adrgs) and _has_valid(facts) else None


def _has_valid(facts: _Facts) -> bool:
    return any(code in facts.scheme.valid_procedures for code in facts.procedures)


def _split(mdc: Mdc, adrg: Adrg, facts: _Facts, unknown: tuple[str, ...], path: list[str], *, explain: bool) -> Grouped:
    """The group of an adjacent group."""
    for drg in adrg.drgs:
        if facts.passes(drg.test):
            if explain:
                path += _complications(facts, adrg)
                path.append(f"分入 {drg.code}{_titled(drg.title)}：{_why(facts, drg.test)}")
            return Grouped(mdc.code, adrg.code, drg.code, "grouped", "", unknown, tuple(path))
    why = reasons.reason(
        "ungroupable",
        mdc=mdc.code,
        adrg=adrg.code,
        principal=facts.written[0],
        listed=True,
        entered=(),
        has_groups=bool(adrg.drgs),
    )
    return Grouped(mdc.code, adrg.code, UNGROUPED, "ungroupable", why, unknown, (*path, why) if explain else ())


def _complications(facts: _Facts, adrg: Adrg) -> Iterator[str]:
    """What each complication counted for, where the adjacent group asks."""
    if not any(word.kind == "complication" for drg in adrg.drgs for word in drg.test.words):
        return
    for each in facts.complications:
        if each.counts:
            yield f"其他诊断 {each.code} 是 {each.level}，计入"
        else:
            yield f"其他诊断 {each.code} 是 {each.level}，不计：主要诊断 {facts.written[0]} 在它的排除表 {each.table} 里"
    if not facts.complications:
        yield "其他诊断里没有 CC 或 MCC" if len(facts.diagnoses) > 1 else "没有其他诊断"


def _why(facts: _Facts, test: Test) -> str:
    return "；".join(_sentence(facts, word, test) for word in test.words)


def _sentence(facts: _Facts, word: Word, test: Test) -> str:
    """A true word, with what of the stay made it true."""
    match word.kind:
        case "listed" if not word.negated:
            listed = test.listed(word.what)
            matched = [code for code in facts.at(word) if code in listed]
            return f"{word.meaning}（{word.what}：{_shown(facts, matched)}）"
        case "valid" if not word.negated:
            matched = [code for code in facts.at(word) if code in facts.scheme.valid_procedures]
            return f"{word.meaning}（{_shown(facts, matched)}）"
        case "parts":
            return f"{word.meaning}（{_shown(facts, [code for code in facts.procedures if code in test.parts])}）"
        case "sites":
            return f"{word.meaning}（{'、'.join(sorted(facts.sites(test)))}）"
        case "complication":
            counted = [
                each.code for each in facts.complications if each.counts and each.level in word.where.split(" or ")
            ]
            return f"{word.meaning}（{'、'.join(counted[:_CUT])}）"
        case "bounded":
            sides = {"min": "≥", "above": ">", "below": "<", "max": "≤"}
            limits = "、".join(f"{sides[each.side]} {each.limit:g}" for each in test.bounds if each.column == word.what)
            return f"{BOUNDED[word.text][1]} {facts.numbers[word.what]:g}（{limits}）"
        case "named":
            return f"{word.meaning} {facts.named[word.what]}"
    return word.meaning


def _shown(facts: _Facts, codes: list[str]) -> str:
    return "、".join(facts.scheme.spelling.get(code, code) for code in dict.fromkeys(codes[:_CUT]))


def _titled(title: str) -> str:
    return f" {title}" if title else ""


def _unknown(facts: _Facts) -> tuple[str, ...]:
    scheme = facts.scheme
    found = [
        written
        for all_written, codes, known in (
            (facts.written, facts.diagnoses, scheme.diagnoses),
            (facts.written_procedures, facts.procedures, scheme.procedures),
        )
        for written, code in zip(all_written, codes, strict=True)
        if code and code not in known
    ]
    return tuple(dict.fromkeys(found))
