"""The decisions of a run: Parquet parts and a manifest; a later part replaces the subjects that it holds.

Layout: ``runs/N/SUBJECT.parquet`` and ``runs/N/manifest.json`` (written last: a run exists when its manifest does), and
``policies/versions/VERSION.json`` for every policy version that decided.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.decisions.compiled import OUTCOMES, CompiledPolicy
from yunnao.platforms.decisions.rules import Rule, rule_from
from yunnao.storage.files import make_folder, sha256_of, write_atomically


@dataclass(frozen=True, kw_only=True)
class PolicyPart:
    """How to read one policy's columns.

    Attributes:
        version: names the policy version.
        subject: kind of subject.
        conditions: ids, in the order of the bit pairs of `states`.
        missable: facts, in the order of the bits of `missing`.
    """

    version: str
    subject: str
    conditions: tuple[str, ...]
    missable: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a run is made from.

    Attributes:
        number: of the run, counting from 1.
        inputs: hash over everything that decides; equal inputs need no second run.
        calendar: revision of the working days' table.
        delivered: registers delivered at the time.
        keys: kind of subject -> its key column.
        parts: kind of subject -> files under ``runs/``, oldest first.
        based_on: the run that this one continues, if only changed subjects were decided.
        decided: kind of subject -> how many subjects this run decided itself.
        subjects: kind of subject -> how many subjects there are.
        hashes: file, as named in `parts` -> SHA-256 of its bytes; runs of before this was kept have none.
        audit_head: the last line of the audit log as the run was kept, ``number:hash``; kept here it shows a log cut off.
    """

    number: int
    scenario: str
    as_of: str
    known_at: str
    recorded_at: str
    snapshot: str
    inputs: str
    calendar: int
    delivered: tuple[str, ...]
    keys: dict[str, str]
    policies: dict[str, PolicyPart]
    parts: dict[str, tuple[str, ...]]
    based_on: int | None
    decided: dict[str, int]
    subjects: dict[str, int]
    seconds: float
    hashes: dict[str, str] = field(default_factory=dict)
    audit_head: str = ""

    @property
    def day(self) -> dt.date:
        """The day it is about."""
        return dt.date.fromisoformat(self.as_of)


class Runs:
    """The runs of a home."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "runs"
        self._versions = home / "policies" / "versions"
        self._whole: set[str] = set()

    def numbers(self) -> list[int]:
        """Numbers of complete runs, ascending."""
        return sorted(
            int(path.parent.name) for path in self.folder.glob("*/manifest.json") if path.parent.name.isdigit()
        )

    def next_number(self) -> int:
        """A number that no run has used, not even one that was cut off."""
        return max((int(path.name) for path in self.folder.glob("*") if path.name.isdigit()), default=0) + 1

    def manifest(self, number: int) -> Manifest:
        """One run's manifest.

        Raises:
            YunnaoError: there is no such run, or its manifest is damaged.
        """
        path = self.folder / str(number) / "manifest.json"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            policies = {id_: _part(part) for id_, part in document.pop("policies").items()}
            parts = {kind: tuple(files) for kind, files in document.pop("parts").items()}
            delivered = tuple(document.pop("delivered"))
            return Manifest(policies=policies, parts=parts, delivered=delivered, **document)
        except FileNotFoundError:
            raise YunnaoError(f"没有第 {number} 次运行；现有：{self.numbers() or '无，请先 yunnao run'}") from None
        except (ValueError, TypeError, KeyError) as error:
            raise YunnaoError(f"{path} 读不懂（{error}）；请从备份恢复，或删去这次运行后重新运行") from None

    def latest(self, scenario: str | None = None) -> Manifest | None:
        """The last complete run, of ``scenario`` if given."""
        for number in reversed(self.numbers()):
            manifest = self.manifest(number)
            if scenario in (None, manifest.scenario):
                return manifest
        return None

    def part_file(self, number: int, kind: str) -> Path:
        """Where run ``number`` keeps its decisions about ``kind``."""
        return self.folder / str(number) / f"{kind}.parquet"

    def part_name(self, number: int, kind: str) -> str:
        """The same, as written in a manifest."""
        return f"{number}/{kind}.parquet"

    def keep_versions(self, rules: list[Rule]) -> None:
        """Keep the text of every policy version, once."""
        make_folder(self._versions)
        for rule in rules:
            path = self._versions / f"{rule.version}.json"
            if not path.exists():
                write_atomically(path, rule.text.encode())

    def rule(self, version: str) -> Rule:
        """A policy version that once decided.

        Raises:
            YunnaoError: its text is missing or damaged.
        """
        path = self._versions / f"{version}.json"
        try:
            return rule_from(path.read_text(encoding="utf-8"))
        except OSError:
            raise YunnaoError(f"政策版本 {path} 不见了；请从备份恢复") from None

    def keep(self, manifest: Manifest) -> None:
        """Complete a run."""
        make_folder(self.folder / str(manifest.number))
        path = self.folder / str(manifest.number) / "manifest.json"
        write_atomically(path, json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())

    def is_whole(self, manifest: Manifest) -> bool:
        """Whether every file of a run is as it was written; each is read once in a process."""
        return all(self._is_whole(name, manifest) for names in manifest.parts.values() for name in names)

    def _is_whole(self, name: str, manifest: Manifest) -> bool:
        if name in self._whole:
            return True
        path = self.folder / name
        try:
            if name not in manifest.hashes:
                pl.read_parquet(path)  # of an older run it can be told only whether it is readable
            elif sha256_of(path) != manifest.hashes[name]:
                return False
        except (OSError, pl.exceptions.PolarsError):
            return False
        self._whole.add(name)
        return True

    def wide(self, manifest: Manifest, kind: str, columns: list[str] | None = None) -> pl.LazyFrame:
        """One row a subject: its key, and the policies' columns as `many.decide` writes them.

        Raises:
            YunnaoError: the run has none about ``kind``, or a file of it is damaged.
        """
        key = manifest.keys[kind]
        result: pl.LazyFrame | None = None
        for name in manifest.parts[kind]:
            if not self._is_whole(name, manifest):
                raise YunnaoError(
                    f"第 {manifest.number} 次运行的决定文件 {self.folder / name} 已损坏或不见了，没有读取；"
                    f"请重新运行 yunnao run（会全部重新决定），或从备份恢复这个文件"
                )
            part = pl.scan_parquet(self.folder / name)
            part = part.select([key, *columns]) if columns is not None else part
            result = part if result is None else pl.concat([result.join(part.select(key), on=key, how="anti"), part])
        if result is None:
            raise YunnaoError(f"第 {manifest.number} 次运行没有主体 {kind} 的决定")
        return result

    def long(self, manifest: Manifest, policy: str) -> pl.LazyFrame:
        """One policy's decisions: policy, subject, outcome (words), amount (fen), states, missing (bits)."""
        part = manifest.policies[policy]
        columns = [policy, f"{policy}__amount", f"{policy}__states", f"{policy}__missing"]
        return self.wide(manifest, part.subject, columns).select(
            pl.lit(policy).alias("policy"),
            pl.col(manifest.keys[part.subject]).alias("subject"),
            pl.col(policy).replace_strict(dict(enumerate(OUTCOMES)), return_dtype=pl.String).alias("outcome"),
            pl.col(f"{policy}__amount").alias("amount"),
            pl.col(f"{policy}__states").cast(pl.Int64).alias("states"),
            pl.col(f"{policy}__missing").alias("missing"),
        )


def _part(document: dict[str, Any]) -> PolicyPart:
    return PolicyPart(
        version=document["version"],
        subject=document["subject"],
        conditions=tuple(document["conditions"]),
        missable=tuple(document["missable"]),
    )


def parts_of(policies: Mapping[str, CompiledPolicy]) -> dict[str, PolicyPart]:
    """How to read the columns of compiled policies."""
    return {
        id_: PolicyPart(
            version=policy.rule.version,
            subject=policy.rule.policy.subject,
            conditions=tuple(test.id for test in policy.tests),
            missable=policy.missable,
        )
        for id_, policy in policies.items()
    }
