"""A scheme as tables of bits, made once: see `bits`. What each test means is in `vocabulary`; `one` says the same for one stay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yunnao.capabilities.drg.bits import Bits, Facts, facts_of, only, rows_of_ones, stand, words_for
from yunnao.capabilities.drg.scheme import NEVER_EXCLUDED, Mdc, Scheme, Test
from yunnao.capabilities.drg.vocabulary import WORDS, Word

CC, MCC = 1, 2
"""Bits of the level of a complication."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What tests ask beyond the principal diagnosis and the main procedure.

    Attributes:
        word: which test it is; one that is not negated.
        slots: bits among those of the codes (see `Codes`): of ``listed`` one, of ``parts`` each alternative's, of ``sites`` each site's.
        test: where the word's bounds and names are.
    """

    word: Word
    slots: tuple[tuple[int, ...], ...]
    test: Test


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of diagnoses or of procedures that are in any table.

    Attributes:
        kinds, written: Enums of their compared forms, and of how the tables write them; the number of a code is its place in both.
        other: the number of every other code, one beyond.
        any_slots, secondary_slots: (words, codes + 1) bits that a code sets where it stands anywhere, or after the first.
    """

    kinds: pl.Enum
    written: pl.Enum
    other: int
    any_slots: Bits
    secondary_slots: Bits


@dataclass(frozen=True, slots=True)
class Stage:
    """Tests in an order, of which the first that passes is wanted.

    Attributes:
        principal: (diagnoses + 1, words), or none where no test asks.
        main: (procedures + 1, words), or none.
        tests: how many there are.
        facts: tables of the further facts.
        asked: which those are: places in `Compiled.facts`, true or negated.
        all_tests: (1, words) a bit for each.
    """

    principal: Bits | None
    main: Bits | None
    tests: int
    facts: Facts
    asked: tuple[tuple[int, bool], ...]
    all_tests: Bits


@dataclass(frozen=True)
class Compiled:
    """All that `many` looks up.

    Attributes:
        diagnoses, procedures: the codes.
        facts: further facts, each asked once.
        groups: stage of ADRGs and QY over all MDCs, in the order in which they are tried.
        mdc_of, adrg_of, drg_of: names of each of those tests; ``drg_of`` is empty but for QY.
        splits: stage of DRGs; `split_of` has the bits of each ADRG's own (last row: none).
        drg_names: of the tests of ``splits``.
        gates: stage of the MDCs' gates, to say what was entered.
        gate_names: of the tests of ``gates``.
        level: (diagnoses + 1,) `CC`, `MCC` or 0.
        table, excludes: (diagnoses + 1,) exclusion table of a complication, and of a principal diagnosis; 0 for none.
        in_gate: (diagnoses + 1,) whether in the table of any MDC.
        adrgs_with_groups: those that have any DRG.
        asked_columns: columns of stays that bounds and names are about.
    """

    diagnoses: Codes
    procedures: Codes
    facts: tuple[Fact, ...]
    groups: Stage
    mdc_of: tuple[str, ...]
    adrg_of: tuple[str, ...]
    drg_of: tuple[str, ...]
    splits: Stage
    split_of: Bits
    drg_names: tuple[str, ...]
    gates: Stage
    gate_names: tuple[str, ...]
    level: NDArray[np.uint8]
    table: NDArray[np.int32]
    excludes: NDArray[np.int32]
    in_gate: NDArray[np.bool_]
    adrgs_with_groups: frozenset[str]
    asked_columns: frozenset[str]


Asked = tuple[Word, Test]
"""A word and the test whose lists, bounds and names it uses."""


class _Facts:
    """Collects facts and the bits that codes set for them."""

    def __init__(self, scheme: Scheme) -> None:
        self.valid = scheme.valid_procedures
        self.facts: list[Fact] = []
        self.known: dict[object, int] = {}
        self.slots: dict[str, list[frozenset[str]]] = {"diagnosis": [], "procedure": [], "secondary": []}

    def place(self, word: Word, test: Test) -> int:
        """Which fact a word of a test is."""
        slots: tuple[tuple[int, ...], ...] = ()
        match word.kind:
            case "listed":
                kind = "secondary" if word.where == "secondary" else word.what.split("_")[0]
                slots = ((self.slot(kind, test.listed(word.what)),),)
            case "valid":
                slots = ((self.slot("procedure", self.valid),),)
            case "parts":
                slots = tuple(
                    tuple(self.slot("procedure", _of_part(test, part)) for part in sorted(parts))
                    for parts in word.alternatives
                )
            case "sites":
                names = sorted(frozenset().union(*test.sites.values()))
                sites = [frozenset(code for code, where in test.sites.items() if name in where) for name in names]
                slots = (tuple(self.slot("diagnosis", codes) for codes in sites),)
        bounds = tuple(bound for bound in test.bounds if bound.column == word.what)
        of = word.what if word.kind in ("bounded", "named") else word.what.split("_")[0]  # slots are numbered for each
        key = (word.kind, word.where, of, slots, bounds, test.names.get(word.what))
        if key not in self.known:
            self.known[key] = len(self.facts)
            self.facts.append(Fact(word, slots, test))
        return self.known[key]

    def slot(self, kind: str, codes: frozenset[str]) -> int:
        """The bit that any of ``codes`` sets."""
        known = self.slots[kind]
        if codes not in known:
            known.append(codes)
        return known.index(codes)


def _of_part(test: Test, part: int) -> frozenset[str]:
    return frozenset(code for code, parts in test.parts.items() if part in parts)


class _Memberships:
    """Which codes are in a list, as booleans over all codes and one for the others."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.size = len(codes) + 1
        self.places = {code: place for place, code in enumerate(codes)}
        self.known: dict[frozenset[str], NDArray[np.bool_]] = {}

    def of(self, listed: frozenset[str]) -> NDArray[np.bool_]:
        """(codes + 1,)"""
        if listed not in self.known:
            member = np.zeros(len(self.places) + 1, dtype=np.bool_)
            member[[self.places[code] for code in listed]] = True
            self.known[listed] = member
        return self.known[listed]


@lru_cache(maxsize=4)
def compiled(scheme: Scheme) -> Compiled:
    """The tables of a scheme, made when first asked for."""
    diagnoses, procedures = sorted(scheme.diagnoses), sorted(scheme.procedures)
    facts = _Facts(scheme)

    memberships = _Memberships(diagnoses), _Memberships(procedures)

    def stage(tests: Sequence[Sequence[Asked]]) -> Stage:
        return _stage(tests, *memberships, facts)

    steps = [step for mdc in scheme.mdcs for step in _steps(mdc)]
    groups = stage([asked for asked, *_ in steps])
    adrgs = {adrg.code: adrg for mdc in scheme.mdcs for adrg in mdc.adrgs}
    drgs = [(adrg.code, drg) for adrg in adrgs.values() for drg in adrg.drgs]
    splits = stage([_asked(drg.test) for _, drg in drgs])
    own: dict[str, list[int]] = {}
    for test, (owner, _) in enumerate(drgs):
        own.setdefault(owner, []).append(test)
    split_of = np.concatenate([only(own.get(name, ()), len(drgs)) for *_, name, _ in steps] + [only((), len(drgs))])
    gates = stage([_asked(mdc.test) for mdc in scheme.mdcs])
    places = {code: place for place, code in enumerate(diagnoses)}
    level, table = np.zeros(len(diagnoses) + 1, dtype=np.uint8), np.zeros(len(diagnoses) + 1, dtype=np.int32)
    excludes, in_gate = np.zeros_like(table), np.zeros(len(diagnoses) + 1, dtype=np.bool_)
    numbers: dict[str, int] = {}
    for code, (kind, exclusion) in scheme.complications.items():
        level[places[code]] = MCC if kind == "MCC" else CC
        if exclusion not in ("", NEVER_EXCLUDED):
            table[places[code]] = numbers.setdefault(exclusion, len(numbers) + 1)
    for code, exclusion in scheme.exclusions.items():
        excludes[places[code]] = numbers.get(exclusion, 0)
    in_gate[[places[code] for code in scheme.principal_diagnoses]] = True
    return Compiled(
        diagnoses=_codes(diagnoses, scheme, facts.slots["diagnosis"], facts.slots["secondary"]),
        procedures=_codes(procedures, scheme, facts.slots["procedure"], []),
        facts=tuple(facts.facts),
        groups=groups,
        mdc_of=tuple(mdc for _, mdc, _, _ in steps),
        adrg_of=tuple(adrg for _, _, adrg, _ in steps),
        drg_of=tuple(drg for _, _, _, drg in steps),
        splits=splits,
        split_of=split_of,
        drg_names=tuple(drg.code for _, drg in drgs),
        gates=gates,
        gate_names=tuple(mdc.code for mdc in scheme.mdcs),
        level=level,
        table=table,
        excludes=excludes,
        in_gate=in_gate,
        adrgs_with_groups=frozenset(owner for owner, _ in drgs),
        asked_columns=frozenset(fact.word.what for fact in facts.facts if fact.word.kind in ("bounded", "named")),
    )


def _asked(test: Test) -> list[Asked]:
    return [(word, test) for word in test.words if word.kind != "always"]


def _steps(mdc: Mdc) -> list[tuple[list[Asked], str, str, str]]:
    """What is tried within an MDC, in order: words, MDC, ADRG, and the DRG of QY."""
    gate = _asked(mdc.test)
    steps = [([*gate, *_asked(adrg.test)], mdc.code, adrg.code, "") for adrg in mdc.adrgs]
    if mdc.ambiguous:
        any_valid = (WORDS["any_procedure_valid"][0], mdc.test)
        code = mdc.ambiguous_code
        steps.insert(mdc.ambiguous_place, ([*gate, any_valid], mdc.code, code, code))
    return steps


def _stage(tests: Sequence[Sequence[Asked]], diagnoses: _Memberships, procedures: _Memberships, facts: _Facts) -> Stage:
    needed: dict[tuple[int, bool], list[int]] = {}
    principal: dict[int, list[NDArray[np.bool_]]] = {}
    main: dict[int, list[NDArray[np.bool_]]] = {}
    for number, asked in enumerate(tests):
        for word, test in asked:
            if word.kind == "listed" and word.where == "principal":
                listed = diagnoses.of(test.listed(word.what))
                principal.setdefault(number, []).append(~listed if word.negated else listed)
            elif word.where == "main":
                listed = procedures.of(facts.valid if word.kind == "valid" else test.listed(word.what))
                main.setdefault(number, []).append(~listed if word.negated else listed)
            else:
                needed.setdefault((facts.place(word, test), word.negated), []).append(number)
    return Stage(
        _asked_of(principal, diagnoses.size, len(tests)),
        _asked_of(main, procedures.size, len(tests)),
        len(tests),
        facts_of(list(needed.values()), len(tests)),
        tuple(needed),
        rows_of_ones(1, len(tests)),
    )


def _asked_of(tests: dict[int, list[NDArray[np.bool_]]], size: int, among: int) -> Bits | None:
    """The table of codes where ``tests`` ask that each of some conditions on the code is true; none if no test asks."""
    if not tests:
        return None
    table = np.repeat(only((test for test in range(among) if test not in tests), among), size, axis=0)
    for test, conditions in tests.items():
        stand(table, np.flatnonzero(np.logical_and.reduce(conditions)), test)
    return table


def _codes(
    codes: Sequence[str], scheme: Scheme, anywhere: Sequence[frozenset[str]], secondary: Sequence[frozenset[str]]
) -> Codes:
    written = pl.Enum([scheme.spelling[code] for code in codes])
    return Codes(pl.Enum(codes), written, len(codes), _slots(codes, anywhere), _slots(codes, secondary))


def _slots(codes: Sequence[str], slots: Iterable[frozenset[str]]) -> Bits:
    listed = list(slots)
    table = np.zeros((words_for(len(listed)), len(codes) + 1), dtype=np.uint64)
    memberships = _Memberships(codes)
    for place, each in enumerate(listed):
        stand(table.T, np.flatnonzero(memberships.of(each)), place)
    return table
