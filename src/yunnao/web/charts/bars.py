"""Bars lying one below another, each with its name above and its figure in words below."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from yunnao.web.charts.marks import element, picture

_HEIGHT, _BAR, _TOP = 58, 14, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar.

    Attributes:
        share: of the whole width, 0 to 1; none draws an empty bar.
        text: the figure in words, its band among them: colour says nothing that words do not.
        tone: ``good``, ``fair``, ``attention`` or ``plain``.
        parts: of a bar in parts, the share and tone of each; ``share`` and ``tone`` then do not count.
    """

    name: str
    share: float | None
    text: str
    tone: str = "plain"
    parts: tuple[tuple[float, str], ...] = ()


def bar_chart(id_: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """The chart; as wide as its place, 58 pixels a bar."""
    marks: list[Markup] = []
    for number, bar in enumerate(bars):
        top = number * _HEIGHT
        marks.append(element("text", bar.name, x=0, y=top + 14, class_="name"))
        marks.append(element("rect", x=0, y=top + _TOP, width="100%", height=_BAR, class_="ground"))
        before = 0.0
        for share, tone in bar.parts or ((bar.share or 0.0, bar.tone),):
            if share:
                place, width = f"{100 * before:.1f}%" if before else 0, f"{100 * share:.1f}%"
                marks.append(element("rect", x=place, y=top + _TOP, width=width, height=_BAR, class_=f"bar {tone}"))
            before += share
        marks.append(element("text", bar.text, x=0, y=top + _TOP + _BAR + 14, class_="figure"))
    height = max(len(bars), 1) * _HEIGHT
    return picture(id_, title, description, marks, class_="chart", width="100%", height=height)
