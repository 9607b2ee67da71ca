"""Coordinates between GCJ-02 (国测局坐标, what maps and WeChat in China show) and WGS84 (what GPS, Open311 and CGCS2000 mean).

Source: the published approximation of the GCJ-02 offset, as in Wikipedia, "Restrictions on geographic data in China" (section
GCJ-02), and in the open-source coordtransform and eviltransform: Krasovsky 1940 ellipsoid, sums of sines. The official
transformation is not published; this one agrees with it to within a few metres. Inverted by fixed-point iteration to a millimetre.
"""

import math

_AXIS = 6378245.0
"""Krasovsky 1940: semi-major axis in metres."""
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
"""The box in degrees within which the offset is applied; others are returned unchanged."""
_ROUNDS = 10
_CLOSE = 1e-8
"""Degrees; about a millimetre."""


def in_china(latitude: float, longitude: float) -> bool:
    """Whether a point (degrees) is in the box within which maps in China are offset."""
    return _WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH


def gcj02_from_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """Latitude and longitude in GCJ-02 of a point in WGS84, in degrees; outside China the point itself."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    north, east = _offset(latitude, longitude)
    return latitude + north, longitude + east


def wgs84_from_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """Latitude and longitude in WGS84 of a point in GCJ-02, in degrees; outside China the point itself."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    there = latitude, longitude
    for _ in range(_ROUNDS):
        north, east = _offset(*there)
        closer = latitude - north, longitude - east
        moved = max(abs(closer[0] - there[0]), abs(closer[1] - there[1]))
        there = closer
        if moved < _CLOSE:
            break
    return there


def _offset(latitude: float, longitude: float) -> tuple[float, float]:
    """How far GCJ-02 lies north and east of WGS84 at a point in WGS84, in degrees."""
    x, y = longitude - 105.0, latitude - 35.0
    root, both = math.sqrt(abs(x)), _wave(6 * x, 20.0) + _wave(2 * x, 20.0)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (both + _wave(y, 20.0) + _wave(y / 3, 40.0)) * 2 / 3
    north += (_wave(y / 12, 160.0) + _wave(y / 30, 320.0)) * 2 / 3
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (both + _wave(x, 20.0) + _wave(x / 3, 40.0)) * 2 / 3
    east += (_wave(x / 12, 150.0) + _wave(x / 30, 300.0)) * 2 / 3
    radians = math.radians(latitude)
    flattening = 1 - _ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY_SQUARED) / (flattening * math.sqrt(flattening))
    parallel = _AXIS / math.sqrt(flattening) * math.cos(radians)
    return math.degrees(north / meridian), math.degrees(east / parallel)


def _wave(half_turns: float, height: float) -> float:
    return height * math.sin(half_turns * math.pi)
