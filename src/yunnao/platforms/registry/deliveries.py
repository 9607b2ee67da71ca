"""The ledger of deliveries: a small manifest for each delivered file. A delivery exists when its whole batch does."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yunnao.kernel.errors import YunnaoError
from yunnao.storage.files import remove_leftovers, write_atomically

SINCE_EVER = dt.date.min
"""The `valid_from` of a delivery that names none."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One file taken in.

    Attributes:
        number: counts up from 1; a later delivery has a greater one.
        register: id.
        valid_from: since when its rows hold; `SINCE_EVER` by default.
        known_at: instant of recording (`instant_text`); never earlier than that of a delivery before it.
        batch: first and last number of the deliveries recorded by the same call, all or none of which exist.
        file: name as delivered.
        original: SHA-256 of its bytes.
        suffix: of the kept original.
        table: name of the accepted rows in the table store.
        rows, accepted, refused, repeats: counts.
        sheets, notes: as in `LoadReport`.
    """

    number: int
    register: str
    valid_from: dt.date
    known_at: str
    batch: tuple[int, int]
    file: str
    original: str
    suffix: str
    table: str
    rows: int
    accepted: int
    refused: int
    repeats: int
    sheets: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``json.dumps``."""
        return {**asdict(self), "valid_from": self.valid_from.isoformat()}


class Ledger:
    """The folder of manifests `N.json`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> list[Delivery]:
        """Every delivery whose batch is complete, by number.

        Raises:
            YunnaoError: a manifest is damaged.
        """
        found = self._found()
        return [delivery for delivery in found.values() if _complete(delivery, found)]

    def commit(self, deliveries: Sequence[Delivery]) -> None:
        """Record a batch; the last manifest written brings all of it into force.

        Raises:
            YunnaoError: the disk is full or refuses; nothing is in force then.
        """
        written: list[Path] = []
        try:
            for delivery in deliveries:
                path = self._path(delivery.number)
                text = json.dumps(delivery.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
                write_atomically(path, text.encode())
                written.append(path)
        except BaseException:
            for path in written:
                with suppress(OSError):
                    path.unlink()
            raise

    def clean(self) -> None:
        """Remove what an interrupted commit left. Call it with the home locked."""
        remove_leftovers(self._folder)
        found = self._found()
        for delivery in found.values():
            if not _complete(delivery, found):
                with suppress(OSError):
                    self._path(delivery.number).unlink()

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.json"

    def _found(self) -> dict[int, Delivery]:
        numbers = sorted(int(path.stem) for path in self._folder.glob("*.json") if path.stem.isdecimal())
        return {number: _delivery(self._path(number)) for number in numbers}


def _complete(delivery: Delivery, found: Mapping[int, Delivery]) -> bool:
    first, last = delivery.batch
    return all(number in found for number in range(first, last + 1))


def _delivery(path: Path) -> Delivery:
    try:
        document = json.loads(path.read_bytes())
        return Delivery(
            **{
                **document,
                "valid_from": dt.date.fromisoformat(document["valid_from"]),
                "batch": tuple(document["batch"]),
                "sheets": tuple(document["sheets"]),
                "notes": tuple(document["notes"]),
            }
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise YunnaoError(f"交付清单 {path} 已损坏（{error}）；请从备份恢复这个文件后重试") from None
