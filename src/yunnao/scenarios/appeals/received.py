"""When a message was received, as people and spreadsheets write it."""

import datetime as dt
import re

from yunnao.kernel.moment import CHINA
from yunnao.platforms.registry.cells import read_date
from yunnao.platforms.registry.spelling import clean

_WEEKDAY = re.compile(r" ?\(?(?:星期|周)[一二三四五六日天]\)?")
_COMPACT = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})?")
_HALF = "凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|[AaPp][Mm]"
_TIME = re.compile(
    rf"(?:(?<=[日号])| ?[Tt ]) ?(?P<half>{_HALF})? ?(?P<hour>\d{{1,2}})"
    r"(?:[:时点](?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d{1,9})?|分(?:(?P<seconds>\d{1,2})秒)?)?|[时点]整?)"
    r"(?: ?(?P<after>[AaPp][Mm]))?(?: ?(?P<zone>[Zz]|[+-]\d{2}:?\d{2}))?"
)
_FRACTION = re.compile(r"\d+\.(\d+)")
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "pm"})
_MORNING = frozenset({"凌晨", "早上", "早晨", "上午", "am"})
_OFFICE_OPENS = dt.time(9)
_NO_TIME_OF_DAY = "时刻不对；请写成 2026-01-31 18:30 这样"


def received_at(written: str) -> tuple[dt.datetime | None, str]:
    """The instant in China, or why there is none.

    The time of day is as written (with 上午/下午, a fraction of a second, or a zone, from which it is converted), or a spreadsheet's
    fraction of a day; without any, a message counts as received when offices open. One that is there but cannot be read is a fault,
    so that no deadline begins at a wrong hour unseen.
    """
    text = _WEEKDAY.sub("", " ".join(clean(written).split()))
    if compact := _COMPACT.fullmatch(text):
        day, hour, minute, second = compact.groups(default="00")
        text = f"{day} {hour}:{minute}:{second}"
    match = next((found for found in _TIME.finditer(text) if found.end() == len(text)), None)
    read = read_date(text[: match.start()] if match else text, numeric=True)
    if not isinstance(read.value, dt.date):
        return None, read.reason or "没有写明时间；请补上"
    if match is not None:
        time = _time_of_day(match)
        if time is None:
            return None, _NO_TIME_OF_DAY
        return dt.datetime.combine(read.value, time, _zone(match["zone"])).astimezone(CHINA), ""
    if ":" in text:
        return None, _NO_TIME_OF_DAY
    if fraction := _FRACTION.fullmatch(text):
        seconds = min(round(int(fraction[1]) * 86_400 / 10 ** len(fraction[1])), 86_399)
        return dt.datetime.combine(read.value, dt.time(), CHINA) + dt.timedelta(seconds=seconds), ""
    return dt.datetime.combine(read.value, _OFFICE_OPENS, CHINA), ""


def _time_of_day(match: re.Match[str]) -> dt.time | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    second = int(match["second"] or match["seconds"] or 0)
    half = (match["half"] or match["after"] or "").lower()
    if half and hour > 12 and half in _MORNING:
        return None
    if hour < 12 and (half in _AFTERNOON or (half == "中午" and hour < 3)):
        hour += 12
    elif hour == 12 and half in _MORNING:
        hour = 0
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _zone(written: str | None) -> dt.tzinfo:
    if not written:
        return CHINA
    return dt.datetime.strptime(written.upper(), "%z").tzinfo or CHINA
