"""An assessment's result as one page that works from a file, on a phone, without a network, a sign-in or a script."""

from collections.abc import Sequence

from markupsafe import Markup

from yunnao.kernel.text import Language
from yunnao.platforms.indicators.assessment.sensitivity import Stability
from yunnao.platforms.indicators.assessment.service import Result
from yunnao.platforms.indicators.assessment.sheets import sheets
from yunnao.platforms.indicators.assessment.words import DIGITS, shown
from yunnao.web.charts.bars import Bar, bar_chart
from yunnao.web.engine import engine, inside
from yunnao.web.languages import LANGUAGE_TAG

_STYLES = ("dictionary.css", "charts.css")


def assessment_page(result: Result, stability: Stability, language: Language = "zh", unused: Sequence[str] = ()) -> str:
    """The page: totals as bars (where ranks are published), and every table of `sheets`, long ones folded."""
    environment = engine("figures")
    return environment.get_template("assessment.html").render(
        lang=LANGUAGE_TAG[language],
        title=result.assessment.title.zh if language == "zh" else result.assessment.title.en,
        period=result.period.in_words(language),
        example=_example(result, language),
        chart=totals_chart(result, language),
        tables=sheets(result, stability, language, unused),
        said={"more": "展开", "contents": "目录"} if language == "zh" else {"more": "Show", "contents": "Contents"},
        styles=inside(*_STYLES),
    )


def _example(result: Result, language: Language) -> str:
    example = result.assessment.example
    return "" if example is None else example.zh if language == "zh" else example.en


def totals_chart(result: Result, language: Language) -> Markup | None:
    """Totals, the best first; none where no ranks are published."""
    if result.assessment.total.publishes != "ranks" or not result.places:
        return None
    zh, units = language == "zh", result.assessment.units
    most = max((own.score for own in result.total.values() if own.score is not None), default=None)
    bars = []
    for unit in sorted(result.places, key=lambda unit: result.places[unit].rank):
        score, place = result.total[unit].score, shown(result.places[unit].rank)
        flags = ("、" if zh else ", ").join(flag.title.zh if zh else flag.title.en for flag in result.flags[unit])
        text = ("—" if score is None else f"{shown(score):.{DIGITS}f}") + (
            f"{'；' if zh else '; '}{flags}" if flags else ""
        )
        name = units[unit].zh if zh else units[unit].en
        tone = "plain" if score is None else result.assessment.band(score).tone
        share = float(score / most) if score is not None and most else None
        bars.append(Bar(name=f"{place}. {name}", share=share, text=text, tone=tone))
    title = "综合成绩" if zh else "Total"
    return bar_chart("total", title, "、".join(f"{bar.name} {bar.text}" for bar in bars), bars)
