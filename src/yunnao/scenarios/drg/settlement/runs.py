"""Settlements that are kept: ``HOME/drg/runs/N`` with frames, the rules they were made by, and a manifest that is written last.

A run exists when its manifest does; nothing is overwritten. The latest run of a period is in force; what it replaces is still there.
"""

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import ValidationError

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Language, Text
from yunnao.scenarios.drg.settlement.erasing import ERASURES, Erasure, Forgotten, document_of, erasures_of
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.reference import STAYS
from yunnao.scenarios.drg.settlement.settling import PoolResult, Settlement

FOLDER = Path("drg") / "runs"
Kind = Literal["month", "year"]
Write = Callable[[Path, bytes], None]
"""Puts bytes where they belong, whole or not at all."""

MakeFolder = Callable[[Path], None]
KIND_TITLES: Mapping[str, Text] = {
    "month": Text("月度预拨", "monthly prepayment"),
    "year": Text("年终清算", "year's clearing"),
}
_FRAMES = ("groups", "stays", "hospitals")
_RULES = "rules.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a run is, and what it was made from.

    Attributes:
        number: counting from 1.
        kind, period: ``month`` and 2023-05, or ``year`` and 2023.
        look: a look into the past (``--known-at``), which is never in force.
        replaces: the run that was in force for the period before.
        snapshot: id; ``tables`` are those of its tables that were read: register -> name.
        scheme, policy: digest of the grouping scheme; id of the policy, whose values are in rules.json.
        example: words that mark the policy as an example, or "". ``policy_title_en`` and ``example_en``: in English; "" in older runs.
        inputs: hash over everything that decides.
        months: of a year, the runs whose prepayments it counts.
        overall: reference -> mean cost of all groups, in fen, as a fraction.
        published: published table -> SHA-256 of its bytes, of which the run keeps a copy.
        unpublished: groups of the scheme that the table of base points leaves out.
        erased: stays that were kept without personal data, because the person was forgotten before.
        hashes: file -> SHA-256 of its bytes, as they were written; an `Erasure` beside the manifest says what has changed since.
        audit_head: the last line of the audit log as the run was kept, ``number:hash``.
    """

    number: int
    kind: str
    period: str
    look: bool
    replaces: int | None
    recorded_at: str
    as_of: str
    known_at: str
    snapshot: str
    tables: dict[str, str]
    scheme: str
    policy: str
    policy_title: str
    example: str
    inputs: str
    months: tuple[int, ...]
    pools: dict[str, PoolResult]
    overall: dict[str, str]
    counts: dict[str, int]
    undated: int
    published: dict[str, str] = field(default_factory=dict)
    unpublished: tuple[str, ...] = ()
    policy_title_en: str = ""
    example_en: str = ""
    erased: int = 0
    hashes: dict[str, str] = field(default_factory=dict)
    audit_head: str = ""

    @property
    def title(self) -> str:
        """For people: 第 7 次（2023 年终清算）."""
        return self.title_in("zh")

    def policy_in(self, language: Language) -> str:
        """The policy's title."""
        return (self.policy_title_en if language == "en" else "") or self.policy_title

    def example_in(self, language: Language) -> str:
        """What marks the policy as an example; "" if nothing does."""
        return (self.example_en if language == "en" else "") or self.example

    def title_in(self, language: Language) -> str:
        """`title` in a language."""
        kind = KIND_TITLES[self.kind].in_(language) if self.kind in KIND_TITLES else self.kind
        return (
            f"第 {self.number} 次（{self.period} {kind}）"
            if language == "zh"
            else f"run {self.number} ({self.period} {kind})"
        )


class Run:
    """One run. Its files are checked against the manifest when they are first read.

    Raises:
        YunnaoError: (of its attributes) a file is missing or not as it was written.
    """

    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self.manifest = manifest
        self.folder = folder

    @cached_property
    def groups(self) -> pl.LazyFrame:
        """`reference.GROUPS`; points of runs that did not know of tables came from stays."""
        found = pl.scan_parquet(self._verified("groups.parquet"))
        missing = {"points_from", "mean_from"} - set(found.collect_schema().names())
        return found.with_columns(pl.lit(STAYS).alias(name) for name in sorted(missing))

    @cached_property
    def stays(self) -> pl.LazyFrame:
        """Priced stays, sorted by case_id; those of the last erasure, if there was one."""
        return pl.scan_parquet(self._verified("stays.parquet"))

    @cached_property
    def erasures(self) -> list[Erasure]:
        """How the run was lawfully changed, in order; each takes the place of what was there before.

        Raises:
            YunnaoError: they do not follow one another from the manifest on.
        """
        found = erasures_of(self.folder)
        before = self.manifest.hashes.get("stays.parquet", "")
        for each in found:
            if each.before != before:
                raise YunnaoError(f"{self.manifest.title}的清除记录接不上，没有读取；请从备份恢复 {self.folder}")
            before = each.sha256
        return found

    @cached_property
    def hospitals(self) -> pl.LazyFrame:
        """`accounts.FRAME`; runs that did not know of transfers have none."""
        found = pl.scan_parquet(self._verified("hospitals.parquet"))
        missing = {"transferred", "transfer_difference"} - set(found.collect_schema().names())
        return found.with_columns(pl.lit(None, pl.Int64).alias(name) for name in sorted(missing))

    @cached_property
    def rules(self) -> Rules:
        """The values that it was settled by, with their citations."""
        path = self._verified(_RULES)
        try:
            return Rules.model_validate_json(path.read_bytes())
        except ValidationError:
            raise YunnaoError(f"{path} 的内容与现在的程序不符；请用做这次清算的版本打开") from None

    def _verified(self, name: str) -> Path:
        path, wanted = self.folder / name, self.manifest.hashes.get(name)
        if name == "stays.parquet" and self.erasures:
            path, wanted = self.folder / self.erasures[-1].file, self.erasures[-1].sha256
        try:
            whole = hashlib.sha256(path.read_bytes()).hexdigest() == wanted
        except OSError:
            whole = False
        if not whole:
            raise YunnaoError(
                f"{self.manifest.title}的文件 {path} 已损坏或不见了，没有读取；请从备份恢复，或重新运行同一命令"
            )
        return path


class Runs:
    """The settlements of a home.

    Args:
        home: the district's folder.
        write, make_folder: how files are made to last; only `keep` needs them.
    """

    def __init__(self, home: Path, write: Write | None = None, make_folder: MakeFolder | None = None) -> None:
        self.folder = home / FOLDER
        self._write = write
        self._make_folder = make_folder

    def numbers(self) -> list[int]:
        """Numbers of complete runs, ascending."""
        return sorted(
            int(each.parent.name) for each in self.folder.glob("*/manifest.json") if each.parent.name.isdigit()
        )

    def manifest(self, number: int) -> Manifest:
        """One run's manifest.

        Raises:
            YunnaoError: there is no such run, or its manifest is damaged.
        """
        path = self.folder / str(number) / "manifest.json"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            pools = {name: PoolResult(**values) for name, values in document.pop("pools").items()}
            unpublished = tuple(document.pop("unpublished", ()))
            return Manifest(pools=pools, months=tuple(document.pop("months")), unpublished=unpublished, **document)
        except FileNotFoundError:
            there = "、".join(map(str, self.numbers())) or "无，请先 yunnao drg settle 或 month"
            raise YunnaoError(f"没有第 {number} 次清算或预拨；现有：{there}") from None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise YunnaoError(f"{path} 读不懂（{error}）；请从备份恢复") from None

    def in_force(self, kind: Kind, period: str) -> Manifest | None:
        """The latest run of a period that is no look into the past."""
        for number in reversed(self.numbers()):
            manifest = self.manifest(number)
            if (manifest.kind, manifest.period, manifest.look) == (kind, period, False):
                return manifest
        return None

    def months_of(self, year: int) -> list[Manifest]:
        """The runs in force of the months of ``year``, in their order."""
        found: dict[str, Manifest] = {}
        for number in self.numbers():
            manifest = self.manifest(number)
            if manifest.kind == "month" and manifest.period.startswith(f"{year}-") and not manifest.look:
                found[manifest.period] = manifest
        return [found[period] for period in sorted(found)]

    def open(self, number: int | None = None) -> Run:
        """A run; the latest by default.

        Raises:
            YunnaoError: there is no such run, or its manifest is damaged.
        """
        if number is None:
            numbers = self.numbers()
            if not numbers:
                raise YunnaoError("还没有清算或预拨；请先运行 yunnao drg settle 或 yunnao drg month")
            number = numbers[-1]
        return Run(self.manifest(number), self.folder / str(number))

    def equal(self, inputs: str, kind: Kind, period: str, *, look: bool) -> Run | None:
        """The run that need not be made again: in force with the same inputs, or any look with them; its files are whole."""
        wanted = [self.in_force(kind, period)]
        if look:
            wanted = [self.manifest(number) for number in self.numbers()]
        for manifest in wanted:
            if manifest is not None and manifest.inputs == inputs:
                run = Run(manifest, self.folder / str(manifest.number))
                try:
                    _ = (run.groups, run.stays, run.hospitals, run.rules)
                except YunnaoError:
                    continue  # a damaged run is no reason not to make it again
                return run
        return None

    def erase(self, number: int, forgotten: Forgotten, at: str) -> int:
        """Take what is ``forgotten`` out of a run's stays, as an erasure beside its manifest. Call it with the home locked.

        First the new stays, then the record that makes them count, then the old ones go: cut off anywhere, one of both is whole, and
        the next call ends what was begun.

        Returns:
            how many stays lost their personal data.

        Raises:
            YunnaoError: the run is damaged, or the disk refuses.
        """
        assert self._write is not None
        run = self.open(number)
        stays, gone = forgotten.forget(run.stays.collect())
        erasures = run.erasures
        if gone:
            content = _parquet(stays)
            name = f"stays-erased-{len(erasures) + 1}.parquet"
            self._write(run.folder / name, content)
            before = erasures[-1].sha256 if erasures else run.manifest.hashes["stays.parquet"]
            digest = hashlib.sha256(content).hexdigest()
            erasures = [*erasures, Erasure(file=name, sha256=digest, before=before, rows=len(gone), at=at)]
            self._write(run.folder / ERASURES, document_of(erasures))
        self.sweep(run.folder, erasures)
        return len(gone)

    @staticmethod
    def sweep(folder: Path, erasures: Sequence[Erasure]) -> None:
        """Remove stays that an erasure has taken the place of, and such as were cut off before they counted."""
        kept = erasures[-1].file if erasures else "stays.parquet"
        for path in (*folder.glob("stays*.parquet"), *folder.glob(".*.tmp")):
            if path.name != kept:
                path.unlink(missing_ok=True)

    def remove_cut_off(self) -> None:
        """Remove folders of runs that were never finished. Call it with the home locked."""
        for left in self.folder.glob("*"):
            if left.is_dir() and not (left / "manifest.json").exists():
                shutil.rmtree(left)

    def next_number(self) -> int:
        """A number that no run has used, not even one that was cut off."""
        return max((int(path.name) for path in self.folder.glob("*") if path.name.isdigit()), default=0) + 1

    def keep(
        self, manifest: Manifest, settlement: Settlement, rules: Rules, published: Mapping[str, bytes] | None = None
    ) -> Run:
        """Write a run: frames, rules and published tables first, the manifest last; folders that were cut off go.

        Call it with the home locked.

        Raises:
            YunnaoError: the disk is full or refuses; what was there before is untouched.
        """
        assert self._write is not None
        assert self._make_folder is not None
        self.remove_cut_off()
        folder = self.folder / str(manifest.number)
        self._make_folder(folder)
        contents = {f"{name}.parquet": _parquet(getattr(settlement, name)) for name in _FRAMES}
        contents[_RULES] = rules.model_dump_json(by_alias=True, indent=1).encode()
        contents |= {f"published-{name}": content for name, content in (published or {}).items()}
        for name, content in contents.items():
            self._write(folder / name, content)
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        whole = replace(manifest, hashes=hashes)
        document = json.dumps(asdict(whole), ensure_ascii=False, indent=1)
        self._write(folder / "manifest.json", document.encode())
        return Run(whole, folder)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, compression="zstd", statistics=True, row_group_size=32_768)
    return buffer.getvalue()
