"""One load of a register's files: all are read first, then recorded together."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yunnao.kernel.moment import Clock, instant_text
from yunnao.kernel.register import Register
from yunnao.platforms.registry.deliveries import Delivery, Ledger
from yunnao.platforms.registry.formats import check_readable
from yunnao.platforms.registry.intake import Intake, take_in
from yunnao.platforms.registry.rejects import check_path, write_rejects
from yunnao.platforms.registry.reports import LoadReport
from yunnao.platforms.registry.resolution import overlay
from yunnao.storage.files import copy_with_hash, disk_errors, sync_folder, temporary_beside
from yunnao.storage.tables import TableStore, conform

Progress = Callable[[str, float], None]
_SHOWN = 3
_Rival = tuple[int, str, str | pl.DataFrame]
"""Number of a delivery, hash of its file, and its table or the name of that."""


@dataclass(frozen=True)
class _Staged:
    """A file under way.

    Attributes:
        file, name: as given, and what to call it.
        copy, original: its bytes kept, and their hash.
        intake: what it brings.
        number: of the delivery that it becomes, or of the one that it repeats.
        repeats: whether nothing would change if it were recorded once more.
        notes: those of the intake and of this load.
    """

    file: Path
    name: str
    copy: Path
    original: str
    intake: Intake
    number: int
    repeats: bool
    notes: list[str]


@dataclass(frozen=True, kw_only=True)
class Loading:
    """A load; `load` happens within the home's lock.

    Attributes:
        valid_from: since when the rows hold.
        rejects: where to write refused rows; by default HOME/rejects/REGISTER-N.xlsx.
        originals: the folder of delivered files.
    """

    home: Path
    register: Register
    valid_from: dt.date
    rejects: Path | None
    originals: Path
    ledger: Ledger
    tables: TableStore
    clock: Clock

    def check(self, files: Sequence[Path]) -> None:
        """Refuse what cannot be read or written, before any work is done.

        Raises:
            FileRefused: a file cannot be read.
            YunnaoError: the path of the rejects will not do.
        """
        if self.rejects is not None:
            check_path(self.rejects, files)
        for file in files:
            check_readable(file)

    def load(self, files: Sequence[Path], deliveries: Sequence[Delivery], tell: Progress) -> list[LoadReport]:
        """Read the files and record them as further ``deliveries``.

        Raises:
            FileRefused: a file is refused as a whole; nothing is changed.
            YunnaoError: full disk; nothing is changed.
        """
        staged = self._stage(files, deliveries, tell)
        tell("保存", 0.9)
        return self._record(staged, deliveries)

    def _stage(self, files: Sequence[Path], deliveries: Sequence[Delivery], tell: Progress) -> list[_Staged]:
        read = list(self._read(files, tell))
        ours = [delivery for delivery in deliveries if delivery.register == self.register.id]
        same_day: list[_Rival] = [(d.number, d.original, d.table) for d in ours if d.valid_from == self.valid_from]
        later = sorted((d for d in ours if d.valid_from > self.valid_from), key=lambda d: (d.valid_from, d.number))
        following = max((delivery.number for delivery in deliveries), default=0) + 1
        staged: list[_Staged] = []
        for place, (file, name, copy, original, intake) in enumerate(read, 1):
            lasting = intake.table
            for *_, after in read[place:]:
                lasting = lasting.join(after.table, on=list(self.register.key), how="anti")
            repeated = self._repeated(original, lasting, same_day)
            number = following if repeated is None else repeated
            notes = [*intake.notes, *self._overridden(intake.table, later)]
            staged.append(_Staged(file, name, copy, original, intake, number, repeated is not None, notes))
            if repeated is None:
                same_day.append((number, original, intake.table))
                following += 1
        return staged

    def _read(self, files: Sequence[Path], tell: Progress) -> Iterator[tuple[Path, str, Path, str, Intake]]:
        plain = len({file.name for file in files}) == len(files)
        for place, file in enumerate(files):
            name = file.name if plain else str(file)
            tell(f"读取 {name}", 0.9 * place / len(files))
            copy = temporary_beside(self.originals / f"{place}{_suffix(file)}")
            with disk_errors(copy):
                original = copy_with_hash(file, copy)
            yield file, name, copy, original, take_in(copy, name, self.register)

    def _repeated(self, original: str, lasting: pl.DataFrame, same_day: Sequence[_Rival]) -> int | None:
        """Number of the last delivery of the same file, if what it says, as it is read now, is still in force.

        Args:
            original: hash of the file.
            lasting: its rows that no later file of this load replaces.
            same_day: deliveries with the same `valid_from`; against others it does not matter which was recorded last.
        """
        number = max((number for number, hash_, _ in same_day if hash_ == original), default=None)
        if number is None:
            return None
        since = [self._rows(rows) for each, _, rows in same_day if each >= number]
        if any(rows is None for rows in since):
            return None  # a table is damaged; recording the file once more makes it anew
        key = list(self.register.key)
        in_force = overlay([rows.collect() for rows in since if rows is not None], key)
        return number if in_force.join(lasting, on=key, how="semi").sort(key).equals(lasting.sort(key)) else None

    def _rows(self, table: str | pl.DataFrame) -> pl.LazyFrame | None:
        """The rows of a table by its name, None if it is missing or damaged."""
        if isinstance(table, pl.DataFrame):
            return table.lazy()
        if not self.tables.is_whole(table):
            return None
        return conform(pl.scan_parquet(self.tables.path(table)), self.register.facts)

    def _overridden(self, table: pl.DataFrame, later: Sequence[Delivery]) -> list[str]:
        """A note on the rows that deliveries with a later `valid_from`, which come in order of it, speak about, too."""
        key = list(self.register.key)
        scans = [(place, rows) for place, d in enumerate(later) if (rows := self._rows(d.table)) is not None]
        parts = [rows.select(*key, pl.lit(place).alias("place")) for place, rows in scans]
        if not parts:
            return []
        about = pl.concat(parts).group_by(key).agg(pl.col("place").min()).collect()
        covered = table.select(key).join(about, on=key).group_by("place").len("rows").sort("place")
        told = [
            f"{rows} 行从 {later[place].valid_from} 起（第 {later[place].number} 次交付）"
            for place, rows in covered.head(_SHOWN).iter_rows()
        ]
        if not told:
            return []
        return [
            f"有 {covered['rows'].sum()} 行另有生效日更晚的交付，从那天起仍以那里的内容为准："
            f"{'、'.join(told)}{'等' if covered.height > _SHOWN else ''}；"
            "要改那天以后的内容，请加上 --valid-from 再导入"
        ]

    def _record(self, staged: Sequence[_Staged], deliveries: Sequence[Delivery]) -> list[LoadReport]:
        fresh = [each for each in staged if not each.repeats]
        known_at = self._next_instant(deliveries)
        made = [
            Delivery(
                number=each.number,
                register=self.register.id,
                valid_from=self.valid_from,
                known_at=known_at,
                batch=(fresh[0].number, fresh[-1].number),
                file=each.name,
                original=each.original,
                suffix=_suffix(each.file),
                table=self.tables.add(each.intake.table),
                rows=each.intake.rows,
                accepted=each.intake.table.height,
                refused=each.intake.refused,
                repeats=each.intake.repeats,
                sheets=tuple(each.intake.sheets),
                notes=tuple(each.notes),
            )
            for each in fresh
        ]
        written = self._write_rejects(staged)
        try:
            for each in fresh:
                target = self.originals / f"{each.original}{_suffix(each.file)}"
                with disk_errors(target):
                    each.copy.replace(target)
            with disk_errors(self.originals):
                sync_folder(self.originals)
            self.ledger.commit(made)
        except BaseException:
            for path in {path for path in written if path is not None and path != self.rejects}:
                with suppress(OSError):
                    path.unlink()
            raise
        return [self._report(each, rejects) for each, rejects in zip(staged, written, strict=True)]

    def _write_rejects(self, staged: Sequence[_Staged]) -> list[Path | None]:
        """Where each file's refused rows are. A repeated file keeps what was written before, unless a path is given."""
        places: list[Path | None] = []
        for each in staged:
            default = self.home / "rejects" / f"{self.register.id}-{each.number}.xlsx"
            places.append((self.rejects or default) if each.intake.problems else None)
            if each.intake.problems and self.rejects is None and not (each.repeats and default.exists()):
                write_rejects(default, [each.intake])
        refused = [each.intake for each in staged if each.intake.problems]
        if self.rejects is not None and refused:
            write_rejects(self.rejects, refused)
        return places

    def _report(self, each: _Staged, rejects: Path | None) -> LoadReport:
        again = [f"这个文件已经导入过（第 {each.number} 次交付），没有任何改动"] if each.repeats else []
        return LoadReport(
            register=self.register.id,
            file=str(each.file),
            sheets=each.intake.sheets,
            rows=each.intake.rows,
            accepted=each.intake.table.height,
            refused=each.intake.refused,
            repeats=each.intake.repeats,
            notes=[*again, *each.notes],
            delivery=None if each.repeats else each.number,
            rejects=rejects,
            problems=each.intake.problems,
        )

    def _next_instant(self, deliveries: Sequence[Delivery]) -> str:
        """Now, or just after the last delivery where the clock was set back."""
        now = self.clock()
        if deliveries:
            last = max(dt.datetime.fromisoformat(delivery.known_at) for delivery in deliveries)
            now = max(now, last + dt.timedelta(microseconds=1))
        return instant_text(now)


def _suffix(file: Path) -> str:
    suffix = file.suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
