"""The review page of a plan report: its text with every row marked in place, editable; one file that needs no network.

A strict content policy lets run only the script that is written into the page, and nothing leaves it: corrections are saved as a file.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from markupsafe import Markup

from yunnao.scenarios.plan.corrections import Correction, as_jsonl, place_of, plain
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.quantities import DEFECT_KINDS, Defect, Quantity, grouped
from yunnao.scenarios.plan.review import REMARK_KINDS, Remark
from yunnao.web.engine import asset, engine

UNSURE = 0.8
"""Rows below this confidence are marked with a question mark."""

STATUSES = {"outcome": "完成", "target": "目标", "description": "说明"}
KINDS = {
    "level": "水平",
    "growth_yoy": "增速",
    "rate_change": "变动",
    "share": "占比",
    "increment": "新增",
    "cumulative": "累计",
    "rank": "位次",
}
DIRECTIONS = {"none": "无", "up": "上升", "down": "下降"}
COMPARATORS = ("=", "≥", ">", "≈", "≤", "<")
_POLICY = (
    "default-src 'none'; img-src data:; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
)
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: plain text, the numeral of a row, or a defect."""

    text: str
    start: int
    row: int | None = None
    defect: Defect | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report that holds anything; ``section`` is that of the rows in it, or of those that follow."""

    start: int
    number: int
    section: str
    pieces: tuple[Piece, ...]


def review_page(
    document: Document,
    rows: Sequence[Quantity],
    defects: Sequence[Defect],
    remarks: Sequence[Remark],
    *,
    corrections: Sequence[Correction] = (),
    problems: Sequence[str] = (),
) -> str:
    """The page.

    Args:
        document: its text is shown whole.
        rows: in the order of the text, corrections applied.
        corrections: those applied; what the page saves begins with them.
        problems: sentences about corrections that did not fit.
    """
    environment = engine(finalize=_visible)
    style = asset("dictionary.css") + asset("plan_review.css")
    script = asset("plan_review.js")
    of_start = {row.start: index for index, row in enumerate(rows)}
    return environment.get_template("plan/review.html").render(
        source=document.source,
        style=Markup(style),
        script=Markup(script),
        policy=_POLICY.format(style=_hash(style), script=_hash(script)),
        data=_data(document, rows, corrections),
        lines=_lines(document.text, rows, defects),
        rows=rows,
        defects=defects,
        alike=grouped(defects),
        remarks=[(remark, [of_start[start] for start in remark.starts if start in of_start]) for remark in remarks],
        problems=problems,
        sections=_sections(rows),
        statuses=STATUSES,
        kinds=KINDS,
        directions=DIRECTIONS,
        comparators=COMPARATORS,
        defect_kinds=DEFECT_KINDS,
        remark_kinds=REMARK_KINDS,
        unsure=UNSURE,
    )


def _lines(text: str, rows: Sequence[Quantity], defects: Sequence[Defect]) -> list[Line]:
    marks: list[tuple[int, int, int | None, Defect | None]] = []
    end = -1
    for index, row in enumerate(rows):
        if row.start >= end and row.end > row.start:
            marks.append((row.start, row.end, index, None))
            end = row.end
    for defect in defects:
        if all(defect.end <= start or stop <= defect.start for start, stop, _, _ in marks if start <= defect.end):
            marks.append((defect.start, defect.end, None, defect))
    marks.sort(key=lambda mark: mark[:2])
    lines: list[Line] = []
    at = 0
    for number, words in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        within = [mark for mark in marks if at <= mark[0] and mark[1] <= at + len(words)]
        if words.strip():
            section = next((rows[mark[2]].section for mark in within if mark[2] is not None), "")
            lines.append(Line(at, number, section, tuple(_pieces(words, at, within))))
        at += len(words)
        at += 2 if text.startswith("\r\n", at) else 1
    section = ""
    for place in range(len(lines) - 1, -1, -1):
        section = lines[place].section or section
        lines[place] = Line(lines[place].start, lines[place].number, section, lines[place].pieces)
    return lines


def _pieces(words: str, at: int, marks: Sequence[tuple[int, int, int | None, Defect | None]]) -> Iterator[Piece]:
    here = at
    for start, end, row, defect in marks:
        if start < here:
            continue
        if start > here:
            yield Piece(words[here - at : start - at], here)
        yield Piece(words[start - at : end - at], start, row, defect)
        here = end
    if here < at + len(words):
        yield Piece(words[here - at :], here)


def _sections(rows: Sequence[Quantity]) -> list[tuple[str, str]]:
    """Every heading above a row as path and indented title, in the order of the text."""
    found: dict[str, str] = {}
    for row in rows:
        path = ""
        for depth, title in enumerate(row.section.split(" > ") if row.section else []):
            path = f"{path} > {title}" if path else title
            found.setdefault(path, "\u3000" * depth + title)
    return list(found.items())


def _data(document: Document, rows: Sequence[Quantity], corrections: Sequence[Correction]) -> Markup:
    """What the script needs, as JSON that cannot end the element it stands in."""
    data = {
        "source": document.source,
        "earlier": as_jsonl(corrections).decode("utf-8", "surrogatepass").splitlines(),
        "rows": [
            {
                "place": asdict(place_of(document.text, row)),
                "fields": plain(row),
                "quote": row.quote,
                "section": row.section,
                "line": row.line,
                "confidence": row.confidence,
                "base": f"{row.base_value:f} {row.base_unit}",
            }
            for row in rows
        ],
    }
    written = json.dumps(data, ensure_ascii=True)
    return Markup(written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _hash(content: str) -> str:
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _visible(value: object) -> object:
    """A control character would be invalid in a page: as many replacement characters, so that offsets hold."""
    return _INVISIBLE.sub("\ufffd", value) if isinstance(value, str) and not isinstance(value, Markup) else value
