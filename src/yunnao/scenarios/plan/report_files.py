"""Report files become documents: text as it is, Word and PDF written out as text; what is none of them is refused in a sentence."""

import unicodedata
from pathlib import Path

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.document import Document

MOST_BYTES = 20_000_000
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_MOST_STRANGE = 0.02


def from_report_file(path: Path) -> Document:
    """A report in a file: .docx, .pdf or text, told by its content, not by its name.

    Raises:
        FileRefused: the file is none of these, empty, locked, damaged, too large, or not there.
    """
    if not path.is_file():
        raise FileRefused(f"{path}：没有这个文件；请检查路径")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileRefused(f"{path.name}：文件超过 {MOST_BYTES // 10**6} MB，不像一份报告；请只留正文后重试")
    content = path.read_bytes()
    document = _document(content, path.name)
    if not document.text.strip("\ufeff \t\r\n"):
        raise FileRefused(f"{path.name}：里面没有文字；请确认选对了文件")
    return document


def _document(content: bytes, name: str) -> Document:
    if content.startswith(b"PK"):
        from yunnao.scenarios.plan.docx_text import from_docx

        return from_docx(content, name)
    if b"%PDF-" in content[:1024]:
        from yunnao.scenarios.plan.pdf_text import from_pdf

        return from_pdf(content, name)
    if content.startswith(_OLD_WORD):
        raise FileRefused(f"{name}：是旧版 .doc 或有密码的文档；请去掉密码，另存为 .docx 后重试")
    if content.startswith(b"{\\rtf"):
        raise FileRefused(f"{name}：是 RTF 文档；请用 Word 或 WPS 另存为 .docx 后重试")
    return Document(text=_text(content, name), source=name)


def _text(content: bytes, name: str) -> str:
    """The text unchanged: line ends and a byte order mark stay, so that offsets are those of the file."""
    for encoding in (_BYTE_ORDER_MARKS.get(content[:2], "utf-8"), "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(unicodedata.category(sign) in ("Cn", "Co", "Cc") and sign not in "\t\r\n\f" for sign in text)
        if "\x00" not in text and strange <= _MOST_STRANGE * len(text):
            return text
    raise FileRefused(f"{name}：不是 UTF-8 或 GB18030 的文本；请另存为 UTF-8 文本后重试")
