"""A map of points without any background to fetch: graticule, scale bar, points sized by people, names where they find room.

Equirectangular around the middle of the points: a degree of longitude is as long as it is at that latitude, which within a district is
off by less than a point's width. Coordinates are WGS84 degrees.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

from yunnao.web.charts.marks import FONT, element, picture, round_up, width_of

SIZE = 400
_EDGE = 34
_DEGREE = 111.32
"""Kilometres of a degree of latitude (WGS84: 110.57 to 111.69)."""
_LEAST_KILOMETRES = 2.0
_FAR, _FAR_KILOMETRES = 6.0, 15.0
_LEAST_RADIUS, _MOST_RADIUS = 7.0, 24.0
"""Of one person, and of the most; areas are as the numbers of people, but for the least radius."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Somewhere on the map: ``size`` in people, ``mark`` inside the point, ``name`` beside it, both may be empty."""

    latitude: float
    longitude: float
    size: int
    mark: str = ""
    name: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the map shows: its middle (degrees) and half its width (kilometres)."""

    latitude: float
    longitude: float
    kilometres: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Kilometres east and north of the middle."""
        east = (longitude - self.longitude) * _DEGREE * math.cos(math.radians(self.latitude))
        return east, (latitude - self.latitude) * _DEGREE

    def holds(self, point: Point) -> bool:
        """Whether a point is on the map."""
        return max(map(abs, self.at(point.latitude, point.longitude))) <= self.kilometres + 1e-9

    def placed(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where on the picture, in its units."""
        east, north = self.at(latitude, longitude)
        scale = (SIZE / 2 - _EDGE) / self.kilometres
        return SIZE / 2 + east * scale, SIZE / 2 - north * scale


def frame_of(points: Sequence[Point]) -> Frame:
    """The least map that shows the points, but for those far off where most are: they are likely typed wrongly.

    Far off is six times as far from the middle point as the point in the middle of all distances, and fifteen kilometres at least.
    """
    around = Frame(median(p.latitude for p in points), median(p.longitude for p in points), 1)
    far = [math.hypot(*around.at(point.latitude, point.longitude)) for point in points]
    limit = max(_FAR * median(far), _FAR_KILOMETRES)
    near = [point for point, distance in zip(points, far, strict=True) if distance <= limit]
    south, north = min(p.latitude for p in near), max(p.latitude for p in near)
    west, east = min(p.longitude for p in near), max(p.longitude for p in near)
    middle = Frame((south + north) / 2, (west + east) / 2, 1)
    half = max(max(map(abs, middle.at(point.latitude, point.longitude))) for point in near)
    return Frame(middle.latitude, middle.longitude, max(half * 1.05, _LEAST_KILOMETRES / 2))


def point_map(id_: str, title: str, description: str, points: Sequence[Point], frame: Frame, north: str) -> Markup:
    """The map of the points that the frame holds, the largest drawn first.

    Args:
        north: the word that stands beside the arrow.
    """
    shown = sorted((point for point in points if frame.holds(point)), key=lambda point: -point.size)
    most = max([point.size for point in shown] + [1])
    largest = min(_MOST_RADIUS, _LEAST_RADIUS * math.sqrt(most))
    ground = [
        element("rect", x=0, y=0, width=SIZE, height=SIZE, class_="sea"),
        *_graticule(frame),
        *_scale_bar(frame),
        element("text", f"↑ {north}", x=SIZE - 10, y=SIZE - 12, text_anchor="end", class_="figure"),
    ]
    marks = [element("g", *ground, aria_hidden="true")]
    taken: list[tuple[float, float, float, float]] = []
    for point in shown:
        x, y = frame.placed(point.latitude, point.longitude)
        radius = max(_LEAST_RADIUS, largest * math.sqrt(point.size / most))
        taken.append((x - radius, y - radius, x + radius, y + radius))
    for point, box in zip(shown, list(taken), strict=True):
        marks.append(_drawn(point, box, taken))
    links = any(point.link for point in shown)
    return picture(id_, title, description, marks, links=links, class_="map", viewBox=f"0 0 {SIZE} {SIZE}")


def _drawn(
    point: Point, box: tuple[float, float, float, float], taken: list[tuple[float, float, float, float]]
) -> Markup:
    x, y, radius = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2
    parts = [element("circle", cx=x, cy=y, r=radius, class_="point")]
    if point.mark:
        parts.append(element("text", point.mark, x=x, y=y + 4, text_anchor="middle", class_="mark"))
    if point.name:
        width = width_of(point.name)
        for left, top in (
            (x + radius + 3, y - FONT / 2),
            (x - radius - 3 - width, y - FONT / 2),
            (x - width / 2, y + radius + 2),
            (x - width / 2, y - radius - FONT - 4),
        ):
            room = (left, top, left + width, top + FONT + 2)
            inside = room[0] >= 2 and room[2] <= SIZE - 2 and room[1] >= 2 and room[3] <= SIZE - 2
            if inside and not any(_overlap(room, other) for other in taken if other != box):
                taken.append(room)
                parts.append(element("text", point.name, x=left, y=top + FONT, class_="place"))
                break
    return element("a", *parts, href=point.link) if point.link else element("g", *parts)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _graticule(frame: Frame) -> Iterator[Markup]:
    """Parallels and meridians at round degrees, three or more of each."""
    high = frame.kilometres / _DEGREE
    wide = high / math.cos(math.radians(frame.latitude))
    for half, middle, upright in ((high, frame.latitude, False), (wide, frame.longitude, True)):
        step = round_up(2 * half / 5)
        digits = max(0, -math.floor(math.log10(step)))
        for number in range(math.ceil((middle - half) / step), math.floor((middle + half) / step) + 1):
            degrees = number * step
            if upright:
                x, _ = frame.placed(frame.latitude, degrees)
                yield element("line", x1=x, x2=x, y1=0, y2=SIZE, class_="line")
                sign = "E" if degrees >= 0 else "W"
                label = f"{abs(degrees):.{digits}f}°{sign}"
                yield element("text", label, x=x, y=12, text_anchor="middle", class_="degree")
            else:
                _, y = frame.placed(degrees, frame.longitude)
                yield element("line", x1=0, x2=SIZE, y1=y, y2=y, class_="line")
                sign = "N" if degrees >= 0 else "S"
                yield element("text", f"{abs(degrees):.{digits}f}°{sign}", x=3, y=y - 3, class_="degree")


def _scale_bar(frame: Frame) -> Iterator[Markup]:
    """A bar of a round length, a sixth to a third of the width."""
    kilometres = round_up(frame.kilometres / 3)
    length = kilometres * (SIZE / 2 - _EDGE) / frame.kilometres
    left, y = 14, SIZE - 12
    yield element("path", d=f"M{left} {y - 5}V{y}H{left + length:.1f}V{y - 5}", class_="scale")
    label = f"{kilometres:g} km" if kilometres >= 1 else f"{kilometres * 1000:g} m"
    yield element("text", label, x=left + length + 6, y=y, class_="figure")
