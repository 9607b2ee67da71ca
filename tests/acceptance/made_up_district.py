"""Made-up enterprises that stand on and beside every boundary of the rules; seeded."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from tests.acceptance.contract import KINDS, check_character, code_digits
from tests.acceptance.sizes import TABLE, WAN

Row = dict[str, object]
FEN = Decimal("0.01")
CODES = {
    "agriculture": ["A011", "A041"],
    "industry": ["B061", "C131", "C171", "C267", "C3412", "C398", "D441"],
    "construction": ["E471"],
    "wholesale": ["F512"],
    "retail": ["F528"],
    "transport": ["G543", "G5531", "G561", "G581", "G591"],
    "warehousing": ["G594"],
    "post": ["G602"],
    "accommodation": ["H611"],
    "catering": ["H621"],
    "info_transmission": ["I631", "I642"],
    "software_it": ["I651"],
    "real_estate_dev": ["K701"],
    "property_mgmt": ["K702"],
    "leasing_business": ["L711", "L723"],
    "other": ["M731", "N772", "O801", "Q851", "R881", "K703"],
}
UNCOVERED = ["J662", "P833", "Q841", "S912", "G531", "K704", "T970"]


def _around(value: int | Decimal | str, step: int | Decimal | str) -> list[Decimal]:
    return [Decimal(value) - Decimal(step), Decimal(value), Decimal(value) + Decimal(step)]


BOUNDARIES: dict[str, list[Decimal]] = {
    "taxable_income_year": [
        *_around(1_000_000, FEN),
        *_around(3_000_000, FEN),
        *map(Decimal, ["0", "0.01", "0.02", "0.03", "0.07", "-1000.5", "33.33", "1000000.07", "2999999.93"]),
    ],
    "staff_avg_quarterly": _around(300, 1),
    "assets_avg_quarterly": _around(50_000_000, FEN),
    "vat_sales_year": [
        value for bound in (1_000_000, 20_000_000, 100_000_000, 400_000_000) for value in _around(bound, FEN)
    ],
    "six_taxes_two_fees_payable": [Decimal(text) for text in ("0", "0.01", "0.02", "0.03", "1234.57", "99999999.99")],
    "unemployment_insurance_months_last_year": [*map(Decimal, (0, 11, 12))],
    "layoff_rate": [*_around("0.055", "0.0001"), *_around("0.20", "0.0001"), Decimal(0), Decimal(1)],
    "insured_avg": _around(30, 1),
    "unemployment_premiums_last_year": [Decimal(text) for text in ("0", "0.01", "0.03", "0.05", "7.77", "1000001.11")],
}


def credit_code(rng: random.Random) -> str:
    """A valid code of the district."""
    body = "91370211" + "".join(rng.choice(code_digits()) for _ in range(9))
    return body + check_character(body)


def district(seed: int, days: list[dt.date]) -> list[Row]:
    """One row an enterprise with the true value of every fact of the three registers; None is unknown."""
    rng = random.Random(seed)
    rows = [*_walk_boundaries(rng), *_walk_sizes(rng), *_walk_ages(rng, days), *(_random(rng) for _ in range(60))]
    facts = [fact for register in KINDS.values() for fact in register if fact not in ("credit_code", "name")]
    for row in rows[::3]:
        for fact in rng.sample(facts, rng.choice([0, 1, 1, 2, 5])):
            row[fact] = None
    for fact in facts:
        for also in (None, rng.choice(facts)):
            row = _good(rng)
            row[fact] = None
            if also:
                row[also] = None
            rows.append(row)
    rng.shuffle(rows)
    return rows


def _good(rng: random.Random) -> Row:
    """An enterprise that is entitled to most of what there is."""
    industry = rng.choice(sorted(CODES))
    code = rng.choice(CODES[industry])
    return {
        "credit_code": credit_code(rng),
        "name": f"测试企业{rng.randrange(10**6):06d}",
        "entity_type": rng.choice(["企业"] * 5 + ["个体工商户", "社会团体", "律师事务所", "农民专业合作社"]),
        "industry_section": code[0],
        "industry_code": code,
        "registered_on": dt.date(1995, 1, 1) + dt.timedelta(days=rng.randrange(9000)),
        "street": rng.choice(["王台", "泊里", "琅琊"]),
        "employees": Decimal(rng.randrange(3, 400)),
        "revenue_year": _money(rng, 10, 9),
        "assets_year_end": _money(rng, 10, 9),
        "taxable_income_year": Decimal(rng.randrange(1, 299_999_999)) * FEN,
        "staff_avg_quarterly": Decimal(rng.randrange(1, 300)),
        "assets_avg_quarterly": Decimal(rng.randrange(1, 4_999_999_999)) * FEN,
        "industry_restricted_or_prohibited": False,
        "vat_payer_type": rng.choice(["small_scale", "general"]),
        "vat_sales_year": _money(rng, 10, 10),
        "hnte_certificate_valid": True,
        "six_taxes_two_fees_payable": _money(rng, 3, 7),
        "unemployment_insurance_months_last_year": Decimal(12),
        "insured_avg": Decimal(rng.randrange(1, 200)),
        "layoff_rate": Decimal(rng.randrange(0, 550)) / 10_000,
        "unemployment_premiums_last_year": _money(rng, 4, 7),
        "on_zombie_or_seriously_dishonest_list": False,
    }


def _random(rng: random.Random) -> Row:
    row = _good(rng)
    for fact, values in BOUNDARIES.items():
        if rng.random() < 0.4:
            row[fact] = rng.choice(values)
    row["industry_restricted_or_prohibited"] = rng.random() < 0.1
    row["on_zombie_or_seriously_dishonest_list"] = rng.random() < 0.1
    row["hnte_certificate_valid"] = rng.random() < 0.5
    if rng.random() < 0.2:
        row["industry_code"] = rng.choice(UNCOVERED)
        row["industry_section"] = str(row["industry_code"])[0]
    return row


def _money(rng: random.Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randrange(10 ** rng.randint(low, high) if low < high else 10**high)) * FEN


def _walk_boundaries(rng: random.Random) -> Iterator[Row]:
    for fact, values in BOUNDARIES.items():
        for value in values:
            yield {**_good(rng), fact: value}
    for insured in BOUNDARIES["insured_avg"]:
        for rate in BOUNDARIES["layoff_rate"]:
            yield {**_good(rng), "insured_avg": insured, "layoff_rate": rate}
    for section, sales in (("C", value) for value in BOUNDARIES["vat_sales_year"]):
        yield {**_good(rng), "industry_section": section, "industry_code": "C398", "vat_sales_year": sales}
    for flag in ("industry_restricted_or_prohibited", "on_zombie_or_seriously_dishonest_list"):
        yield {**_good(rng), flag: True}
    for revenue in _around(20_000_000, FEN):
        yield {**_good(rng), "industry_section": "C", "industry_code": "C398", "revenue_year": revenue}


def _walk_sizes(rng: random.Random) -> Iterator[Row]:
    """Each bound of each indicator of each industry, on it and a step to either side, the others large."""
    for industry, (_, staff, revenue, assets) in TABLE.items():
        large = {"employees": Decimal(5000), "revenue_year": Decimal(3 * 10**9), "assets_year_end": Decimal(3 * 10**9)}
        steps: list[tuple[str, int, Decimal | int]] = [("employees", bound, 1) for bound in staff]
        steps += [("revenue_year", bound * WAN, FEN) for bound in revenue]
        steps += [("assets_year_end", bound * WAN, FEN) for bound in assets]
        for fact, bound, step in steps:
            for value in _around(bound, step):
                code = rng.choice(CODES[industry])
                row = {**_good(rng), **large, fact: value, "industry_code": code, "industry_section": code[0]}
                yield {**row, "entity_type": "企业"}
    for code in UNCOVERED:
        yield {**_good(rng), "industry_code": code, "industry_section": code[0], "entity_type": "企业"}
    for fact, bound in (("employees", 2000), ("revenue_year", 10**9), ("assets_year_end", 12 * 10**8)):
        for value in _around(bound, 1 if fact == "employees" else FEN):
            huge = {"employees": Decimal(9000), "revenue_year": Decimal(10**11), "assets_year_end": Decimal(10**11)}
            yield {**_good(rng), **huge, fact: value, "industry_code": "E471", "industry_section": "E"}


def _walk_ages(rng: random.Random, days: list[dt.date]) -> Iterator[Row]:
    for day in days:
        for late in (-1, 0, 1):
            yield {**_good(rng), "registered_on": day.replace(year=day.year - 1) + dt.timedelta(days=late)}
