"""Digests of rows: one meaning for one row and for many, whatever the texts hold."""

import polars as pl
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from yunnao.audit import rows

TABLE = rows.audited(
    sa.Table(
        "thing",
        sa.MetaData(),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("words", sa.Text),
        sa.Column("number", sa.BigInteger),
    )
)
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ROWS = st.lists(st.tuples(TEXTS, st.none() | st.integers(-(2**60), 2**60)), max_size=20)


def frame(values: list[tuple[str | None, int | None]]) -> pl.DataFrame:
    keyed = [(f"k{number:04d}", *row) for number, row in enumerate(values)]
    return pl.DataFrame(keyed, schema={"key": pl.String, "words": pl.String, "number": pl.Int64}, orient="row")


@given(values=ROWS)
def test_few_and_many_agree(values: list[tuple[str | None, int | None]]) -> None:
    found = frame(values)
    few = rows.digest(TABLE, found)
    padding = pl.DataFrame({"key": [f"z{number}" for number in range(200)]})
    both = pl.concat([found, padding], how="diagonal")
    texts = both.sort("key").select(rows._texts(TABLE, both).alias("text"))["text"].to_list()
    names = ["key", "words", "number"]
    assert texts == [rows._text(names, row) for row in both.sort("key").rows(named=True)]
    assert rows.digest(TABLE, found.sample(fraction=1, shuffle=True)) == few
    assert rows.digest(TABLE, found.with_columns(later=pl.lit("x")).drop("later")) == few


@given(one=ROWS, other=ROWS)
def test_other_rows_have_another_digest(
    one: list[tuple[str | None, int | None]], other: list[tuple[str | None, int | None]]
) -> None:
    assert (rows.digest(TABLE, frame(one)) == rows.digest(TABLE, frame(other))) == (one == other)


def test_a_digest_stays_the_same_for_ever() -> None:
    assert rows.digest(TABLE, frame([("甲", 1), (None, None), ("", 0)])) == (
        "66f70bbdba9a728bcc6cee4bc6843fafb0a00864ad34995ce504028536bd468b"
    )


WIDER = rows.audited(
    sa.Table(
        "thing",
        sa.MetaData(),
        sa.Column("earlier", sa.Text),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("words", sa.Text),
        sa.Column("between", sa.BigInteger),
        sa.Column("number", sa.BigInteger),
    )
)
"""The same table with columns that it got later, wherever they are declared."""


@given(values=ROWS, padding=st.sampled_from([0, 200]), filled=st.text(st.characters(codec="utf-8"), max_size=4))
def test_a_column_that_came_later_leaves_digests_alone_as_long_as_it_is_empty(
    values: list[tuple[str | None, int | None]], padding: int, filled: str
) -> None:
    found = frame([*values, *[(None, 1)] * padding])
    empty = found.with_columns(earlier=pl.lit(None, pl.String), between=pl.lit(None, pl.Int64))
    assert rows.digest(WIDER, found) == rows.digest(WIDER, empty) == rows.digest(TABLE, found)
    if found.height:
        assert rows.digest(WIDER, empty.with_columns(earlier=pl.lit(filled))) != rows.digest(TABLE, found)


def test_truth_values_are_written_alike_by_few_and_many() -> None:
    table = rows.audited(
        sa.Table("fact", sa.MetaData(), sa.Column("key", sa.String, primary_key=True), sa.Column("holds", sa.Boolean))
    )
    found = pl.DataFrame({"key": [f"k{number:04d}" for number in range(150)], "holds": [True, False, None] * 50})
    texts = found.select(rows._texts(table, found).alias("text"))["text"].to_list()
    assert texts == [rows._text(["key", "holds"], row) for row in found.rows(named=True)]
