"""What is unwise about a scheme: groups that no stay can reach, codes that cannot be used, and codes in several places.

None of it keeps a scheme from use: published ones have some of each, and they are used as they are published.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from yunnao.capabilities.drg.findings import Finding, some, warning
from yunnao.capabilities.drg.implying import implies
from yunnao.capabilities.drg.scheme import NEVER_EXCLUDED, Adrg, Mdc, Scheme, Test
from yunnao.capabilities.drg.vocabulary import Word

_DRIVERS = ("principal", "main")


def check(scheme: Scheme) -> Iterator[Finding]:
    """Warnings on a scheme, table by table."""
    yield from _mdcs(scheme)
    yield from _unusable(scheme)
    for mdc in scheme.mdcs:
        yield from _swallowed(mdc, scheme)
    yield from _shared(scheme)
    yield from _untaken(scheme)
    yield from _splits(scheme)
    yield from _exclusions(scheme)


def _mdcs(scheme: Scheme) -> Iterator[Finding]:
    empty = [mdc.code for mdc in scheme.mdcs if not mdc.adrgs]
    if empty:
        yield warning("adrgs", f"{some(empty)} 没有 ADRG，进入后什么也分不到")
    for mdc in scheme.mdcs:
        late = [adrg.code for adrg in mdc.adrgs[mdc.ambiguous_place :] if adrg.section == "operation"]
        if mdc.ambiguous and late:
            yield warning("adrgs", f"{mdc.code} 判断歧义（QY）在手术类 {some(late)} 之前；手术类应排在内科类之前")
    for place, mdc in enumerate(scheme.mdcs):
        for earlier in scheme.mdcs[:place]:
            takes_all = any(all(word.kind == "always" for word in adrg.test.words) for adrg in earlier.adrgs)
            if takes_all and implies(mdc.test, earlier.test, scheme.valid_procedures):
                yield warning("mdcs", f"{mdc.code} 永远轮不到：能进入它的病案都先进入 {earlier.code} 并在那里分完")
    places = Counter(code for mdc in scheme.mdcs for code in mdc.test.listed("diagnosis"))
    several = [code for code, count in places.items() if count > 1]
    if several:
        pairs = Counter(
            "、".join(mdc.code for mdc in scheme.mdcs if code in mdc.test.listed("diagnosis")) for code in several
        )
        shown = "；".join(f"{names}（{count:,}）" for names, count in pairs.most_common(5))
        yield warning("mdc_diagnoses", f"{len(several):,} 个编码在几个 MDC 的表里，条件符合的先排者得到：{shown}")


def _drivers(test: Test) -> dict[str, frozenset[str]]:
    """``principal``, ``main`` -> the codes that one has to be of, where the test says so."""
    found: dict[str, frozenset[str]] = {}
    for word in test.words:
        if word.kind == "listed" and word.where in _DRIVERS and not word.negated:
            codes = test.listed(word.what)
            found[word.where] = found[word.where] & codes if word.where in found else codes
    return found


def _allowed(mdc: Mdc, scheme: Scheme) -> dict[str, frozenset[str]]:
    """What the gate of an MDC lets pass, in the terms of `_drivers`."""
    allowed = _drivers(mdc.test)
    if any(word.kind == "valid" and word.where == "main" and not word.negated for word in mdc.test.words):
        allowed["main"] = allowed.get("main", scheme.valid_procedures) & scheme.valid_procedures
    return allowed


def _unusable(scheme: Scheme) -> Iterator[Finding]:
    """Codes in the list of an ADRG that the gate of its MDC never lets pass."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in _DRIVERS}
    examples: dict[str, list[str]] = {name: [] for name in _DRIVERS}
    for mdc in scheme.mdcs:
        allowed = _allowed(mdc, scheme)
        for adrg in mdc.adrgs:
            for name, codes in _drivers(adrg.test).items():
                lost = codes - allowed.get(name, codes)
                if lost and lost == codes:
                    yield warning("adrg_codes", f"{adrg.code} 永远分不到：{_LOST[name]}，{mdc.code} 的门都不让过")
                elif lost:
                    counts[name][adrg.code] += len(lost)
                    examples[name] += [f"{adrg.code} {scheme.spelling[code]}" for code in sorted(lost)]
    for name, found in counts.items():
        if found:
            yield warning(
                "adrg_codes",
                f"{len(found)} 个 ADRG 的列表里有 {sum(found.values()):,} 个编码用不上（{_LOST[name]}，MDC 的门不让过）："
                + some(examples[name]),
            )


_LOST = {"principal": "诊断不在 MDC 的表里", "main": "手术不在有效手术表里"}


def _swallowed(mdc: Mdc, scheme: Scheme) -> Iterator[Finding]:
    """ADRGs that an earlier one, or several earlier ones together, leave nothing for."""
    allowed = _allowed(mdc, scheme)
    taken: dict[str, set[str]] = {name: set() for name in _DRIVERS}
    for place, adrg in enumerate(mdc.adrgs):
        whole = next((e for e in mdc.adrgs[:place] if _implied(adrg, e, mdc, scheme)), None)
        drivers = {name: codes & allowed.get(name, codes) for name, codes in _drivers(adrg.test).items()}
        by_parts = [name for name, codes in drivers.items() if codes and codes <= taken[name]]
        if whole is not None:
            yield warning("adrgs", f"{adrg.code} 永远分不到：符合它的都先符合 {whole.code}")
        elif by_parts:
            yield warning("adrg_codes", f"{adrg.code} 永远分不到：它列表里的编码都在 {mdc.code} 前面的 ADRG 里")
        if _only(adrg.test):
            for name, codes in drivers.items():
                taken[name] |= codes


def _implied(adrg: Adrg, earlier: Adrg, mdc: Mdc, scheme: Scheme) -> bool:
    gate = tuple(word for word in mdc.test.words if word.kind not in ("listed", "sites"))
    together = Test(
        (*adrg.test.words, *gate),
        adrg.test.codes,
        adrg.test.parts,
        bounds=(*adrg.test.bounds, *mdc.test.bounds),
        names={**mdc.test.names, **adrg.test.names},
    )
    return implies(together, earlier.test, scheme.valid_procedures)


def _only(test: Test) -> bool:
    """Whether one list of principal diagnoses or main procedures is all that a test asks."""
    return len(test.words) == 1 and _is_driver(test.words[0])


def _is_driver(word: Word) -> bool:
    return word.kind == "listed" and word.where in _DRIVERS and not word.negated


def _shared(scheme: Scheme) -> Iterator[Finding]:
    """Codes that several ADRGs of one MDC list, of which the first gets them."""
    found: dict[str, list[str]] = {}
    total = 0
    for mdc in scheme.mdcs:
        for name in _DRIVERS:
            lists = [_drivers(adrg.test).get(name, frozenset()) for adrg in mdc.adrgs if _only(adrg.test)]
            counts = Counter(code for codes in lists for code in codes)
            shared = sorted(code for code, count in counts.items() if count > 1)
            total += len(shared)
            found.setdefault(mdc.code, []).extend(shared)
    listed = [f"{mdc} {len(codes):,} 个（{scheme.spelling[codes[0]]}）" for mdc, codes in found.items() if codes]
    if listed:
        yield warning("adrg_codes", f"同一 MDC 里有 {total:,} 个编码在几个 ADRG 的列表里，先排者得到：{some(listed)}")


def _untaken(scheme: Scheme) -> Iterator[Finding]:
    """Diagnoses of an MDC that come to nothing without a procedure."""
    found = []
    for mdc in scheme.mdcs:
        without = [adrg.test for adrg in mdc.adrgs if not _asks_procedure(adrg.test)]
        if any("principal" not in _drivers(test) for test in without) or not mdc.test.listed("diagnosis"):
            continue
        left = mdc.test.listed("diagnosis").difference(*(_drivers(test)["principal"] for test in without))
        left -= _elsewhere(left, mdc, scheme)
        if left:
            found.append(f"{mdc.code} {len(left):,} 个（{scheme.spelling[min(left)]}）")
    if found:
        yield warning("adrg_codes", f"没有手术时不能入组的主要诊断（没有一个内科 ADRG 收）：{some(found)}")


def _asks_procedure(test: Test) -> bool:
    return any(
        not word.negated and (word.kind in ("parts", "valid") or word.what.startswith("procedure"))
        for word in test.words
    )


def _elsewhere(codes: frozenset[str], mdc: Mdc, scheme: Scheme) -> frozenset[str]:
    """Those of ``codes`` that another MDC has in its table."""
    return codes.intersection(
        *[frozenset().union(*(other.test.listed("diagnosis") for other in scheme.mdcs if other is not mdc))]
    )


def _splits(scheme: Scheme) -> Iterator[Finding]:
    adrgs = [adrg for mdc in scheme.mdcs for adrg in mdc.adrgs]
    if bare := [adrg.code for adrg in adrgs if not adrg.drgs]:
        yield warning("drgs", f"{some(bare)} 没有 DRG：分到这里的病案不能入组")
    open_ended = [adrg.code for adrg in adrgs if adrg.drgs and not _takes_rest(adrg.drgs[-1].test)]
    if open_ended:
        yield warning("drgs", f"{some(open_ended)} 的最后一个 DRG 不是 always：条件都不符合的病案不能入组")
    for adrg in adrgs:
        for place, drg in enumerate(adrg.drgs):
            earlier = next((e for e in adrg.drgs[:place] if implies(drg.test, e.test, scheme.valid_procedures)), None)
            if earlier is not None:
                yield warning("drgs", f"{drg.code} 永远分不到：符合它的都先符合 {earlier.code}")


def _takes_rest(test: Test) -> bool:
    return all(word.kind == "always" for word in test.words)


def _exclusions(scheme: Scheme) -> Iterator[Finding]:
    used = {table for _, table in scheme.complications.values() if table not in ("", NEVER_EXCLUDED)}
    given = set(scheme.exclusions.values())
    if unknown := sorted(used - given):
        yield warning("complications", f"排除表 {some(unknown)} 没有主要诊断，这些并发症永远不被排除")
    if unused := sorted(given - used):
        yield warning("exclusions", f"排除表 {some(unused)} 没有并发症用到")
    strange = sorted(scheme.exclusions.keys() - scheme.principal_diagnoses)
    if strange:
        yield warning("exclusions", f"不在任何 MDC 表里的主要诊断：{_spelled(strange, scheme)}")
    missing = [
        code
        for mdc in scheme.mdcs
        for adrg in mdc.adrgs
        for word in adrg.test.words
        if word.kind == "listed" and word.where == "principal"
        for code in adrg.test.listed(word.what) - scheme.principal_diagnoses
    ]
    if missing:
        yield warning(
            "adrg_codes", f"要作主要诊断、却不在任何 MDC 表里的编码：{_spelled(sorted(set(missing)), scheme)}"
        )


def _spelled(codes: Sequence[str], scheme: Scheme) -> str:
    return some([scheme.spelling[code] for code in codes])
