"""The demonstration: a synthetic district from its registers' files to money paid, with a clock that can be moved on."""

import datetime as dt
import shutil
import sys
import time
from pathlib import Path

import click
import polars as pl

from yunnao.app import District
from yunnao.catalogue.cards import installed_departments
from yunnao.catalogue.home import make_home
from yunnao.catalogue.run import measure, run_scenario
from yunnao.cli.drg_demonstration import show_drg
from yunnao.cli.plan_demonstration import show_plan
from yunnao.cli.sampling import write_sample
from yunnao.cli.summary import print_measured, print_report
from yunnao.cli.terminal import progress, table
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.kernel.numbers import yuan_text
from yunnao.platforms.decisions.runs import Manifest
from yunnao.scenarios.benefits.sample import AS_OF
from yunnao.scenarios.drg.sample_year import YEAR
from yunnao.settings import STARTER
from yunnao.storage.files import make_folder, write_atomically
from yunnao.web.dictionary import write_dictionary

_MARK = ".yunnao-demo"
_HANDLED = 40
"""How many cases of one policy the demonstration carries to payment."""


class _MovableClock:
    """A clock that stands still until it is moved on: a demonstration cannot wait five working days."""

    def __init__(self, moment: dt.datetime) -> None:
        self.moment = moment

    def __call__(self) -> dt.datetime:
        self.moment += dt.timedelta(milliseconds=1)
        return self.moment


class Demonstration:
    """One demonstration in ``home``, which it makes anew.

    Args:
        messages: real messages with their replies, if at hand, for the scenario `reply_times`.
    """

    def __init__(self, home: Path, scale: float, seed: int, messages: Path | None) -> None:
        self.home = home
        self.scale = scale
        self.seed = seed
        self.messages = messages
        self.clock = _MovableClock(dt.datetime.combine(AS_OF, dt.time(9), CHINA))

    def run(self) -> None:
        """Go the whole way.

        Raises:
            YunnaoError: ``home`` holds something that is not a demonstration.
        """
        started = time.perf_counter()
        self._make_home()
        with progress("① 合成名册 synthetic registers") as advance:
            files = write_sample(self.home, self.scale, self.seed, advance)
        district = District(self.home, clock=self.clock)
        with progress("② 导入 load") as advance:
            refused = 0
            for number, file in enumerate(files):
                advance(district.registers[file.register].title.zh, number / len(files))
                reports = district.registry.load(file.register, [file.path])
                refused += sum(report.refused for report in reports)
        rows = sum(file.rows for file in files)
        click.echo(
            f"① ② {len(files)} 个名册，{rows:,} 行（全部是合成的），拒绝 {refused:,} 行，见 {self.home / 'rejects'}"
        )
        scenario = district.scenario("benefits")
        with progress("③ 决定、办件、指标 run") as advance:
            report = run_scenario(self.home, district.deciding, district.cases, scenario, AS_OF, None, advance)
        click.echo("\n③ 决定 → 办件 → 指标")
        print_report(report)
        self._print_policies(district, report.manifest)
        self._pay(district, report.manifest)
        click.echo("\n④ 办过一批之后的指标")
        measured = measure(self.home, district.deciding, district.cases, scenario, report.manifest)
        print_measured([row for row in measured if not row.by])
        show_plan(District(self.home, clock=self.clock))
        self._reply_times(district)
        self.clock.moment = max(
            self.clock.moment, dt.datetime(YEAR + 1, 2, 1, 9, tzinfo=CHINA)
        )  # a year is cleared after its end
        show_drg(District(self.home, clock=self.clock))
        folder = self.home / "dictionary"
        write_dictionary([scenario], folder, as_of=AS_OF, district=district.settings.title)
        self._where_next(district, report.manifest, time.perf_counter() - started)

    def _make_home(self) -> None:
        if self.home.exists():
            if not (self.home / _MARK).exists():
                raise YunnaoError(f"{self.home} 已存在，且不是演示留下的，没有改动；请用 --home 指定别的目录")
            shutil.rmtree(self.home)
        make_home(self.home, installed_departments(), STARTER)
        write_atomically(self.home / _MARK, b"")

    def _print_policies(self, district: District, manifest: Manifest) -> None:
        scenario = district.scenario(manifest.scenario)
        rows = []
        for id_ in manifest.policies:
            counts = (
                district.deciding.runs.long(manifest, id_)
                .group_by("outcome")
                .agg(pl.len().alias("n"), pl.col("amount").sum())
                .collect()
            )
            found = {outcome: (n, amount) for outcome, n, amount in counts.rows()}
            granted, amount = found.get("granted", (0, 0))
            refused, undetermined = (found.get(name, (0, 0))[0] for name in ("refused", "undetermined"))
            policy = scenario.policies[id_]
            title = policy.title.zh + ("［待核］" if policy.uncertain else "")
            money = yuan_text(amount) if policy.grants.amount else ""
            rows.append((title, f"{granted:,}", money, f"{refused:,}", f"{undetermined:,}"))
        table("每项政策", ("政策", "可享受", "金额（元）", "不符合", "待补充"), rows)

    def _pay(self, district: District, manifest: Manifest) -> None:
        """Carry some proposals of one policy through confirmation, review, publication and payment."""
        proposed = district.cases.list(flow="pay_benefit", state="proposed", limit=None).filter(
            pl.col("amount").is_not_null() & (pl.col("amount") > 0)
        )
        if proposed.is_empty():
            click.echo("\n④ 没有待企业确认的资金类办件")
            return
        policy = proposed.group_by("policy").len().sort(["len", "policy"], descending=[True, False])["policy"][0]
        chosen = proposed.filter(pl.col("policy") == policy).sort("case_id").head(_HANDLED)
        year = int(manifest.as_of[:4])
        budget = yuan_text(int(chosen["amount"].sum()))
        settings = STARTER.replace("budgets: {}", f'budgets: {{{policy}: {{"{year}": "{budget}"}}}}')
        write_atomically(self.home / "district.yaml", settings.encode())
        district = District(self.home, clock=self.clock)
        cases, ids = district.cases, chosen["case_id"].to_list()
        department = chosen["department"][0]
        for case_id, subject in chosen.select("case_id", "subject").rows():
            cases.take(case_id, "confirm", subject)
        self._pass(days=1)
        cases.take_many(ids, "review", f"{department}.reviewer")
        large = cases.take_many(ids, "first_review", f"{department}.reviewer")
        cases.take_many([i for i in ids if i not in large], "second_review", f"{department}.second_reviewer")
        cases.take_many(ids, "publish", f"{department}.publisher")
        early = cases.take_many(ids[:1], "clear", f"{department}.publisher")
        self._pass(days=12)
        cases.take_many(ids, "clear", f"{department}.publisher")
        batch = district.payments.prepare_batch(policy, "cashier1", year=year)
        folder = self.home / "payments"
        make_folder(folder)
        files = district.payments.export_batch(batch.batch_id, folder)
        sent = district.payments.send_batch(batch.batch_id, "cashier2")
        title = district.scenario("benefits").policies[policy].title.zh
        click.echo(f"\n④ {title}：{len(ids)} 件走完 企业确认 → 审核 → 公示 → 拨付")
        click.echo(f"   公示不满 5 个工作日时办不了：{next(iter(early.values()), '（未拦住）')}")
        click.echo(
            f"   批次 {sent.batch_id}：{sent.cases} 件，{yuan_text(sent.total)} 元，预算 {budget} 元；{files[0]}"
        )

    def _pass(self, *, days: int) -> None:
        self.clock.moment += dt.timedelta(days=days)

    def _reply_times(self, district: District) -> None:
        if self.messages is None or "reply_times" not in district.scenarios:
            return
        with progress("⑥ 留言答复时限 reply_times") as advance:
            district.registry.load("messages", [self.messages])
            scenario = district.scenario("reply_times")
            today = dt.datetime.now(CHINA).date()
            report = run_scenario(self.home, district.deciding, district.cases, scenario, today, None, advance)
        click.echo("\n⑥ 另一个包里的场景：真实留言的答复时限")
        print_report(report)

    def _where_next(self, district: District, manifest: Manifest, seconds: float) -> None:
        first = next(iter(manifest.policies))
        runs = district.deciding.runs
        granted = runs.long(manifest, first).filter(pl.col("outcome") == "granted").select("subject").head(1).collect()
        subject = granted["subject"][0] if len(granted) else "统一社会信用代码"
        home = self.home
        click.echo(f"\n✓ 全程 {seconds:.1f} 秒。接着可以：")
        click.echo(f"   打开 {home / 'dictionary' / 'index.html'}   惠企政策词典")
        command = "yunnao" if shutil.which("yunnao") else sys.argv[0]
        for line in (
            f"explain {home} {first} {subject}",
            f"decisions {home} --outcome granted -o granted.csv",
            f"cases {home} --state proposed",
            f"indicators {home} -o indicators.xlsx",
            f"plan track {home} -o 跟踪.xlsx",
            f"drg explain {home} S0000001",
            f"replay {home}",
            f"audit verify {home}",
        ):
            click.echo(f"   {command} {line}")
