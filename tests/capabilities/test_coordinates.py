"""GCJ-02 and WGS84: there and back within a metre, a known offset, and nothing moved outside China."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.capabilities.coordinates import gcj02_from_wgs84, in_china, wgs84_from_gcj02

METRES_A_DEGREE = 111_320.0
PLACES = (st.floats(18.0, 53.5), st.floats(73.5, 134.5))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two near points."""
    east = (one[1] - other[1]) * math.cos(math.radians(one[0]))
    return math.hypot(one[0] - other[0], east) * METRES_A_DEGREE


@given(*PLACES)
def test_there_and_back_is_the_same_place(latitude: float, longitude: float) -> None:
    there = gcj02_from_wgs84(latitude, longitude)
    assert metres(wgs84_from_gcj02(*there), (latitude, longitude)) < 0.01


@given(*PLACES)
def test_back_and_there_is_the_same_place(latitude: float, longitude: float) -> None:
    back = wgs84_from_gcj02(latitude, longitude)
    assert metres(gcj02_from_wgs84(*back), (latitude, longitude)) < 0.01


@given(*PLACES)
def test_the_offset_is_of_the_size_that_maps_show(latitude: float, longitude: float) -> None:
    assert 30 < metres(gcj02_from_wgs84(latitude, longitude), (latitude, longitude)) < 900


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # computed by eviltransform's own test points (googollee/eviltransform, MIT), six decimals
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),  # Shanghai
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),  # Shenzhen
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),  # Beijing
    ],
)
def test_known_places(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert metres(gcj02_from_wgs84(*wgs84), gcj02) < 0.5
    assert metres(wgs84_from_gcj02(*gcj02), wgs84) < 0.5


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_outside_china_nothing_moves(latitude: float, longitude: float) -> None:
    if not in_china(latitude, longitude):
        assert gcj02_from_wgs84(latitude, longitude) == (latitude, longitude)
        assert wgs84_from_gcj02(latitude, longitude) == (latitude, longitude)
