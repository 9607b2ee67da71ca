"""The reader as a whole."""

from hypothesis import given
from hypothesis import strategies as st

from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.reading.reader import read


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    rows = read(Document(text=text, source="x")).rows
    assert list(rows) == sorted(rows, key=lambda row: (row.start, row.end))
