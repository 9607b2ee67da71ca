"""Why a stay earns what it earns: line by line, each with the value worked out, the citation, and whether it is 待核.

Everything is computed once more from the run's frames with fractions; the last line is what the run keeps, and tests hold them equal.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import yuan_text
from yunnao.scenarios.drg.settlement.exact import POINT, decimal_text, in_points
from yunnao.scenarios.drg.settlement.pairs import threshold
from yunnao.scenarios.drg.settlement.policy import Origin, Rules
from yunnao.scenarios.drg.settlement.pricing import BY_COST, CLASSES, rule_of
from yunnao.scenarios.drg.settlement.runs import Run
from yunnao.scenarios.drg.settlement.terms import ByCost, fraction

_FEN = 100
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation.

    Attributes:
        title: what is worked out, in Chinese.
        text: how, in figures: ``50 × 1.1 ＝ 55``.
        cites: where the rule comes from; "" where there is nothing to cite.
        pending: whether that has to be checked (待核) or is an example.
    """

    title: str
    text: str
    cites: str = ""
    pending: bool = False

    def __str__(self) -> str:
        return f"{self.title}：{self.text}" + (f"〔{self.cites}〕" if self.cites else "")


def explain_stay(run: Run, case_id: str) -> list[Line]:
    """The lines for a stay of a run.

    Raises:
        YunnaoError: the run has no such stay, or a file of it is damaged.
    """
    found = run.stays.filter(pl.col("case_id") == case_id).collect().to_dicts()
    if not found:
        raise YunnaoError(f"{run.manifest.title}里没有病案 {case_id}；请检查病案号，或出院日期是否在这个时期")
    stay = found[0]
    group = run.groups.filter(reference=stay["reference"], drg=stay["drg"]).collect().to_dicts()
    return _Explaining(run, run.rules, stay, group[0] if group else None).lines()


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
    def __init__(self, run: Run, rules: Rules, stay: dict[str, Any], group: dict[str, Any] | None) -> None:
        self.run, self.rules, self.stay, self.group = run, rules, stay, group
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
        lines.append(Line("点数", f"{points_text(in_points(points))}（四位小数，四舍五入一次）"))
        lines.append(self._payment())
        return lines

    def _class(self) -> Line:
        stay = self.stay
        where = stay["drg"] if stay["outcome"] == "grouped" else "未入组"
        words = "，".join(dict.fromkeys((where, CLASSES[stay["class"]])))
        return Line("病组", "，".join(each for each in dict.fromkeys((words, stay["reason"], stay["why"])) if each))

    def _cited(self, title: str, text: str, name: str) -> Line:
        origin: Origin = self.rules.origins[name]
        return Line(title, text, origin.words, origin.pending)

    def _of_group(self, lines: list[Line]) -> Fraction:
        stay, group = self.stay, self.group
        assert group is not None  # a stay that is priced by its group has one
        mean, base, k = (
            Fraction(text) for text in (group["mean_exact"], group["base_exact"], stay["coefficient_exact"])
        )
        multiple = stay["total_cost"] / mean
        lines.append(
            Line("倍率", f"总费用 {_yuan(stay['total_cost'])} ÷ 病组例均费用 {_yuan(mean)} ＝ {_number(multiple)}")
        )
        lines.append(
            self._cited(
                "基准点数",
                f"{_yuan(mean)} ÷ 全部病组例均费用 {_yuan(self.overall)} × {self.rules.scale} ＝ {_number(base)}",
                "base_points",
            )
        )
        lines.append(self._cited("系数", _number(k), "coefficients"))
        normal = base * k
        match stay["class"]:
            case "high":
                return self._high(lines, mean, base, k)
            case "low":
                return self._low(lines, multiple, base, k)
            case "very_low":
                return self._of_cost(lines, ByCost(rule="cost"), "low")
            case _:
                lines.append(Line("正常病例", f"基准点数 {_number(base)} × 系数 {_number(k)} ＝ {_number(normal)}"))
                return normal

    def _high(self, lines: list[Line], mean: Fraction, base: Fraction, k: Fraction) -> Fraction:
        stay, rule = self.stay, self.rules.high
        assert rule is not None
        limit = threshold(self.rules, base, stay["level"])
        assert limit is not None  # there are no high multiples without one
        reasonable = max(int(stay["total_cost"]) - int(stay["removed_cost"]), 0)
        extra = max(reasonable / mean - limit, Fraction(0))
        text = f"倍率超过 {_number(limit)}；合理费用 {_yuan(reasonable)}（扣减 {_yuan(stay['removed_cost'])}）"
        if rule.needs_review and not stay["special"]:
            lines.append(self._cited("高倍率", f"{text}；追加点数须经特病单议，尚未支持，按正常病例计", "high"))
            extra = Fraction(0)
        else:
            lines.append(
                self._cited(
                    "高倍率",
                    f"{text}；追加倍数 {_yuan(reasonable)} ÷ {_yuan(mean)} － {_number(limit)} ＝ {_number(extra)}",
                    "high",
                )
            )
        share = fraction(rule.share)
        points = base * k + share * base * extra
        part = "" if share == 1 else f" × {_number(share)}"
        lines.append(
            Line(
                "高倍率点数",
                f"{_number(base)} × {_number(k)} ＋ {_number(base)} × {_number(extra)}{part} ＝ {_number(points)}",
            )
        )
        return points

    def _low(self, lines: list[Line], multiple: Fraction, base: Fraction, k: Fraction) -> Fraction:
        rule = self.rules.low
        assert rule is not None
        points = base * multiple * (k if rule.with_coefficient else 1)
        factor = f" × 系数 {_number(k)}" if rule.with_coefficient else ""
        text = f"倍率低于 {_number(fraction(rule.below))}；{_number(base)}{factor} × 倍率 {_number(multiple)} ＝ {_number(points)}"
        if rule.at_most_base and points > base:
            text, points = f"{text}，不超过基准点数 {_number(base)}", base
        lines.append(self._cited("低倍率点数", text, "low"))
        return points

    def _of_cost(self, lines: list[Line], rule: ByCost | None, name: str) -> Fraction:
        stay = self.stay
        assert rule is not None
        if rule.rule == "none":
            lines.append(self._cited("按费用折算", "本区不计点", name))
            return Fraction(0)
        if rule.needs_review and not stay["special"]:
            lines.append(self._cited("按费用折算", "须经特病单议，尚未支持，不计点", name))
            return Fraction(0)
        reasonable = max(int(stay["total_cost"]) - int(stay["removed_cost"]), 0)
        share = fraction(rule.share)
        points = share * reasonable / self.overall * self.rules.scale
        part = "" if share == 1 else f" × {_number(share)}"
        text = (
            f"（总费用 {_yuan(stay['total_cost'])} － 不合理费用 {_yuan(stay['removed_cost'])}）÷ 全部病组例均费用 "
            f"{_yuan(self.overall)} × {self.rules.scale}{part} ＝ {_number(points)}"
        )
        lines.append(self._cited("按费用折算", text, name))
        return points

    def _of_days(self, lines: list[Line]) -> Fraction:
        stay = self.stay
        points = Fraction(stay["days"] * stay["bed_day_tariff"] * self.rules.scale) / self.overall
        text = (
            f"{stay['days']} 天 × 床日标准 {_yuan(stay['bed_day_tariff'])} ÷ 全部病组例均费用 {_yuan(self.overall)} × "
            f"{self.rules.scale} ＝ {_number(points)}"
        )
        lines.append(self._cited("床日点数", text, "bed_days"))
        return points

    def _reduced(self, lines: list[Line], points: Fraction) -> Fraction:
        rule = self.rules.readmission
        assert rule is not None
        reduced = points * fraction(rule.factor)
        text = (
            f"{rule.days} 日内同病组再住院（病案 {self.stay['readmitted_as']}）；"
            f"{_number(points)} × {_number(fraction(rule.factor))} ＝ {_number(reduced)}"
        )
        lines.append(self._cited("再住院", text, "readmission"))
        return reduced

    def _payment(self) -> Line:
        stay, manifest = self.stay, self.run.manifest
        value = manifest.pools[stay["pool"]].point_value or "0"
        paid = _yuan(stay["payment"])
        points = points_text(stay["points"])
        if manifest.kind == "month":
            if self.rules.prepayment.mode == "claimed":
                share = _number(fraction(self.rules.prepayment.share))
                claimed = "未知" if stay["fund_claimed"] is None else _yuan(stay["fund_claimed"])
                return self._cited(
                    "当月预拨", f"统筹记账 {claimed} × {share}，分摊到份 {paid} 元（含质量保证金）", "prepayment"
                )
            return self._cited("当月预拨", f"{points} 点按点数分摊 {paid} 元（含质量保证金）", "prepayment")
        if self.rules.point_value == "all_in":
            text = f"{points} × 点值 {value} － 个人支付 {_yuan(stay['own_share'] or 0)}，分摊到份 {paid} 元"
        else:
            text = f"{points} × 点值 {value}，分摊到份 {paid} 元"
        return self._cited("基金支付", text, "point_value")
