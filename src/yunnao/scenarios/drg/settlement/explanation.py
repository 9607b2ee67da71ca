"""Why a stay earns what it earns: line by line, each with the value worked out, the citation, and whether it is 待核.

Everything is computed once more from the run's frames with fractions; the last line is what the run keeps, and tests hold them equal.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import yuan_text
from yunnao.kernel.text import Language
from yunnao.scenarios.drg.settlement.exact import POINT, decimal_text, in_points
from yunnao.scenarios.drg.settlement.explanation_words import explanation_words
from yunnao.scenarios.drg.settlement.pairs import threshold
from yunnao.scenarios.drg.settlement.policy import Origin, Rules
from yunnao.scenarios.drg.settlement.pricing import BY_COST, CLASS_TITLES, rule_of
from yunnao.scenarios.drg.settlement.reference import POINTS, STAYS, TABLE
from yunnao.scenarios.drg.settlement.runs import Run
from yunnao.scenarios.drg.settlement.stored_words import stored
from yunnao.scenarios.drg.settlement.terms import ByCost, fraction

_FEN = 100
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation.

    Attributes:
        name: what is worked out, the same in every language.
        title: the same for people.
        text: how, in figures: ``50 × 1.1 ＝ 55``.
        cites: where the rule comes from, as the policy has it; "" where there is nothing to cite.
        pending: whether that has to be checked (待核) or is an example.
    """

    name: str
    title: str
    text: str
    cites: str = ""
    pending: bool = False

    def in_(self, language: Language) -> str:
        """The line as one text."""
        return f"{self.title}{'：' if language == 'zh' else ': '}{self.text}" + (
            f"〔{self.cites}〕" if self.cites else ""
        )

    def __str__(self) -> str:
        return self.in_("zh")


def explain_stay(run: Run, case_id: str, language: Language = "zh", *, name_later: bool = True) -> list[Line]:
    """The lines for a stay of a run.

    Args:
        name_later: whether a readmission names the later stay; else it is said to be in another hospital.

    Raises:
        YunnaoError: the run has no such stay, or a file of it is damaged.
    """
    found = run.stays.filter(pl.col("case_id") == case_id).collect().to_dicts()
    if not found:
        raise YunnaoError(f"{run.manifest.title}里没有病案 {case_id}；请检查病案号，或出院日期是否在这个时期")
    stay = found[0]
    group = run.groups.filter(reference=stay["reference"], drg=stay["drg"]).collect().to_dicts()
    return _Explaining(run, run.rules, stay, group[0] if group else None, language, name_later=name_later).lines()


def points_text(points: int) -> str:
    """Points of 1/10000 with four decimals."""
    return decimal_text(Fraction(points, POINT), 4)


def _number(value: Fraction) -> str:
    """A number to six decimals without trailing zeros; ≈ before it if digits were cut."""
    text = decimal_text(value, _DIGITS)
    short = text.rstrip("0").rstrip(".")
    return short if Fraction(text) == value else f"≈{text}"


def _yuan(fen: Fraction | int) -> str:
    return yuan_text(fen) if isinstance(fen, int) else _number(fen / _FEN)


class _Explaining:
    def __init__(
        self,
        run: Run,
        rules: Rules,
        stay: dict[str, Any],
        group: dict[str, Any] | None,
        language: Language,
        *,
        name_later: bool,
    ) -> None:
        self.run, self.rules, self.stay, self.group = run, rules, stay, group
        self.language, self.name_later = language, name_later
        self.say = explanation_words(language)
        self.overall = Fraction(run.manifest.overall[stay["reference"]])

    def lines(self) -> list[Line]:
        lines = [self._class()]
        class_ = self.stay["class"]
        if class_ in ("normal", "high", "low", "very_low"):
            points = self._of_group(lines)
        elif class_ == "bed_day":
            points = self._of_days(lines)
        elif class_ in BY_COST:
            points = self._of_cost(lines, rule_of(self.rules, class_), class_)
        else:
            points = Fraction(0)
        if self.stay["readmission"]:
            points = self._reduced(lines, points)
        lines.append(self._line("points", self.say.rounded_once.format(points=points_text(in_points(points)))))
        lines.append(self._payment())
        return lines

    def _line(self, name: str, text: str, rule: str | None = None) -> Line:
        """A line; ``rule`` is the parameter that it cites."""
        if rule is None:
            return Line(name, getattr(self.say, name), text)
        origin: Origin = self.rules.origins[rule]
        return Line(name, getattr(self.say, name), text, origin.in_(self.language), origin.pending)

    def _class(self) -> Line:
        stay = self.stay
        where = stay["drg"] if stay["outcome"] == "grouped" else self.say.no_group
        words = (where, CLASS_TITLES[stay["class"]].in_(self.language))
        remarks = (stored(stay[name] or "", self.language) for name in ("reason", "why"))
        return self._line("group", self.say.comma.join(each for each in dict.fromkeys((*words, *remarks)) if each))

    def _of_group(self, lines: list[Line]) -> Fraction:
        stay, group = self.stay, self.group
        assert group is not None  # a stay that is priced by its group has one
        mean, base, k = (
            Fraction(text) for text in (group["mean_exact"], group["base_exact"], stay["coefficient_exact"])
        )
        multiple = stay["total_cost"] / mean
        figures = {
            "cost": _yuan(stay["total_cost"]),
            "mean": _yuan(mean),
            "multiple": _number(multiple),
            "base": _number(base),
            "overall": _yuan(self.overall),
            "scale": self.rules.scale,
        }
        over = {STAYS: "cost_over_mean", TABLE: "cost_over_published", POINTS: "cost_over_implied"}[group["mean_from"]]
        lines.append(self._line("multiple", getattr(self.say, over).format(**figures)))
        table = self.rules.base_points.table
        text = self.say.base_from_stays.format(**figures)
        if group["points_from"] == TABLE and table is not None:
            text = self.say.base_from_table.format(file=table.file, **figures)
        lines.append(self._line("base_points", text, "base_points"))
        lines.append(self._line("coefficient", _number(k), "coefficients"))
        normal = base * k
        match stay["class"]:
            case "high":
                return self._high(lines, mean, base, k)
            case "low":
                return self._low(lines, multiple, base, k)
            case "very_low":
                return self._of_cost(lines, ByCost(rule="cost"), "low")
            case _:
                text = self.say.normal_points.format(base=_number(base), k=_number(k), points=_number(normal))
                lines.append(self._line("normal", text))
                return normal

    def _high(self, lines: list[Line], mean: Fraction, base: Fraction, k: Fraction) -> Fraction:
        stay, rule = self.stay, self.rules.high
        assert rule is not None
        limit = threshold(self.rules, base, stay["level"])
        assert limit is not None  # there are no high multiples without one
        reasonable = max(int(stay["total_cost"]) - int(stay["removed_cost"]), 0)
        extra = max(reasonable / mean - limit, Fraction(0))
        figures = {
            "limit": _number(limit),
            "reasonable": _yuan(reasonable),
            "mean": _yuan(mean),
            "extra": _number(extra),
        }
        above = self.say.above.format(removed=_yuan(stay["removed_cost"]), **figures)
        sentence = self.say.added
        if rule.needs_review and not stay["special"]:
            sentence, extra = self.say.not_reviewed, Fraction(0)
        lines.append(self._line("high", sentence.format(above=above, **figures), "high"))
        share = fraction(rule.share)
        points = base * k + share * base * extra
        text = self.say.high_sum.format(
            base=_number(base), k=_number(k), extra=_number(extra), part=_part(share), points=_number(points)
        )
        lines.append(self._line("high_points", text))
        return points

    def _low(self, lines: list[Line], multiple: Fraction, base: Fraction, k: Fraction) -> Fraction:
        rule = self.rules.low
        assert rule is not None
        points = base * multiple * (k if rule.with_coefficient else 1)
        text = self.say.below.format(
            limit=_number(fraction(rule.below)),
            base=_number(base),
            factor=self.say.factor.format(k=_number(k)) if rule.with_coefficient else "",
            multiple=_number(multiple),
            points=_number(points),
        )
        if rule.at_most_base and points > base:
            text, points = self.say.at_most.format(text=text, base=_number(base)), base
        lines.append(self._line("low_points", text, "low"))
        return points

    def _of_cost(self, lines: list[Line], rule: ByCost | None, name: str) -> Fraction:
        stay = self.stay
        assert rule is not None
        if rule.rule == "none":
            lines.append(self._line("by_cost", self.say.no_points, name))
            return Fraction(0)
        if rule.needs_review and not stay["special"]:
            lines.append(self._line("by_cost", self.say.needs_review, name))
            return Fraction(0)
        reasonable = max(int(stay["total_cost"]) - int(stay["removed_cost"]), 0)
        share = fraction(rule.share)
        points = share * reasonable / self.overall * self.rules.scale
        text = self.say.of_cost.format(
            cost=_yuan(stay["total_cost"]),
            removed=_yuan(stay["removed_cost"]),
            overall=_yuan(self.overall),
            scale=self.rules.scale,
            part=_part(share),
            points=_number(points),
        )
        lines.append(self._line("by_cost", text, name))
        return points

    def _of_days(self, lines: list[Line]) -> Fraction:
        stay = self.stay
        points = Fraction(stay["days"] * stay["bed_day_tariff"] * self.rules.scale) / self.overall
        text = self.say.of_days.format(
            days=stay["days"],
            tariff=_yuan(stay["bed_day_tariff"]),
            overall=_yuan(self.overall),
            scale=self.rules.scale,
            points=_number(points),
        )
        lines.append(self._line("bed_days", text, "bed_days"))
        return points

    def _reduced(self, lines: list[Line], points: Fraction) -> Fraction:
        rule = self.rules.readmission
        assert rule is not None
        reduced = points * fraction(rule.factor)
        later = self.say.later.format(case=self.stay["readmitted_as"]) if self.name_later else self.say.elsewhere
        text = self.say.reduced.format(
            days=rule.days,
            later=later,
            points=_number(points),
            factor=_number(fraction(rule.factor)),
            reduced=_number(reduced),
        )
        lines.append(self._line("readmission", text, "readmission"))
        return reduced

    def _payment(self) -> Line:
        stay, manifest = self.stay, self.run.manifest
        figures = {
            "points": points_text(stay["points"]),
            "value": manifest.pools[stay["pool"]].point_value or "0",
            "paid": _yuan(stay["payment"]),
            "own": _yuan(stay["own_share"] or 0),
            "claimed": self.say.unknown if stay["fund_claimed"] is None else _yuan(stay["fund_claimed"]),
            "share": _number(fraction(self.rules.prepayment.share)),
        }
        if manifest.kind == "month":
            by_points = self.rules.prepayment.mode == "points"
            sentence = self.say.prepaid_of_points if by_points else self.say.prepaid_of_claim
            return self._line("prepaid", sentence.format(**figures), "prepayment")
        sentence = self.say.worth_all_in if self.rules.point_value == "all_in" else self.say.worth
        return self._line("paid", sentence.format(**figures), "point_value")


def _part(share: Fraction) -> str:
    return "" if share == 1 else f" × {_number(share)}"
