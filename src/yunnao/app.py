"""The composition root: builds a district's parts from its home, each when it is first needed.

What a part needs is imported with it: asking needs no record store, and a service for citizens no policies.
"""

import getpass
import os
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from yunnao.catalogue.cards import department_titles, has_policy, installed_scenarios
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.kernel.moment import CHINA, Clock
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.kernel.working_days import WorkingCalendar, calendar_at
from yunnao.settings import Settings, clock_from, district_secret, read_settings
from yunnao.storage.last_valid import LastValid

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import polars as pl

    from yunnao.access.actors import Actors
    from yunnao.audit.events import AuditEvent
    from yunnao.audit.heads import Noted
    from yunnao.audit.log import Audit
    from yunnao.catalogue.deciding import Deciding
    from yunnao.catalogue.scenario import Scenario
    from yunnao.in_force import InForce, Watched
    from yunnao.platforms.cases.filed.definitions import FiledFlow
    from yunnao.platforms.cases.filed.kept_files import KeptFiles
    from yunnao.platforms.cases.filed.service import FiledCases
    from yunnao.platforms.cases.payment_service import Payments
    from yunnao.platforms.cases.service import Cases
    from yunnao.platforms.indicators.measure import Measured
    from yunnao.platforms.indicators.targets.service import Targets
    from yunnao.platforms.registry.service import Registry
    from yunnao.scenarios.drg.settlement.running import Desk
    from yunnao.storage.engines import Engine
    from yunnao.storage.records import Records


class District:
    """One district.

    Args:
        home: its folder.
        clock: the clock; the system's, or the one that the environment fixes.

    Raises:
        YunnaoError: ``home`` is no district's home.
    """

    def __init__(self, home: Path, clock: Clock | None = None, environment: Mapping[str, str] = os.environ) -> None:
        self.home = home
        self.settings: Settings = read_settings(home, environment)
        self.clock: Clock = clock or clock_from(environment)
        self.environment = environment
        self._scenarios: dict[str, Scenario] = {}
        self._calendar: LastValid[WorkingCalendar] = LastValid(self.calendar_file, calendar_at)

    @property
    def calendar(self) -> WorkingCalendar:
        """Working days: the district's own table, or the one that comes with Yunnao, by now; the same object until it changes."""
        return self._calendar()

    @property
    def calendar_file(self) -> Path:
        """Where the district's own table of working days is, if it has one."""
        return self.home / "working_days.yaml"

    @cached_property
    def scenarios(self) -> Mapping[str, "Scenario"]:
        """Every installed scenario, with the policies that the district published itself."""
        return {id_: self.scenario(id_) for id_ in installed_scenarios()}

    def published(self, scenario: str) -> Path:
        """Where the district keeps the policies it published for ``scenario``."""
        return self.home / "policies" / scenario

    def scenario(self, id_: str) -> "Scenario":
        """One scenario, read when it is first asked for.

        Raises:
            YunnaoError: it is not installed.
        """
        if id_ not in self._scenarios:
            from yunnao.catalogue.loader import district_parameters, load_scenario

            installed = installed_scenarios()
            if id_ not in installed:
                raise YunnaoError(f"没有叫 {id_} 的应用场景；已安装：{'、'.join(installed)}")
            parameters = district_parameters({"city": self.settings.city})
            self._scenarios[id_] = load_scenario(installed[id_], published=self.published(id_), district=parameters)
        return self._scenarios[id_]

    def scenario_of_policy(self, policy: str) -> "Scenario":
        """The scenario that has ``policy``; of the others nothing is read.

        Raises:
            YunnaoError: none has it.
        """
        for id_, module in installed_scenarios().items():
            if has_policy(module, policy, self.published(id_)):
                return self.scenario(id_)
        raise YunnaoError(f"没有叫 {policy} 的政策；可用 yunnao dictionary 查看全部政策")

    @cached_property
    def registers(self) -> Mapping[str, Register]:
        """Every register that some scenario reads.

        Raises:
            DefinitionError: two scenarios mean different registers by one name.
        """
        registers: dict[str, Register] = {}
        for scenario in self.scenarios.values():
            for id_, register in scenario.registers.items():
                if registers.setdefault(id_, register) != register:
                    raise DefinitionError(f"两个场景声明了不同的名册 {id_}；请给其中一个改名")
        return registers

    @cached_property
    def registry(self) -> "Registry":
        """Registers, deliveries, snapshots."""
        from yunnao.platforms.registry.service import Registry

        return Registry(self.home, self.registers, self.clock)

    @cached_property
    def engine(self) -> "Engine":
        """Where set-wise work runs."""
        from yunnao.storage.engines import engine_for

        return engine_for(self.settings.engine)

    @cached_property
    def deciding(self) -> "Deciding":
        """What deciding needs."""
        return self._deciding(self.registry)

    def asking(self, scenario: "Scenario") -> "Deciding":
        """The same for a question about one subject, which reads no registers but those of ``scenario`` and keeps nothing."""
        from yunnao.platforms.registry.service import Registry

        return self._deciding(Registry(self.home, scenario.registers, self.clock))

    def _deciding(self, registry: "Registry") -> "Deciding":
        from yunnao.catalogue.deciding import Deciding
        from yunnao.platforms.decisions.runs import Runs

        return Deciding(
            registry=registry,
            runs=Runs(self.home),
            regions=frozenset(self.settings.regions),
            calendar=self.calendar,
            clock=self.clock,
            engine=self.engine,
            audit_head=lambda: str(self.audit.head()),
        )

    @cached_property
    def records(self) -> "Records":
        """The record store; one that an older program made is upgraded first.

        Raises:
            YunnaoError: it cannot be reached, is busy, or is newer than this program.
        """
        from yunnao.access import attempts, sessions
        from yunnao.platforms.cases.upgrades import Upgrades
        from yunnao.platforms.indicators.targets import store as target_store
        from yunnao.storage.files import home_lock
        from yunnao.storage.records import Records

        records = Records.open(self.settings.records_url(self.home))
        upgrades = Upgrades(
            records,
            flows=lambda: self.filed_flows,
            calendar=lambda: self.calendar,
            audit=lambda: self._audit_of(records),
            clock=self.clock,
            lock=lambda: home_lock(self.home),
            tell=lambda words: sys.stderr.write(f"{words}\n"),
            others=(target_store.METADATA, sessions.METADATA, attempts.METADATA),
        )
        try:
            upgrades.run()
        except BaseException:
            records.close()
            raise
        return records

    @cached_property
    def in_force(self) -> "InForce":
        """What the district's own files say: actors, limits, responsibility catalogue, measures."""
        from yunnao.in_force import InForce

        return InForce(self.home, lambda: self.departments, lambda: self.clock().astimezone(CHINA).date())

    @property
    def actors(self) -> "Actors":
        """Who may act, by now.

        Raises:
            DefinitionError: `actors.yaml` is not usable, and was not before.
        """
        return self.in_force.actors()

    @cached_property
    def audit(self) -> "Audit":
        """The audit log, with every table whose rows it stands for, and the words that these keep digests of."""
        return self._audit_of(self.records)

    def _audit_of(self, records: "Records") -> "Audit":
        from yunnao.audit.heads import FILE
        from yunnao.audit.log import Audit
        from yunnao.platforms.cases import store
        from yunnao.platforms.cases.filed import store as filed_store
        from yunnao.platforms.cases.filed.named_files import altered_files
        from yunnao.platforms.cases.filed.rounds import store as rounds_store
        from yunnao.platforms.cases.filed.word_digests import altered_words
        from yunnao.platforms.indicators.targets import store as target_store

        tables = (*store.TABLES, *filed_store.TABLES, *rounds_store.TABLES, *target_store.TABLES)
        checks = (altered_words, altered_files(self.attachments))
        return Audit(records, self.clock, tables, self.home / FILE, checks)

    def known_heads(self) -> "Iterator[Noted]":
        """The heads of the audit log that the home's files carry: the head file, runs' manifests, payment batches.

        Raises:
            YunnaoError: one of the files is damaged.
        """
        from yunnao.audit import heads
        from yunnao.platforms.cases.payments import noted_in
        from yunnao.platforms.decisions.runs import Runs
        from yunnao.scenarios.drg.settlement.runs import Runs as Settlements

        if head := heads.kept(self.home / heads.FILE):
            yield head
        runs = Runs(self.home)
        for number in runs.numbers():
            if noted := runs.manifest(number).audit_head:
                yield heads.parsed(noted, f"第 {number} 次运行")
        settlements = Settlements(self.home)
        for number in settlements.numbers():
            if noted := settlements.manifest(number).audit_head:
                yield heads.parsed(noted, f"第 {number} 次清算或预拨")
        for path in sorted(self.home.glob("payments/[!.]*.csv")):
            if head := noted_in(path.read_bytes(), f"批次文件 {path.name} "):
                yield head

    def check_records(self) -> None:
        """Make sure, before anything else is changed, that the record store can be written.

        Raises:
            YunnaoError: it is busy or cannot be written.
        """
        with self.records.write():
            pass
        self.records.close()  # a refusal that follows then leaves no side file behind

    def note(self, kind: "AuditEvent", **details: object) -> None:
        """Add a line to the audit log in the name of the operating system's user, who runs this command.

        Raises:
            YunnaoError: the record store cannot be written.
        """
        audit = self.audit
        with audit.writing() as connection:
            audit.append(connection, kind, f"os:{getpass.getuser()}", details)

    @cached_property
    def cases(self) -> "Cases":
        """Cases of every scenario."""
        from yunnao.platforms.cases.service import Cases

        flows = {id_: flow for scenario in self.scenarios.values() for id_, flow in scenario.flows.items()}
        return Cases(self.records, flows, self.calendar, self.clock, self.audit, self.actors)

    @cached_property
    def departments(self) -> Mapping[str, Text]:
        """Every department that some scenario or the district's settings name; the district's own words come first."""
        own = {id_: Text(title.zh, title.en) for id_, title in self.settings.departments.items()}
        return department_titles() | own

    @property
    def filed_flows(self) -> "Mapping[str, FiledFlow]":
        """The flows of filed cases of every scenario, with the time limits that the district has set, by now.

        Raises:
            DefinitionError: the district's limits are not usable, and were not before.
        """
        return self.in_force.flows()

    def follow_files(self) -> "list[Watched]":
        """Go by what the district's files say now, and say how each of them stands."""
        files = self.in_force.look(self._calendar)
        if "filed" in self.__dict__:
            self.filed.go_by(self.filed_flows, self.calendar)
        return files

    @cached_property
    def attachments(self) -> "KeptFiles":
        """The files of attachments."""
        from yunnao.platforms.cases.filed.kept_files import FOLDER, KeptFiles

        return KeptFiles(self.home / FOLDER)

    @cached_property
    def filed(self) -> "FiledCases":
        """Filed cases of every scenario.

        Raises:
            DefinitionError: the district's limits are not usable.
        """
        from yunnao.platforms.cases.filed.rounds.store import create
        from yunnao.platforms.cases.filed.service import FiledCases

        flows = self.filed_flows
        departments = {id_: title.zh for id_, title in self.departments.items()}
        secret = district_secret(self.home)
        cases = FiledCases(
            self.records, flows, departments, self.calendar, self.clock, self.audit, secret, self.attachments
        )
        create(self.records)
        return cases

    @cached_property
    def targets(self) -> "Targets":
        """What the district's plans promise, who answers for it, and what came of it."""
        from yunnao.platforms.indicators.targets.service import Targets

        return Targets(self.records, self.audit, self.clock)

    def settling(self, as_of: "dt.date | None" = None, known_at: "dt.datetime | None" = None) -> "Desk":
        """What settling DRG payments needs: the rows in force (today and now by default), the district's scheme and policy.

        Raises:
            YunnaoError: scheme or policy are not usable, or what the snapshot rests on is damaged.
            HomeBusy: the snapshot has to be built, and another command is writing.
        """
        from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme
        from yunnao.scenarios.drg.settlement.erasing import load_forgotten
        from yunnao.scenarios.drg.settlement.policy import OWN, policy_of
        from yunnao.scenarios.drg.settlement.running import SCHEME, Desk, Source
        from yunnao.scenarios.drg.settlement.runs import Runs
        from yunnao.storage.files import make_folder, write_atomically

        own = self.home / SCHEME
        snapshot = self.registry.snapshot(as_of or self.clock().date(), known_at)
        return Desk(
            runs=Runs(self.home, write_atomically, make_folder),
            source=Source(
                snapshot=snapshot.id,
                as_of=snapshot.as_of,
                known_at=snapshot.known_at,
                tables=snapshot.tables,
                look=known_at is not None,
            ),
            scheme=load_scheme(own if own.is_dir() else SAMPLE_SCHEME),
            policy=policy_of(self.home),
            folder=(self.home / OWN).parent,
            forgotten=load_forgotten(self.home, district_secret(self.home)),
            now=self.clock,
            audit_head=lambda: str(self.audit.head()),
        )

    def measured(self) -> "list[Measured]":
        """What every run of the district has measured, in the order of the runs.

        Raises:
            YunnaoError: the file of a run is damaged.
        """
        from yunnao.platforms.decisions.runs import Runs
        from yunnao.platforms.indicators import store

        folders = [self.home / "runs" / str(number) for number in Runs(self.home).numbers()]
        return [row for folder in folders if (folder / store.FILE).exists() for row in store.kept(folder)]

    @property
    def model_file(self) -> Path | None:
        """The classifier of appeals that the settings name, if any."""
        return self.home / self.settings.appeals.model if self.settings.appeals.model else None

    @cached_property
    def payments(self) -> "Payments":
        """Payment batches."""
        from yunnao.catalogue.asking import names_decided
        from yunnao.platforms.cases.payment_service import Payments

        def names(policy: str) -> "pl.DataFrame":
            return names_decided(self.deciding, self.scenario_of_policy(policy), policy)

        return Payments(self.cases, self.settings.budgets_in_fen, names)
