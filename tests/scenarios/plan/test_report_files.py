"""Text files become documents, unchanged; what is no report is refused in a sentence."""

from pathlib import Path

import pytest

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.report_files import MOST_BYTES, from_report_file

WORDS = "增长8%\r\n新增12家\n"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "report.txt"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_text_is_kept_as_it_is(tmp_path: Path, encoding: str) -> None:
    assert from_report_file(written(tmp_path, WORDS.encode(encoding))).text == WORDS


def test_a_byte_order_mark_keeps_its_place(tmp_path: Path) -> None:
    assert from_report_file(written(tmp_path, WORDS.encode("utf-8-sig"))).text == "\ufeff" + WORDS
    assert from_report_file(written(tmp_path, WORDS.encode("utf-16"))).text == WORDS


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", "\ufeff".encode()])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused, match="没有文字"):
        from_report_file(written(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xff\xff", "UTF-8 文本"),
        (bytes(range(1, 32)) * 20, "UTF-8 文本"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 .docx"),
        (b"{\\rtf1\\ansi}", "RTF"),
        (b"PK\x03\x04\x00\x00", "损坏"),
        (b"%PDF-1.7\nnothing", "损坏"),
        (b"1" * (MOST_BYTES + 1), "20 MB"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        from_report_file(written(tmp_path, content))
