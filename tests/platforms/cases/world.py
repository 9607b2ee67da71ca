"""A small district to test cases in: real flows, real actors, a clock that the test sets."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

import yunnao.scenarios.benefits
from yunnao.access.actors import Actors
from yunnao.audit.log import Audit
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases import store
from yunnao.platforms.cases.definitions import load_flows
from yunnao.platforms.cases.payment_service import Payments
from yunnao.platforms.cases.service import Cases
from yunnao.storage.records import Records

CASE_YAML = Path(yunnao.scenarios.benefits.__path__[0]) / "case.yaml"
ACTORS = """
- {id: li, name: 示例李, roles: [reviewer, publisher], department: hr}
- {id: wang, name: 示例王, roles: [reviewer, second_reviewer], department: hr}
- {id: zhao, name: 示例赵, roles: [reviewer, second_reviewer, publisher], department: tax}
- {id: qian, name: 示例钱, roles: [cashier], department: finance}
- {id: sun, name: 示例孙, roles: [cashier], department: finance}
- {id: zhou, name: 示例周, roles: [centre], department: centre}
- {id: wu, name: 示例吴, roles: [register_keeper], department: hr}
"""
SCOPE = {("hire_subsidy", "2024")}


def subject(number: int) -> str:
    """A made-up key of 18 characters in the form of a credit code."""
    return f"91440300MA{number:08d}"


class World:
    """One district on one record store."""

    def __init__(self, records: Records, folder: Path, budgets: Mapping[str, Mapping[int, int]] | None = None) -> None:
        path = folder / "actors.yaml"
        path.write_text(ACTORS, encoding="utf-8")
        self.records = records
        self.now = dt.datetime(2024, 3, 4, 10, tzinfo=CHINA)  # a Monday
        self.audit = Audit(records, self.clock, store.TABLES, folder / "audit-head.json")
        flows = load_flows(CASE_YAML)
        self.cases = Cases(records, flows, shipped_calendar(), self.clock, self.audit, Actors.load(path))
        self.payments = Payments(self.cases, budgets or {})
        self.runs = 0

    def clock(self) -> dt.datetime:
        """The instant that the test has set."""
        return self.now

    def on(self, day: str) -> "World":
        """Go to 10 o'clock on ``day``."""
        self.now = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(10), CHINA)
        return self

    def run(
        self,
        amounts: Mapping[int, int | None],
        reasons: pl.DataFrame | None = None,
        as_of: dt.date | None = None,
        **columns: Any,
    ) -> Any:
        """A run for ``as_of`` (today) that wants ``hire_subsidy`` of 2024 for these subjects, with these amounts in fen."""
        self.runs += 1
        wanted = wanted_rows(amounts.items(), **columns)
        scope = {(columns.get("policy", "hire_subsidy"), columns.get("period", "2024"))}
        day = as_of or self.now.date()
        return self.cases.reconcile(wanted, scope=scope, run=self.runs, as_of=day, reasons=reasons)

    def ids(self, **filters: Any) -> dict[int, str]:
        """Number of the subject -> case id."""
        listed = self.cases.list(limit=None, **filters)
        return {int(key[-8:]): case_id for key, case_id in listed.select("subject", "case_id").iter_rows()}

    def state(self, case_id: str) -> str:
        """The present state of a case."""
        return self.cases.get(case_id).standing.state

    def cleared(self, amounts: Mapping[int, int]) -> dict[int, str]:
        """Cases that wait for payment; afterwards it is 2024-03-20."""
        self.on("2024-03-04").run(amounts)
        ids = {number: case_id for number, case_id in self.ids().items() if number in amounts}
        for number, case_id in sorted(ids.items()):
            self.cases.take(case_id, "confirm", subject(number))
        large = [ids[number] for number, amount in amounts.items() if amount > 10_000_000]
        assert not self.cases.take_many([case_id for case_id in ids.values() if case_id not in large], "review", "li")
        assert not self.cases.take_many(large, "first_review", "li")
        assert not self.cases.take_many(large, "second_review", "wang")
        assert not self.cases.take_many(list(ids.values()), "publish", "li")
        self.on("2024-03-12")
        assert not self.cases.take_many(list(ids.values()), "clear", "li")
        self.on("2024-03-20")
        return ids


def wanted_rows(amounts: Iterable[tuple[int, int | None]], **columns: Any) -> pl.DataFrame:
    """What a run wants, for subjects by number with amounts in fen; other columns as given."""
    pairs = list(amounts)
    fixed = {
        "flow": "pay_benefit",
        "policy": "hire_subsidy",
        "period": "2024",
        "department": "hr",
        "basis": '{"policy_version":"a1"}',
        "waiting": None,
    } | columns
    return pl.DataFrame(
        {"subject": [subject(number) for number, _ in pairs], "amount": [amount for _, amount in pairs]},
        schema={"subject": pl.String, "amount": pl.Int64},
    ).with_columns(pl.lit(value, pl.String).alias(name) for name, value in fixed.items())
