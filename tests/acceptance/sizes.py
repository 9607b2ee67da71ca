"""Enterprise sizes once more: 中小企业划型标准规定（工信部联企业〔2011〕300号） and the two narrower sizes of tax rules."""

from collections.abc import Mapping
from fractions import Fraction

Facts = Mapping[str, object]
LEVELS = ("micro", "small", "medium", "large")
WAN = 10_000

# industry -> (beginnings of GB/T 4754 codes, X persons, Y revenue in 万元, Z assets in 万元): inclusive lower bounds
# of small, medium and large
TABLE: Mapping[str, tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = {
    "agriculture": (("A",), (), (50, 500, 20000), ()),
    "industry": (("B", "C", "D"), (20, 300, 1000), (300, 2000, 40000), ()),
    "construction": (("E",), (), (300, 6000, 80000), (300, 5000, 80000)),
    "wholesale": (("F51",), (5, 20, 200), (1000, 5000, 40000), ()),
    "retail": (("F52",), (10, 50, 300), (100, 500, 20000), ()),
    "transport": (
        ("G54", "G55", "G56", "G57", "G58", "G591"),
        (20, 300, 1000),
        (200, 3000, 30000),
        (),
    ),
    "warehousing": (
        tuple(f"G59{digit}" for digit in "023456789"),
        (20, 100, 200),
        (100, 1000, 30000),
        (),
    ),
    "post": (("G60",), (20, 300, 1000), (100, 2000, 30000), ()),
    "accommodation": (("H61",), (10, 100, 300), (100, 2000, 10000), ()),
    "catering": (("H62",), (10, 100, 300), (100, 2000, 10000), ()),
    "info_transmission": (("I63", "I64"), (10, 100, 2000), (100, 1000, 100000), ()),
    "software_it": (("I65",), (10, 100, 300), (50, 1000, 10000), ()),
    "real_estate_dev": (("K701",), (), (100, 1000, 200000), (2000, 5000, 10000)),
    "property_mgmt": (("K702",), (100, 300, 1000), (500, 1000, 5000), ()),
    "leasing_business": (("L",), (10, 100, 300), (), (100, 8000, 120000)),
    "other": (("M", "N", "O", "Q85", "R", "K703", "K709"), (10, 100, 300), (), ()),
}


UNCOVERED = ("J", "G53", "K704", "P", "Q84", "S", "T")
"""Industries to which the standard gives no size."""


def industry(facts: Facts) -> str | None:
    """The row of the table, None if the code is unknown, too short, or of an industry that is not covered."""
    code = facts.get("industry_code")
    for name, (codes, *_) in TABLE.items():
        if code is not None and str(code).startswith(codes):
            return name
    return None


def _level(value: Fraction, bounds: tuple[int, ...]) -> int:
    return sum(value >= bound for bound in bounds)


def size(facts: Facts) -> tuple[str | None, frozenset[str]]:
    """The lowest level over the indicators that apply; unknown where one of them is, and the facts to ask for.

    An industry that the standard does not cover has no size: no register owes it, so `size` itself is named. A code that is
    too short to tell has to be told better.
    """
    name = industry(facts)
    if name is None:
        return None, frozenset({"size" if str(facts.get("industry_code")).startswith(UNCOVERED) else "industry_code"})
    _, staff, revenue, assets = TABLE[name]
    bounds = {
        "employees": staff,
        "revenue_year": tuple(bound * WAN for bound in revenue),
        "assets_year_end": tuple(bound * WAN for bound in assets),
    }
    used = {fact: steps for fact, steps in bounds.items() if steps}
    missing = frozenset(fact for fact in used if facts.get(fact) is None)
    if missing:
        return None, missing
    return LEVELS[min(_level(Fraction(str(facts[fact])), steps) for fact, steps in used.items())], frozenset()


def refund_size(facts: Facts) -> str | None:
    """For the VAT credit refund: revenue (VAT sales of last year) and assets alone (2022年第14号 第六条)."""
    code = facts.get("industry_code")
    sales, assets = facts.get("vat_sales_year"), facts.get("assets_year_end")
    if code is None or str(code).startswith("J"):
        return None
    name = industry(facts)
    if name is None and not str(code).startswith(UNCOVERED):
        return None
    revenue_bounds, asset_bounds = (TABLE[name][2], TABLE[name][3]) if name else ((), ())
    if not revenue_bounds and not asset_bounds:
        return None if sales is None else LEVELS[_level(Fraction(str(sales)), (100 * WAN, 2000 * WAN, 10000 * WAN))]
    levels = []
    for value, bounds in ((sales, revenue_bounds), (assets, asset_bounds)):
        if bounds and value is None:
            return None
        if bounds:
            levels.append(_level(Fraction(str(value)), tuple(bound * WAN for bound in bounds)))
    return LEVELS[min(levels)]


def size_ref(facts: Facts) -> bool | None:
    """中小微企业 of 财政部 税务总局公告2022年第12号: one of the bounds is enough."""
    code = facts.get("industry_code")
    if code is None:
        return None
    staff, revenue, assets = (facts.get(fact) for fact in ("employees", "revenue_year", "assets_year_end"))
    if str(code).startswith(("I63", "I64", "E", "L")):
        tests = [(staff, 2000), (revenue, 100_000 * WAN), (assets, 120_000 * WAN)]
    elif str(code).startswith("K701"):
        tests = [(revenue, 200_000 * WAN), (assets, 10_000 * WAN)]
    else:
        tests = [(staff, 1000), (revenue, 40_000 * WAN)]
    found = [None if value is None else Fraction(str(value)) < bound for value, bound in tests]
    return True if True in found else None if None in found else False
