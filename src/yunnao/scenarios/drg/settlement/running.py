"""Make a run of a month or a year from a snapshot: group, settle, keep. Safe to repeat and to be cut off anywhere."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from yunnao.capabilities.drg.many import group
from yunnao.capabilities.drg.scheme import UNGROUPED, Scheme
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.fact import FactType
from yunnao.kernel.moment import instant_text
from yunnao.kernel.register import Register
from yunnao.scenarios.drg.registers import fund_transfers, hospital_scores, hospitals, inpatient_stays, stay_reviews
from yunnao.scenarios.drg.settlement.accounts import PrepaidBy, prepaid_by
from yunnao.scenarios.drg.settlement.erasing import Forgotten
from yunnao.scenarios.drg.settlement.policy import Policy, Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs, in_period
from yunnao.scenarios.drg.settlement.published import Published
from yunnao.scenarios.drg.settlement.published_files import load_published
from yunnao.scenarios.drg.settlement.runs import Kind, Manifest, Run, Runs
from yunnao.scenarios.drg.settlement.settling import Settlement, settle_month, settle_year

REGISTERS: tuple[Register, ...] = (inpatient_stays, hospitals, hospital_scores, stay_reviews)
OF_YEAR: tuple[Register, ...] = (*REGISTERS, fund_transfers)
"""Transfers decide a year's clearing, not what a month computes."""
_REQUIRED = (inpatient_stays, hospitals)
_SHOWN = 5
SCHEME = Path("drg") / "scheme"
"""Where a district keeps its own grouping scheme, in its home."""

METHOD = 1
"""Raised when the same inputs would come to something else; part of what makes two runs equal."""

_STORED: Mapping[FactType, type[pl.DataType]] = {
    FactType.KEY: pl.String,
    FactType.CODE: pl.String,
    FactType.TEXT: pl.String,
    FactType.BOOLEAN: pl.Boolean,
    FactType.DATE: pl.Date,
}
_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Rows in force, as the registry answers them.

    Attributes:
        snapshot, as_of, known_at: see `Snapshot`.
        tables: register -> Parquet file whose name is the hash of its content.
        look: the question was about what was known in the past.
    """

    snapshot: str
    as_of: dt.date
    known_at: str
    tables: Mapping[str, Path]
    look: bool = False


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What settling needs of a district.

    Attributes:
        folder: of the policy, where the tables are that it names.
        forgotten: whose personal data is not kept in runs any more.
        audit_head: answers the head of its audit log, for the manifests.
    """

    runs: Runs
    source: Source
    scheme: Scheme
    policy: Policy
    folder: Path
    forgotten: Forgotten
    now: Callable[[], dt.datetime]
    audit_head: Callable[[], str]

    def run_month(self, month: str) -> tuple[Run, bool]:
        """The prepayment of a month, and whether it is new.

        Raises:
            YunnaoError: the month is none, or something that it needs is missing.
        """
        if not _MONTH.match(month):
            raise YunnaoError(f"{month!r} 不是月份；请写成 2023-05 这样")
        rules = self.policy.rules(int(month[:4]))
        return self._run("month", month, rules, [], lambda inputs: settle_month(inputs, rules, month))

    def run_year(self, year: int) -> tuple[Run, bool]:
        """The clearing of a year against the prepayments in force, and whether it is new.

        Raises:
            YunnaoError: something that it needs is missing.
        """
        rules = self.policy.rules(year)
        months = self.months(year)
        prepaid = self.prepaid(months)
        return self._run("year", str(year), rules, months, lambda inputs: settle_year(inputs, rules, prepaid))

    def months(self, year: int) -> list[Manifest]:
        """The prepayments of a year that count; for a look into the past those that were recorded by then."""
        months = self.runs.months_of(year)
        return [each for each in months if not self.source.look or each.recorded_at <= self.source.known_at]

    def prepaid(self, months: list[Manifest]) -> PrepaidBy:
        """What they prepaid in sum."""
        return prepaid_by(self.runs.open(each.number).hospitals.collect() for each in months)

    def published(self, rules: Rules) -> Published:
        """The tables that the rules name.

        Raises:
            YunnaoError: one is missing or cannot be used.
        """
        return load_published(self.folder, rules, {drg.code for drg in self.scheme.groups})

    def inputs(self, published: Published) -> Inputs:
        """The rows in force, grouped, beside the published tables.

        Raises:
            YunnaoError: stays or hospitals were never delivered.
        """
        missing = [register for register in _REQUIRED if register.id not in self.source.tables]
        if missing:
            names = "、".join(f"{register.title.zh}（{register.id}）" for register in missing)
            raise YunnaoError(f"到 {self.source.as_of} 还没有导入{names}；请先 yunnao load")
        stays, known, scores, reviews, transfers = (self._table(register) for register in OF_YEAR)
        return Inputs(
            stays=group(stays, self.scheme),
            hospitals=known,
            scores=scores,
            reviews=reviews,
            published=published,
            transfers=transfers,
        )

    def _check_decided(self, inputs: Inputs, period: str) -> None:
        """Refuse decisions for a group that there is not: such a stay would be paid as a group of its own."""
        known = [UNGROUPED, *(drg.code for drg in self.scheme.groups)]
        strange = (
            inputs.reviews.filter("supported", ~pl.col("decided_drg").is_in(known))
            .join(in_period(inputs.stays, period), on="case_id", how="semi")
            .sort("case_id")
        )
        if len(strange):
            shown = "、".join(
                f"{case}（{review or '无办件号'}）改为 {drg}"
                for case, review, drg in strange.head(_SHOWN).select("case_id", "review", "decided_drg").iter_rows()
            )
            raise YunnaoError(
                f"{len(strange):,} 份病案改定的病组不在分组方案里：{shown}{'等' if len(strange) > _SHOWN else ''}；"
                "请更正 stay_reviews 里的改定病组（办件须重新认定）后再导入"
            )

    def _table(self, register: Register) -> pl.DataFrame:
        path = self.source.tables.get(register.id)
        return empty(register) if path is None else pl.read_parquet(path)

    def _run(
        self, kind: Kind, period: str, rules: Rules, months: list[Manifest], settle: Callable[[Inputs], Settlement]
    ) -> tuple[Run, bool]:
        read = OF_YEAR if kind == "year" else REGISTERS
        tables = {each.id: self.source.tables[each.id].stem for each in read if each.id in self.source.tables}
        paid = [[each.period, each.hashes["hospitals.parquet"]] for each in months]
        published = self.published(rules)
        document = [METHOD, kind, period, tables, self.scheme.digest, rules.model_dump_json(), paid]
        document += [dict(published.hashes)] if published.hashes else []  # without a table it is what it always was
        digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        if (known := self.runs.equal(digest, kind, period, look=self.source.look)) is not None:
            return known, False
        inputs = self.inputs(published)
        self._check_decided(inputs, period)
        settlement = settle(inputs)
        stays, gone = self.forgotten.forget(settlement.stays)
        settlement = replace(settlement, stays=stays)
        before = self.runs.in_force(kind, period)
        manifest = Manifest(
            number=self.runs.next_number(),
            kind=kind,
            period=period,
            look=self.source.look,
            replaces=before.number if before is not None else None,
            recorded_at=instant_text(self.now()),
            as_of=self.source.as_of.isoformat(),
            known_at=self.source.known_at,
            snapshot=self.source.snapshot,
            tables=tables,
            scheme=self.scheme.digest,
            policy=self.policy.id,
            policy_title=self.policy.title.zh,
            policy_title_en=self.policy.title.en,
            example=self.policy.example.zh if self.policy.example else "",
            example_en=self.policy.example.en if self.policy.example else "",
            inputs=digest,
            months=tuple(each.number for each in months),
            pools=dict(settlement.pools),
            overall=dict(settlement.overall),
            counts=dict(settlement.counts),
            undated=settlement.undated,
            published=dict(published.hashes),
            unpublished=tuple(published.missing),
            erased=len(gone),
            audit_head=self.audit_head(),
        )
        return self.runs.keep(manifest, settlement, rules, published.contents), True


def empty(register: Register) -> pl.DataFrame:
    """A register that was never delivered: its columns without rows, as they are stored."""
    return pl.DataFrame(schema={fact.id: _STORED.get(fact.type, pl.Int64) for fact in register.facts})
