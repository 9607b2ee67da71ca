"""The inbox as an officer sees it: what they asked for, the rows with titles masked, links to the next page."""

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from yunnao.access.actors import Actor
from yunnao.access.scope import sees_everything
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.text import Language, Text
from yunnao.platforms.cases.filed.clocks import Light
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.inbox import Place, Row, Waiting, waits_for
from yunnao.web.service.officers.words import officer_labels

MINE, EVERY, ENDED = "", "open", "ended"
"""Choices of the state filter beside the states themselves."""
ASKED = ("state", "light", "category", "street", "number")
MOST_EXPORTED = 10_000

_NUMBER = re.compile(r"[0-9-]{1,20}")
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})?_([A-Z]{1,4}\d{8}-\d{5,9})")


@dataclass(frozen=True, kw_only=True)
class SeenRow:
    """One case in the list; `light` is none where no clock runs; `part` says so where the officer's department co-handles it (`share`)."""

    number: str
    title: str
    state: str
    department: str
    category: str
    street: str
    filed: str
    due: str
    clock: str
    light: str
    light_words: str
    provisional: bool
    share: bool
    part: str
    attachments: str = ""


def asked_for(query: Mapping[str, str], actor: Actor, flow: FiledFlow) -> Waiting:
    """What an officer's query looks for; what makes no sense in it is passed over."""
    state, number = query.get("state", MINE), query.get("number", "").strip().upper()[:40]
    if _NUMBER.fullmatch(number):
        number = flow.prefix + number
    states: Sequence[str] = [state] if state in flow.states else []
    if not number and state not in (EVERY, ENDED) and not states:
        states = waits_for(flow, actor.roles)
    light = query.get("light", "")
    return Waiting(
        department=None if sees_everything(actor) else actor.department or "",
        states=states,
        co_handled=[state] if state in flow.states else (),
        closed=state == ENDED or state in flow.closed,
        light=light if light in ("red", "yellow", "green") else None,  # type: ignore[arg-type]  # mypy does not narrow by `in`
        category=query.get("category", "").strip()[:60],
        street=query.get("street", "").strip()[:60],
        number=number,
    )


def place_from(text: str) -> Place | None:
    """The place that a link to the next page names."""
    match = _PLACE.fullmatch(text)
    return Place(due_on=match[1] or "", case_id=match[2]) if match else None


def place_text(place: Place) -> str:
    """A place as a link names it."""
    return f"{place.due_on}_{place.case_id}"


def seen_row(row: Row, flow: FiledFlow, departments: Mapping[str, Text], language: Language) -> SeenRow:
    """A row in an officer's words."""
    state = flow.states.get(row.state)
    clock = next((each.title for each in flow.clocks if each.id == row.due_clock), None)
    department = departments.get(row.department or "")
    return SeenRow(
        number=row.case_id,
        title=masked(row.title),
        state=(state.title.zh if language == "zh" else state.title.en) if state else row.state,
        department=department.in_(language) if department else "",
        category=row.category or "",
        street=row.street or "",
        filed=row.opened_on.isoformat(),
        due=row.due_on.isoformat() if row.due_on else "",
        clock=(clock.zh if language == "zh" else clock.en) if clock else "",
        light=row.light or "none",
        light_words=light_words(row.light, language),
        provisional=row.provisional,
        share=row.share,
        part=officer_labels(language).co_handled if row.share else "",
    )


def light_words(light: Light | None, language: Language) -> str:
    """A light in words: colours alone tell not everybody."""
    t = officer_labels(language)
    return str({"red": t.late, "yellow": t.soon, "green": t.in_time, None: t.no_clock}[light])


def workbook(rows: Sequence[SeenRow], language: Language, day: dt.date) -> bytes:
    """The list as an Excel workbook; every cell is text, none is a formula."""
    t, stream = officer_labels(language), io.BytesIO()
    columns = (
        (t.your_number, 20, "number"),
        (t.light, 10, "light_words"),
        (t.due, 12, "due"),
        (t.clock, 12, "clock"),
        (t.title, 50, "title"),
        (t.category, 16, "category"),
        (t.street, 16, "street"),
        (t.state_title, 16, "state"),
        (t.part, 8, "part"),
        (t.handled_by, 20, "department"),
        (t.filed_on, 12, "filed"),
        (t.attachments, 8, "attachments"),
    )
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet(f"{t.inbox} {day}")
        head = book.add_format({"bold": True, "bg_color": "#E3EEFA", "border": 1})
        for place, (title, width, name) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, head)
            for line, row in enumerate(rows, 1):
                sheet.write_string(line, place, str(getattr(row, name)))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    return stream.getvalue()
