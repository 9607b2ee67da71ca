"""Numbers that Word writes before paragraphs by itself (一、 （一） 1. 第一章).

They are no characters of the file, but headings would not be known as such without them.

Source: ECMA-376 part 1, 17.9 Numbering.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCountingThousand",
}
_DEEPEST = 9
_MOST_STYLES = 20


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


@dataclass
class Numbers:
    """The counters of one document; ask for every paragraph once, in order."""

    numbering: Element | None
    styles: Element | None
    _counters: dict[str, list[int]] = field(default_factory=dict)
    _levels: dict[str, tuple[str, Mapping[int, _Level]]] = field(default_factory=dict)
    _of_style: dict[str, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        abstract = {_value(each, "abstractNumId", own=True): each for each in _all(self.numbering, "abstractNum")}
        for number in _all(self.numbering, "num"):
            identity, of = _value(number, "numId", own=True), _value(number, "abstractNumId")
            if of in abstract:
                levels = {_whole(_value(level, "ilvl", own=True)): _level(level) for level in _all(abstract[of], "lvl")}
                starts = [*_all(number, "lvlOverride")]
                for override in starts:
                    at, start = _whole(_value(override, "ilvl", own=True)), _value(override, "startOverride")
                    if at in levels and start:
                        levels[at] = _Level(_whole(start), levels[at].form, levels[at].text)
                self._levels[identity] = (f"num {identity}" if starts else f"abstract {of}", levels)
        self._of_style = {_value(style, "styleId", own=True): style for style in _all(self.styles, "style")}

    def before(self, paragraph: Element) -> str:
        """What Word writes before a paragraph; empty for most."""
        identity, depth = self._numbered(paragraph)
        if identity not in self._levels:
            return ""
        key, levels = self._levels[identity]
        if depth not in levels:
            return ""
        counters = self._counters.setdefault(key, [])
        del counters[depth + 1 :]
        while len(counters) <= depth:
            at = len(counters)
            counters.append(levels[at].start - (at == depth) if at in levels else 1 - (at == depth))
        counters[depth] += 1
        written = levels[depth].text
        for at, count in enumerate(counters):
            form = levels[at].form if at in levels else "decimal"
            written = written.replace(f"%{at + 1}", _written(count, form))
        return f"{written} " if written and written[-1].isascii() else written

    def _numbered(self, paragraph: Element) -> tuple[str, int]:
        properties = paragraph.find(f"{_W}pPr")
        place = properties
        style = _value(properties, "pStyle")
        for _ in range(_MOST_STYLES):
            numbered = place.find(f"{_W}numPr") if place is not None else None
            if numbered is not None and _value(numbered, "numId"):
                return _value(numbered, "numId"), min(_whole(_value(numbered, "ilvl")), _DEEPEST)
            if style not in self._of_style:
                return "", 0
            place = self._of_style[style].find(f"{_W}pPr")
            style = _value(self._of_style[style], "basedOn")
        return "", 0


def _level(level: Element) -> _Level:
    form = _value(level, "numFmt") or "decimal"
    text = "" if form in ("bullet", "none") else _value(level, "lvlText")
    return _Level(_whole(_value(level, "start") or "1"), form, text)


def _written(count: int, form: str) -> str:
    if form in _CHINESE and 0 < count < 100:
        tens, ones = divmod(count, 10)
        before = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        return before + (_DIGITS[ones] if ones or not tens else "")
    if form.startswith("decimalEnclosedCircle") and 0 < count <= 20:
        return chr(ord("①") + count - 1)
    if form in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(count)


def _all(parent: Element | None, name: str) -> list[Element]:
    return [] if parent is None else parent.findall(f"{_W}{name}")


def _value(parent: Element | None, name: str, *, own: bool = False) -> str:
    """An attribute of the element itself, or ``val`` of its child; empty where there is none."""
    if parent is None:
        return ""
    if own:
        return parent.get(f"{_W}{name}", "")
    child = parent.find(f"{_W}{name}")
    return child.get(f"{_W}val", "") if child is not None else ""


def _whole(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) < 6 else 0
