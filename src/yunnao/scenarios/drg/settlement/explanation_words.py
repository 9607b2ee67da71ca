"""Titles and sentences of an explanation in both languages; those with braces are filled by name."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text

_WORDS: Mapping[str, Text] = {
    # titles
    "group": Text("病组", "Group"),
    "multiple": Text("倍率", "Multiple"),
    "base_points": Text("基准点数", "Base points"),
    "coefficient": Text("系数", "Coefficient"),
    "normal": Text("正常病例", "Normal stay"),
    "high": Text("高倍率", "High multiple"),
    "high_points": Text("高倍率点数", "Points of a high multiple"),
    "low_points": Text("低倍率点数", "Points of a low multiple"),
    "by_cost": Text("按费用折算", "Points by cost"),
    "bed_days": Text("床日点数", "Points by bed-days"),
    "readmission": Text("再住院", "Readmission"),
    "points": Text("点数", "Points"),
    "prepaid": Text("当月预拨", "Prepaid for the month"),
    "paid": Text("基金支付", "Paid by the fund"),
    # sentences
    "no_group": Text("未入组", "no group"),
    "comma": Text("，", ", "),
    "unknown": Text("未知", "unknown"),
    "cost_over_mean": Text(
        "总费用 {cost} ÷ 病组例均费用 {mean} ＝ {multiple}",
        "total cost {cost} ÷ mean cost of the group {mean} = {multiple}",
    ),
    "cost_over_published": Text(
        "总费用 {cost} ÷ 公布的病组例均费用 {mean} ＝ {multiple}",
        "total cost {cost} ÷ published mean cost of the group {mean} = {multiple}",
    ),
    "cost_over_implied": Text(
        "总费用 {cost} ÷ 病组例均费用 {mean}（基准点数 {base} × 全部病组例均费用 {overall} ÷ {scale}）＝ {multiple}",
        "total cost {cost} ÷ mean cost of the group {mean} (base points {base} × mean cost of all groups {overall} ÷ {scale}) = {multiple}",
    ),
    "base_from_stays": Text(
        "{mean} ÷ 全部病组例均费用 {overall} × {scale} ＝ {base}",
        "{mean} ÷ mean cost of all groups {overall} × {scale} = {base}",
    ),
    "base_from_table": Text("公布的基准点数表 {file}：{base}", "published table of base points {file}: {base}"),
    "normal_points": Text("基准点数 {base} × 系数 {k} ＝ {points}", "base points {base} × coefficient {k} = {points}"),
    "above": Text(
        "倍率超过 {limit}；合理费用 {reasonable}（扣减 {removed}）",
        "multiple above {limit}; reasonable cost {reasonable} (taken off: {removed})",
    ),
    "not_reviewed": Text(
        "{above}；追加点数须经特病单议，尚未支持，按正常病例计",
        "{above}; added points need a special-case review, not granted so far; counted as a normal stay",
    ),
    "added": Text(
        "{above}；追加倍数 {reasonable} ÷ {mean} － {limit} ＝ {extra}",
        "{above}; added multiple {reasonable} ÷ {mean} − {limit} = {extra}",
    ),
    "high_sum": Text(
        "{base} × {k} ＋ {base} × {extra}{part} ＝ {points}", "{base} × {k} + {base} × {extra}{part} = {points}"
    ),
    "below": Text(
        "倍率低于 {limit}；{base}{factor} × 倍率 {multiple} ＝ {points}",
        "multiple below {limit}; {base}{factor} × multiple {multiple} = {points}",
    ),
    "factor": Text(" × 系数 {k}", " × coefficient {k}"),
    "at_most": Text("{text}，不超过基准点数 {base}", "{text}, at most the base points {base}"),
    "no_points": Text("本区不计点", "no points in this district"),
    "needs_review": Text(
        "须经特病单议，尚未支持，不计点", "needs a special-case review, not granted so far; no points"
    ),
    "of_cost": Text(
        "（总费用 {cost} － 不合理费用 {removed}）÷ 全部病组例均费用 {overall} × {scale}{part} ＝ {points}",
        "(total cost {cost} − unreasonable cost {removed}) ÷ mean cost of all groups {overall} × {scale}{part} = {points}",
    ),
    "of_days": Text(
        "{days} 天 × 床日标准 {tariff} ÷ 全部病组例均费用 {overall} × {scale} ＝ {points}",
        "{days} days × tariff of a bed-day {tariff} ÷ mean cost of all groups {overall} × {scale} = {points}",
    ),
    "reduced": Text(
        "{days} 日内同病组再住院（{later}）；{points} × {factor} ＝ {reduced}",
        "again within {days} days with the same group ({later}); {points} × {factor} = {reduced}",
    ),
    "later": Text("病案 {case}", "stay {case}"),
    "elsewhere": Text("在另一家医院", "in another hospital"),
    "rounded_once": Text("{points}（四位小数，四舍五入一次）", "{points} (four decimals, rounded half up once)"),
    "prepaid_of_claim": Text(
        "统筹记账 {claimed} × {share}，分摊到份 {paid} 元（含质量保证金）",
        "claimed from the fund {claimed} × {share}; this stay's part: {paid} yuan (quality bond included)",
    ),
    "prepaid_of_points": Text(
        "{points} 点按点数分摊 {paid} 元（含质量保证金）",
        "{points} points; this stay's part: {paid} yuan (quality bond included)",
    ),
    "worth": Text(
        "{points} × 点值 {value}，分摊到份 {paid} 元", "{points} × point value {value}; this stay's part: {paid} yuan"
    ),
    "worth_all_in": Text(
        "{points} × 点值 {value} － 个人支付 {own}，分摊到份 {paid} 元",
        "{points} × point value {value} − own share {own}; this stay's part: {paid} yuan",
    ),
}


@cache
def explanation_words(language: Language) -> SimpleNamespace:
    """Every title and sentence in one language, by name."""
    return SimpleNamespace(**{name: text.in_(language) for name, text in _WORDS.items()})
