"""The responsibility catalogue as the desk uses it: categories, and the department in charge of each."""

from collections.abc import Mapping
from pathlib import Path

from yunnao.app import District
from yunnao.scenarios.appeals.responsibilities import load_responsibilities, own_or_shipped
from yunnao.storage.rereading import Rereading


class InCharge:
    """Who is in charge of what in a district, as its catalogue says now."""

    def __init__(self, district: District) -> None:
        def read(path: Path) -> Mapping[str, str]:
            return load_responsibilities(path, district.departments).departments

        self._departments = Rereading(lambda: own_or_shipped(district.home), read)

    def __call__(self) -> Mapping[str, str]:
        """Category -> department, in written order.

        Raises:
            DefinitionError: the catalogue is not as declared, or names a department that does not exist.
        """
        return self._departments()
