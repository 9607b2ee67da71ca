"""What tables a scheme is made of, and their columns. Cells are texts; files are read elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from yunnao.capabilities.drg.vocabulary import BOUNDED, BOUNDS, NAMED

TableName = Literal[
    "mdcs",
    "mdc_diagnoses",
    "adrgs",
    "adrg_codes",
    "drgs",
    "drg_codes",
    "complications",
    "exclusions",
    "valid_procedures",
]

FREE = frozenset({"title", "note"})
"""Columns that any table may have, for people."""

BOUND_COLUMNS = frozenset(f"{bound}_{column}" for bound in BOUNDS for column, _ in BOUNDED.values())
NAME_COLUMNS = frozenset(column for column, _ in NAMED.values())


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        required, optional: its columns, `FREE` besides.
        may_be_absent: a scheme without it has no rows of it.
        key: columns that tell rows apart.
    """

    required: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    may_be_absent: bool = False
    key: tuple[str, ...] = ()


_TESTS = BOUND_COLUMNS | NAME_COLUMNS

TABLES: Mapping[TableName, Table] = MappingProxyType(
    {
        "mdcs": Table(("seq", "mdc", "gate"), _TESTS | {"ambiguous"}, key=("mdc",)),
        "mdc_diagnoses": Table(("mdc", "code"), frozenset({"body_site"}), key=("mdc", "code", "body_site")),
        "adrgs": Table(("mdc", "seq", "adrg", "rule"), _TESTS | {"section"}, key=("adrg",)),
        "adrg_codes": Table(("adrg", "list", "code"), frozenset({"part"}), key=("adrg", "list", "code", "part")),
        "drgs": Table(("adrg", "seq", "drg", "split"), _TESTS, key=("drg",)),
        "drg_codes": Table(("drg", "list", "code"), frozenset({"part"}), True, key=("drg", "list", "code", "part")),
        "complications": Table(("code", "level", "exclusion"), key=("code",)),
        "exclusions": Table(("principal_code", "exclusion"), key=("principal_code",)),
        "valid_procedures": Table(("code",), key=("code",)),
    }
)
"""Name (and file, with .csv) -> its columns, in the order in which they are read."""
