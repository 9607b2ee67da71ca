"""A PDF report written out as text: lines joined into paragraphs, tabs where a line has wide gaps (the columns of a table).

Page numbers and lines that repeat at the head or foot of the pages are left out. Pdfium reads the pages: it knows the character maps of
Chinese fonts that are not embedded, and is many times faster than readers in Python. It runs in a process of its own with bounded memory
and time, since it is C++ and a PDF may be anybody's: `python -m yunnao.scenarios.plan.pdf_text` takes a PDF and answers JSON.
"""

import json
import re
import statistics
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.document import Document

MOST_PAGES = 1500
_MOST_MEMORY = 2 << 30
_MOST_SECONDS = 120
_WIDE_GAP = 1.2
"""Times the height of the line: a gap wider than this parts two columns, and then so do all its narrower ones."""
_NARROW_GAP = 0.2
_UNPARTED = re.compile(r"[“”‘’《》()（）]*(?:[!-~]+|.)[“”‘’《》()（）,，。;；:：、%]*(?:(?<=[“‘《(（]).)?")
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s,，/]*共?\s*\d{1,4}\s*页?)?[-—–·\s]*")
_REASONS = {
    "password": "文件有密码；请去掉密码后重试",
    "pages": f"超过 {MOST_PAGES} 页，不像一份报告；请只留正文后重试",
    "scan": "里面没有文字，像是扫描件；请先做文字识别（OCR）或改用 Word 文件",
    "damaged": "文件已损坏，读不出 PDF；请重新导出后重试",
}


_Sign = tuple[str, tuple[float, float, float, float]]
"""A character and its box: left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its words with tabs in its wide gaps, its box in points (y grows upwards), and its page's height."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    page: int
    head: float
    """Width of the words at its beginning that a line break never parts: a number with its signs, a character with its quotes."""

    @property
    def size(self) -> float:
        """The height of its characters."""
        return self.top - self.bottom


def from_pdf(content: bytes, name: str) -> Document:
    """The text of a PDF.

    Raises:
        FileRefused: locked by a password, scanned, damaged, or far larger than a report.
    """
    command = [sys.executable, "-m", "yunnao.scenarios.plan.pdf_text"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_MOST_SECONDS, check=True)
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise FileRefused(f"{name}：{_REASONS['damaged']}") from None
    if reason := answer.get("refused"):
        raise FileRefused(f"{name}：{_REASONS[reason]}")
    return Document(text=answer["text"], source=name)


def joined(lines: Sequence[Line]) -> str:
    """Paragraphs, one a line: a line that reaches the right margin goes on in the next one unless that is indented, set apart or larger."""
    lines = [line for line in _without_running_heads(lines) if line.text.strip()]
    if not lines:
        return ""
    size = statistics.median(line.size for line in lines)
    body = [line for line in lines if "\t" not in line.text]
    lefts = Counter(round(line.left / 3) * 3 for line in body or lines)
    left = min(place for place, times in lefts.items() if times >= max(lefts.values()) / 5)
    right = statistics.quantiles([line.right for line in body], n=20)[-1] if len(body) > 1 else lines[0].right
    text = lines[0].text
    for before, line in pairwise(lines):
        goes_on = (
            "\t" not in before.text + line.text
            and before.right + line.head + 0.3 * size > right
            and line.left < left + 0.9 * size
            and abs(before.size - line.size) < 0.35 * size
            and (before.page != line.page or before.bottom - line.top < 1.6 * size)
        )
        latin = (
            goes_on
            and text[-1:].isascii()
            and text[-1:].isalpha()
            and line.text[:1].isascii()
            and line.text[:1].isalpha()
        )
        text += (" " if latin else "" if goes_on else "\n") + line.text
    return text + "\n"


def _without_running_heads(lines: Sequence[Line]) -> Iterator[Line]:
    edges: dict[int, list[Line]] = {}
    for line in lines:
        edges.setdefault(line.page, []).append(line)
    outer = {id(line) for page in edges.values() for line in (*page[:1], *page[-1:])}
    repeated = Counter(re.sub(r"\d+", "", line.text) for line in lines if id(line) in outer and len(line.text) < 60)
    for line in lines:
        known = id(line) in outer and (
            _PAGE_NUMBER.fullmatch(line.text) or repeated[re.sub(r"\d+", "", line.text)] >= max(3, len(edges) // 2)
        )
        if not known:
            yield line


def _read(content: bytes) -> dict[str, str]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        return {"refused": "password" if "assword" in str(error) else "damaged"}
    if len(pdf) > MOST_PAGES:
        return {"refused": "pages"}
    lines: list[Line] = []
    for number in range(len(pdf)):
        page = pdf[number]
        lines += _lines(page.get_textpage(), number)
        page.close()
    text = joined(lines)
    return {"text": text} if text.strip() else {"refused": "scan"}


def _lines(page: Any, number: int) -> Iterator[Line]:
    from ctypes import byref

    from pypdfium2 import raw

    box = raw.FS_RECTF()  # one for all characters: a new one each takes most of the time
    signs: list[_Sign] = []
    for index in range(page.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(page, index))
        if sign in "\r\n":
            yield from _line(signs, number)
            signs = []
        else:
            raw.FPDFText_GetLooseCharBox(page, index, byref(box))
            signs.append((_plain(sign), (box.left, box.bottom, box.right, box.top)))
    yield from _line(signs, number)


def _line(signs: Sequence[_Sign], number: int) -> Iterator[Line]:
    printed = [box for sign, box in signs if not sign.isspace()]
    if not printed:
        return
    bottom, top = min(box[1] for box in printed), max(box[3] for box in printed)
    words = [(sign, box) for sign, box in signs if not sign.isspace()]
    gaps = [0.0, *(after[1][0] - before[1][2] for before, after in pairwise(words))]
    table = any(gap > _WIDE_GAP * (top - bottom) for gap in gaps)
    text, spaced, at = "", False, 0
    for sign, _ in signs:
        if sign.isspace():
            spaced = bool(text)
            continue
        if spaced or gaps[at] > _WIDE_GAP * (top - bottom):
            text += "\t" if table and gaps[at] > _NARROW_GAP * (top - bottom) else " "
        text += sign
        spaced, at = False, at + 1
    unparted = _UNPARTED.match("".join(sign for sign, _ in words))
    head = words[unparted.end() - 1][1][2] - words[0][1][0] if unparted else 0.0
    left, right = min(box[0] for box in printed), max(box[2] for box in printed)
    yield Line(text, left, right, bottom, top, number, head)


def _plain(sign: str) -> str:
    """Radicals that some makers of PDF put in place of characters (⼀ for 一) are the characters."""
    return unicodedata.normalize("NFKC", sign) if "\u2e80" <= sign <= "\u2fdf" else sign


def _main() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_read(sys.stdin.buffer.read())))


if __name__ == "__main__":
    _main()
