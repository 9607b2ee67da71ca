"""Which period and which status the words of a report speak of: from its headings, its years and its verbs."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from yunnao.scenarios.plan.quantities import Status
from yunnao.scenarios.plan.reading.lexicon import last_match, table
from yunnao.scenarios.plan.reading.structure import Heading, Part

OTHER = "other"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|\b)")
_SPAN = re.compile(r"(?<!\d)((?:19|20)\d{2})年?(?:-{1,2}|—+|至|到)((?:19|20)\d{2})年?")
_PLAN = re.compile(
    r"[“\"]?(十[一二三四五六]五)[”\"]?(?:时期|期间|以来|规划|发展|计划|五年|末|收官|圆满|主要|目标|经济|国民)"
)
_FIVE = re.compile(r"(?:过去|这|近)的?(五|四|三|两|十|\d{1,2})年|(五|四|三|两|十|\d{1,2})年(?:来|间)")
_AHEAD = re.compile(r"(?:今后|未来|接下来)的?(五|四|三|两|十|\d{1,2})年")
_COUNT = {"两": 2, "三": 3, "四": 4, "五": 5, "十": 10}
_CLAUSE_YEAR = re.compile(
    r"(?:^|[，；。：、（])\s*(?:(?:刚刚)?过去的|其中|预计|力争|争取|确保|计划|截至|截止|截止到|到|至|自|从|全区|全市|全省|全县)*((?:19|20)\d{2})年(?![度版的]|[底末]的|以上|[^，。；]{0,3}[届度版])"
    r"|(?:到|至|截至|截止到?|力争|展望)((?:19|20)\d{2})年(?![度版的]|[底末]的)"
)
_OF_YEAR = re.compile(r"(?<![是比较于])((?:19|20)\d{2})年(?:底|末)?的(?:约|近|不足|超过)?$")
_GOVERNING = re.compile(r"\s*(?:展望|到|至)(20\d{2})年(?:底|末)?，")
_REACHED = re.compile(r"达|为|至|增加到|提高到|到|占|保持|控制在|突破|超过|稳定在|每")
_FROM_BASE = re.compile(r"(?:由|从)[\d.:]*$")
_YEARLY = re.compile(r"年均[^，。；]*$")
_AFTER_LAST_YEAR = re.compile(
    r"(?:去年|上年)[^。]*[，；](?:今年|明年)[^。，；]{0,12}(?:计划(?!执行)|将|要|力争|目标|安排|预期)[^。；]*$"
)
_LOOKS_BACK = re.compile(r"(?:回顾|总结|完成情况|执行情况|落实情况|成就|成效)$")
_OVER = re.compile(r"(五|四|三|两|十|\d{1,2})年(?:年均|平均|累计)[^，。；\d]*$")
_FIRST_LINES, _LONGEST_DATE_LINE = 8, 70
_DAY = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月")
_OF_A_PART = re.compile(r"上半年|前三季度|一季度|1[-—至]\d{1,2}月")
_NOT_ITS_OWN = re.compile(r"(?:比|较|与|恢复至|恢复到|相当于|以|是|到|至|展望|力争)$")
_BASE_YEAR = re.compile(r"(?:比|较|与|相比|相对|以)((?:19|20)\d{2})年")


@dataclass(frozen=True, slots=True)
class Years:
    """The year that the report looks back on, the one that it plans, and what it says where no heading tells."""

    outcome: int | None
    target: int | None
    default: Status
    plan: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for the quantities of one part."""

    status: Status
    period: str


@cache
def _re(name: str) -> re.Pattern[str]:
    return re.compile(table("sections")[name])


def years_of(parts: Sequence[Part], text: str) -> Years:
    """What the title and the headings say; without them, the year that the text names most often."""
    titles = [text[part.start : part.end] for part in parts if part.title]
    headings = [part.headings[-1].title for part in parts if part.heading and part.headings]
    outcome = target = None
    perhaps: list[int] = []
    default: Status = "outcome"
    plan: tuple[int, int] | None = None
    for title in [*titles, *headings]:
        if plan is None and _re("title_plan").search(title) and (found := _plan_span(title)):
            plan = found
    for title in headings:
        if match := _YEAR.search(title):
            verdict = _verdict(title)
            if _re("perhaps_target").search(title) and verdict is None:
                perhaps.append(int(match.group(1)))
            if verdict == "outcome" and outcome is None:
                outcome = int(match.group(1))
            elif verdict == "target" and target is None and not _SPAN.search(title):
                target = int(match.group(1))
    for title in titles:
        found_years = [int(year) for year in _YEAR.findall(title)]
        if not found_years:
            continue
        if _re("title_report").search(title):
            target = target or found_years[0]
        elif _re("title_statistics").search(title):
            outcome = outcome or found_years[0]
        elif "执行情况" in title or "计划" in title:
            outcome = outcome or min(found_years)
            target = target or (max(found_years) if len(found_years) > 1 else None)
        elif _re("title_task").search(title) and not _re("outcome").search(title):
            target = target or found_years[0]
            default = "target"
    if any(_re("title_plan").search(title) for title in titles):
        default = "target"
    if outcome is None and target is None and len(set(perhaps)) > 1:
        outcome, target = min(perhaps), max(perhaps)
    if outcome is None and target is None:
        target = perhaps[0] if perhaps else _spoken(parts, text) or _promised(text)
    if outcome is None and target is None:
        common = Counter(_plain_years(text)).most_common(1)
        outcome = int(common[0][0]) if common and plan is None else (plan[0] - 1 if plan else None)
    if outcome is None and target is not None:
        outcome = target - 1
    if target is None and outcome is not None:
        # half-year reports plan the rest of their own year
        target = outcome if any(_OF_A_PART.search(title) for title in titles) else outcome + 1
    return Years(outcome, target, default, plan)


def _spoken(parts: Sequence[Part], text: str) -> int | None:
    """The year that a report speaks for, by the day on which it was given: in the first half of a year for that one, in its last
    quarter for the next."""
    for part in parts[:_FIRST_LINES]:
        if part.end - part.start <= _LONGEST_DATE_LINE and (match := _DAY.search(text, part.start, part.end)):
            year, month = int(match.group(1)), int(match.group(2))
            if month <= 6 or month >= 10:
                return year if month <= 6 else year + 1
    return None


def _promised(text: str) -> int | None:
    """The year for which a text that looks back on nothing says what is to come."""
    opening = _re("plan_begins").search(text)
    if opening is None or (year := _YEAR.search(opening.group())) is None or _re("sentence_outcome").search(text):
        return None
    return int(year.group(1)) if set(_plain_years(text)) == {year.group(1)} else None


def _plain_years(text: str) -> list[str]:
    """Years that are neither what something is compared with nor a horizon."""
    return [match.group(1) for match in _YEAR.finditer(text) if not _NOT_ITS_OWN.search(text, 0, match.start())]


def standing(part: Part, years: Years) -> Standing:
    """What holds in ``part`` if its sentences do not say otherwise."""
    if part.footnote:
        return Standing("description", OTHER)
    status = _status(part.headings, years)
    period = _heading_period(part.headings, years, status)
    return Standing(status, period or _usual(status, years))


def said(sentence: str, before: str, here: Standing, years: Years) -> Standing:
    """What holds for a quantity in ``sentence`` after the words ``before`` of it.

    Years inside of names are not periods: only a year that begins a clause or stands after 到, 至, 截至 counts, and not one that a
    change is measured against.
    """
    if here.status == "description":
        return here
    status: Status = here.status
    period = here.period
    if (of_year := _OF_YEAR.search(before)) is not None:
        year = int(of_year.group(1))
        return Standing(_turned(status, year, years, sentence), str(year))
    if (
        (over := _OVER.search(before)) is not None
        and years.outcome is not None
        and (count := _number(over.group(1))) > 1
    ):
        last = years.target if status == "target" and years.target is not None and years.plan is None else years.outcome
        if years.plan is not None and status == "target":
            return Standing(status, f"{years.plan[0]}-{years.plan[1]}")
        return Standing(status, f"{last - count + 1}-{last}")
    found = max(_named(before, years), key=lambda one: one[0], default=None)
    if found is not None:
        _, period, year = found
        return Standing(_turned(status, year, years, sentence) if year else status, period)
    if (match := last_match(_AHEAD, before)) and years.target is not None and (count := _number(match.group(1))) > 1:
        return Standing("target", f"{years.target}-{years.target + count - 1}")
    if here.status == "outcome" and _AFTER_LAST_YEAR.search(before):
        return Standing("target", here.period if years.target is None else str(years.target))
    if years.outcome is not None:
        for word, shift in table("sections")["relative_years"].items():
            if re.search(rf"(?:^|[，；]){word}(?!同期|增长|基数|结转)", before):
                period = str(years.outcome + (shift if here.status == "outcome" else shift + 1))
                status = "outcome" if shift else status
    return Standing(status, period)


def _named(before: str, years: Years) -> Iterator[tuple[int, str, int]]:
    """Periods that ``before`` names: where, which, and the single year that may turn the status (0: none)."""
    for match in _SPAN.finditer(before):
        if not _in_name(before, match.start()):
            yield match.start(), f"{match.group(1)}-{match.group(2)}", 0
    if (year := _last_year(before)) is not None:
        yield before.rindex(str(year)), str(year), year
    if (plan := last_match(_PLAN, before)) and not before[: plan.start()].endswith(("比", "较", "与", "是")):
        first, last = table("sections")["plans"][plan.group(1)]
        yield plan.start(), str(last) if plan.group().endswith("末") else f"{first}-{last}", 0
    if (five := last_match(_FIVE, before)) and years.outcome is not None:
        count = _number(five.group(1) or five.group(2))
        if count > 1 and not before[: five.start()].endswith("连续"):
            yield five.start(), f"{years.outcome - count + 1}-{years.outcome}", 0


def of_kind(holds: Standing, kind: str, before: str, years: Years, here: Standing, *, stock: bool) -> str:
    """The period as the kind of the quantity has it.

    A yearly average (年均) belongs to the span that heading or plan are about. Of a span the last year counts for what is reached by its
    end (达到, 占), the year before it for what it began with (由, 从); only sums and changes belong to the span as a whole.

    Args:
        holds: what the words before the number say.
        here: what holds without them.
        stock: the quantity is named by a noun alone (运营里程), not by what was done (改造危桥).
    """
    period = holds.period
    if "-" not in period and kind == "growth_yoy" and _YEARLY.search(before):
        if "-" in here.period:
            return here.period
        if years.plan is not None and holds.status == "target":
            return f"{years.plan[0]}-{years.plan[1]}"
        if years.plan is not None and years.outcome is not None:
            return f"{years.outcome - 4}-{years.outcome}"
    if "-" in period and _FROM_BASE.search(before):
        return str(int(period[:4]) - 1)
    if "-" in period and (kind in ("share", "rank") or (kind == "level" and (stock or _REACHED.search(before)))):
        return period[5:]
    return period


def governing(sentence: str) -> str | None:
    """The year that a paragraph of a five-year plan speaks of from here on, where the sentence begins with it (到2025年，…)."""
    match = _GOVERNING.match(sentence)
    return match.group(1) if match else None


def unheaded(sentence: str, here: Standing, years: Years, *, ahead: bool = False) -> Standing:
    """The same for a part without a heading that says what it is: verbs tell, or that the text speaks of what is ``ahead`` by now."""
    if (
        here.status == "outcome"
        and (ahead or _re("sentence_target").search(sentence))
        and not _re("sentence_outcome").search(sentence)
    ):
        return Standing("target", str(years.target) if years.target else here.period)
    return here


def begins_plan(sentence: str) -> bool:
    """Whether a text whose headings do not tell speaks of what is to come from this sentence on."""
    return _re("plan_begins").search(sentence) is not None


def looks_back(sentence: str) -> bool:
    """Whether a sentence says by itself that it speaks of what was."""
    return _re("sentence_outcome").search(sentence) is not None


def is_told(headings: Iterable[Heading]) -> bool:
    """Whether a heading says if what stands below was reached or is promised."""
    return any(_verdict(heading.title) or _re("perhaps_target").search(heading.title) for heading in headings)


def _turned(status: Status, year: int, years: Years, sentence: str) -> Status:
    if years.outcome is None:
        return status
    if status == "outcome" and year > years.outcome:
        return "target"
    if status == "target" and year <= years.outcome and not re.search(r"确保|力争", sentence):
        return "outcome"
    return status


def _last_year(before: str) -> int | None:
    found = None
    for match in _CLAUSE_YEAR.finditer(before):
        place = match.start(1) if match.group(1) else match.start(2)
        if not _in_name(before, place) and not _BASE_YEAR.search(before, max(0, place - 3), place + 5):
            found = int(match.group(1) or match.group(2))
    return found


def _in_name(text: str, place: int) -> bool:
    return any(text.rfind(a, 0, place) > text.rfind(b, 0, place) for a, b in ("《》", "“”", "（）"))


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() else _COUNT.get(word, 0)


def _verdict(title: str) -> Status | None:
    if _re("description").search(title):
        return "description"
    if _LOOKS_BACK.search(title):
        return "outcome"
    outcome, target = _re("outcome").search(title), _re("target").search(title)
    if outcome and target:
        return "outcome" if outcome.start() < target.start() else "target"
    if outcome is None and target is None and _re("problem").search(title):
        return "outcome"
    return "outcome" if outcome else "target" if target else None


def _status(headings: Sequence[Heading], years: Years) -> Status:
    found: Status | None = None
    for heading in headings:
        verdict = _verdict(heading.title)
        if verdict and (found is None or (_YEAR.search(heading.title) and heading.level < 2)):
            found = verdict
    if found is None and headings and years.outcome is not None:
        perhaps = any(_re("perhaps_target").search(heading.title) for heading in headings)
        named = [int(match) for heading in headings for match in _YEAR.findall(heading.title)]
        if named:
            found = "outcome" if named[-1] <= years.outcome else "target"
        elif perhaps:
            found = "target"
    return found or years.default


def _heading_period(headings: Sequence[Heading], years: Years, status: Status) -> str | None:
    for heading in reversed(headings):
        if match := _SPAN.search(heading.title):
            return f"{match.group(1)}-{match.group(2)}"
        if match := _YEAR.search(heading.title):
            return match.group(1)
        if (span := _plan_span(heading.title)) is not None:
            return f"{span[0]}-{span[1]}"
        if years.outcome is not None and (match := _FIVE.search(heading.title)):
            count = _number(match.group(1) or match.group(2))
            if count > 1:
                return f"{years.outcome - count + 1}-{years.outcome}"
        if years.target is not None and (match := _AHEAD.search(heading.title)):
            count = _number(match.group(1))
            if count > 1:
                return f"{years.target}-{years.target + count - 1}"
    return None


def _usual(status: Status, years: Years) -> str:
    if years.plan is not None and status == "target":
        return f"{years.plan[0]}-{years.plan[1]}"
    year = years.target if status == "target" else years.outcome
    return OTHER if year is None else str(year)


def _plan_span(title: str) -> tuple[int, int] | None:
    for name, (first, last) in table("sections")["plans"].items():
        if name in title or f"第{name[:-1]}个五年" in title:
            return first, last
    return None
