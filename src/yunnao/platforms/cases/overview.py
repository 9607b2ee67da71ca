"""Many cases at a glance: lists for officers, and the frame that indicators measure; read so many together that memory stays bounded."""

import datetime as dt
from collections.abc import Mapping

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases import standing, store
from yunnao.platforms.cases.definitions import Flow

_LISTED = (
    *("case_id", "flow", "policy", "subject", "period", "department", "title", "state", "since", "amount", "waiting"),
    *("entitled", "amount_differs", "deadline", "provisional", "calendar_lacks", "overdue", "seq"),
)
_FRAME = ("case_id", "flow", "policy", "subject", "period", "department", "state", "amount", "opened_on", "ended_on")


def standing_where(connection: Connection, *where: sa.ColumnElement[bool]) -> pl.DataFrame:
    """`store.matters` with `standing.fold` of those for which ``where`` (on `store.MATTERS`) holds."""
    folded = standing.fold(store.events(connection, standing.EVENT_COLUMNS, *where))
    return store.matters(connection, *where).join(folded, on="case_id", how="inner", maintain_order="left")


def listed(
    connection: Connection,
    flows: Mapping[str, Flow],
    calendar: WorkingCalendar,
    today: dt.date,
    asked: Mapping[str, str],
    *,
    state: str | None,
    overdue: bool | None,
) -> pl.DataFrame:
    """The cases of `Cases.list`; ``asked`` names columns of `store.MATTERS` and the values wanted."""
    where = [store.MATTERS.c[name] == value for name, value in asked.items()]
    pieces = []
    for policies in store.together(store.sizes(connection, *where)):
        cases = standing_where(connection, *where, store.MATTERS.c.policy.in_(policies))
        if state is not None:
            cases = cases.filter(pl.col("state") == state)
        cases = standing.due(cases, flows, calendar).select(
            *(column for column in _LISTED if column not in ("overdue", "amount_differs")),
            overdue=(pl.col("deadline") < today).fill_null(False),
            amount_differs=pl.col("entitled") & pl.col("wanted_amount").ne_missing(pl.col("amount")),
        )
        pieces.append(cases if overdue is None else cases.filter(pl.col("overdue") == overdue))
    if not pieces:
        return pl.DataFrame(schema=_LISTED_SCHEMA)
    return pl.concat(pieces).sort("deadline", "case_id", nulls_last=True).select(_LISTED)


_LISTED_TYPES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "since": pl.Date,
    "amount": pl.Int64,
    "entitled": pl.Boolean,
    "amount_differs": pl.Boolean,
    "deadline": pl.Date,
    "provisional": pl.Boolean,
    "calendar_lacks": pl.Boolean,
    "overdue": pl.Boolean,
    "seq": pl.Int64,
}
_LISTED_SCHEMA = {name: _LISTED_TYPES.get(name, pl.String) for name in _LISTED}


def frame(connection: Connection, flows: Mapping[str, Flow]) -> pl.DataFrame:
    """The cases of `Cases.frame`."""
    states = sorted({state for flow in flows.values() for state in flow.states} - {"opened"})
    ends = pl.DataFrame(
        [(flow.id, end, True) for flow in flows.values() for end in flow.ends],
        schema={"flow": pl.String, "state": pl.String, "ended": pl.Boolean},
        orient="row",
    )
    dates = {"opened_on", "ended_on", *(f"{state}_on" for state in states)}
    columns = (*_FRAME, *(f"{state}_on" for state in states))
    types = {name: pl.Date if name in dates else pl.Int64 if name == "amount" else pl.String for name in columns}
    pieces = [pl.DataFrame(schema=types)]
    for policies in store.together(store.sizes(connection)):
        where = store.MATTERS.c.policy.in_(policies)
        events = store.events(connection, standing.EVENT_COLUMNS, where)
        cases = (
            store.matters(connection, where)
            .join(standing.fold(events), on="case_id", how="inner")
            .join(ends, on=["flow", "state"], how="left")
            .join(standing.reached(events, states), on="case_id", how="left")
            .with_columns(ended_on=pl.when(pl.col("ended")).then("since"))
        )
        pieces.append(cases.select(columns))
    return pl.concat(pieces).sort("case_id")
