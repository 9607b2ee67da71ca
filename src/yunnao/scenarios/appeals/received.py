"""When a message was received, as people and spreadsheets write it."""

import datetime as dt
import re

from yunnao.kernel.moment import CHINA
from yunnao.platforms.registry.cells import read_date
from yunnao.platforms.registry.spelling import clean

_TIME = re.compile(r"(?:[ T]|(?<=[日号]))(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})秒?|分)?")
_FRACTION = re.compile(r"\d+\.(\d+)")
_OFFICE_OPENS = dt.time(9)


def received_at(written: str) -> tuple[dt.datetime | None, str]:
    """The instant in China, or why there is none.

    The time of day is as written, or a spreadsheet's fraction of a day; without either, a message counts as received when offices open.
    """
    written = written.strip()
    match = _TIME.search(written)
    read = read_date(clean(_TIME.sub("", written)), numeric=True)
    if not isinstance(read.value, dt.date):
        return None, read.reason or "没有写明时间；请补上"
    if match is not None:
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if hour > 23 or minute > 59 or second > 59:
            return None, "时刻不对；请写成 2026-01-31 18:30 这样"
        return dt.datetime.combine(read.value, dt.time(hour, minute, second), CHINA), ""
    fraction = _FRACTION.fullmatch(written)
    if fraction is not None:
        seconds = min(round(int(fraction[1]) * 86_400 / 10 ** len(fraction[1])), 86_399)
        return dt.datetime.combine(read.value, dt.time(), CHINA) + dt.timedelta(seconds=seconds), ""
    return dt.datetime.combine(read.value, _OFFICE_OPENS, CHINA), ""
