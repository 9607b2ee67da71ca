"""Which period and which status the words of a report speak of: from its headings, its years and its verbs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yunnao.scenarios.plan.quantities import Status
from yunnao.scenarios.plan.reading.lexicon import last_match, table
from yunnao.scenarios.plan.reading.structure import Heading, Part
from yunnao.scenarios.plan.reading.years import SPAN, YEAR, Years, pattern, plan_span, verdict

OTHER = "other"
_PLAN = re.compile(
    r"[“\"]?(十[一二三四五六]五)[”\"]?(?:时期|期间|以来|规划|发展|计划|五年|末|收官|圆满|主要|目标|经济|国民)"
)
_FIVE = re.compile(
    r"(?:(?:过去|这|近)的?(五|四|三|两|十|\d{1,2})年|(五|四|三|两|十|\d{1,2})年(?:来|间))(?!来?(?:最|新[高低]|首次|同期))"
)
_AHEAD = re.compile(r"(?:今后|未来|接下来)的?(五|四|三|两|十|\d{1,2})年")
_COUNT = {"两": 2, "三": 3, "四": 4, "五": 5, "十": 10}
_CLAUSE_YEAR = re.compile(
    r"(?:^|[，；。：、（])\s*(?:(?:刚刚)?过去的|其中|预计|力争|争取|确保|计划|截至|截止|截止到|到|至|自|从|全区|全市|全省|全县|我[省市区县州]|本[省市区县州])*((?:19|20)\d{2})年(?![度版的]|[底末]的|以上|[^，。；]{0,3}[届度版])"
    r"|(?:到|至|截至|截止到?|力争|展望)((?:19|20)\d{2})年(?![度版的]|[底末]的)"
)
_OF_YEAR = re.compile(
    r"(?<![是比较于为])(?<!恢复至)(?<!恢复到)(?<!相当于)((?:19|20)\d{2})年(?:底|末)?的(?:约|近|不足|超过)?$"
)
_GOVERNING = re.compile(r"\s*(?:展望|到|至)(20\d{2})年(?:底|末)?，")
_OPENS_YEAR = re.compile(r"\s*[—-]*(?:刚刚)?(?:过去的)?((?:19|20)\d{2})年(?:当年|全年)?，")
_OPENS_YEARS = re.compile(r"\s*[—-]*(?:过去的?|这|近)?(五|四|三|十)年(?:来|间)?，")
_OPENS_PLAN = re.compile(r"\s*[—-]*[“\"]?(十[一二三四五六]五)[”\"]?(?:时期|期间|以来)，")
_OF_THE_SPAN = re.compile(r"(?<!连续)[三四五]年|十[一二三四五六]五")
_REACHED = re.compile(r"达|为|至|增加到|提高到|到|占|保持|控制在|突破|超过|稳定在|每")
_FROM_BASE = re.compile(r"(?:由|从)[\d.:]*$")
_YEARLY = re.compile(r"年均[^，。；]*$")
_AFTER_LAST_YEAR = re.compile(
    r"(?:去年|上年)[^。]*[，；](?:今年|明年)[^。，；]{0,12}(?:计划(?!执行)|将|要|力争|目标|安排|预期)[^。；]*$"
)
_OVER = re.compile(
    r"(?<!\d)(五|四|三|两|十|\d{1,2})年(?:年均|平均|累计|(?:增加|新增|增长|提高)(?!了?[到至]))[^，。；\d]*$"
)
_SINCE = re.compile(r"(?:是|比|较|由|从|自)((?:19|20)\d{2})年[^。；]*年均[^，。；、\d]*$")
"""A base year, and behind it the yearly average since."""
_BASE_YEAR = re.compile(r"(?:比|较|与|相比|相对|以)((?:19|20)\d{2})年")


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for the quantities of one part."""

    status: Status
    period: str


def standing(part: Part, years: Years) -> Standing:
    """What holds in ``part`` if its sentences do not say otherwise."""
    if part.footnote:
        return Standing("description", OTHER)
    if years.outcome is not None and any(pattern("problem_below").search(one.title) for one in part.headings[1:]):
        return Standing("outcome", str(years.outcome))
    status = _status(part.headings, years)
    period = _heading_period(part.headings, years, status)
    return Standing(status, period or _usual(status, years))


def said(sentence: str, before: str, here: Standing, years: Years) -> Standing:
    """What holds for a quantity in ``sentence`` after the words ``before`` of it.

    Years inside of names are not periods: only a year that begins a clause or stands after 到, 至, 截至 counts, and not one that a
    change is measured against.
    """
    if here.status == "description" or (
        "年" not in before and "五" not in before
    ):  # every word below holds one of them
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
        status = _turned(status, year, years, sentence) if year else status
    if (since := last_match(_SINCE, before)) is not None and period.isdigit() and int(period) > int(since.group(1)) + 1:
        return Standing(status, f"{int(since.group(1)) + 1}-{period}")
    if found is not None:
        return Standing(status, period)
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
    for match in SPAN.finditer(before):
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


def opened(line: str, here: Standing, years: Years, *, told: bool) -> Standing | None:
    """What holds in a paragraph that begins with 五年来, “十三五”时期 or a year; ``None`` where it begins otherwise.

    A year counts where no heading tells of one year (``told``: a heading tells what stands below it); of a span where the paragraph
    does not come back to all of it.
    """
    if here.status != "outcome":
        return None
    if (plan := _OPENS_PLAN.match(line)) is not None:
        first, last = table("sections")["plans"][plan.group(1)]
        return Standing("outcome", f"{first}-{last}")
    if (five := _OPENS_YEARS.match(line)) is not None and years.outcome is not None:
        return Standing("outcome", f"{years.outcome - _number(five.group(1)) + 1}-{years.outcome}")
    if (year := _OPENS_YEAR.match(line)) is not None and (
        not told or here.period == OTHER or ("-" in here.period and not _OF_THE_SPAN.search(line))
    ):
        return Standing(_turned("outcome", int(year.group(1)), years, line), year.group(1))
    return None


def unheaded(sentence: str, here: Standing, years: Years, *, ahead: bool = False) -> Standing:
    """The same for a part without a heading that says what it is: verbs tell, or that the text speaks of what is ``ahead`` by now."""
    if (
        here.status == "outcome"
        and (ahead or pattern("sentence_target").search(sentence))
        and not pattern("sentence_outcome").search(sentence)
    ):
        return Standing("target", str(years.target) if years.target else here.period)
    return here


def is_told(headings: Iterable[Heading]) -> bool:
    """Whether a heading says if what stands below was reached or is promised."""
    return any(verdict(heading.title) or pattern("perhaps_target").search(heading.title) for heading in headings)


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


def _status(headings: Sequence[Heading], years: Years) -> Status:
    found: Status | None = None
    for heading in headings:
        told = verdict(heading.title)
        if told and (found is None or (YEAR.search(heading.title) and heading.level < 2)):
            found = told
    if found is None and headings and years.outcome is not None:
        perhaps = any(pattern("perhaps_target").search(heading.title) for heading in headings)
        named = [int(match) for heading in headings for match in YEAR.findall(heading.title)]
        if named:
            found = "outcome" if named[-1] <= years.outcome else "target"
        elif perhaps:
            found = "target"
    return found or years.default


def _heading_period(headings: Sequence[Heading], years: Years, status: Status) -> str | None:
    for heading in reversed(headings):
        if match := SPAN.search(heading.title):
            return f"{match.group(1)}-{match.group(2)}"
        if match := YEAR.search(heading.title):
            return match.group(1)
        if (span := plan_span(heading.title)) is not None:
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
