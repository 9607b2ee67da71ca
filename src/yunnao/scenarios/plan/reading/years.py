"""Which years a report is about: the one it looks back on and the one it plans, from its title, its headings and its words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from yunnao.scenarios.plan.quantities import Status
from yunnao.scenarios.plan.reading.lexicon import table
from yunnao.scenarios.plan.reading.structure import Part

YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|\b)")
SPAN = re.compile(r"(?<!\d)((?:19|20)\d{2})年?(?:-{1,2}|—+|至|到)((?:19|20)\d{2})年?")
_FIRST_LINES, _LONGEST_DATE_LINE = 8, 70
_DAY = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月")
_OF_A_PART = re.compile(r"上半年|前三季度|一季度|1[-—至]\d{1,2}月")
_NOT_ITS_OWN = re.compile(r"(?:比|较|与|恢复至|恢复到|相当于|以|是|到|至|展望|力争)$")
_BEGAN_WITH = re.compile(r"(?:从|由|自)(?:19|20)\d{2}年?(?:底|末|的|以来|起|到|至|\d|增|提)")
"""从2018年的, 自2018年以来: what something began with."""
_OF_PLANS = re.compile(r"(?:19|20)\d{2}年度?(?:重点|民生|建设|实施|工作)?(?:项目|工程|计划|清单|任务|工作安排)")
_BEHIND = re.compile(
    r"同比|[比较]上年|去年|上年|过去|已(?:累计|建成|完成|达)|截至|回顾|总结|完成情况|执行情况|比[^，。]{0,4}增长"
)
_ONE_PLAN = re.compile(r"^[^，。]{0,12}(?:19|20)\d{2}年[^，。\d]{2,16}计划(?:（草案）|草案)?$")
"""The title of the plan of one year."""
_LOOKS_BACK = re.compile(r"(?:回顾|总结|完成情况|执行情况|落实情况|成就|成效)$")


@dataclass(frozen=True, slots=True)
class Years:
    """The year that the report looks back on, the one that it plans, and what it says where no heading tells."""

    outcome: int | None
    target: int | None
    default: Status
    plan: tuple[int, int] | None


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern ``name`` of the table of headings and sentences."""
    return re.compile(table("sections")[name])


def years_of(parts: Sequence[Part], text: str) -> Years:
    """What the title and the headings say; without them, what the sentences plan, or the year that the text names most often."""
    titles = [text[part.start : part.end] for part in parts if part.title]
    headings = [part.headings[-1].title for part in parts if part.heading and part.headings]
    spans = (plan_span(title) for title in [*titles, *headings] if pattern("title_plan").search(title))
    plan = next((span for span in spans if span is not None), None)
    said = _of_headings(headings)
    outcome, target, default = _of_titles(titles, said, None if plan else _planned(text))
    if outcome is None and target is None and len(set(said.perhaps)) > 1:
        outcome, target = min(said.perhaps), max(said.perhaps)
    if outcome is None and target is None:
        if said.perhaps and (said.aims or "同比" in text):  # 一、2022年工作 before 二、下一步打算
            outcome = said.perhaps[0]
        elif said.perhaps:
            target = said.perhaps[0]
        else:
            target = _spoken(parts, text) or (None if plan else _planned(text))
    if outcome is None and target is None and plan is not None:
        outcome = plan[0] - 1
    elif outcome is None and target is None and (ahead := _only_year_ahead(text)) is not None:
        target, default = ahead, "target"
    elif outcome is None and target is None:
        outcome = _most_named(text)
    if outcome is None and target is not None:
        outcome = target - 1
    if target is None and outcome is not None:
        # half-year reports plan the rest of their own year
        target = outcome if any(_OF_A_PART.search(title) for title in titles) else outcome + 1
    return Years(outcome, target, default, plan)


@dataclass(frozen=True, slots=True)
class _Said:
    """The years that the headings name: of what was, of what is to come, and of what could be either; ``aims``: one tells of what is
    to come behind one that could be either."""

    outcome: int | None
    target: int | None
    perhaps: list[int]
    aims: bool


def _of_headings(headings: Sequence[str]) -> _Said:
    outcome = target = None
    perhaps: list[int] = []
    aims = False
    for title in headings:
        aims = aims or (bool(perhaps) and verdict(title) == "target")
        if match := YEAR.search(title):
            told = verdict(title)
            if pattern("perhaps_target").search(title) and told is None:
                perhaps.append(int(match.group(1)))
            if told == "outcome" and outcome is None:
                outcome = int(match.group(1))
            elif told == "target" and target is None and not SPAN.search(title):
                target = int(match.group(1))
    return _Said(outcome, target, perhaps, aims)


def _of_titles(titles: Sequence[str], said: _Said, planned: int | None) -> tuple[int | None, int | None, Status]:
    """The years of the headings with those that the titles add, and what the text says where no heading tells."""
    outcome, target = said.outcome, said.target
    default: Status = "target" if any(pattern("title_plan").search(title) for title in titles) else "outcome"
    carried_out = any("执行情况" in title for title in titles)
    for title in titles:
        years = [int(year) for year in YEAR.findall(title)]
        if not years:
            continue
        ahead = pattern("target").search(title) or pattern("title_task").search(title)
        both = min(years) < max(years) and pattern("outcome").search(title) and ahead
        if pattern("title_report").search(title):
            # 2022年政府工作报告 is given in 2022 or speaks of it: a year that its sentences plan decides
            target = target or (planned if planned in (years[0], years[0] + 1) else years[0])
        elif pattern("title_statistics").search(title):
            outcome = outcome or years[0]
        elif carried_out or both:
            outcome = outcome or min(years)
            target = target or (max(years) if len(years) > 1 else None)
        elif (pattern("title_task").search(title) or _ONE_PLAN.search(title)) and not pattern("outcome").search(title):
            target = target or years[0]
            default = "target"
        elif "计划" in title:
            outcome = outcome or min(years)
            target = target or (max(years) if len(years) > 1 else None)
    return outcome, target, default


def _planned(text: str) -> int | None:
    """The year for which sentences of a text say what is aimed at or to be done."""
    found = Counter(
        int(match.group(1) or match.group(2))
        for match in pattern("planned_year").finditer(text)
        if not _NOT_ITS_OWN.search(text, max(0, match.start() - 4), match.start())
    )
    return max(found, key=lambda year: (found[year], -year), default=None)


def _spoken(parts: Sequence[Part], text: str) -> int | None:
    """The year that a report speaks for, by the day on which it was given: in the first half of a year for that one, in its last
    quarter for the next."""
    for part in parts[:_FIRST_LINES]:
        if part.end - part.start <= _LONGEST_DATE_LINE and (match := _DAY.search(text, part.start, part.end)):
            year, month = int(match.group(1)), int(match.group(2))
            if month <= 6 or month >= 10:
                return year if month <= 6 else year + 1
    return None


def _most_named(text: str) -> int | None:
    """The year that a text names most often, the latest of several, where it is neither what something is compared with nor a horizon."""
    found = Counter(
        int(match.group(1))
        for match in YEAR.finditer(text)
        if not _NOT_ITS_OWN.search(text, max(0, match.start() - 4), match.start())
        and not _BEGAN_WITH.match(text, max(0, match.start() - 1))
    )
    return max(found, key=lambda year: (found[year], year), default=None)


def _only_year_ahead(text: str) -> int | None:
    """The one year that a text names whose projects or tasks it speaks of, and of nothing that was."""
    years = {int(match.group(1)) for match in YEAR.finditer(text)}
    return years.pop() if len(years) == 1 and _OF_PLANS.search(text) and not _BEHIND.search(text) else None


def verdict(title: str) -> Status | None:
    """What a heading says of the words below it; ``None`` where it tells nothing."""
    if pattern("description").search(title):
        return "description"
    if _LOOKS_BACK.search(title):
        return "outcome"
    outcome, target = pattern("outcome").search(title), pattern("target").search(title)
    if outcome and target:
        return "outcome" if outcome.start() < target.start() else "target"
    if outcome is None and target is None and pattern("problem").search(title):
        return "outcome"
    return "outcome" if outcome else "target" if target else None


def plan_span(title: str) -> tuple[int, int] | None:
    """The years of the five-year plan that a title names (十四五 → 2021, 2025)."""
    for name, (first, last) in table("sections")["plans"].items():
        if name in title or f"第{name[:-1]}个五年" in title:
            return first, last
    return None
