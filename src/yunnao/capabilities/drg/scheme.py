"""A scheme: what its tables say, as typed values. Made by `reading.scheme_from`; every grouper reads this and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from yunnao.capabilities.drg.vocabulary import Side, Word

Section = Literal["operation", "medical"]
Level = Literal["CC", "MCC"]

NEVER_EXCLUDED = "999"
"""The exclusion table of complications that no principal diagnosis excludes (as in the published tables); empty means the same."""

UNGROUPED = "0000"
"""The DRG of stays that have none."""

_NONE: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bound:
    """A stay's number has to be on this side of a limit; an unknown one is not."""

    column: str
    side: Side
    limit: float

    def holds(self, value: float | None) -> bool:
        """Whether ``value`` is known and within the bound."""
        if value is None:
            return False
        match self.side:
            case "min":
                return value >= self.limit
            case "above":
                return value > self.limit
            case "below":
                return value < self.limit
            case "max":
                return value <= self.limit


@dataclass(frozen=True, slots=True)
class Test:
    """A gate, rule or split with what it compares with; passed where all of its words are true.

    Attributes:
        words: see `vocabulary`.
        codes: list -> codes, in the form of `codes.compared`.
        parts: code -> numbers of the parts it belongs to.
        sites: code -> body sites it belongs to.
        bounds: of the row; those of a word's column apply.
        names: column of the stay -> names that fit.
    """

    words: tuple[Word, ...]
    codes: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NONE)
    parts: Mapping[str, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))
    sites: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NONE)
    bounds: tuple[Bound, ...] = ()
    names: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NONE)

    def listed(self, name: str) -> frozenset[str]:
        """The codes of a list; none if it is not given."""
        return self.codes.get(name, frozenset())


@dataclass(frozen=True, slots=True)
class Drg:
    """A group and its split within its ADRG."""

    code: str
    test: Test
    title: str = ""


@dataclass(frozen=True, slots=True)
class Adrg:
    """An adjacent group: its rule within its MDC, and its groups in order (none in some published tables)."""

    code: str
    section: Section
    test: Test
    drgs: tuple[Drg, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mdc:
    """A major category: its gate, whether QY is told apart, and its adjacent groups in order."""

    code: str
    test: Test
    ambiguous: bool
    adrgs: tuple[Adrg, ...]
    title: str = ""

    @property
    def ambiguous_code(self) -> str:
        """Stands for ADRG and DRG of its ambiguous stays: MDCB has BQY."""
        return f"{self.code[-1]}QY"

    @property
    def ambiguous_place(self) -> int:
        """Before which of its adjacent groups QY is asked: the first medical one, or at the end."""
        return next((place for place, adrg in enumerate(self.adrgs) if adrg.section == "medical"), len(self.adrgs))


@dataclass(frozen=True, eq=False)
class Scheme:
    """All that grouping needs.

    Attributes:
        title, edition: from the scheme's identity card.
        digest: SHA-256 over its tables, in hex; another digest, another scheme.
        mdcs: in the order in which they are tried.
        valid_procedures: those that count as operations.
        complications: code -> level and exclusion table.
        exclusions: principal diagnosis -> the exclusion table whose complications it rules out.
        spelling: code as compared -> as the tables write it.
    """

    title: str
    edition: str
    digest: str
    mdcs: tuple[Mdc, ...]
    valid_procedures: frozenset[str]
    complications: Mapping[str, tuple[Level, str]]
    exclusions: Mapping[str, str]
    spelling: Mapping[str, str] = field(repr=False)

    def tests(self) -> Iterator[Test]:
        """Every gate, rule and split."""
        for mdc in self.mdcs:
            yield mdc.test
            for adrg in mdc.adrgs:
                yield adrg.test
                yield from (drg.test for drg in adrg.drgs)

    @cached_property
    def diagnoses(self) -> frozenset[str]:
        """Codes of diagnoses in any table."""
        listed = (test.listed(name) for test in self.tests() for name in ("diagnosis", "diagnosis_2"))
        return frozenset().union(self.complications, self.exclusions, *listed)

    @cached_property
    def procedures(self) -> frozenset[str]:
        """Codes of procedures in any table."""
        lists = ("procedure", "procedure_2", "procedure_3")
        return self.valid_procedures.union(*(test.listed(name) for test in self.tests() for name in lists))

    @cached_property
    def principal_diagnoses(self) -> frozenset[str]:
        """Codes in the table of any MDC."""
        return frozenset().union(*(mdc.test.listed("diagnosis") for mdc in self.mdcs))

    @cached_property
    def groups(self) -> tuple[Drg, ...]:
        """Every group, in the tables' order."""
        return tuple(drg for mdc in self.mdcs for adrg in mdc.adrgs for drg in adrg.drgs)

    @cached_property
    def needs(self) -> Mapping[str, tuple[frozenset[str] | None, frozenset[str] | None]]:
        """MDC or ADRG -> what its principal diagnosis and its main procedure have to be one of; none where anything does."""
        tests = {mdc.code: mdc.test for mdc in self.mdcs} | {a.code: a.test for mdc in self.mdcs for a in mdc.adrgs}
        return {code: (_one_of(test, "principal"), _one_of(test, "main")) for code, test in tests.items()}

    def counted(self, principal: str, other: str) -> tuple[Level, str, bool] | None:
        """What another diagnosis is beside a principal one: level, exclusion table, whether it counts; none if no complication.

        It counts unless the principal diagnosis has the same exclusion table (CHS-DRG 1.1: 排除表).
        """
        found = self.complications.get(other)
        if found is None:
            return None
        level, table = found
        excluded = table not in ("", NEVER_EXCLUDED) and self.exclusions.get(principal) == table
        return level, table, not excluded


def _one_of(test: Test, where: str) -> frozenset[str] | None:
    lists = [
        test.listed(word.what)
        for word in test.words
        if word.kind == "listed" and word.where == where and not word.negated
    ]
    return frozenset.intersection(*lists) if lists else None
