"""Payment batches (拨付批次): prepared by one person, sent by another, never beyond the budget.

The record is what counts: a batch and all its lines are written in one transaction, and the file for the bank is made
from them, the same bytes each time. A file that was lost is made again; a file without its record cannot come to be. The
files of a cancelled batch say so in their names.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.actors import Actor
from yunnao.access.scope import refusal
from yunnao.audit.events import AuditEvent
from yunnao.audit.rows import LINE
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.kernel.moment import instant_text
from yunnao.kernel.numbers import yuan_text
from yunnao.platforms.cases import overview, payments, store
from yunnao.platforms.cases.definitions import Step
from yunnao.platforms.cases.payments import Batch
from yunnao.platforms.cases.service import Cases
from yunnao.storage.files import disk_errors, make_folder, sync_folder, write_atomically

Budgets = Mapping[str, Mapping[int, int]]
"""Policy -> year -> fen."""

Names = Callable[[str], pl.DataFrame]
"""Policy -> subject, name: what a register calls the subjects that the policy is about; fewer rows where none does."""


def _no_names(_policy: str) -> pl.DataFrame:
    return pl.DataFrame(schema={"subject": pl.String, "name": pl.String})


class Payments:
    """The payment batches of one district."""

    def __init__(self, cases: Cases, budgets: Budgets, names: Names = _no_names) -> None:
        self._cases = cases
        self._budgets = budgets
        self._names = names

    def prepare_batch(self, policy: str, actor: str, *, year: int) -> Batch:
        """A batch of every case of ``policy`` that is ready to be paid and fits what is left of the budget of ``year``.

        Returns:
            The batch; `left_out` says which cases did not come in, and why.

        Raises:
            StepRefused: the actor may not pay any of the cases that are ready.
            YunnaoError: there is no budget, or nothing that can be paid within it; nothing has changed.
        """
        who = self._cases.actors.actor(actor)
        budget = self._budgets.get(policy, {}).get(year)
        if budget is None:
            raise YunnaoError(f"没有政策 {policy} {year} 年的预算，不能拨付；请在 district.yaml 的 budgets 中写明")
        with self._cases.audit.writing() as connection:
            remaining = budget - self._committed(connection, policy, year)
            chosen = payments.selection(self._ready(connection, policy, who), remaining)
            left_out = chosen.filter(pl.col("why").is_not_null()).select("case_id", "subject", "amount", "why")
            lines = chosen.filter(pl.col("why").is_null()).select("case_id", "subject", "amount").sort("case_id")
            if lines.is_empty():
                raise YunnaoError(_nothing(policy, year, remaining, left_out))
            return self._record(connection, policy, year, who, lines, left_out)

    def send_batch(self, batch_id: str, actor: str) -> Batch:
        """Send a prepared batch; its cases become paid in the same transaction.

        Raises:
            StepRefused: by who prepared it, or by somebody who may not pay; or it was sent or cancelled already; or one
                of its cases is not as it was. Nothing has changed.
            YunnaoError: no such batch or actor, or the budget has been cut below it.
        """
        who = self._cases.actors.actor(actor)
        with self._cases.audit.writing() as connection:
            batch = self._prepared(connection, batch_id)
            if batch.prepared_by == who.id:
                raise StepRefused(f"批次 {batch_id} 由 {who.name} 编制，须由另一人发出")
            budget = self._budgets.get(batch.policy, {}).get(batch.year, 0)
            committed = self._committed(connection, batch.policy, batch.year)
            if committed > budget:
                over = yuan_text(committed - budget)
                raise YunnaoError(
                    f"政策 {batch.policy} {batch.year} 年已拨和待发合计超出预算 {over} 元；请取消批次或调整预算"
                )
            lines = store.batch_lines(connection, [batch_id])
            rows = {
                store.EVENTS: self._pay(connection, batch, lines, who),
                store.BATCH_EVENTS: store.batch_event(batch_id, 2, "sent", who.id, self._cases.clock()),
            }
            details = {
                "batch": batch_id,
                "cases": batch.cases,
                "total_fen": batch.total,
                "file_sha256": batch.file_sha256,
            }
            self._cases.audit.append(connection, AuditEvent.BATCH_SENT, who.id, details, rows)
            return self._batch(connection, batch_id)

    def cancel_batch(self, batch_id: str, actor: str, reason: str) -> Batch:
        """Cancel a batch that was not sent; its cases are ready again.

        Raises:
            StepRefused: it was sent or cancelled already, the actor may not pay, or no reason was given.
            YunnaoError: no such batch or actor.
        """
        who = self._cases.actors.actor(actor)
        with self._cases.audit.writing() as connection:
            batch = self._prepared(connection, batch_id)
            if not reason.strip():
                raise StepRefused(f"取消批次 {batch_id} 请写明理由（--reason）")
            self._may_pay_all(connection, batch, store.batch_lines(connection, [batch_id]), who)
            event = store.batch_event(batch_id, 2, "cancelled", who.id, self._cases.clock(), reason)
            details = {"batch": batch_id, "reason": reason}
            rows = {store.BATCH_EVENTS: event}
            self._cases.audit.append(connection, AuditEvent.BATCH_CANCELLED, who.id, details, rows)
            return self._batch(connection, batch_id)

    def batches(self) -> pl.DataFrame:
        """Every batch, the oldest first: batch_id, policy, year, cases, total (fen), file_sha256, status ..."""
        with self._cases.records.read() as connection:
            return store.batches(connection)

    def export_batch(self, batch_id: str, folder: Path) -> list[Path]:
        """Write the batch's CSV and Excel files into ``folder``, each as a whole or not at all.

        Raises:
            YunnaoError: no such batch, its record does not match its SHA-256, or the folder cannot be written.
        """
        with self._cases.records.read() as connection:
            batch = self._batch(connection, batch_id)
            lines = store.batch_lines(connection, [batch_id])
        content = payments.batch_csv(batch_id, batch.policy, lines, batch.noted)
        if payments.sha256(content) != batch.file_sha256:
            raise YunnaoError(f"批次 {batch_id} 的明细与编制时的校验值不符，不能导出；请核查审计记录")
        stem = batch_id + (payments.CANCELLED if batch.status == "cancelled" else "")
        files = {folder / f"{stem}.csv": content, folder / f"{stem}.xlsx": payments.batch_xlsx(batch, lines)}
        make_folder(folder)
        for path, data in files.items():
            write_atomically(path, data)
        return list(files)

    def mark_cancelled(self, folder: Path) -> list[Path]:
        """Give the files in ``folder`` of every cancelled batch names that say so; again, and after a crash, is safe.

        Raises:
            YunnaoError: a file cannot be renamed.
        """
        batches = self.batches().filter(pl.col("status") == "cancelled")
        marked = []
        for batch_id in batches["batch_id"]:
            for path in (folder / f"{batch_id}.csv", folder / f"{batch_id}.xlsx"):
                with disk_errors(path):
                    if path.exists():
                        marked.append(path.replace(path.with_stem(batch_id + payments.CANCELLED)))
        if marked:
            sync_folder(folder)
        return marked

    # ------------------------------------------------------------------ parts

    def _ready(self, connection: Connection, policy: str, who: Actor) -> pl.DataFrame:
        """The cases of ``policy`` that wait for payment, are in no batch, and that ``who`` may pay."""
        cases = overview.standing_where(connection, store.MATTERS.c.policy == policy)
        waiting = pl.DataFrame(
            [(flow.id, step.from_[0]) for flow in self._cases.flows.values() if (step := flow.payment)],
            schema={"flow": pl.String, "state": pl.String},
            orient="row",
        )
        cases = cases.join(waiting, on=["flow", "state"], how="semi")
        live = store.batches(connection, store.BATCHES.c.policy == policy).filter(pl.col("status") != "cancelled")
        taken = store.batch_lines(connection, live["batch_id"].to_list())
        cases = cases.join(taken, on="case_id", how="anti")
        refusals = {
            (flow, department): self._refusal(flow, department, who)
            for flow, department in cases.select("flow", "department").unique().sort("flow", "department").iter_rows()
        }
        refused = [key for key, why in refusals.items() if why]
        if refused and len(refused) == len(refusals):
            raise StepRefused(f"不能编制拨付批次：{refusals[refused[0]]}")
        barred = pl.DataFrame(refused, schema={"flow": pl.String, "department": pl.String}, orient="row")
        return cases.join(barred, on=["flow", "department"], how="anti")

    def _record(
        self, connection: Connection, policy: str, year: int, who: Actor, lines: pl.DataFrame, left_out: pl.DataFrame
    ) -> Batch:
        of_year = (store.BATCHES.c.policy == policy) & (store.BATCHES.c.year == year)
        count = connection.execute(sa.select(sa.func.count()).where(of_year)).scalar_one()
        batch_id = f"{policy}-{year}-{count + 1:04d}"
        names = self._names(policy).unique("subject", keep="first").select("subject", payments.harmless(pl.col("name")))
        lines = lines.join(names, on="subject", how="left", maintain_order="left")
        noted = self._cases.audit.last(connection)
        file_sha256 = payments.sha256(payments.batch_csv(batch_id, policy, lines, noted))
        total = int(lines["amount"].sum())
        row = {
            "batch_id": batch_id,
            "policy": policy,
            "year": year,
            "cases": lines.height,
            "total": total,
            "file_sha256": file_sha256,
        }
        rows = {
            store.BATCHES: pl.DataFrame([row]),
            store.BATCH_LINES: lines.with_columns(batch_id=pl.lit(batch_id)),
            store.BATCH_EVENTS: store.batch_event(batch_id, 1, "prepared", who.id, self._cases.clock()),
        }
        details = {
            "batch": batch_id,
            "policy": policy,
            "year": year,
            "cases": lines.height,
            "total_fen": total,
            "file_sha256": file_sha256,
        }
        self._cases.audit.append(connection, AuditEvent.BATCH_PREPARED, who.id, details, rows)
        return self._batch(connection, batch_id, left_out)

    def _pay(self, connection: Connection, batch: Batch, lines: pl.DataFrame, who: Actor) -> pl.DataFrame:
        """The events that pay the cases of ``lines``."""
        cases = self._may_pay_all(connection, batch, lines, who)
        ways = pl.DataFrame(
            [
                (flow.id, step.id, step.from_[0], step.to)
                for flow in self._cases.flows.values()
                if (step := flow.payment)
            ],
            schema={"flow": pl.String, "step": pl.String, "from_state": pl.String, "to_state": pl.String},
            orient="row",
        )
        cases = cases.join(ways, on="flow", how="left", maintain_order="left")
        unfit = cases.filter(
            pl.col("state").ne_missing(pl.col("from_state"))
            | ~pl.col("entitled")
            | pl.col("amount").ne_missing(pl.col("line_amount"))
            | pl.col("wanted_amount").ne_missing(pl.col("line_amount"))
        )
        if unfit.height:
            named = "、".join(unfit["case_id"].head(5))
            raise StepRefused(f"批次 {batch.batch_id} 中有 {unfit.height} 个办件已变化（{named} 等）；请取消后重新编制")
        return cases.select(
            "case_id",
            pl.col("seq") + 1,
            "step",
            "from_state",
            "to_state",
            pl.lit(who.id).alias("actor"),
            pl.lit(instant_text(self._cases.clock())).alias("at"),
            pl.lit(batch.batch_id).alias("document"),
        ).sort("case_id")

    def _may_pay_all(self, connection: Connection, batch: Batch, lines: pl.DataFrame, who: Actor) -> pl.DataFrame:
        """Where the cases of ``lines`` stand, with `line_amount`; every one of them ``who`` may pay."""
        cases = overview.standing_where(connection, store.MATTERS.c.policy == batch.policy)
        cases = cases.join(lines.select("case_id", line_amount="amount"), on="case_id", how="inner")
        for flow, department in cases.select("flow", "department").unique().sort("flow", "department").iter_rows():
            why = self._refusal(flow, department, who)
            if why:
                raise StepRefused(f"不能办理批次 {batch.batch_id}：{why}")
        return cases

    def _refusal(self, flow: str, department: str, who: Actor) -> str | None:
        step: Step | None = self._cases.flows[flow].payment
        if step is None:
            return f"流程 {flow} 没有拨付环节"
        return refusal(who, step.by, subject="", department=department, any_department=step.any_department)

    def _committed(self, connection: Connection, policy: str, year: int) -> int:
        """Fen paid and about to be paid from the budget of ``year``."""
        of_year = (store.BATCHES.c.policy == policy, store.BATCHES.c.year == year)
        live = store.batches(connection, *of_year).filter(pl.col("status") != "cancelled")
        return int(live["total"].sum())

    def _batch(self, connection: Connection, batch_id: str, left_out: pl.DataFrame | None = None) -> Batch:
        found = store.batches(connection, store.BATCHES.c.batch_id == batch_id)
        if found.is_empty():
            raise YunnaoError(f"没有拨付批次 {batch_id!r}；请查看批次清单")
        row = {name: value for name, value in found.row(0, named=True).items() if not name.endswith("_at")}
        noted = self._cases.audit.before(connection, row.pop(LINE))
        return Batch(**row, noted=noted, left_out=left_out)

    def _prepared(self, connection: Connection, batch_id: str) -> Batch:
        batch = self._batch(connection, batch_id)
        if batch.status != "prepared":
            done = {"sent": "已经发出", "cancelled": "已经取消"}[batch.status]
            raise StepRefused(f"批次 {batch_id} {done}，不能再发出或取消")
        return batch


def _nothing(policy: str, year: int, remaining: int, left_out: pl.DataFrame) -> str:
    if left_out.is_empty():
        return f"政策 {policy} 没有待拨付的办件"
    whys = dict(left_out.group_by("why").len().sort("why").iter_rows())
    counted = "、".join(f"{why} {count} 件" for why, count in whys.items())
    return f"政策 {policy} 没有可拨付的办件：{counted}；{year} 年预算余额 {yuan_text(remaining)} 元"
