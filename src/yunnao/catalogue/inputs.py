"""From a snapshot's tables to what the set-wise engine reads; for everybody, or only for the subjects that changed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.decisions.compiled import RuleSet
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.decisions.many import Inputs
from yunnao.platforms.decisions.rendering import Frame, Lib, native, opened
from yunnao.storage.engines import Engine

Tables = Mapping[str, Path]


def inputs_for(
    facts: Facts, rules: RuleSet, tables: Tables, engine: Engine, *, only: pl.DataFrame | None = None
) -> Inputs:
    """Inputs of the set-wise engine.

    Args:
        facts: of the kind of subject.
        rules: decide which columns and related registers are read.
        tables: register -> Parquet, of the delivered registers; the register that names the subjects must be there.
        engine: where to work.
        only: one column, the subject's key: decide about these subjects alone.
    """
    key = facts.naming.subject_key
    wanted = None if only is None else only[key].to_list()
    lib, subjects = opened(engine.scan([tables[facts.naming.id]]))
    subjects = _some(lib, subjects, [key, *_needed(facts, facts.naming.id, rules)], wanted, key)
    for id_, register in facts.registers.items():
        needed = _needed(facts, id_, rules)
        if register.one_row_a_subject and register is not facts.naming and id_ in tables and needed:
            further = opened(engine.scan([tables[id_]]))[1]
            subjects = subjects.join(_some(lib, further, [key, *needed], wanted, key), on=key, how="left")
    rows = {
        id_: native(lib, _rows(lib, opened(engine.scan([tables[id_]]))[1], rules, id_, wanted, key))
        for id_ in rules.rows
        if id_ in tables
    }
    calendar = engine.lift(calendar_frame(rules.calendar))
    return Inputs(subjects=native(lib, subjects), key=key, rows=rows, calendar=calendar)


def gathered(inputs: Inputs) -> Inputs:
    """The same, read from disk once: a plan over a few subjects would scan large tables again for every summary of their rows."""
    frames = pl.collect_all([inputs.subjects, *inputs.rows.values()])
    rows = {id_: frame.lazy() for id_, frame in zip(inputs.rows, frames[1:], strict=True)}
    return replace(inputs, subjects=frames[0].lazy(), rows=rows)


def changed_subjects(
    facts: Facts, rules: RuleSet, touched: Mapping[str, pl.DataFrame], older: Tables, newer: Tables
) -> pl.DataFrame:
    """One column, the subject's key: every subject whose decisions may differ between two snapshots.

    ``touched``: register -> keys of rows that may differ. Where a person can be used only once, subjects that share a person
    with a touched row are affected too.
    """
    key = facts.naming.subject_key
    affected = [frame.select(key) for id_, frame in touched.items() if id_ in facts.registers]
    for id_, claims in rules.claims.items():
        if id_ in touched:
            for person in sorted({claim.person for claim in claims.values()}):
                affected.append(_sharing(id_, person, facts, touched[id_], [older, newer]))
    return pl.concat(affected).unique().sort(key) if affected else pl.DataFrame(schema={key: pl.String})


def calendar_frame(calendar: WorkingCalendar) -> pl.DataFrame:
    """The calendar as a table: day, number of working days so far."""
    days = pl.date_range(calendar.first_day, calendar.last_day, eager=True)
    return pl.DataFrame({"day": days, "number": pl.Series(calendar.numbers, dtype=pl.Int64)})


def period_of(kind: str, day: dt.date) -> str:
    """The period of an entitlement in which ``day`` lies, as text: 2023, 2023Q2, 2023-06, or once."""
    return {
        "once": "once",
        "year": f"{day.year}",
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "month": f"{day.year}-{day.month:02d}",
    }[kind]


def _needed(facts: Facts, register: str, rules: RuleSet) -> list[str]:
    return [fact.id for fact in facts.registers[register].facts if fact.id in rules.observed]


def _some(lib: Lib, frame: Frame, columns: list[str], wanted: list[str] | None, key: str) -> Frame:
    frame = frame.select(*dict.fromkeys(columns))
    # a reader decodes only the rows that pass a filter; it would decode all of them for a join
    return frame if wanted is None else frame.filter(lib.col(key).is_in(wanted))


def _rows(lib: Lib, frame: Frame, rules: RuleSet, register: str, wanted: list[str] | None, key: str) -> Frame:
    frame = frame.select(*rules.rows[register])
    if wanted is None:
        return frame
    own = frame.filter(lib.col(key).is_in(wanted))
    people = sorted({claim.person for claim in rules.claims.get(register, {}).values()})
    if not people:
        return own
    # other subjects' rows with the same persons decide who comes first
    shared = [frame.join(own.select(person).unique(), on=person, how="semi") for person in people]
    return lib.concat([own, *shared], how="vertical").unique()


def _sharing(register: str, person: str, facts: Facts, touched: pl.DataFrame, tables: list[Tables]) -> pl.DataFrame:
    key = facts.naming.subject_key
    row_key = list(facts.registers[register].key)
    frames = [pl.scan_parquet(t[register]).select({*row_key, person}) for t in tables if register in t]
    everything = pl.concat([frame.select(sorted({*row_key, person})) for frame in frames]).unique()
    people = everything.join(touched.lazy().select(row_key), on=row_key, how="semi").select(person).unique()
    return everything.join(people, on=person, how="semi").select(key).unique().collect()
