"""Text files become documents, unchanged."""

from pathlib import Path

import pytest

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.document import from_text_file


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_text_is_kept_as_it_is(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes("增长8%\r\n新增12家\n".encode(encoding))
    assert from_text_file(path).text == "增长8%\r\n新增12家\n"


@pytest.mark.parametrize("content", [b"\xff\xff\xff", b"PK\x03\x04\x00\x00"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="UTF-8 文本"):
        from_text_file(path)
