"""Conventions: dated, cited as what they are, a district's own before those that ship."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.indicators.targets.comparing import Bound, judge, reached
from yunnao.platforms.indicators.targets.conventions import FILE, load_conventions, on

LINE = (
    "- {{from: {day}, near_percentage_points: '{near}', near_relative: {share}, "
    "hedged_relative: '0.05', stale_months: 3, cites: {cites}}}\n"
)


def written(home: Path, *lines: str) -> Path:
    path = home / FILE
    path.parent.mkdir()
    path.write_text("".join(lines), encoding="utf-8")
    return home


def test_what_ships_is_labelled_a_software_convention() -> None:
    (shipped,) = load_conventions()
    assert shipped.near_percentage_points == Decimal("0.3")
    assert shipped.near_relative is None
    assert "软件约定" in shipped.cites


def test_a_districts_own_lines_hold_from_their_day_on(tmp_path: Path) -> None:
    lines = (
        LINE.format(day="2020-01-01", near="0.3", share="null", cites="软件约定"),
        LINE.format(day="2023-01-01", near="0.1", share="'0.02'", cites="区考核办法"),
    )
    own = load_conventions(written(tmp_path, *lines))
    assert [on(own, dt.date(year, 12, 31)).near_percentage_points for year in (2019, 2022, 2023)] == [
        Decimal("0.3"),
        Decimal("0.3"),
        Decimal("0.1"),
    ]
    about = Bound(sign="≈", low=Decimal(1200))
    later = on(own, dt.date(2023, 12, 31))
    assert judge(about, reached("=", Decimal(1176), None, later), later).verdict == "met"
    assert judge(about, reached("=", Decimal(1175), None, later), later).verdict == "missed"
    assert load_conventions(file=tmp_path / FILE) == own


def test_lines_out_of_order_are_refused(tmp_path: Path) -> None:
    line = LINE.format(day="2023-01-01", near="0.3", share="null", cites="x")
    with pytest.raises(DefinitionError, match="请按 from 从早到晚写"):
        load_conventions(written(tmp_path, line, line))
