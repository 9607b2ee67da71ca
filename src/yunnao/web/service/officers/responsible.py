"""The responsibility catalogue as the desk uses it: categories, and the department in charge of each."""

from functools import lru_cache

from yunnao.app import District
from yunnao.scenarios.appeals.responsibilities import SHIPPED, Responsibilities, load_responsibilities


@lru_cache(4)
def responsibilities(district: District) -> Responsibilities:
    """The catalogue of a district: its own, or the one that is shipped; read once.

    Raises:
        DefinitionError: it names a department that does not exist.
    """
    own = district.home / "appeals" / "responsibilities.yaml"
    return load_responsibilities(own if own.exists() else SHIPPED, district.departments)


def categories(district: District) -> list[str]:
    """Every category, in written order."""
    return list(responsibilities(district).departments)
