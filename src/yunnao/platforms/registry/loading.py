"""One load of a register's files: all are read first, then recorded together."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yunnao.kernel.moment import Clock, instant_text
from yunnao.kernel.register import Register
from yunnao.platforms.registry.deliveries import Delivery, Ledger
from yunnao.platforms.registry.formats import check_readable
from yunnao.platforms.registry.intake import Intake, take_in
from yunnao.platforms.registry.rejects import check_path, write_rejects
from yunnao.platforms.registry.reports import LoadReport
from yunnao.storage.files import copy_with_hash, disk_errors, sync_folder, temporary_beside
from yunnao.storage.tables import TableStore

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class _Staged:
    """A file under way: as given, its copy, its hash, what it brings, and the delivery it repeats, if any."""

    file: Path
    name: str
    copy: Path
    original: str
    intake: Intake
    repeats: Delivery | None


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
        staged: list[_Staged] = []
        before = {(d.original, d.valid_from): d for d in deliveries if d.register == self.register.id}
        plain = len({file.name for file in files}) == len(files)
        for place, file in enumerate(files):
            name = file.name if plain else str(file)
            tell(f"读取 {name}", 0.9 * place / len(files))
            copy = temporary_beside(self.originals / f"{place}{_suffix(file)}")
            with disk_errors(copy):
                original = copy_with_hash(file, copy)
            intake = take_in(copy, name, self.register)
            staged.append(_Staged(file, name, copy, original, intake, before.get((original, self.valid_from))))
        return staged

    def _record(
        self,
        staged: Sequence[_Staged],
        deliveries: Sequence[Delivery],
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
                register=self.register.id,
                valid_from=self.valid_from,
                known_at=known_at,
                batch=batch,
                file=each.name,
                original=original,
                suffix=_suffix(each.file),
                table=self.tables.add(each.intake.table),
                rows=each.intake.rows,
                accepted=each.intake.table.height,
                refused=each.intake.refused,
                repeats=each.intake.repeats,
                sheets=tuple(each.intake.sheets),
                notes=tuple(each.intake.notes),
            )
        written = self._write_rejects(staged, made)
        try:
            for original, delivery in made.items():
                target = self.originals / f"{original}{delivery.suffix}"
                with disk_errors(target):
                    fresh[original].copy.replace(target)
            with disk_errors(self.originals):
                sync_folder(self.originals)
            self.ledger.commit(list(made.values()))
        except BaseException:
            for path in {path for path in written.values() if path is not None and path != self.rejects}:
                with suppress(OSError):
                    path.unlink()
            raise
        return [self._report(each, fresh, made, written) for each in staged]

    def _write_rejects(self, staged: Sequence[_Staged], made: Mapping[str, Delivery]) -> dict[Path, Path | None]:
        """File -> where its refused rows are. A repeated file keeps what was written before, unless a path is given."""
        places: dict[Path, Path | None] = {}
        for each in staged:
            delivery = each.repeats or made[each.original]
            default = self.home / "rejects" / f"{self.register.id}-{delivery.number}.xlsx"
            places[each.file] = (self.rejects or default) if each.intake.problems else None
            if each.intake.problems and self.rejects is None and (each.repeats is None or not default.exists()):
                write_rejects(default, [each.intake])
        refused = [each.intake for each in staged if each.intake.problems]
        if self.rejects is not None and refused:
            write_rejects(self.rejects, refused)
        return places

    def _report(
        self,
        each: _Staged,
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
            register=self.register.id,
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
        now = self.clock()
        if deliveries:
            last = max(dt.datetime.fromisoformat(delivery.known_at) for delivery in deliveries)
            now = max(now, last + dt.timedelta(microseconds=1))
        return instant_text(now)


def _suffix(file: Path) -> str:
    suffix = file.suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
