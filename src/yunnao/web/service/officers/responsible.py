"""The responsibility catalogue as the desk uses it: categories, and the department in charge of each."""

from pathlib import Path
from typing import Any

from yunnao.app import District
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.definitions import FiledStep
from yunnao.scenarios.appeals.responsibilities import Responsibilities, load_responsibilities, noted, own_or_shipped
from yunnao.storage.rereading import Rereading


class InCharge:
    """Who is in charge of what in a district, as its catalogue says now."""

    def __init__(self, district: District) -> None:
        def read(path: Path) -> Responsibilities:
            return load_responsibilities(path, district.departments)

        self._catalogue = Rereading(lambda: own_or_shipped(district.home), read)

    def __call__(self) -> Responsibilities:
        """The catalogue.

        Raises:
            DefinitionError: the catalogue is not as declared, or names a department that does not exist.
        """
        return self._catalogue()

    def noted(self, step: FiledStep) -> dict[str, Any]:
        """What a step notes about the department that an officer chose; without the revision where the catalogue is not usable now."""
        try:
            revision = self._catalogue().revision
        except YunnaoError:
            revision = None
        return noted(step, "officer", revision)
