"""Many stays: nothing lost, nothing moved, repeated ids told."""

import polars as pl
import pytest

from yunnao.capabilities.drg import many
from yunnao.capabilities.drg.stay import ADDED
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme

SCHEME = load_scheme(SAMPLE_SCHEME)
FRAME = pl.DataFrame(
    {
        "case_id": ["b", "a", "b", None, "c"],
        "extra": [1, 2, 3, 4, 5],
        "sex": ["1", "女", "M", "F", "x"],
        "age_years": [60, 60, 60, 60, 60],
        "diagnoses": ["I63.900|Q99.999", "C54.100", "I63.900", "I63.900", "I63.900"],
        "procedures": [None, "", "Q9|Q9", "", ""],
    }
)


def test_rows_and_columns_stay() -> None:
    found = many.group(FRAME, SCHEME)
    assert found.columns == [*FRAME.columns, *ADDED]
    assert found.select(FRAME.columns).equals(FRAME)
    assert found["drg"].to_list() == ["XBR25", "XNZ19", "0000", "0000", "0000"]
    assert found["outcome"].to_list() == ["grouped", "grouped", "invalid", "invalid", "invalid"]
    assert found["reason"].to_list() == [
        "",
        "",
        "病案编号与前面的一行相同",
        "没有病案编号",
        "性别不是男或女",
    ]
    assert found["unknown_codes"].to_list() == ["Q99.999", "", "Q9", "", ""]


def test_parts_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = many.group(FRAME, SCHEME)
    monkeypatch.setattr(many, "BATCH", 2)
    assert many.group(FRAME, SCHEME).equals(whole)


def test_no_rows() -> None:
    assert many.group(FRAME.clear(), SCHEME).columns == [*FRAME.columns, *ADDED]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="diagnoses"):
        many.group(FRAME.drop("diagnoses"), SCHEME)
