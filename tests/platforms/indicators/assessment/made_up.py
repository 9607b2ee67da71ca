"""Made-up assessments and values: fixed ones to compute by hand, and drawn ones for properties."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from yunnao.platforms.indicators.assessment.definition import Assessment, read_assessment
from yunnao.platforms.indicators.assessment.periods import Period, parse_period
from yunnao.platforms.indicators.assessment.values import Value, Values, gathered

Q1 = parse_period("2023Q1")
UNITS = ("east", "west", "south", "north")
CITED = {"cites": "示例", "evidence": "example"}


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def indicator(
    id_: str, weight: object = 1, score: object = None, direction: str = "up", **more: object
) -> dict[str, Any]:
    linear = {"linear": {"baseline": 0, "full": 100} if direction == "up" else {"baseline": 100, "full": 0}}
    return {
        "id": id_,
        "title": label(id_),
        "unit": "个",
        "direction": direction,
        "weight": weight,
        "score": score or linear,
        **CITED,
        **more,
    }


def board(
    id_: str, *indicators: dict[str, Any], weight: object = 1, publishes: str = "ranks", **more: object
) -> dict[str, Any]:
    return {
        "id": id_,
        "title": label(id_),
        "weight": weight,
        "publishes": publishes,
        "indicators": list(indicators),
        **CITED,
        **more,
    }


def bonus(id_: str, **more: object) -> dict[str, Any]:
    own = {key: value for key, value in indicator(id_).items() if key != "weight"}
    return {**own, "most": 2, "missing": "no_bonus", **more}


def document(*boards: dict[str, Any], units: tuple[str, ...] = UNITS, **more: object) -> dict[str, Any]:
    """An assessment as YAML would give it, with ranks published and the rules that are."""
    return {
        "id": "made_up",
        "title": label("made up"),
        "issuer": "示例",
        "period": "quarter",
        "units": {unit: label(f"{unit} district") for unit in units},
        "boards": list(boards),
        "total": {"of": "scores", "publishes": "ranks", **CITED},
        "stars": CITED,
        "ties": {"rule": "higher", **CITED},
        "missing": {"rule": "not_assessable", **CITED},
        "flags": [
            {"id": "vanguard", "title": label("vanguard"), "first": 2, **CITED},
            {"id": "progress", "title": label("progress"), "rise": 2, **CITED},
        ],
        "bands": [
            {"from": 60, "title": label("fair"), "tone": "fair"},
            {"from": 0, "title": label("low"), "tone": "attention"},
        ],
        "sensitivity": {"percent": 10, "draws": 20, "seed": 7},
        **CITED,
        **more,
    }


def assessment(*boards: dict[str, Any], **more: Any) -> Assessment:
    return read_assessment(document(*boards, **more), "made_up.yaml")


def value(unit: str, indicator: str, number: object, period: Period = Q1, target: object = None) -> Value:
    known = None if number is None else Decimal(str(number))
    wanted = None if target is None else Decimal(str(target))
    return Value(unit=unit, indicator=indicator, period=period, value=known, target=wanted, source="made up")


def values(made: Assessment, table: Mapping[str, Mapping[str, object]], period: Period = Q1) -> Values:
    """Indicator -> unit -> number."""
    return gathered(made, [value(unit, id_, n, period) for id_, own in table.items() for unit, n in own.items()])


_METHODS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"linear": {"baseline": 0, "full": 50}},
        {"rank": {"lowest": 60}},
        {"spread": {"lowest": 40}},
        {"completion": {"target": 30, "most": 120}},
        {"of": "growth", "rank": {"lowest": 0}},
        {"of": "change", "spread": {"lowest": 0}},
    ]
)
_NUMBERS = st.integers(-30, 120)


@st.composite
def drawn_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any assessment: one to three boards of one to four indicators, every method, direction and rule."""
    made, number = [], 0
    for place in range(draw(st.integers(1, 3))):
        own = []
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            direction = draw(st.sampled_from(["up", "down"]))
            parts = draw(st.lists(_METHODS, min_size=1, max_size=2))
            if direction == "down":
                parts = [{"linear": {"baseline": 50, "full": 0}} if "linear" in part else part for part in parts]
            weighted = [{"weight": draw(st.integers(1, 3)), **part} for part in parts]
            own.append(indicator(f"i{number}", draw(st.integers(1, 9)), weighted, direction))
        made.append(board(f"board_{place}", *own, weight=draw(st.integers(1, 5))))
    return document(
        *made,
        bonus=[bonus("extra")] if draw(st.booleans()) else [],
        total={"of": draw(st.sampled_from(["scores", "stars"])), "publishes": "ranks", **CITED},
        ties={"rule": draw(st.sampled_from(["higher", "lower", "mean"])), **CITED},
        missing={"rule": draw(st.sampled_from(["not_assessable", "rescale", "last"])), **CITED},
    )


@st.composite
def drawn_values(draw: st.DrawFn, made: Assessment, *, complete: bool = False) -> list[Value]:
    """Values of every unit and indicator and of the year before; some are missing unless ``complete``."""
    numbers = _NUMBERS if complete else st.one_of(_NUMBERS, _NUMBERS, _NUMBERS, st.none())
    found = []
    for each in made.asked:
        for unit in made.units:
            found.append(value(unit, each.id, draw(numbers)))
            found.append(value(unit, each.id, draw(st.integers(1, 60) if complete else numbers), Q1.year_before))
    return found
