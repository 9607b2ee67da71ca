"""Appeals as services and requests of Open311: each kind of appeal is a service, one more stands for "not sure".

Words and places of citizens are theirs: without a key, a request is shown without description, address and coordinates.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yunnao.capabilities.open311 import shapes
from yunnao.capabilities.open311.arguments import Brought, Wanted
from yunnao.capabilities.open311.documents import Refused, w3c_time
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.kernel.text import Text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed import searching
from yunnao.platforms.cases.filed.clocks import due
from yunnao.platforms.cases.filed.definitions import FiledFlow, GivenField
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.platforms.cases.filed.service import FiledView
from yunnao.web.service.desk import FLOW, coordinates_text, title_of
from yunnao.web.service.following import followed

UNSORTED = "unsorted"
_ASKED = ("category",)
"""Attributes of the flow that a service asks for."""
_DATATYPES: Mapping[str, shapes.Datatype] = {
    "text": "string",
    "number": "number",
    "choice": "singlevaluelist",
    "date": "datetime",
}


def services(flow: FiledFlow) -> dict[str, shapes.Service]:
    """Every service by its code."""
    names = {id_: label.zh for id_, label in flow.attributes["kind"].values.items()} | {UNSORTED: "不确定类型"}
    asked = tuple(
        _attribute(name, field)
        for name, field in flow.attributes.items()
        if name in _ASKED and field.kind in _DATATYPES
    )
    return {
        code: shapes.Service(
            code=code,
            name=name,
            description=f"{flow.title.zh}：{name}",
            group=flow.title.zh,
            keywords=(name,),
            attributes=asked,
        )
        for code, name in names.items()
    }


def _attribute(name: str, field: GivenField) -> shapes.Attribute:
    return shapes.Attribute(
        code=name,
        datatype=_DATATYPES[field.kind],
        required=field.required,
        description=field.title.zh,
        values={id_: label.zh for id_, label in field.values.items()},
    )


def cases_wanted(wanted: Wanted) -> searching.Wanted:
    """What to look for."""
    kinds = tuple(None if code == UNSORTED else code for code in wanted.codes)
    return searching.Wanted(
        flow=FLOW,
        ids=wanted.ids,
        start=wanted.start,
        end=wanted.end,
        kinds=kinds,
        closed=None if wanted.status is None else wanted.status == "closed",
        offset=wanted.offset,
        limit=wanted.page_size,
    )


def request_of(
    view: FiledView,
    departments: Mapping[str, Text],
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    trusted: bool,
    extensions: bool,
) -> shapes.ServiceRequest:
    """An appeal as a request; ``trusted``: who asks has a key, and is shown words and place, with personal data masked."""
    attributes, state = view.standing.attributes, view.standing.state
    department = departments.get(view.standing.department or "")
    position = _position(str(attributes.get("coordinates", "")))
    return shapes.ServiceRequest(
        id=view.case.case_id,
        is_open=state not in view.flow.closed,
        status_notes=view.flow.states[state].citizen.zh,
        service=services(view.flow)[str(attributes.get("kind", UNSORTED))],
        description=masked(view.body) if trusted else None,
        agency=department.zh if department else None,
        requested=view.case.opened_at.astimezone(CHINA),
        updated=view.events[-1].at.astimezone(CHINA),
        expected=_expected(view, today, calendar),
        address=masked(str(attributes.get("place", ""))) or None if trusted else None,
        position=position if trusted else None,
        extended=_extended(view, departments, calendar, today, trusted) if extensions else None,
    )


def _position(text: str) -> tuple[float, float] | None:
    latitude, _, longitude = text.partition(",")
    try:
        return float(latitude), float(longitude)
    except ValueError:
        return None


def _expected(view: FiledView, today: dt.date, calendar: WorkingCalendar) -> dt.datetime | None:
    """The end of the day on which the citizen's latest time limit is due; none where the calendar does not reach."""
    runs = [run for run in view.clocks if run.clock.citizen]
    try:
        day = due(runs[-1], today, calendar).day if runs else None
    except YunnaoError:
        day = None
    return dt.datetime.combine(day, dt.time(23, 59, 59), CHINA) if day else None


def _extended(
    view: FiledView, departments: Mapping[str, Text], calendar: WorkingCalendar, today: dt.date, trusted: bool
) -> dict[str, Any]:
    """State and channel; with a key also what the citizen sees of its history."""
    found: dict[str, Any] = {"state": view.standing.state, "channel": view.case.channel}
    if trusted:
        seen = followed(view, departments, calendar, today, "zh")
        found["notes"] = [
            {
                "datetime": w3c_time(dt.datetime.fromisoformat(event.when).replace(tzinfo=CHINA)),
                "description": masked("；".join([event.words, *(f"{label}：{text}" for label, text in event.details)])),
            }
            for event in seen.events
        ]
    return found


def key_of(system: str, token: str) -> str:
    """The key of what ``system`` posted as ``token``: sent twice, it is one appeal."""
    return f"open311.{system}:{token}"


def filing_of(brought: Brought, flow: FiledFlow, system: str, token: str) -> Filing:
    """The filing that a posted request makes.

    Args:
        system: that posted it; part of the channel's name.
        token: of the delivery.

    Raises:
        Refused: no such service (404), or an attribute that it does not ask for (400).
    """
    known = services(flow)
    if brought.service_code not in known:
        raise Refused(404, f"没有 service_code {brought.service_code}；可选：{'、'.join(known)}")
    asked = {attribute.code for attribute in known[brought.service_code].attributes}
    strange = sorted(set(brought.attributes) - asked)
    if strange:
        raise Refused(400, f"没有属性 {strange[0]}；可选：{'、'.join(sorted(asked)) or '无'}")
    attributes: dict[str, Any] = {name: values[-1] for name, values in brought.attributes.items()}
    if brought.service_code != UNSORTED:
        attributes["kind"] = brought.service_code
    if brought.address:
        attributes["place"] = brought.address
    if brought.latitude is not None and brought.longitude is not None:
        attributes["coordinates"] = coordinates_text(brought.latitude, brought.longitude)
    body = brought.description + (f"\n附件：{brought.media_url}" if brought.media_url else "")
    return Filing(
        flow=FLOW,
        channel=f"open311.{system}",
        key=key_of(system, token),
        title=title_of("", brought.description),
        body=body,
        person=Person(name=brought.name or None, contact=brought.phone or brought.email or None),
        attributes=attributes,
        repeatable=True,
    )
