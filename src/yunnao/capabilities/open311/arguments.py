"""Arguments of GeoReport v2: what is asked of the list of requests, and what a new request brings."""

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from yunnao.capabilities.open311.documents import Refused

MOST_DAYS = 90
MOST_REQUESTS = 1000
MOST_DESCRIPTION = 4000
_MOST_PAGE = 1_000_000
_MOST_IDS = 1000
_ATTRIBUTE = re.compile(r"^attribute\[([A-Za-z0-9_]{1,60})\](\[\])?$")
_STATUSES = ("open", "closed")

Pairs = Sequence[tuple[str, str]]
"""Names and values as they come in a query or a form; an empty value counts as absent."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which requests are asked for.

    Attributes:
        ids: these alone, whatever else is said; none if it is not asked by id.
        codes: of services; all if empty.
        start, end: instants between which they came, both included.
        status: one of the two, or none for both.
        page: from 1.
    """

    start: dt.datetime
    end: dt.datetime
    ids: tuple[str, ...] | None = None
    codes: tuple[str, ...] = ()
    status: Literal["open", "closed"] | None = None
    page: int = 1
    page_size: int = MOST_REQUESTS
    extensions: bool = False

    @property
    def offset(self) -> int:
        """How many requests the pages before this one hold."""
        return (self.page - 1) * self.page_size


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A new request as it comes; `latitude` and `longitude` (degrees, WGS84) are both given or both absent."""

    service_code: str
    description: str
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    phone: str = ""
    email: str = ""
    media_url: str = ""


def _alone(pairs: Pairs) -> dict[str, str]:
    """Name -> value of what is given; the last one counts."""
    return {name: value.strip() for name, value in pairs if value.strip()}


def read_wanted(pairs: Pairs, now: dt.datetime) -> Wanted:
    """What a query asks for; without dates, the last `MOST_DAYS` days.

    Raises:
        Refused: an argument is not usable (400).
    """
    given = _alone(pairs)
    ids = _listed(given.get("service_request_id", ""))
    if len(ids) > _MOST_IDS:
        raise Refused(400, f"service_request_id：一次最多 {_MOST_IDS} 个编号；请分几次查询")
    start, end = _span(given, now)
    statuses = set(_listed(given.get("status", "")))
    if not statuses <= set(_STATUSES):
        raise Refused(400, f"status 只能是 open 或 closed，现在是 {given['status']}")
    only: Literal["open", "closed"] | None = None
    if len(statuses) == 1:
        only = "open" if "open" in statuses else "closed"
    return Wanted(
        ids=ids if "service_request_id" in given else None,
        codes=_listed(given.get("service_code", "")),
        start=start,
        end=end,
        status=only,
        page=_number(given, "page", 1, _MOST_PAGE),
        page_size=_number(given, "page_size", MOST_REQUESTS, MOST_REQUESTS),
        extensions=given.get("extensions", "").lower() == "true",
    )


def _span(given: Mapping[str, str], now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    start, end = _instant(given, "start_date"), _instant(given, "end_date")
    longest = dt.timedelta(days=MOST_DAYS)
    try:
        if start is None:
            end = end or now
            return end - longest, end
        end = end or start + longest
        too_long = end - start > longest
    except OverflowError:
        raise Refused(400, "start_date、end_date 太早或太晚；请给出近年的日期") from None
    if too_long or end < start:
        raise Refused(400, f"start_date 应不晚于 end_date，两者相隔最多 {MOST_DAYS} 天；请缩短后分几次查询")
    return start, end


def _instant(given: Mapping[str, str], name: str) -> dt.datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused(400, f"{name} 要写成带时区的 W3C 时间，如 2026-09-24T00:00:00+08:00，现在是 {text}")
    return moment


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _number(given: Mapping[str, str], name: str, otherwise: int, most: int) -> int:
    text = given.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise Refused(400, f"{name} 要是 1 到 {most} 的整数，现在是 {text}")
    return int(text)


def read_brought(pairs: Pairs) -> Brought:
    """What a posted form brings.

    Raises:
        Refused: something is missing or not usable (400).
    """
    given = _alone(pairs)
    code = given.get("service_code")
    if not code:
        raise Refused(400, "缺少 service_code；可选的见 services")
    latitude, longitude = _place(given)
    address = given.get("address_string", "") or given.get("address_id", "")
    if latitude is None and not address:
        raise Refused(400, "缺少地点：lat 和 long、address_string、address_id 至少给一种")
    description = given.get("description", "")
    if not description:
        raise Refused(400, "缺少 description；请写明诉求")
    if len(description) > MOST_DESCRIPTION:
        raise Refused(400, f"description 最多 {MOST_DESCRIPTION} 个字，现在有 {len(description)} 个；请缩短")
    attributes: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found = _ATTRIBUTE.match(name)
        if found and value.strip():
            several = bool(found[2])
            attributes[found[1]] = (*attributes.get(found[1], ()), value.strip()) if several else (value.strip(),)
    return Brought(
        service_code=code,
        description=description,
        latitude=latitude,
        longitude=longitude,
        address=address,
        attributes=attributes,
        name=" ".join(part for part in (given.get("last_name"), given.get("first_name")) if part),
        phone=given.get("phone", ""),
        email=given.get("email", ""),
        media_url=given.get("media_url", ""),
    )


def _place(given: Mapping[str, str]) -> tuple[float | None, float | None]:
    if "lat" not in given and "long" not in given:
        return None, None
    try:
        latitude, longitude = float(given.get("lat", "")), float(given.get("long", ""))
    except ValueError:
        latitude = longitude = math.nan
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Refused(400, "lat、long 要是 WGS84 的度数，两个都要给；如 lat=36.067、long=120.383")
    return latitude, longitude
