"""Labels of a plan report from a compact form that a person writes: offsets are computed, every numeral is checked against the text.

Two forms lead to the same labels:

- *marked text*, for reports of our own: `⟦4500|亿元|l > est|地区生产总值⟧` stands where the text says `4500`; `⟦-712⟧` is a number that
  must not become a row, `⟦?八⟧` counts neither way; a line `⟦@target 2023⟧` sets status and period from here on and is not in the text.
- *a list*, for a report whose text is not ours to keep: `@38 target 2023` opens line 38, then one entry a line, in the order of the text.

The third field holds the kind (`l/i`: level, increment is right as well), then in any order a comparator, `up` or `down`, `est`, `asp`
(`asp?`: either), `s=` status, `p=` period, `v=` value, `u=` other units that are right, `t` (the unit stands elsewhere: in a column).
Alternatives stand behind `/` (units: `,`).
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

Label = dict[str, Any]

KINDS = {
    "l": "level",
    "g": "growth_yoy",
    "r": "rate_change",
    "s": "share",
    "i": "increment",
    "c": "cumulative",
    "k": "rank",
}
PERCENT_SIGNS = ("%", "\uff05", "成")
COMPARATORS = ("=", "≥", ">", "≈", "≤", "<")
CHINESE = dict(zip("一二三四五六七八九十首两百千万亿", (*range(1, 11), 1, 2, 100, 1000, 10**4, 10**8), strict=True))
SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
NEAR = 24
SCALED = re.compile(r"^([百千万亿]*)(.*)$")
MARK = re.compile(r"⟦([^⟧]*)⟧\n?")
NEVER = re.compile(  # counts of headings, footnotes, years, well-known names: marked everywhere without being listed
    r"(?<![0-9一二三四五六七八九十])[一二三四五六七八九十]{1,3}(?=是[^否]|、)|(?<=[((])[一二三四五六七八九十]{1,3}(?=[))])"
    r"|(?<![0-9.])(?:19|20)[0-9]{2}(?=年|版|-20|-\d\d年)|(?<=-)20[0-9]{2}(?=年)|(?<=\[)[0-9]{1,2}(?=\])|二十(?=大)|十四(?=五)|(?<=十)五(?=规划)"
)


class LabelError(ValueError):
    """An entry does not fit the text: which one, where."""


def of_marked_text(marked: str) -> tuple[str, list[Label]]:
    """The text without its marks, and the labels in order of their place."""
    status, period = "outcome", "other"
    text, labels = "", []
    at = 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        entry = mark[1]
        if entry.startswith("@"):
            status, period = entry[1:].split()
            continue
        at = mark.start() + len(entry) + 2  # a newline behind a quantity belongs to the text
        numeral = _numeral(entry)
        start = len(text)
        text += numeral
        labels.append(_label(entry, start, status, period))
    text += marked[at:]
    checked(text, labels)
    return text, sorted([*striven(labels), *_never(text, labels)], key=lambda label: label["start"])


def of_list(text: str, entries: str) -> list[Label]:
    """The labels of a text from a list of entries; a numeral is looked for behind the one before it."""
    starts = [0, *(place.end() for place in re.finditer("\n", text))]
    status, period, at, end = "", "", 0, 0
    labels: list[Label] = []
    never = _never_spans(text)
    for entry in entries.splitlines():
        if entry.startswith("@"):
            number, *rest = entry[1:].split()
            status, period = rest or (status, period)
            at = starts[int(number) - 1]
            end = starts[int(number)] if int(number) < len(starts) else len(text)
            continue
        if not entry:
            continue
        numeral = _numeral(entry)
        pattern = re.compile(rf"(?<![0-9.]){re.escape(numeral)}(?![0-9]|\.[0-9])")
        place = pattern.search(text, at, end)
        while place and not _is_mark(entry) and any(place.start() in range(*span) for span in never):
            place = pattern.search(text, place.end(), end)
        if not place:
            raise LabelError(f"{entry}: not found in {text[at : at + 40]!r}")
        labels.append(_label(entry, place.start(), status, period))
        at = place.end()
    checked(text, labels)
    return sorted([*striven(labels), *_never(text, labels)], key=lambda label: label["start"])


def striven(labels: list[Label]) -> list[Label]:
    """A value that is striven for beside its base target stands on the base target too, and its own row may be left out."""
    quantities = [label for label in labels if "mark" not in label]
    for base, label in pairwise(quantities):
        near = label["start"] - base["end"] < NEAR and label["indicator"] == base["indicator"]
        if near and label["aspirational"] is not None and base["aspirational"] is None:
            base["aspirational"] = label["value"]
            label["optional"] = True
    return labels


def checked(text: str, labels: list[Label]) -> None:
    """Every quantity's numeral stands where its label says and its unit follows; raises LabelError."""
    for label in labels:
        start, end = label["start"], label["end"]
        if "mark" in label or label.get("in_table"):
            continue
        unit = label["unit"]
        follows = text[end : end + len(unit) + 6]
        percent = unit == "%" and follows[:1] in PERCENT_SIGNS
        right = percent or label["kind"] == "rank" or (unit != "%" and all(sign in follows for sign in unit))
        if not right or not text[start:end]:
            raise LabelError(f"{label['indicator']}: {text[start:end]!r} is followed by {follows!r}, not by {unit}")


def unmarked(text: str, labels: list[Label]) -> Iterator[str]:
    """Numbers of the text that no label mentions, each within its words: what a labeller may have missed."""
    spans = [(label["start"], label["end"]) for label in labels]
    for number in re.finditer(r"[0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十两百千]+|第[一二三]|首位|[半数翻]", text):
        if not any(start < number.end() and number.start() < end for start, end in spans):
            yield text[max(0, number.start() - 8) : number.end() + 8].replace("\n", "⏎")


def _is_mark(entry: str) -> bool:
    return entry[0] in "-?" and "|" not in entry


def _numeral(entry: str) -> str:
    return entry[1:] if _is_mark(entry) else entry.split("|")[0]


def _label(entry: str, start: int, status: str, period: str) -> Label:
    if _is_mark(entry):
        numeral = entry[1:]
        return {"start": start, "end": start + len(numeral), "mark": "no_quantity" if entry[0] == "-" else "either_way"}
    numeral, unit, how, indicator = entry.split("|")
    kinds, *flags = how.split()
    first, *others = (KINDS[letter] for letter in kinds.split("/"))
    low, high = _values(numeral)
    direction = {"growth_yoy": "up"}.get(first)
    also: dict[str, list[Any]] = {"kind": others} if others else {}
    label: Label = {"comparator": "=", "estimate": False, "aspirational": None}
    for flag in flags:
        name, _, value = flag.partition("=") if flag != "=" else (flag, "", "")
        if flag in COMPARATORS:
            label["comparator"] = flag
        elif flag.split("/")[0] in ("up", "down"):
            direction, *rest = flag.split("/")
            also |= {"direction": rest} if rest else {}
        elif flag == "est":
            label["estimate"] = True
        elif flag in ("asp", "asp?"):
            label["aspirational"] = _plain(low)
            also |= {"aspirational": [None]} if flag == "asp?" else {}
        elif name == "s":
            status, *rest = value.split("/")
            also |= {"status": rest} if rest else {}
        elif name == "p":
            period, *rest = value.split("/")
            also |= {"period": rest} if rest else {}
        elif name == "cmp":
            also |= {"comparator": value.split("/")}
        elif flag == "t":
            label["in_table"] = True
        elif name == "v":
            low = Decimal(value)
        elif name == "hi":
            high = Decimal(value)
        elif name == "u":
            also |= {"unit": value.split(",")}
        else:
            raise LabelError(f"{entry}: {flag} is not known")
    status, *statuses = status.split("/")
    period, *periods = period.split("/")
    also = ({"status": statuses} if statuses else {}) | ({"period": periods} if periods else {}) | also
    scale, base_unit = _scaled(unit)
    return {
        "start": start,
        "end": start + len(numeral),
        "value": _plain(low),
        "value_high": None if high is None else _plain(high),
        "unit": unit,
        "base_value": _plain(low * scale),
        "base_unit": base_unit,
        "kind": first,
        "direction": direction,
        "period": period,
        "status": status,
        **label,
        "indicator": indicator,
        **({"also": also} if also else {}),
    }


def _values(numeral: str) -> tuple[Decimal, Decimal | None]:
    low, _, high = re.sub("[-~—至到]+", "-", numeral.lstrip("-−+")).partition("-")
    return _value(low), _value(high) if high else None


def _value(numeral: str) -> Decimal:
    digits = re.sub("[,,]", "", numeral)
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", digits):
        return Decimal(digits)
    if numeral in CHINESE:
        return Decimal(CHINESE[numeral])
    return Decimal(0)  # a flag v= must say it


def _scaled(unit: str) -> tuple[int, str]:
    found = SCALED.match(unit)
    assert found  # the pattern matches every text
    scale = 1
    for sign in found[1]:
        scale *= SCALES[sign]
    return scale, found[2]


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _never_spans(text: str) -> list[tuple[int, int]]:
    return [place.span() for place in NEVER.finditer(text)]


def _never(text: str, labels: list[Label]) -> Iterator[Label]:
    taken = {place for label in labels for place in range(label["start"], label["end"])}
    for start, end in _never_spans(text):
        if not taken & set(range(start, end)):
            yield {"start": start, "end": end, "mark": "no_quantity"}
