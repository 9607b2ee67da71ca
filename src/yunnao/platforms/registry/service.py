"""The registry of one district: files in, deliveries kept, snapshots out."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.fact import FactType
from yunnao.kernel.moment import Clock, instant_text
from yunnao.kernel.register import Register
from yunnao.platforms.registry.deliveries import SINCE_EVER, Delivery, Ledger
from yunnao.platforms.registry.reports import LoadReport, Problem
from yunnao.platforms.registry.resolution import effective, overlay
from yunnao.platforms.registry.snapshots import Snapshot, SnapshotStore
from yunnao.storage.files import (
    home_lock,
    make_folder,
    remove_leftovers,
)
from yunnao.storage.tables import TableStore, conform

__all__ = ["Delivery", "LoadReport", "Problem", "Registry", "Snapshot"]

Progress = Callable[[str, float], None]
_TEXTS = frozenset({FactType.KEY, FactType.CODE, FactType.TEXT})


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
        from yunnao.platforms.registry.loading import Loading  # reading files asks for more than reading what was read

        loading = Loading(
            home=self._home,
            register=definition,
            valid_from=valid_from or SINCE_EVER,
            rejects=rejects,
            originals=self._originals,
            ledger=self._ledger,
            tables=self._tables,
            clock=self._clock,
        )
        loading.check(files)
        with home_lock(self._home):
            deliveries = self._prepare()
            try:
                reports = loading.load(files, deliveries, tell)
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


def _among(column: str, values: Sequence[str]) -> pl.Expr:
    """A filter that a reader of a sorted table can use to skip most of it."""
    if not values:
        return pl.lit(False)
    return pl.col(column).is_between(pl.lit(min(values)), pl.lit(max(values))) & pl.col(column).is_in(list(values))
