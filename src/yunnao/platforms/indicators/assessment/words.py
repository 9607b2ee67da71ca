"""Scores and rules in words: why there is no score, how one came about, and what every setting rests on."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from yunnao.kernel.numbers import plain
from yunnao.kernel.text import Language, Text
from yunnao.platforms.indicators.assessment.definition import (
    AssessedIndicator,
    Assessment,
    Bonus,
    Missing,
    Part,
    Sourced,
)
from yunnao.platforms.indicators.assessment.scoring import IndicatorScore, PartScore, Scored, Why

DIGITS = 4
"""Decimals that scores are shown with; they are compared exactly."""

EVIDENCE: Mapping[str, Text] = {
    "published": Text("已公布", "published"),
    "not_published": Text("未公布，本系统的约定", "not published: a convention of ours"),
    "example": Text("示例", "example"),
}
WHY: Mapping[Why, Text] = {
    Why.EXCLUDED: Text("不考核", "not assessed"),
    Why.NO_ROW: Text("没有报送", "not delivered"),
    Why.NO_VALUE: Text("报送为空", "delivered empty"),
    Why.NO_TARGET: Text("没有大于零的目标值", "no target above zero"),
    Why.NO_BASE: Text("没有可比的上年同期值", "no base in the year before"),
    Why.MISSING: Text("缺少指标值，不能评定", "values are missing: not assessable"),
    Why.TOO_LITTLE: Text("有值的指标权重不足，不能评定", "too little of the weight is there: not assessable"),
}
TIES: Mapping[str, Text] = {
    "higher": Text("得分相同的，都取其中较高的位次和星数", "equal scores all get the higher place and stars"),
    "lower": Text("得分相同的，都取其中较低的位次和星数", "equal scores all get the lower place and stars"),
    "mean": Text("得分相同的，都取位次和星数的平均", "equal scores all get the mean of their places and stars"),
}
_LAST = Text("缺少指标值，列末位", "values are missing: placed last")
_OF: Mapping[str, Text] = {
    "value": Text("值", "value"),
    "growth": Text("同比增速（%）", "growth over the year before (%)"),
    "change": Text("同比增减", "change over the year before"),
}


def shown(number: Fraction | Decimal | int, digits: int = DIGITS) -> Decimal:
    """A number with at most so many decimals, rounded half away from zero, for people."""
    exact = Fraction(number) * 10**digits
    sign = -1 if exact < 0 else 1
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    rounded = sign * (whole + (2 * rest >= exact.denominator))
    return Decimal(_pointed(rounded, digits))


def exact_text(number: Fraction) -> str:
    """A number to its last digit: as a decimal where it ends, else as a fraction (``1000/7``)."""
    rest = number.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    digits = max(twos, fives)
    if rest != 1 or digits > 30:
        return f"{number.numerator}/{number.denominator}"
    return _pointed(number.numerator * (10**digits // number.denominator), digits)


def _pointed(whole: int, digits: int) -> str:
    """``whole`` over 10 to the power of ``digits`` as plain decimal text, however long."""
    text = str(abs(whole)).rjust(digits + 1, "0")
    at = len(text) - digits
    decimals = text[at:].rstrip("0")
    return ("-" if whole < 0 else "") + text[:at] + (f".{decimals}" if decimals else "")


def why_words(scored: Scored | IndicatorScore, language: Language = "zh") -> str:
    """Why there is no score; empty where there is one."""
    if scored.why is None:
        return ""
    if scored.exclusion is not None:
        told = WHY[Why.EXCLUDED].in_(language)
        return f"{told}：{scored.exclusion.reason}（{scored.exclusion.cites}）"
    if isinstance(scored, Scored) and scored.last:
        return _LAST.in_(language)
    return WHY[scored.why].in_(language)


def method_words(part: Part, unit: str, language: Language = "zh") -> str:
    """How a part scores, with its baseline, target or cap."""
    zh, of = language == "zh", _OF[part.of].in_(language)
    if part.rank is not None:
        lowest = plain(part.rank.lowest)
        return (
            f"按{of}的位次：第 1 名 100 分，末位 {lowest} 分，其间等距"
            if zh
            else f"by the rank of its {of}: 100 for the first, {lowest} for the last, equal steps between"
        )
    if part.spread is not None:
        lowest = plain(part.spread.lowest)
        return (
            f"按{of}在最好与最差之间的位置：最好 100 分，最差 {lowest} 分，其间按比例"
            if zh
            else f"by where its {of} lies: 100 for the best, {lowest} for the worst, in proportion between"
        )
    if part.completion is not None:
        most = plain(part.completion.most)
        return (
            f"按目标完成率：完成 100% 得 100 分，最高 {most} 分"
            if zh
            else f"by completion of the target, {most} at most"
        )
    assert part.linear is not None
    baseline, full = plain(part.linear.baseline), plain(part.linear.full)
    return (
        f"按{of}：{baseline}{unit} 及以下为 0 分，{full}{unit} 为满分 100，其间按比例"
        if zh and part.linear.full > part.linear.baseline
        else f"按{of}：{baseline}{unit} 及以上为 0 分，{full}{unit} 为满分 100，其间按比例"
        if zh
        else f"by its {of}: 0 at {baseline} {unit}, 100 at {full} {unit}, in proportion between"
    )


def part_words(scored: PartScore, indicator: AssessedIndicator | Bonus, language: Language = "zh") -> str:
    """How one part's score came about: what was measured, against what, to which score."""
    zh, part = language == "zh", scored.part
    rule = method_words(part, indicator.unit, language)
    if scored.measured is None or scored.score is None:
        return rule
    said = [f"{_OF[part.of].in_(language)} {shown(scored.measured)}"]
    if scored.base is not None and scored.base.value is not None:
        said.append(f"{'上年同期' if zh else 'the year before'} {plain(scored.base.value)}")
    if scored.target is not None:
        said.append(f"{'目标' if zh else 'target'} {shown(scored.target)}")
    if part.rank is not None:
        better = scored.compared if indicator.direction == "down" else tuple(-value for value in scored.compared)
        own = scored.measured if indicator.direction == "down" else -scored.measured
        place = sum(value < own for value in better) + 1
        said.append(
            f"在 {len(scored.compared)} 个有值的对象中列第 {place}"
            if zh
            else f"place {place} of {len(scored.compared)}"
        )
    if part.spread is not None:
        low, high = shown(scored.compared[0]), shown(scored.compared[-1])
        said.append(f"各对象在 {low} 与 {high} 之间" if zh else f"all lie between {low} and {high}")
    joined = ("，" if zh else ", ").join(said)
    return f"{joined}；{rule} → {shown(scored.score)} 分" if zh else f"{joined}; {rule} -> {shown(scored.score)}"


def explanation(scored: IndicatorScore, language: Language = "zh") -> str:
    """How a score on an indicator came about, part by part; or why there is none."""
    if scored.score is None:
        return why_words(scored, language)
    total = sum(Fraction(each.part.weight) for each in scored.parts)
    said = []
    for each in scored.parts:
        share = Fraction(each.part.weight) / total
        lead = "" if len(scored.parts) == 1 else f"[{shown(share * 100)}%] "
        said.append(lead + part_words(each, scored.indicator, language))
    return ("；" if language == "zh" else "; ").join(said)


def missing_words(missing: Missing, language: Language = "zh") -> str:
    """What becomes of a unit whose values are missing."""
    zh, least = language == "zh", plain(missing.least)
    match missing.rule:
        case "rescale":
            return (
                f"缺少的指标不计零分，权重由其余指标按比例承担；有值的权重不到 {least}% 的，不能评定"
                if zh
                else f"a missing value is no zero: the other weights count in full; with less than {least}% of the weight, not assessable"
            )
        case "last":
            return (
                "缺少指标值的不算分，列在所有有分的之后"
                if zh
                else "without a value no score, and placed behind all that have one"
            )
    return "缺少指标值的不算分、不排位" if zh else "without a value no score and no place"


def rules(assessment: Assessment, language: Language = "zh") -> Iterator[tuple[str, str, Sourced]]:
    """What is set, in words, and the entry that says what it rests on: the whole method."""
    zh = language == "zh"
    of = {"scores": ("各板块得分", "board scores"), "stars": ("各板块星数", "stars of the boards")}[assessment.total.of]
    first = assessment.stars_of_first
    yield ("考核" if zh else "Assessment", assessment.title.zh if zh else assessment.title.en, assessment)
    yield (
        "综合成绩" if zh else "Total",
        f"{of[0]}按板块权重加权平均，另加加分项" if zh else f"the weighted mean of {of[1]}, plus bonuses",
        assessment.total,
    )
    yield (
        "星数" if zh else "Stars",
        f"每板块第 1 名 {first} 星，每后一位少 1 星"
        if zh
        else f"{first} for the first of a board, one less for each place after it",
        assessment.stars,
    )
    yield ("并列" if zh else "Ties", TIES[assessment.ties.rule].in_(language), assessment.ties)
    yield ("缺数据" if zh else "Missing values", missing_words(assessment.missing, language), assessment.missing)
    for flag in assessment.flags:
        rule = (
            (f"综合位次前 {flag.first} 位" if zh else f"total rank {flag.first} or better")
            if flag.first is not None
            else (
                f"综合位次较上期提升 {flag.rise} 个及以上"
                if zh
                else f"total rank {flag.rise} places better than before, or more"
            )
        )
        yield (flag.title.zh if zh else flag.title.en, rule, flag)
    for board in assessment.boards:
        places = {"ranks": ("公布位次和星数", "ranks and stars"), "bands": ("只分档，不排名", "bands, no ranks")}[
            board.publishes
        ]
        rule = f"权重 {plain(board.weight)}；{places[0]}" if zh else f"weight {plain(board.weight)}; {places[1]}"
        yield (board.title.zh if zh else board.title.en, rule + _span(board, language), board)
        if board.missing is not None:
            yield (board.title.zh if zh else board.title.en, missing_words(board.missing, language), board.missing)
        for indicator in board.indicators:
            yield _rule(indicator, f"{'权重' if zh else 'weight'} {plain(indicator.weight)}", language)
    for bonus in assessment.bonus:
        yield _rule(bonus, f"{'加分最多' if zh else 'bonus of at most'} {plain(bonus.most)}", language)


def _rule(each: AssessedIndicator | Bonus, lead: str, language: Language) -> tuple[str, str, Sourced]:
    zh = language == "zh"
    better = {"up": ("越大越好", "more is better"), "down": ("越小越好", "less is better")}[each.direction]
    parts = "；".join(
        (f"[{plain(part.weight)}] " if len(each.score) > 1 else "") + method_words(part, each.unit, language)
        for part in each.score
    )
    title = each.title.zh if zh else each.title.en
    rule = f"{lead}；{each.unit}，{better[0]}；{parts}" if zh else f"{lead}; {each.unit}, {better[1]}; {parts}"
    return title, rule + _span(each, language), each


def _span(each: AssessedIndicator | Bonus | object, language: Language) -> str:
    first, last = getattr(each, "from_", None), getattr(each, "to", None)
    if first is None and last is None:
        return ""
    return (
        f"；{first or '…'} 至 {last or '…'} 有效" if language == "zh" else f"; in force {first or '…'} to {last or '…'}"
    )
