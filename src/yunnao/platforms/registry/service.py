"""The registry of one district: files in, deliveries kept, snapshots out."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.fact import FactType
from yunnao.kernel.moment import Clock, instant_text
from yunnao.kernel.register import Register
from yunnao.platforms.registry.deliveries import SINCE_EVER, Delivery, Ledger
from yunnao.platforms.registry.formats import check_readable
from yunnao.platforms.registry.intake import Intake, take_in
from yunnao.platforms.registry.rejects import check_path, write_rejects
from yunnao.platforms.registry.reports import LoadReport, Problem
from yunnao.platforms.registry.resolution import effective, overlay
from yunnao.platforms.registry.snapshots import Snapshot, SnapshotStore
from yunnao.storage.files import (
    copy_with_hash,
    disk_errors,
    home_lock,
    make_folder,
    remove_leftovers,
    sync_folder,
    temporary_beside,
)
from yunnao.storage.tables import TableStore, conform

__all__ = ["Delivery", "LoadReport", "Problem", "Registry", "Snapshot"]

Progress = Callable[[str, float], None]
_TEXTS = frozenset({FactType.KEY, FactType.CODE, FactType.TEXT})


@dataclass(frozen=True)
class _Staged:
    """A file under way: as given, its copy, its hash, what it brings, and the delivery it repeats, if any."""

    file: Path
    name: str
    copy: Path
    original: str
    intake: Intake
    repeats: Delivery | None


class Registry:
    """Intake, deliveries and snapshots of the district in a home folder.

    Args:
        home: the district's folder; it must exist.
        registers: every register that may be delivered, by id.
        clock: answers the present instant.
    """

    def __init__(self, home: Path, registers: Mapping[str, Register], clock: Clock) -> None:
        self._home = home
        self._registers = registers
        self._clock = clock
        self._root = home / "registry"
        self._originals = self._root / "originals"
        self._ledger = Ledger(self._root / "deliveries")
        self._tables = TableStore(self._root / "tables")
        self._snapshots = SnapshotStore(self._root / "snapshots", self._tables, registers)

    def load(
        self,
        register: str,
        files: Sequence[Path],
        *,
        valid_from: dt.date | None = None,
        rejects: Path | None = None,
        progress: Progress | None = None,
    ) -> list[LoadReport]:
        """Take in files of one register; all are read first, then recorded together.

        Args:
            register: id.
            files: CSV, Excel or Parquet.
            valid_from: since when the rows hold; since ever by default.
            rejects: where to write refused rows (.xlsx or .csv); by default HOME/rejects/REGISTER-N.xlsx.
            progress: told what is being done and the share done.

        Raises:
            FileRefused: a file is refused as a whole; nothing is changed.
            HomeBusy: another command is writing.
            YunnaoError: unknown register, full disk, damaged home; nothing is changed.
        """
        definition = self._definition(register)
        tell = progress or (lambda _what, _share: None)
        if not files:
            raise YunnaoError("没有给出要导入的文件；请在命令后写上文件路径")
        if rejects is not None:
            check_path(rejects, files)
        for file in files:
            check_readable(file)
        with home_lock(self._home):
            deliveries = self._prepare()
            staged: list[_Staged] = []
            try:
                self._stage(staged, definition, files, valid_from or SINCE_EVER, deliveries, tell)
                tell("保存", 0.9)
                reports = self._record(staged, definition, valid_from or SINCE_EVER, deliveries, rejects)
            finally:
                remove_leftovers(self._originals)
            tell("完成", 1.0)
            return reports

    def snapshot(self, as_of: dt.date, known_at: dt.datetime | None = None) -> Snapshot:
        """The rows in force at (``as_of``, ``known_at``), now by default: found if built before, else built.

        Raises:
            YunnaoError: full disk, or something the snapshot rests on is damaged.
            HomeBusy: it has to be built, and another command is writing.
        """
        known, made_from = self._effective(as_of, known_at)
        if self._root.is_dir() and (found := self._snapshots.find(made_from, as_of, known)):
            return found
        with home_lock(self._home):
            self._prepare()
            return self._snapshots.build(made_from, as_of, known)

    def in_force(self, as_of: dt.date, known_at: dt.datetime | None = None) -> frozenset[str]:
        """Registers of which some delivery counts at (``as_of``, ``known_at``); nothing is built.

        Raises:
            YunnaoError: a manifest is damaged.
        """
        return frozenset(self._effective(as_of, known_at)[1])

    def open_snapshot(self, id_: str) -> Snapshot:
        """A snapshot built before, by its id.

        Raises:
            YunnaoError: there is none, or it is damaged.
        """
        return self._snapshots.open(id_)

    def deliveries(self) -> list[Delivery]:
        """Every delivery, by number.

        Raises:
            YunnaoError: a manifest is damaged.
        """
        return self._ledger.read()

    def touched_keys(self, older: Snapshot, newer: Snapshot) -> dict[str, pl.DataFrame]:
        """Per register, the row keys (every `key` column) of rows that may differ between two snapshots.

        A register of which both rest on the same deliveries is absent.
        """
        by_number = {delivery.number: delivery for delivery in self.deliveries()}
        touched: dict[str, pl.DataFrame] = {}
        for register in sorted(older.deliveries.keys() | newer.deliveries.keys()):
            numbers = set(older.deliveries.get(register, ())) ^ set(newer.deliveries.get(register, ()))
            if numbers and register in self._registers:
                key = self._registers[register].key
                paths = [self._tables.verified(by_number[number].table) for number in sorted(numbers)]
                parts = [pl.scan_parquet(path).select(key) for path in paths]
                touched[register] = pl.concat(parts).unique().sort(key).collect()
        return touched

    def rows_of(
        self,
        register: str,
        column: str,
        values: Sequence[str],
        as_of: dt.date,
        known_at: dt.datetime | None = None,
    ) -> pl.DataFrame:
        """Rows in force whose ``column`` (a KEY, CODE or TEXT) is one of ``values``, sorted by key, without a snapshot.

        Raises:
            YunnaoError: unknown register or column, or a damaged table.
        """
        definition = self._definition(register)
        if column not in {fact.id for fact in definition.facts if fact.type in _TEXTS}:
            raise YunnaoError(f"名册「{definition.title.zh}」没有叫 {column} 的文字列；请检查名字")
        counting = self._effective(as_of, known_at)[1].get(register, ())
        scans = [conform(pl.scan_parquet(self._tables.verified(d.table)), definition.facts) for d in counting]
        if not scans or not values:
            return conform(pl.LazyFrame(), definition.facts).clear().collect()
        wanted = _among(column, values)
        key = list(definition.key)
        if column in key or len(scans) == 1:
            return overlay([scan.filter(wanted).collect() for scan in scans], key)
        names = pl.concat([scan.filter(wanted).select(key) for scan in scans]).unique().collect()
        nearby = _among(key[0], names[key[0]].unique().to_list())
        parts = [scan.filter(nearby).collect().join(names, on=key, how="semi") for scan in scans]
        return overlay(parts, key).filter(wanted)

    def _definition(self, register: str) -> Register:
        if register not in self._registers:
            known = "、".join(f"{id_}（{each.title.zh}）" for id_, each in sorted(self._registers.items()))
            raise YunnaoError(f"没有叫 {register} 的名册；现有：{known}")
        return self._registers[register]

    def _effective(
        self, as_of: dt.date, known_at: dt.datetime | None
    ) -> tuple[str, Mapping[str, tuple[Delivery, ...]]]:
        """The instant asked for (by default the present one, however the clock was set), and what counts then."""
        deliveries = self._ledger.read()
        known = instant_text(known_at or self._clock())
        if known_at is None:
            known = max([known, *(delivery.known_at for delivery in deliveries)])
        return known, effective((d for d in deliveries if d.register in self._registers), as_of, known)

    def _prepare(self) -> list[Delivery]:
        """Make the folders and remove what interrupted commands left; the deliveries there are."""
        folders = [self._originals, *(self._root / name for name in ("deliveries", "tables", "snapshots"))]
        for folder in [*folders, self._home / "rejects"]:
            make_folder(folder)
            remove_leftovers(folder)
        self._ledger.clean()
        deliveries = self._ledger.read()
        tables = {delivery.table for delivery in deliveries} | self._snapshots.tables_named()
        originals = {delivery.original for delivery in deliveries}
        for folder, named in ((self._tables.folder, tables), (self._originals, originals)):
            for path in folder.iterdir():
                if path.stem not in named:
                    with suppress(OSError):
                        path.unlink()
        return deliveries

    def _stage(
        self,
        staged: list[_Staged],
        register: Register,
        files: Sequence[Path],
        valid_from: dt.date,
        deliveries: Sequence[Delivery],
        tell: Progress,
    ) -> None:
        before = {(d.original, d.valid_from): d for d in deliveries if d.register == register.id}
        plain = len({file.name for file in files}) == len(files)
        for place, file in enumerate(files):
            name = file.name if plain else str(file)
            tell(f"读取 {name}", 0.9 * place / len(files))
            copy = temporary_beside(self._originals / f"{place}{_suffix(file)}")
            with disk_errors(copy):
                original = copy_with_hash(file, copy)
            intake = take_in(copy, name, register)
            staged.append(_Staged(file, name, copy, original, intake, before.get((original, valid_from))))

    def _record(
        self,
        staged: Sequence[_Staged],
        register: Register,
        valid_from: dt.date,
        deliveries: Sequence[Delivery],
        rejects: Path | None,
    ) -> list[LoadReport]:
        first = max((delivery.number for delivery in deliveries), default=0) + 1
        fresh: dict[str, _Staged] = {}
        for each in staged:
            if each.repeats is None:
                fresh.setdefault(each.original, each)
        known_at = self._next_instant(deliveries)
        batch = (first, first + len(fresh) - 1)
        made: dict[str, Delivery] = {}
        for number, (original, each) in enumerate(fresh.items(), first):
            made[original] = Delivery(
                number=number,
                register=register.id,
                valid_from=valid_from,
                known_at=known_at,
                batch=batch,
                file=each.name,
                original=original,
                suffix=_suffix(each.file),
                table=self._tables.add(each.intake.table),
                rows=each.intake.rows,
                accepted=each.intake.table.height,
                refused=each.intake.refused,
                repeats=each.intake.repeats,
                sheets=tuple(each.intake.sheets),
                notes=tuple(each.intake.notes),
            )
        written = self._write_rejects(staged, made, register, rejects)
        try:
            for original, delivery in made.items():
                target = self._originals / f"{original}{delivery.suffix}"
                with disk_errors(target):
                    fresh[original].copy.replace(target)
            with disk_errors(self._originals):
                sync_folder(self._originals)
            self._ledger.commit(list(made.values()))
        except BaseException:
            for path in {path for path in written.values() if path is not None and path != rejects}:
                with suppress(OSError):
                    path.unlink()
            raise
        return [self._report(each, register, fresh, made, written) for each in staged]

    def _write_rejects(
        self, staged: Sequence[_Staged], made: Mapping[str, Delivery], register: Register, rejects: Path | None
    ) -> dict[Path, Path | None]:
        """File -> where its refused rows are. A repeated file keeps what was written before, unless a path is given."""
        places: dict[Path, Path | None] = {}
        for each in staged:
            delivery = each.repeats or made[each.original]
            default = self._home / "rejects" / f"{register.id}-{delivery.number}.xlsx"
            places[each.file] = (rejects or default) if each.intake.problems else None
            if each.intake.problems and rejects is None and (each.repeats is None or not default.exists()):
                write_rejects(default, [each.intake])
        refused = [each.intake for each in staged if each.intake.problems]
        if rejects is not None and refused:
            write_rejects(rejects, refused)
        return places

    def _report(
        self,
        each: _Staged,
        register: Register,
        fresh: Mapping[str, _Staged],
        made: Mapping[str, Delivery],
        written: Mapping[Path, Path | None],
    ) -> LoadReport:
        is_new = each.repeats is None and fresh.get(each.original) is each
        earlier = each.repeats or made.get(each.original)
        notes = list(each.intake.notes)
        if not is_new and earlier:
            notes.insert(0, f"这个文件已经导入过（第 {earlier.number} 次交付），没有任何改动")
        return LoadReport(
            register=register.id,
            file=str(each.file),
            sheets=each.intake.sheets,
            rows=each.intake.rows,
            accepted=each.intake.table.height,
            refused=each.intake.refused,
            repeats=each.intake.repeats,
            notes=notes,
            delivery=earlier.number if is_new and earlier else None,
            rejects=written[each.file],
            problems=each.intake.problems,
        )

    def _next_instant(self, deliveries: Sequence[Delivery]) -> str:
        """Now, or just after the last delivery where the clock was set back."""
        now = self._clock()
        if deliveries:
            last = max(dt.datetime.fromisoformat(delivery.known_at) for delivery in deliveries)
            now = max(now, last + dt.timedelta(microseconds=1))
        return instant_text(now)


def _suffix(file: Path) -> str:
    suffix = file.suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def _among(column: str, values: Sequence[str]) -> pl.Expr:
    """A filter that a reader of a sorted table can use to skip most of it."""
    if not values:
        return pl.lit(False)
    return pl.col(column).is_between(pl.lit(min(values)), pl.lit(max(values))) & pl.col(column).is_in(list(values))
