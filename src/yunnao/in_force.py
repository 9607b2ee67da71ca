"""What a district's own files say, as this process goes by it: each is taken as soon as it is changed and right, without a restart; one
that is not right leaves what was in force (`storage/last_valid.py`).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from yunnao.access.actors import Actors
from yunnao.catalogue.cards import installed_filed_flows
from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.platforms.cases.filed import limits
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.scenarios.appeals.measure_settings import FILE as MEASURES
from yunnao.scenarios.appeals.measure_settings import MeasureSettings, measure_settings
from yunnao.scenarios.appeals.responsibilities import (
    Responsibilities,
    load_responsibilities,
    own_or_shipped,
    with_catalogue,
)
from yunnao.storage.last_valid import LastValid

ACTORS = "actors.yaml"
CATALOGUE = "appeals/responsibilities.yaml"

Flows = Mapping[str, FiledFlow]


@dataclass(frozen=True, slots=True)
class Watched:
    """A file that is followed.

    Attributes:
        name: where it is in the home.
        own: whether the district has one of its own; what ships is in force if not.
        problem: why what it says now is not in force; empty if it is.
    """

    name: str
    own: bool
    problem: str


class InForce:
    """The files of one district.

    Args:
        departments: those that there are, by id.
        today: a changed limit may hold from the next day on: what runs already keeps its own.
    """

    def __init__(self, home: Path, departments: Callable[[], Mapping[str, Any]], today: Callable[[], dt.date]) -> None:
        self._home = home
        self._departments = departments
        self._today = today
        self.actors: LastValid[Actors] = LastValid(home / ACTORS, lambda path: Actors.load(path, self._departments()))
        self.measures: LastValid[MeasureSettings] = LastValid(home / MEASURES, lambda _: measure_settings(home))
        self._limits: LastValid[Flows] = LastValid(home / limits.FILE, self._limited, partial(self._agree, limits.FILE))
        self._catalogued: LastValid[tuple[Responsibilities, Flows]] = LastValid(
            lambda: own_or_shipped(home),
            self._read_catalogue,
            lambda old, new: self._agree(CATALOGUE, old[1], new[1]),
        )
        self._flows: tuple[Flows, Flows, Flows] | None = None

    def catalogue(self) -> Responsibilities:
        """The responsibility catalogue.

        Raises:
            DefinitionError: it was never right since this process began; so with all the others.
        """
        return self._catalogued()[0]

    def flows(self) -> Flows:
        """The flows of filed cases of every scenario, with the time limits of `limits.yaml` and of the responsibility catalogue; the same
        object until one of them changes."""
        limited, (catalogue, catalogued) = self._limits(), self._catalogued()
        kept = self._flows
        if kept is None or kept[0] is not limited or kept[1] is not catalogued:
            kept = self._flows = (limited, catalogued, with_catalogue(limited, catalogue, self._catalogued.path.name))
        return kept[2]

    def look(self, *others: LastValid[Any]) -> list[Watched]:
        """Look at every file, and at ``others`` of the home, and say how each stands."""
        files: list[tuple[str, LastValid[Any]]] = [
            (ACTORS, self.actors),
            (limits.FILE, self._limits),
            (CATALOGUE, self._catalogued),
            (MEASURES, self.measures),
            *((other.path.name, other) for other in others),
        ]
        return [Watched(name, (self._home / name).exists(), _problem(file)) for name, file in files]

    def _limited(self, path: Path) -> Flows:
        flows = installed_filed_flows()
        return limits.with_limits(flows, strict_yaml.read(path), path.name) if path.exists() else flows

    def _read_catalogue(self, path: Path) -> tuple[Responsibilities, Flows]:
        catalogue = load_responsibilities(path, self._departments())
        return catalogue, with_catalogue(installed_filed_flows(), catalogue, path.name)

    def _agree(self, name: str, old: Flows, new: Flows) -> None:
        if moved := limits.moved(old, new, self._today()):
            raise DefinitionError(f"{name}：{moved}")


def _problem(file: LastValid[Any]) -> str:
    """What is wrong with a file, looked at now; one that was never right stops what needs it, and nothing else."""
    try:
        file()
    except YunnaoError as error:
        return str(error)
    return file.problem
