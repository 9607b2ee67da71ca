"""Figures of a table stand to the right, the first column of words names its rows, decimals of a column are as long."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yunnao.web.tables import Columns, columns, even

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(st.lists(st.tuples(st.integers(), AMOUNTS, st.sampled_from(["", "—", "7.5%"])), min_size=1))
def test_numbers_however_written_are_figures(rows: list[tuple[int, Decimal, str]]) -> None:
    found = columns([(place, "某医院", f"{amount:,}", share) for place, amount, share in rows])
    assert found.name == 1
    assert found.figures == {0, 2} | ({3} if any(share == "7.5%" for _, _, share in rows) else set())


def test_what_only_begins_with_a_number_is_words() -> None:
    for words in ("2023-06", "3 级", "升 2 位", "1-2", "H0001"):
        assert columns([("甲", words), ("乙", "5")]).figures == frozenset()


def test_a_table_of_figures_alone_is_named_by_its_first_column_and_an_empty_one_by_nothing() -> None:
    assert columns([("01", "5")]) == Columns(0, frozenset({1}))
    assert columns([]).figures == frozenset()


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: d.normalize()), min_size=1))
def test_decimals_of_a_column_end_at_one_place_and_keep_their_value(numbers: list[Decimal]) -> None:
    written = even([("甲", number) for number in numbers])
    assert [Decimal(row[1]) for row in written] == numbers
    assert len({len(row[1].partition(".")[2]) for row in written}) == 1
