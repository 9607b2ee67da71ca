"""企业划型: the standard's ten worked examples, its boundaries, and codes that cannot be placed."""

from itertools import product

import pytest

from yunnao.capabilities.enterprise_size import SIZES, enterprise_size, industries, industry_of

TEN_THOUSAND_YUAN = 1_000_000
"""In fen."""

EXAMPLES = [
    # industry, X persons, Y and Z in ten thousand yuan
    ("industry", 1200, 1500, None, "small"),
    ("industry", 300, 2000, None, "medium"),
    ("industry", 19, 39999, None, "micro"),
    ("industry", 1000, 40000, None, "large"),
    ("construction", None, 80000, 79999, "medium"),
    ("retail", 50, 499, None, "small"),
    ("software_it", 10, 50, None, "small"),
    ("real_estate_dev", None, 100, 1999, "micro"),
    ("leasing_business", 100, None, 8000, "medium"),
    ("other", 9, None, None, "micro"),
]
ROWS = {row.id: row for row in industries()}


@pytest.mark.parametrize(("industry", "x", "y", "z", "expected"), EXAMPLES)
def test_the_worked_examples(industry: str, x: int | None, y: int | None, z: int | None, expected: str) -> None:
    fen = [None if value is None else value * TEN_THOUSAND_YUAN for value in (y, z)]
    assert enterprise_size(industry, employees=x, revenue=fen[0], assets=fen[1]) == expected


@pytest.mark.parametrize("row", [row for row in industries() if row.covered], ids=lambda row: row.id)
def test_every_bound_belongs_to_the_higher_level(row) -> None:  # type: ignore[no-untyped-def]
    bounds = {"employees": row.employees, "revenue": row.revenue, "assets": row.assets}
    applicable = {name: values for name, values in bounds.items() if values is not None}
    for level in (1, 2, 3):
        at = {name: values[level - 1] for name, values in applicable.items()}
        assert enterprise_size(row.id, **at) == SIZES[level]
        for name in applicable:  # one indicator a unit below holds the enterprise back
            assert enterprise_size(row.id, **{**at, name: at[name] - 1}) == SIZES[level - 1]


@pytest.mark.parametrize("row", [row for row in industries() if row.covered], ids=lambda row: row.id)
def test_a_missing_indicator_is_unknown_even_where_another_is_micro(row) -> None:  # type: ignore[no-untyped-def]
    names = [n for n in ("employees", "revenue", "assets") if getattr(row, n) is not None]
    for missing in names:
        assert enterprise_size(row.id, **{n: 0 for n in names if n != missing}) is None


@pytest.mark.parametrize("industry", ["finance", "not_covered"])
def test_an_industry_that_the_standard_does_not_cover_has_no_size(industry: str) -> None:
    assert enterprise_size(industry, employees=1, revenue=1, assets=1) is None


def test_an_unknown_industry_is_an_error() -> None:
    with pytest.raises(KeyError):
        enterprise_size("no_such_industry", employees=1)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A", "agriculture"),
        ("C3511", "industry"),
        ("E47", "construction"),
        ("F51", "wholesale"),
        ("F5299", "retail"),
        ("G5431", "transport"),
        ("G5910", "transport"),
        ("G592", "warehousing"),
        ("G599", "warehousing"),
        ("G60", "post"),
        ("H61", "accommodation"),
        ("H6210", "catering"),
        ("I63", "info_transmission"),
        ("I64", "info_transmission"),
        ("I65", "software_it"),
        ("K7010", "real_estate_dev"),
        ("K702", "property_mgmt"),
        ("K703", "other"),
        ("L7291", "leasing_business"),
        ("Q85", "other"),
        ("R90", "other"),
        ("J66", "finance"),
        ("K704", "not_covered"),
        ("G53", "not_covered"),
        ("P83", "not_covered"),
        ("Q84", "not_covered"),
    ],
)
def test_codes_are_placed_by_their_beginning(code: str, expected: str) -> None:
    found = industry_of(code)
    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize("code", ["", "F", "G", "G59", "H", "I", "K", "K70", "Q", "5299", "Z99", "f52"])
def test_a_code_too_short_to_tell_or_unheard_of_has_no_industry(code: str) -> None:
    assert industry_of(code) is None


def test_the_standard_has_sixteen_rows_and_no_code_twice() -> None:
    assert sum(row.covered for row in industries()) == 16
    codes = [code for row in industries() for code in row.codes]
    assert not [(a, b) for a, b in product(codes, codes) if a != b and b.startswith(a)]
    assert set(ROWS) >= {"industry", "retail", "finance"}
