"""Snapshots: immutable sets of rows in force, named by their content."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.register import Register
from yunnao.platforms.registry.deliveries import Delivery
from yunnao.platforms.registry.resolution import overlay
from yunnao.storage.files import remove_leftovers, write_atomically
from yunnao.storage.tables import TableStore, conform, schema

_ID = re.compile(r"^[0-9a-f]{32}$")


@dataclass(frozen=True)
class Snapshot:
    """The rows of every register in force at (`as_of`, `known_at`).

    Attributes:
        id: hash of the tables' content; equal for equal content, whatever the day.
        as_of, known_at: the two clocks it was asked for (known_at as `instant_text`).
        tables: register -> Parquet file, typed as docs/architecture.md says, sorted by key; a register without an
            effective delivery is absent.
        deliveries: register -> numbers of the deliveries it was made from, the one that wins last.
    """

    id: str
    as_of: dt.date
    known_at: str
    tables: Mapping[str, Path]
    deliveries: Mapping[str, tuple[int, ...]]

    @property
    def delivered(self) -> frozenset[str]:
        """Registers that say something."""
        return frozenset(self.tables)


class SnapshotStore:
    """The folder of manifests `ID.json`, and a cache that finds a table by the deliveries it was made from."""

    def __init__(self, folder: Path, tables: TableStore, registers: Mapping[str, Register]) -> None:
        self._folder = folder
        self._tables = tables
        self._registers = registers

    def find(self, made_from: Mapping[str, tuple[Delivery, ...]], as_of: dt.date, known_at: str) -> Snapshot | None:
        """The snapshot of these deliveries, if it was built before and is whole."""
        index = self._index()
        names = {register: self._known_table(register, deliveries, index) for register, deliveries in made_from.items()}
        found = {register: name for register, name in names.items() if name and self._tables.is_whole(name)}
        if len(found) < len(names) or not self._manifest(_id(found)).is_file():
            return None
        return self._snapshot(found, _numbers(made_from), as_of, known_at)

    def build(self, made_from: Mapping[str, tuple[Delivery, ...]], as_of: dt.date, known_at: str) -> Snapshot:
        """Make what `find` misses. Call it with the home locked.

        Raises:
            YunnaoError: the disk is full, or a delivery's table is missing or damaged.
        """
        index = dict(self._index())
        names: dict[str, str] = {}
        for register, deliveries in made_from.items():
            name = self._known_table(register, deliveries, index)
            if not name or not self._tables.is_whole(name):
                name = self._tables.add(self._resolved(self._registers[register], deliveries))
                index[self._index_key(register, deliveries)] = name
            names[register] = name
        id_ = _id(names)
        if not self._manifest(id_).is_file():
            manifest = {
                "id": id_,
                "tables": names,
                "deliveries": _numbers(made_from),
                "as_of": as_of.isoformat(),
                "known_at": known_at,
            }
            write_atomically(self._manifest(id_), _json(manifest))
        if index != self._index():
            write_atomically(self._folder / "index.json", _json(index))
        return self._snapshot(names, _numbers(made_from), as_of, known_at)

    def open(self, id_: str) -> Snapshot:
        """A snapshot by its id, with the clocks it was first built for.

        Raises:
            YunnaoError: there is none, or it is damaged.
        """
        if not _ID.match(id_) or not self._manifest(id_).is_file():
            raise YunnaoError(f"没有快照 {id_[:64]}；请检查编号，或按日期重新生成")
        try:
            manifest = json.loads(self._manifest(id_).read_bytes())
            names = {str(register): str(name) for register, name in manifest["tables"].items()}
            numbers = {str(register): tuple(map(int, each)) for register, each in manifest["deliveries"].items()}
            as_of, known_at = dt.date.fromisoformat(manifest["as_of"]), str(manifest["known_at"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise YunnaoError(f"快照清单 {self._manifest(id_)} 已损坏（{error}）；请从备份恢复") from None
        if _id(names) != id_:
            raise YunnaoError(f"快照清单 {self._manifest(id_)} 的内容与编号不符；请从备份恢复")
        return self._snapshot(names, numbers, as_of, known_at)

    def tables_named(self) -> set[str]:
        """Every table that some snapshot consists of.

        Raises:
            YunnaoError: a manifest is damaged.
        """
        named: set[str] = set()
        for path in self._folder.glob("*.json"):
            if _ID.match(path.stem):
                try:
                    named |= set(json.loads(path.read_bytes())["tables"].values())
                except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                    raise YunnaoError(f"快照清单 {path} 已损坏（{error}）；请从备份恢复") from None
        return named

    def clean(self) -> None:
        """Remove what an interrupted build left. Call it with the home locked."""
        remove_leftovers(self._folder)

    def _snapshot(
        self, names: Mapping[str, str], numbers: Mapping[str, tuple[int, ...]], as_of: dt.date, known_at: str
    ) -> Snapshot:
        tables = {register: self._tables.verified(names[register]) for register in sorted(names)}
        return Snapshot(_id(names), as_of, known_at, tables, numbers)

    def _resolved(self, register: Register, deliveries: tuple[Delivery, ...]) -> pl.DataFrame:
        parts = [conform(pl.scan_parquet(self._tables.verified(d.table)), register.facts).collect() for d in deliveries]
        return overlay(parts, register.key)

    def _known_table(self, register: str, deliveries: tuple[Delivery, ...], index: Mapping[str, str]) -> str | None:
        if len(deliveries) == 1:
            alone = deliveries[0].table
            facts = self._registers[register].facts
            if self._tables.is_whole(alone) and pl.read_parquet_schema(self._tables.path(alone)) == dict(schema(facts)):
                return alone
        return index.get(self._index_key(register, deliveries))

    def _index_key(self, register: str, deliveries: tuple[Delivery, ...]) -> str:
        definition = self._registers[register]
        columns = [(fact.id, str(fact.type)) for fact in definition.facts]
        parts = [definition.key, columns, [delivery.table for delivery in deliveries]]
        return hashlib.sha256(_json(parts)).hexdigest()

    def _index(self) -> Mapping[str, str]:
        try:
            document = json.loads((self._folder / "index.json").read_bytes())
            return {str(key): str(name) for key, name in document.items()}
        except (OSError, ValueError, AttributeError):
            return {}  # only a cache

    def _manifest(self, id_: str) -> Path:
        return self._folder / f"{id_}.json"


def _numbers(made_from: Mapping[str, tuple[Delivery, ...]]) -> dict[str, tuple[int, ...]]:
    return {register: tuple(d.number for d in deliveries) for register, deliveries in sorted(made_from.items())}


def _id(names: Mapping[str, str]) -> str:
    return hashlib.sha256(_json(dict(names))).hexdigest()[:32]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()
