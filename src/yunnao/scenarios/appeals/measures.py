"""What became of each appeal: one row a case, columnar, from all its events. The rates over these rows are in `rates.py`."""

import datetime as dt
from collections.abc import Iterable, Iterator

import polars as pl

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases.filed.definitions import Clock, FiledFlow

_ASSIGNING = ("dispatch", "redispatch", "adjudicate")
"""Steps that send a case to a department."""
_DAYS = 1 << 20
"""More than any day's number (days since 1970)."""
_SETS = pl.Struct(dict.fromkeys(("kind", "category", "street"), pl.String))
_GIVEN = pl.Struct({"working_days": pl.Int64, "solved": pl.Boolean, "satisfied": pl.String, "ground": pl.String})
_ASSIGNMENT = pl.List(pl.Struct({"department": pl.String, "returned": pl.Boolean}))
CASE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "case_id": pl.String,
    "department": pl.String,
    "street": pl.String,
    "category": pl.String,
    "opened": pl.Date,
    "assigned": pl.Date,
    "contacted": pl.Date,
    "contact_due": pl.Date,
    "answered": pl.Date,
    "due": pl.Date,
    "late": pl.Boolean,
    "solved": pl.Boolean,
    "satisfied": pl.Boolean,
    "unreached": pl.Boolean,
    "ended": pl.Boolean,
    "redone": pl.Boolean,
    "reopened": pl.Boolean,
    "excluded": pl.String,
    "assignments": _ASSIGNMENT,
}
"""Columns of `case_table`."""


def measured_cases(
    pieces: Iterable[pl.DataFrame], flow: FiledFlow, calendar: WorkingCalendar, today: dt.date
) -> pl.DataFrame:
    """`case_table` of events that come in pieces (sorted by case and seq); no more than a piece of them is in memory at once."""
    tables = (case_table(piece, flow, calendar, today) for piece in whole_cases(pieces))
    return pl.concat([pl.DataFrame(schema=CASE_SCHEMA), *tables], rechunk=True)


def whole_cases(pieces: Iterable[pl.DataFrame], least: int = 250_000) -> Iterator[pl.DataFrame]:
    """The same rows in pieces of about ``least`` or more, none of which ends within a case."""
    held: list[pl.DataFrame] = []
    for piece in pieces:
        held.append(piece)
        if sum(each.height for each in held) >= least:
            rows = pl.concat(held)
            last = rows["case_id"][-1]
            yield rows.filter(pl.col("case_id") != last)
            held = [rows.filter(pl.col("case_id") == last)]
    if held:
        yield pl.concat(held)


def case_table(events: pl.DataFrame, flow: FiledFlow, calendar: WorkingCalendar, today: dt.date) -> pl.DataFrame:
    """One row a case, from all its events (columns as `FiledCases.event_frame`, sorted by case and seq).

    Returns:
        Columns `CASE_SCHEMA`. department, street, category: as last set; opened, answered (first), due: of the overall limit; assigned:
        last sent to a department; contacted, contact_due: first contact after that, and its limit; late: of the first answer, or of
        ``today`` without one; solved, satisfied: of the last call-back (null: none); unreached: closed without verification; ended:
        closed at some time; redone: sent back into handling by a call-back; reopened: after it was closed; excluded: the ground on
        which it is left out of measures (不计入考核), null if it counts; assignments: every department it was sent to, and
        whether that one sent it back.

    Raises:
        DefinitionError: the overall limit is not in working days.
    """
    day = pl.col("at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us").dt.offset_by("8h").dt.date()
    rows = events.with_columns(day=day).with_columns(
        place=pl.col("seq") * _DAYS + pl.col("day").to_physical().cast(pl.Int64)
    )
    table = (
        _passed(rows, flow)
        .join(_last_set(rows), on="case_id", how="left", maintain_order="left")
        .join(_said(rows), on="case_id", how="left", maintain_order="left")
        .join(_assignments(rows), on="case_id", how="left", maintain_order="left")
        .join(_pauses(rows), on="case_id", how="left", maintain_order="left")
    )
    return _with_time(_with_contact(table, flow, calendar), flow, calendar, today).select(*CASE_SCHEMA)


def _on(place: str) -> pl.Expr:
    """The day of a place; places order events by seq and say their day, so that a minimum finds the first event."""
    return (pl.col(place) % _DAYS).cast(pl.Int32).cast(pl.Date)


def _passed(rows: pl.DataFrame, flow: FiledFlow) -> pl.DataFrame:
    """What can be seen from the steps alone."""
    step, to_state = pl.col("step"), pl.col("to_state")

    def places(*steps: str) -> pl.Expr:
        return pl.when(step.is_in(steps)).then("place")

    return (
        rows.select(
            "case_id",
            "place",
            answering=places("answer"),
            assigning=places(*_ASSIGNING),
            unreached=to_state == "closed_unverified",
            ended=to_state.is_in(flow.closed),
            redone=(to_state == "redoing") & (step == "call_back"),
            reopened=step == "reopen",
        )
        .group_by("case_id", maintain_order=True)
        .agg(
            pl.col("place", "answering").min(),
            pl.col("assigning").max(),
            pl.col("unreached", "ended", "redone", "reopened").any(),
        )
        .join(_contacts(rows), on="case_id", how="left", maintain_order="left")
        .with_columns(opened=_on("place"), answered=_on("answering"), assigned=_on("assigning"))
    )


def _contacts(rows: pl.DataFrame) -> pl.DataFrame:
    """case_id, contacted: the first contact since the case was sent to the department that has it."""
    step = pl.col("step")
    return (
        rows.filter(step.is_in([*_ASSIGNING, "contact", "answer"]))
        .with_columns(assigning=pl.when(step.is_in(_ASSIGNING)).then("place").max().over("case_id"))
        .filter(~step.is_in(_ASSIGNING) & (pl.col("place") > pl.col("assigning")))
        .group_by("case_id")
        .agg(pl.col("place").min())
        .select("case_id", contacted=_on("place"))
    )


def _last_set(rows: pl.DataFrame) -> pl.DataFrame:
    """case_id, department, kind, category, street: as last set."""
    written = (
        rows.filter(pl.col("sets") != "{}").select("case_id", pl.col("sets").str.json_decode(_SETS)).unnest("sets")
    )
    names = [field.name for field in _SETS.fields]
    attributes = written.group_by("case_id").agg(pl.col(names).drop_nulls().last())
    departments = rows.drop_nulls("department").group_by("case_id").agg(pl.col("department").last())
    return departments.join(attributes, on="case_id", how="full", coalesce=True)


def _said(rows: pl.DataFrame) -> pl.DataFrame:
    """case_id and what officers and citizens gave with steps: solved, satisfied, extension (working days), excluded."""
    step, given = pl.col("step"), pl.col("given").str.json_decode(_GIVEN)
    answering = pl.when(step == "answer").then("place").min().over("case_id")
    spoken = ["approve_extension", "call_back", "settle", "exclude", "include_again"]
    return (
        rows.filter(step.is_in([*spoken, "answer"]))
        .with_columns(before=(pl.col("place") < answering).fill_null(True))
        .filter(step.is_in(spoken))
        .select("case_id", "step", "before", given.alias("given"))
        .unnest("given")
        .with_columns(
            excluded=pl.when(step == "exclude").then(pl.col("ground").fill_null("")),
            satisfied=pl.when(step == "call_back").then(pl.col("satisfied").is_in(["satisfied", "fair"])),
            solved=pl.when(step.is_in(["call_back", "settle"])).then("solved"),
            working_days=pl.when((step == "approve_extension") & pl.col("before")).then("working_days"),
        )
        .group_by("case_id", maintain_order=True)
        .agg(
            pl.col("solved", "satisfied").drop_nulls().last(),
            pl.col("excluded").filter(step.is_in(["exclude", "include_again"])).last(),
            extension=pl.col("working_days").sum(),
        )
    )


def _assignments(rows: pl.DataFrame) -> pl.DataFrame:
    """case_id, assignments."""
    return (
        rows.filter(pl.col("step").is_in([*_ASSIGNING, "send_back"]))
        .with_columns(
            returned=(
                (pl.col("step").shift(-1) == "send_back") & (pl.col("case_id").shift(-1) == pl.col("case_id"))
            ).fill_null(False)
        )
        .filter(pl.col("step") != "send_back")
        .group_by("case_id")
        .agg(assignments=pl.struct("department", "returned"))
    )


def _pauses(rows: pl.DataFrame) -> pl.DataFrame:
    """case_id, paused, resumed (lists of days) up to the first answer; without the last `resumed` where it still stands still."""
    step = pl.col("step")
    answering = pl.when(step == "answer").then("place").min().over("case_id")
    return (
        rows.filter(step.is_in(["pause", "resume", "answer"]))
        .filter((pl.col("place") < answering).fill_null(True) & (step != "answer"))
        .group_by("case_id", maintain_order=True)
        .agg(paused=pl.col("day").filter(step == "pause"), resumed=pl.col("day").filter(step == "resume"))
    )


def _working_days(calendar: WorkingCalendar) -> tuple[pl.DataFrame, pl.DataFrame]:
    """day -> number of working days so far; number -> the first day that has it."""
    days = pl.date_range(calendar.first_day, calendar.last_day, eager=True)
    numbers = pl.DataFrame({"day": days, "number": pl.Series(calendar.numbers, dtype=pl.Int64)})
    return numbers, numbers.unique("number", keep="first", maintain_order=True)


def _with_span(table: pl.DataFrame, clock: Clock, on: str) -> pl.DataFrame:
    """With `span` (days) and `working` (whether they are working days) of a clock that starts on the day in the column ``on``.

    The limit is the one for the category and kind of the case that was in force on that day.
    """
    starts = [dt.date.min, *clock.changes]
    known = table.select("kind", "category").unique()
    limits = pl.DataFrame(
        [
            (*values, period, span.count, span.working)
            for values in known.iter_rows()
            for attributes in [{name: value for name, value in zip(known.columns, values, strict=True) if value}]
            for period, day in enumerate(starts)
            for span in [clock.on(day, attributes).span(attributes)]
        ],
        schema={
            "kind": pl.String,
            "category": pl.String,
            "period": pl.Int64,
            "span": pl.Int64,
            "working": pl.Boolean,
        },
        orient="row",
    )
    period = pl.sum_horizontal(pl.lit(0), *(pl.col(on) >= day for day in starts[1:])).cast(pl.Int64)
    return (
        table.with_columns(period=period)
        .join(limits, on=["kind", "category", "period"], how="left", nulls_equal=True, maintain_order="left")
        .drop("period")
    )


def _with_contact(table: pl.DataFrame, flow: FiledFlow, calendar: WorkingCalendar) -> pl.DataFrame:
    """With `contact_due`: the last day on which the first contact is in time, counted from `assigned`."""
    numbers, first_days = _working_days(calendar)
    return (
        _with_span(table, flow.clock("first_contact"), "assigned")
        .join(numbers.rename({"day": "assigned"}), on="assigned", how="left", maintain_order="left")
        .with_columns(pl.col("number") + pl.col("span"))
        .join(first_days.rename({"day": "working_due"}), on="number", how="left", maintain_order="left")
        .with_columns(
            contact_due=pl.when("working").then("working_due").otherwise(pl.col("assigned") + pl.duration(days="span"))
        )
        .drop("number", "span", "working", "working_due")
    )


def _with_time(table: pl.DataFrame, flow: FiledFlow, calendar: WorkingCalendar, today: dt.date) -> pl.DataFrame:
    """With `due`: the working day whose number is that of the opening, and of the limit, extensions and pauses added."""
    table = _with_span(table, flow.clock("overall"), "opened")
    if not table["working"].all():
        raise DefinitionError(f"流程 {flow.id}：按时答复率要求总时限（overall）以工作日计；请改成 working days")
    numbers, first_days = _working_days(calendar)
    resumed = pl.concat_list("resumed", pl.col("answered").fill_null(today)).list.head(pl.col("paused").list.len())
    still = (
        table.filter(pl.col("paused").list.len() > 0)
        .select("case_id", "paused", resumed=resumed)
        .explode("paused", "resumed")
        .join(numbers.rename({"day": "paused", "number": "from"}), on="paused", how="left")
        .join(numbers.rename({"day": "resumed", "number": "to"}), on="resumed", how="left")
        .group_by("case_id")
        .agg(still=(pl.col("to") - pl.col("from")).sum())
    )
    wanted = pl.sum_horizontal("number", "span", "extension", "still")
    return (
        table.join(still, on="case_id", how="left", maintain_order="left")
        .join(numbers.rename({"day": "opened"}), on="opened", how="left", maintain_order="left")
        .with_columns(number=wanted)
        .join(first_days.rename({"day": "due"}), on="number", how="left", maintain_order="left")
        .with_columns(late=pl.col("answered").fill_null(today) > pl.col("due"))
    )
