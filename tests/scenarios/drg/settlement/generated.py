"""Generated stays and policies: few hospitals, groups and persons, so that everything meets everything."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs

LEVELS = ("tertiary", "secondary", "primary")
GROUPS = ("AA19", "AA15", "BB19")

_share = st.sampled_from(["0", "0.3", "0.5", "0.75", "1"])
_cost = st.one_of(
    st.integers(2000, 90_000),
    st.sampled_from([10**4, 2 * 10**4, 3 * 10**4, 4000]),
    st.integers(1, 40),
    st.integers(1, 10**7),
)
_by_cost = st.fixed_dictionaries(
    {"rule": st.sampled_from(["cost", "none"]), "share": _share, "needs_review": st.booleans()}
)


@st.composite
def stays(draw: st.DrawFn, least: int = 1, most: int = 30, *, grouped_only: bool = False) -> list[dict[str, Any]]:
    """Some stays, the first of them grouped with a cost in the year and the year before, so that there is a basis."""
    rows = [
        stay("S000", "H0", "AA19", draw(st.integers(4000, 40_000))),
        stay(
            "S001",
            "H0",
            "AA19",
            draw(st.integers(4000, 40_000)),
            discharged_on=dt.date(YEAR - 1, 6, 1),
            pool="resident",
        ),
        stay("S002", "H0", "AA19", draw(st.integers(4000, 40_000)), pool="resident"),
        stay("S003", "H0", "AA19", draw(st.integers(4000, 40_000)), discharged_on=dt.date(YEAR - 1, 6, 1)),
    ]
    for row in rows:
        row["own_share"] = 0
    for number in range(draw(st.integers(least, most))):
        outcome = (
            "grouped"
            if grouped_only
            else draw(st.sampled_from(["grouped"] * 8 + ["ungroupable", "ambiguous", "invalid"]))
        )
        first = dt.date(YEAR if grouped_only else draw(st.sampled_from([YEAR - 1, YEAR, YEAR, YEAR])), 5, 1)
        admitted = first + dt.timedelta(days=draw(st.integers(0, 40)))
        days = draw(st.integers(0, 20))
        rows.append(
            stay(
                f"S{number + 10:03}",
                draw(st.sampled_from(["H0", "H1", "H2"])),
                "0000" if outcome in ("ungroupable", "invalid") else draw(st.sampled_from(GROUPS)),
                draw(_cost) if grouped_only else draw(st.one_of(_cost, _cost, _cost, st.sampled_from([0, None]))),
                outcome=outcome,
                pool=draw(st.sampled_from(["employee", "resident"])),
                person_id=draw(st.sampled_from(["P1", "P2", None])),
                admitted_on=admitted,
                discharged_on=admitted + dt.timedelta(days=days),
                length_of_stay_days=draw(st.sampled_from([None, days])),
                own_share=draw(st.integers(0, 10**6)),
                fund_claimed=draw(st.one_of(st.none(), st.integers(0, 10**7))),
                unreasonable_cost=None if grouped_only else draw(st.one_of(st.none(), st.integers(0, 10**4))),
                payment_kind=None if grouped_only else draw(st.sampled_from([None, "drg", "drg", "bed_day"])),
            )
        )
    return rows


@st.composite
def reviews(draw: st.DrawFn, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What officers decided about some of the stays."""
    pairs = draw(
        st.lists(
            st.tuples(
                st.sampled_from([row["case_id"] for row in rows]),
                st.sampled_from(["special", "special", "objection", "readmission"]),
            ),
            unique=True,
            max_size=6,
        )
    )
    return [
        {
            "case_id": case_id,
            "kind": kind,
            "review": f"DRG-{number}",
            "decided_on": dt.date(YEAR, 9, 1) + dt.timedelta(days=number % 2),
            "supported": draw(st.sampled_from([True, True, False])),
            "unreasonable_cost": draw(st.one_of(st.none(), st.integers(0, 10**4))),
            "decided_drg": draw(st.sampled_from([None, *GROUPS])),
        }
        for number, (case_id, kind) in enumerate(pairs)
    ]


@st.composite
def settled(draw: st.DrawFn) -> Inputs:
    """Everything that is settled."""
    rows = draw(stays())
    levels = [draw(st.sampled_from(LEVELS)) for _ in range(3)]
    tariffs = [draw(st.sampled_from([None, 30_000, 77])) for _ in range(3)]
    frame = hospitals_frame(*((f"H{n}", levels[n], tariffs[n]) for n in range(3)))
    score = st.one_of(st.none(), st.integers(0, 10**12))
    scores = [
        {
            "hospital_id": f"H{n}",
            "year": str(YEAR),
            "quality_score": draw(score),
            "deduction": draw(st.sampled_from([None, 0, 999])),
        }
        for n in range(draw(st.integers(0, 3)))
    ]
    return inputs_of(rows, frame, scores, draw(reviews(rows)))


@st.composite
def policies(draw: st.DrawFn) -> Rules:
    """Rules of every kind that the vocabulary allows."""
    trimming = draw(
        st.sampled_from(
            [
                {"method": "none"},
                {"method": "interquartile", "below": "0.5", "above": "1.5"},
                {"method": "interquartile", "below": "0", "above": "0"},
                {"method": "winsorise", "low": "0.1", "high": "0.85"},
                {"method": "multiples", "below": "0.4", "above": "3"},
                {"method": "multiples", "below": "0.6", "above": "1.2", "rounds": 2},
            ]
        )
    )
    together = draw(st.booleans())
    parts = draw(
        st.sampled_from(
            [
                [],
                [{"of": "hospital"}],
                [{"of": "hospital", "weight": "0.7"}, {"of": "level", "weight": "0.3"}],
                [
                    {"of": "level", "weight": "0.5"},
                    {"of": "given", "weight": "0.5", "by_level": {"tertiary": "1.1", "primary": "0.9"}},
                ],
            ]
        )
    )
    tiers = {"tiers": [{"up_to": 100, "multiple": 3}, {"up_to": 300, "multiple": 2}, {"multiple": "1.5"}]}
    by_level = {"by_level": {"tertiary": 3, "secondary": 2, "primary": "1.3"}}
    high: dict[str, Any] | None = draw(st.sampled_from([None, tiers, by_level]))
    if high is not None:
        high |= {"share": draw(_share), "needs_review": draw(st.booleans())}
    low = draw(
        st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {
                    "below": st.sampled_from(["0.4", "0.9"]),
                    "with_coefficient": st.booleans(),
                    "at_most_base": st.booleans(),
                    "very_low_below": st.sampled_from([None, "0.3"]),
                }
            ),
        )
    )
    readmission = draw(
        st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {
                    "days": st.sampled_from([0, 10, 15]),
                    "factor": _share,
                    "same": st.sampled_from(["drg", "adrg"]),
                    "same_hospital": st.booleans(),
                    "exempt_adrgs": st.sampled_from([[], ["BB1"]]),
                }
            ),
        )
    )
    outside = draw(
        st.sampled_from(
            [None, {"rule": "cost", "days_at_most": 2}, {"rule": "none", "days_at_least": 15, "days_at_most": 1}]
        )
    )
    return rules_with(
        scale=draw(st.sampled_from([100, 1000])),
        trimming=trimming,
        base_points={
            "basis": draw(st.sampled_from(["year", "previous_years"])),
            "by_pool": not together and draw(st.booleans()),
            "overall_mean": draw(st.sampled_from(["kept", "all"])),
            "decimals": draw(st.sampled_from([None, 0, 2, 4])),
        },
        coefficients={
            "parts": parts,
            "at_least_stays": draw(st.sampled_from([1, 3])),
            "least": draw(st.sampled_from([None, "0.7"])),
            "most": draw(st.sampled_from([None, "1.3"])),
            "incentives": draw(st.sampled_from([{}, {"H1": "1.05"}])),
            "decimals": draw(st.sampled_from([None, 2])),
        },
        stability={
            "at_least": draw(st.sampled_from([1, 1, 1, 2, 6])),
            "counts": draw(st.sampled_from(["all", "kept"])),
            "cv_at_most": draw(st.sampled_from(["1000", "1000", "0.5", "1"])),
            "deviation": draw(st.sampled_from(["population", "sample"])),
        },
        high=high,
        low=low,
        bed_days={"rule": draw(st.sampled_from(["tariff", "none"]))},
        readmission=readmission,
        unstable=draw(_by_cost),
        ungrouped=draw(_by_cost),
        ambiguous=draw(_by_cost),
        reviewed=draw(_by_cost),
        outside=outside,
        budgets=draw(st.sampled_from([{"all": "150000.01"}, {"all": 0}]))
        if together
        else {"employee": "100000.07", "resident": 50_000},
        adjustment=draw(st.sampled_from(["0", "0.05"])),
        bond={
            "share": "0.03",
            "full_from": draw(st.sampled_from([None, "0.9"])),
            "missing": draw(st.sampled_from(["full", "none"])),
        },
        prepayment={"share": "0.85", "mode": draw(st.sampled_from(["claimed", "points"]))},
        point_value=draw(st.sampled_from(["fund_only", "all_in"])),
    )
