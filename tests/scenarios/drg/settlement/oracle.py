"""The settlement once more, slowly and plainly: fractions, one stay at a time, written from the formulas and not from the product."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs

Row = dict[str, Any]


def nearest(value: Fraction, decimals: int = 0) -> Fraction:
    """Half up (of a number that is not negative)."""
    shifted = value * 10**decimals
    whole = shifted.numerator // shifted.denominator
    return Fraction(whole + (shifted - whole >= Fraction(1, 2)), 10**decimals)


def quantile(ordered: Sequence[int], share: Fraction) -> Fraction:
    place = (len(ordered) - 1) * share
    below = int(place)
    if below == len(ordered) - 1:
        return Fraction(ordered[below])
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])


def counted(costs: list[int], rule: Any) -> dict[int, Fraction]:
    """Place -> the cost that counts there."""
    everything = {place: Fraction(cost) for place, cost in enumerate(costs)}
    ordered = sorted(costs)
    if rule.method == "none":
        return everything
    if rule.method == "interquartile":
        first, third = quantile(ordered, Fraction(1, 4)), quantile(ordered, Fraction(3, 4))
        low = first - Fraction(rule.below) * (third - first)
        high = third + Fraction(rule.above) * (third - first)
        return {place: cost for place, cost in everything.items() if low <= cost <= high}
    if rule.method == "winsorise":
        low, high = quantile(ordered, Fraction(rule.low)), quantile(ordered, Fraction(rule.high))
        return {place: min(max(cost, low), high) for place, cost in everything.items()}
    for _ in range(rule.rounds):
        if not everything:
            return everything
        mean = sum(everything.values(), Fraction(0)) / len(everything)
        kept = {
            place: cost
            for place, cost in everything.items()
            if Fraction(rule.below) * mean <= cost <= Fraction(rule.above) * mean
        }
        if kept == everything:
            break
        everything = kept
    return everything


@dataclass
class Basis:
    rows: list[Row] = field(default_factory=list)
    counts: dict[int, Fraction] = field(default_factory=dict)

    def costs(self, **where: Any) -> list[Fraction]:
        chosen = [n for n, row in enumerate(self.rows) if all(row[name] == value for name, value in where.items())]
        return [self.counts[n] for n in chosen if n in self.counts]


@dataclass
class Oracle:
    """What every stay earns, by case_id, and what every hospital is paid."""

    inputs: Inputs
    rules: Rules
    period: str

    def __post_init__(self) -> None:
        self.hospitals = {row["hospital_id"]: row for row in self.inputs.hospitals.to_dicts()}
        self.rows = [self._prepared(row) for row in self.inputs.stays.to_dicts()]
        self.basis = Basis([row for row in self.rows if self._in_basis(row)])
        for group in {(row["reference"], row["drg"]) for row in self.basis.rows}:
            places = [n for n, row in enumerate(self.basis.rows) if (row["reference"], row["drg"]) == group]
            marked = counted([self.basis.rows[n]["total_cost"] for n in places], self.rules.trimming)
            self.basis.counts |= {places[n]: cost for n, cost in marked.items()}

    def _prepared(self, row: Row) -> Row:
        reviews = [each for each in self.inputs.reviews.to_dicts() if each["case_id"] == row["case_id"]]
        reviews.sort(key=lambda each: (each["decided_on"], each["kind"]), reverse=True)
        row = dict(row)
        row["removed"] = row["unreasonable_cost"] or 0
        for review in reversed(reviews):
            if review["unreasonable_cost"] is not None:
                row["removed"] = review["unreasonable_cost"]
            if review["supported"] and review["decided_drg"]:
                row["drg"], row["adrg"], row["outcome"] = review["decided_drg"], review["decided_drg"][:3], "grouped"
        row["special"] = any(each["supported"] and each["kind"] == "special" for each in reviews)
        row["justified"] = any(each["supported"] and each["kind"] == "readmission" for each in reviews)
        row["level"] = self.hospitals[row["hospital_id"]]["level"]
        row["reference"] = "all" if self.rules.together or not self.rules.base_points.by_pool else row["pool"]
        row["pool"] = "all" if self.rules.together else row["pool"]
        row["paid_by"] = row["payment_kind"] or "drg"
        row["days"] = row["length_of_stay_days"]
        if row["days"] is None:
            row["days"] = max((row["discharged_on"] - row["admitted_on"]).days, 1)
        return row

    def _in_basis(self, row: Row) -> bool:
        day: dt.date = row["discharged_on"]
        if self.rules.base_points.basis == "year":
            wanted = day.year == self.rules.year and day.isoformat()[: len(self.period)] <= self.period
        else:
            wanted = self.rules.year - self.rules.base_points.years <= day.year < self.rules.year
        return wanted and row["outcome"] == "grouped" and row["paid_by"] == "drg" and (row["total_cost"] or 0) > 0

    def overall(self, reference: str) -> Fraction:
        if self.rules.base_points.overall_mean == "all":
            costs = [Fraction(row["total_cost"]) for row in self.basis.rows if row["reference"] == reference]
        else:
            costs = self.basis.costs(reference=reference)
        return sum(costs, Fraction(0)) / len(costs)

    def base(self, reference: str, drg: str) -> Fraction:
        costs = self.basis.costs(reference=reference, drg=drg)
        exact = sum(costs, Fraction(0)) / len(costs) / self.overall(reference) * self.rules.scale
        decimals = self.rules.base_points.decimals
        return exact if decimals is None else nearest(exact, decimals)

    def stable(self, reference: str, drg: str) -> bool:
        rule, costs = self.rules.stability, self.basis.costs(reference=reference, drg=drg)
        stays = [row for row in self.basis.rows if (row["reference"], row["drg"]) == (reference, drg)]
        number = len(stays) if rule.counts == "all" else len(costs)
        divisor = len(costs) - (rule.deviation == "sample")
        if number < rule.at_least or divisor < 1:
            return False
        mean = sum(costs, Fraction(0)) / len(costs)
        variance = sum((cost - mean) ** 2 for cost in costs) / divisor
        return variance <= (Fraction(rule.cv_at_most) * mean) ** 2

    def coefficient(self, row: Row) -> Fraction:
        rule = self.rules.coefficients
        own = {"reference": row["reference"], "drg": row["drg"]}
        pooled = self.basis.costs(**own)
        mixed = Fraction(0) if rule.parts else Fraction(1)
        for part in rule.parts:
            if part.by_level is not None:
                value = Fraction(part.by_level.get(row["level"], 1))
            else:
                whose = "hospital_id" if part.of == "hospital" else "level"
                costs = self.basis.costs(**own, **{whose: row[whose]})
                enough = len(costs) >= rule.at_least_stays
                value = (
                    sum(costs, Fraction(0)) / len(costs) / (sum(pooled, Fraction(0)) / len(pooled))
                    if enough
                    else Fraction(1)
                )
            mixed += Fraction(part.weight) * value
        if rule.least is not None and mixed < Fraction(rule.least):
            mixed = Fraction(rule.least)
        if rule.most is not None and mixed > Fraction(rule.most):
            mixed = Fraction(rule.most)
        mixed *= Fraction(rule.incentives.get(row["hospital_id"], 1))
        return mixed if rule.decimals is None else nearest(mixed, rule.decimals)

    def threshold(self, row: Row, base: Fraction) -> Fraction | None:
        high = self.rules.high
        if high is None:
            return None
        if high.by_level is not None:
            return Fraction(high.by_level[row["level"]])
        assert high.tiers is not None
        return next(Fraction(t.multiple) for t in high.tiers if t.up_to is None or base <= Fraction(t.up_to))

    def readmitted(self, row: Row) -> bool:
        rule = self.rules.readmission
        if rule is None or row["paid_by"] != "drg" or row["outcome"] != "grouped" or row["person_id"] is None:
            return False
        if row["adrg"] in rule.exempt_adrgs:
            return False
        same = [
            other
            for other in self.rows
            if other["person_id"] == row["person_id"]
            and other[rule.same] == row[rule.same]
            and other["outcome"] == "grouped"
            and other["paid_by"] == "drg"
            and other["adrg"] not in rule.exempt_adrgs
            and (not rule.same_hospital or other["hospital_id"] == row["hospital_id"])
        ]
        same.sort(key=lambda each: (each["admitted_on"], each["discharged_on"], each["case_id"]))
        place = [each["case_id"] for each in same].index(row["case_id"])
        if place == len(same) - 1:
            return False
        following = same[place + 1]
        return 0 <= (following["admitted_on"] - row["discharged_on"]).days <= rule.days and not following["justified"]

    def by_cost(self, row: Row, rule: Any) -> Fraction:
        if rule.rule == "none" or (rule.needs_review and not row["special"]):
            return Fraction(0)
        reasonable = max(int(row["total_cost"]) - int(row["removed"]), 0)
        return Fraction(rule.share) * reasonable / self.overall(row["reference"]) * self.rules.scale

    def price(self, row: Row) -> tuple[str, int]:
        """Class and points in 1/10000."""
        class_, points = self._exact(row)
        if class_ in ("normal", "high", "low", "very_low", "reviewed") and self.readmitted(row):
            assert self.rules.readmission is not None
            points *= Fraction(self.rules.readmission.factor)
        return class_, int(nearest(points * 10_000))

    def _exact(self, row: Row) -> tuple[str, Fraction]:
        rules, reference, cost = self.rules, row["reference"], row["total_cost"]
        if row["outcome"] == "invalid":
            return "excluded", Fraction(0)
        if row["paid_by"] == "bed_day":
            tariff = self.hospitals[row["hospital_id"]]["bed_day_tariff"]
            if rules.bed_days.rule == "none" or tariff is None:
                return "excluded", Fraction(0)
            return "bed_day", Fraction(row["days"] * tariff * rules.scale) / self.overall(reference)
        if not cost:
            return "excluded", Fraction(0)
        if (out := rules.outside) is not None:
            short = out.days_at_most is not None and row["days"] <= out.days_at_most
            long = out.days_at_least is not None and row["days"] >= out.days_at_least
            if short or long:
                return "outside", self.by_cost(row, out)
        if row["outcome"] == "ungroupable":
            return "ungrouped", self.by_cost(row, rules.ungrouped)
        if row["outcome"] == "ambiguous":
            return "ambiguous", self.by_cost(row, rules.ambiguous)
        costs = self.basis.costs(reference=reference, drg=row["drg"])
        if not costs or not self.stable(reference, row["drg"]):
            return "unstable", self.by_cost(row, rules.unstable)
        mean, base, k = sum(costs, Fraction(0)) / len(costs), self.base(reference, row["drg"]), self.coefficient(row)
        limit, multiple = self.threshold(row, base), cost / mean
        if limit is not None and multiple > limit:
            assert rules.high is not None
            extra = max(Fraction(cost - row["removed"]) / mean - limit, Fraction(0)) * Fraction(rules.high.share)
            paid = not rules.high.needs_review or row["special"]
            return "high", base * k + base * (extra if paid else 0)
        if row["special"]:
            return "reviewed", self.by_cost(row, rules.reviewed)
        if (low := rules.low) is not None:
            if low.very_low_below is not None and multiple < Fraction(low.very_low_below):
                reasonable = max(cost - row["removed"], 0)
                return "very_low", Fraction(reasonable) / self.overall(reference) * rules.scale
            if multiple < Fraction(low.below):
                points = base * multiple * (k if low.with_coefficient else 1)
                return "low", min(points, base) if low.at_most_base else points
        return "normal", base * k

    def prices(self) -> dict[str, tuple[str, int]]:
        """case_id -> class and points of the stays of the period."""
        chosen = [row for row in self.rows if row["discharged_on"].isoformat().startswith(self.period)]
        return {row["case_id"]: self.price(row) for row in chosen}
