"""Values that are paths of levels (``城乡建设/供水/水压``): what is said of a level holds for those below that say nothing themselves."""

from collections.abc import Iterator

SEPARATOR = "/"


def upwards(path: str) -> Iterator[str]:
    """The path itself, then every level above it, the nearest first."""
    while path:
        yield path
        path = path.rpartition(SEPARATOR)[0]


def top(path: str) -> str:
    """The uppermost level."""
    return path.partition(SEPARATOR)[0]
