"""Full years and months between two days: as arithmetic on parts of dates, or, against a bound, as one comparison of dates.

A year or month is full on the same day of it, as in GB/T 7408 durations.
"""

import calendar
import datetime as dt
from fractions import Fraction

from yunnao.platforms.decisions import model as m


def expanded(e: m.Elapsed) -> m.Expression:
    """The number of full years or months as arithmetic."""
    if e.unit == "months":
        not_yet = m.case((e.end.day < e.start.day, 1), otherwise=0)
        return (e.end.year - e.start.year) * 12 + (e.end.month - e.start.month) - not_yet
    not_yet = m.case((e.end.month * 100 + e.end.day < e.start.month * 100 + e.start.day, 1), otherwise=0)
    return e.end.year - e.start.year - not_yet


def latest_start(unit: m.ElapsedUnit, end: dt.date, full: int) -> dt.date | None:
    """The latest day from which ``full`` years or months have passed on ``end``; none outside of the years 1 to 9999."""
    months = end.year * 12 + end.month - 1 - full * (12 if unit == "years" else 1)
    year, month = months // 12, months % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    return dt.date(year, month, min(end.day, calendar.monthrange(year, month)[1]))


def compared(
    how: m.Comparison, start: m.Expression, unit: m.ElapsedUnit, end: dt.date, bound: Fraction
) -> m.Expression | None:
    """The number of full years or months up to a fixed day, compared with ``bound``, as a test of ``start`` alone.

    None where arithmetic has to answer: an (in)equality, or a day that no calendar has.
    """
    if how in ("eq", "ne"):
        return None
    whole = -(-bound.numerator // bound.denominator)  # at least and less than: the next whole number
    if how in ("gt", "le"):
        whole = bound.numerator // bound.denominator + 1
    latest = latest_start(unit, end, whole)
    if latest is None:
        return None
    return m.Compare("le" if how in ("ge", "gt") else "gt", start, m.Constant(latest))
