"""What a settlement forgets of a person: rows stay, because payments are sums of them; who they are of does not.

Source: 个人信息保护法 art. 47: erasure at the person's request, but where a law's term of keeping has not run out, storing goes on and
all other handling stops; settlements are vouchers of the fund's accounts (docs/adr/0017). So of an erased stay its money, points, group
and month are left, under a name that nobody can be found by.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from yunnao.kernel.errors import YunnaoError

FILE = Path("drg") / "erased.json"
"""Whom settlements of this district have forgotten, as keyed digests: those to come forget them, too."""

PREFIX = "erased-"
FORGOTTEN = (
    "person_id",
    "sex",
    "age_years",
    "age_days",
    "birth_weight_g",
    "department",
    "admitted_on",
    "length_of_stay_days",
    "discharge_type",
    "icu_hours",
    "diagnoses",
    "procedures",
    "unknown_codes",
    "review",
)
"""Columns of a stay that are emptied; ``reason`` (diagnoses stand in it) becomes "", ``discharged_on`` the first of its month. ``days`` are
emptied, too, but of a stay that is paid by bed-days: there they are what was paid."""

_SAID_OF_THE_STAY = ("excluded", "ungrouped", "ambiguous")
"""Classes whose ``why`` is about the stay, not its group: diagnoses stand in it."""

_DIGITS = 24


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """Persons and stays that settlements have forgotten.

    Attributes:
        secret: of the district; without it nobody can be recognised by a digest.
        persons, stays: digests.
    """

    secret: bytes = field(repr=False)
    persons: frozenset[str] = frozenset()
    stays: frozenset[str] = frozenset()

    def with_(self, *, person: str | None = None, stay: str | None = None) -> "Forgotten":
        """These and one more."""
        persons = self.persons | ({self._digest("person", person)} if person else set())
        stays = self.stays | ({self._digest("stay", stay)} if stay else set())
        return Forgotten(secret=self.secret, persons=persons, stays=stays)

    def tombstone(self, case_id: str) -> str:
        """What stands for the number of an erased stay, the same in every run, so that runs can be compared."""
        return f"{PREFIX}{self._digest('tombstone', case_id)}"

    def found(self, stays: pl.DataFrame) -> pl.Series:
        """Which rows are of somebody forgotten and still say so."""
        pairs = stays.select("case_id", "person_id").iter_rows()
        marks = [
            not case_id.startswith(PREFIX)
            and (
                (person is not None and bool(self.persons) and self._digest("person", person) in self.persons)
                or (bool(self.stays) and self._digest("stay", case_id) in self.stays)
            )
            for case_id, person in pairs
        ]
        return pl.Series(marks, dtype=pl.Boolean)

    def forget(self, stays: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
        """Priced stays without what is forgotten, sorted by case_id as ever; and the numbers that are gone."""
        if not self.persons and not self.stays:
            return stays, []
        marked = self.found(stays)
        gone = stays.filter(marked)["case_id"].to_list()
        if not gone:
            return stays, []
        points_to = pl.col("readmitted_as")
        crossing = pl.lit(marked) != points_to.is_in(gone)
        across = stays.filter(crossing & ~points_to.str.starts_with(PREFIX))["readmitted_as"].unique()
        apart = {case_id: f"{PREFIX}{self._digest('pointer', case_id)}" for case_id in across}
        names = {case_id: self.tombstone(case_id) for case_id in gone}
        known = set(stays.columns)
        mark = pl.lit(marked)
        emptied = stays.with_columns(
            *(
                pl.when(mark).then(None).otherwise(pl.col(name)).cast(stays.schema[name]).alias(name)
                for name in FORGOTTEN
                if name in known
            ),
            pl.when(mark)
            .then(pl.col("discharged_on").dt.month_start())
            .otherwise("discharged_on")
            .alias("discharged_on"),
            pl.when(mark).then(pl.lit("")).otherwise("reason").alias("reason"),
            pl.when(mark & pl.col("class").is_in(_SAID_OF_THE_STAY)).then(pl.lit("")).otherwise("why").alias("why"),
            pl.when(mark & (pl.col("class") != "bed_day")).then(None).otherwise("days").alias("days"),
            pl.col("case_id").replace(names),
            # between an erased stay and one that is not there is no way: that one still says who it is of
            pl.when(crossing).then(points_to.replace(apart)).otherwise(points_to.replace(names)).alias("readmitted_as"),
        )
        return emptied.sort("case_id"), gone

    def _digest(self, what: str, id_: str) -> str:
        return hmac.new(self.secret, f"drg:{what}:{id_}".encode(), hashlib.sha256).hexdigest()[:_DIGITS]

    def document(self) -> bytes:
        """As it is kept in a home."""
        return json.dumps({"persons": sorted(self.persons), "stays": sorted(self.stays)}, indent=1).encode()


def load_forgotten(home: Path, secret: bytes) -> Forgotten:
    """Whom the settlements of a home have forgotten.

    Raises:
        YunnaoError: the file is damaged: nobody may come back by that.
    """
    path = home / FILE
    try:
        document: Mapping[str, Collection[str]] = json.loads(path.read_bytes())
        return Forgotten(secret=secret, persons=frozenset(document["persons"]), stays=frozenset(document["stays"]))
    except FileNotFoundError:
        return Forgotten(secret=secret)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise YunnaoError(f"{path} 读不懂（{error}）；请从备份恢复，否则已清除的个人信息会再出现") from None


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """A lawful change of a run's stays: the file that holds since then.

    Attributes:
        file, sha256: of the stays without what was erased; ``before`` is the digest of those they took the place of.
        rows: how many stays lost their personal data.
        at: when.
    """

    file: str
    sha256: str
    before: str
    rows: int
    at: str


ERASURES = "erasures.json"
"""Beside a manifest that is never rewritten: which lawful changes its stays have seen, in order."""


def erasures_of(folder: Path) -> list[Erasure]:
    """The erasures of a run.

    Raises:
        YunnaoError: their file is damaged.
    """
    try:
        return [Erasure(**each) for each in json.loads((folder / ERASURES).read_bytes())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise YunnaoError(f"{folder / ERASURES} 读不懂（{error}）；请从备份恢复") from None


def document_of(erasures: Collection[Erasure]) -> bytes:
    """As they are kept."""
    rows: list[dict[str, Any]] = [vars(each) for each in erasures]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()
