"""Charts say what they are given, escape it, and stay within their frame."""

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.web.charts.bars import Bar, bar_chart
from yunnao.web.charts.marks import element, round_up
from yunnao.web.charts.point_map import SIZE, Point, frame_of, point_map
from yunnao.web.charts.trends import Period, sparkline, trend_chart

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12)


def read(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def texts(tree: ElementTree.Element) -> list[str]:
    return ["".join(each.itertext()) for each in tree.iter(f"{SVG}text")]


def test_words_are_escaped_once() -> None:
    assert element("text", "<b> & 'c'", x=1.5) == '<text x="1.5">&lt;b&gt; &amp; &#39;c&#39;</text>'
    assert element("a", element("g"), href='"x') == '<a href="&#34;x"><g/></a>'


@given(name=WORDS, text=WORDS, share=st.none() | st.floats(0, 1))
def test_a_bar_chart_says_every_name_and_figure(name: str, text: str, share: float | None) -> None:
    tree = read(bar_chart("c", "标题", "说明", [Bar(name=name, share=share, text=text, tone="good")]))
    assert texts(tree) == [name, text]
    assert [tree.find(f"{SVG}{each}").text for each in ("title", "desc")] == ["标题", "说明"]  # type: ignore[union-attr]
    bars = [each for each in tree.iter(f"{SVG}rect") if each.get("class") == "bar good"]
    assert [each.get("width") for each in bars] == ([f"{100 * share:.1f}%"] if share else [])


@given(st.lists(st.none() | st.integers(0, 5000), max_size=60))
def test_a_trend_draws_every_period_within_its_axes(values: list[int | None]) -> None:
    periods = [Period(name=f"p{n}", value=value, text=str(value)) for n, value in enumerate(values)]
    tree = read(trend_chart("c", "t", "d", periods, unit="件"))
    bars = list(tree.iter(f"{SVG}rect"))
    assert len(bars) == sum(bool(value) for value in values)
    assert all(36 - 1e-6 <= float(each.get("y", "nan")) <= 196 for each in bars)
    assert len([text for text in texts(tree) if text.startswith("p")]) <= 6
    axis = [float("".join(each.itertext())) for each in tree.iter(f"{SVG}text") if each.get("text-anchor") == "end"]
    assert axis[0] == 0
    assert axis[-2] < max([value or 0 for value in values] + [1]) <= axis[-1]


def test_a_sparkline_has_a_bar_for_each_value_but_nothing() -> None:
    tree = read(sparkline("s", "t", "d", [0, 2, 4]))
    assert [each.get("height") for each in tree.iter(f"{SVG}rect")] == ["14", "28"]


@given(st.floats(1e-6, 1e9))
def test_round_numbers_are_close_above(value: float) -> None:
    found = round_up(value)
    assert value * (1 - 1e-6) <= found <= 2.51 * value
    assert round(found / 10 ** math.floor(math.log10(found) + 1e-9), 6) in (1, 2, 5)


POINTS = st.lists(
    st.builds(
        Point,
        latitude=st.floats(35.5, 36.5),
        longitude=st.floats(119.5, 120.5),
        size=st.integers(1, 90),
        mark=st.just("1"),
        name=st.sampled_from(["", "丽发新城"]),
    ),
    min_size=1,
    max_size=20,
)


@given(POINTS)
def test_a_map_draws_what_its_frame_holds_inside_the_picture(points: list[Point]) -> None:
    frame = frame_of(points)
    tree = read(point_map("m", "t", "d", points, frame, "北"))
    circles = [(float(c.get("cx", "nan")), float(c.get("cy", "nan"))) for c in tree.iter(f"{SVG}circle")]
    assert len(circles) == sum(frame.holds(point) for point in points) >= len(points) / 2
    assert all(0 <= x <= SIZE and 0 <= y <= SIZE for x, y in circles)
    assert len([text for text in texts(tree) if text.endswith(("°N", "°E"))]) >= 4


def test_a_map_keeps_distances() -> None:
    """One minute of latitude is 1.855 km; the scale bar and the points say the same."""
    points = [Point(latitude=36 + minute / 60, longitude=120, size=1) for minute in (0, 2)]
    frame = frame_of(points)
    (_, first), (_, second) = (frame.placed(point.latitude, point.longitude) for point in points)
    tree = read(point_map("m", "t", "d", points, frame, "N"))
    (bar,) = [each.get("d", "") for each in tree.iter(f"{SVG}path")]
    (label,) = [text for text in texts(tree) if text.endswith(" km")]
    length = float(bar.split("H")[1].split("V")[0]) - float(bar.removeprefix("M").split(" ")[0])
    assert abs(first - second) / length * float(label.removesuffix(" km")) == pytest.approx(2 * 1.855, rel=0.01)


def test_east_and_west_are_as_long_as_north_and_south() -> None:
    frame = frame_of([Point(latitude=36, longitude=120, size=1), Point(latitude=36.1, longitude=120.1, size=1)])
    east, north = frame.at(frame.latitude + 0.01, frame.longitude + 0.01)
    assert east / north == pytest.approx(math.cos(math.radians(frame.latitude)))


def test_a_point_typed_wrongly_does_not_shrink_all_others_to_a_dot() -> None:
    near = [Point(latitude=36 + n / 100, longitude=120, size=1) for n in range(5)]
    frame = frame_of([*near, Point(latitude=0, longitude=0, size=9)])
    assert all(map(frame.holds, near))
    assert frame.kilometres < 5


def test_a_bar_in_parts_stands_on_the_axis_and_is_as_high_as_their_sum() -> None:
    whole = trend_chart("a", "t", "d", [Period(name="1", value=30, text="30")], unit="n")
    parts = trend_chart(
        "a",
        "t",
        "d",
        [Period(name="1", value=30, text="30", parts=((10, "plain"), (0, "fair"), (20, "attention")))],
        unit="n",
    )

    def bars(chart: str) -> list[tuple[float, float]]:
        found = re.findall(r'<rect [^>]*y="([\d.]+)"[^>]*height="([\d.]+)" class="bar', chart)
        return [(float(y), float(height)) for y, height in found]

    ((top, height),) = bars(whole)
    lower, upper = bars(parts)
    assert sum(each[1] for each in (lower, upper)) == pytest.approx(height, abs=0.02)
    assert upper[0] == pytest.approx(top, abs=0.01)
    assert upper[0] + upper[1] == pytest.approx(lower[0], abs=0.02)
    assert "bar attention" in parts
    assert "bar fair" not in parts
