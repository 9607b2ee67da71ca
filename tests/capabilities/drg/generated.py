"""Small schemes that use any word of the vocabulary, and stays that meet them often; for Hypothesis."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from hypothesis import strategies as st

from yunnao.capabilities.drg.reading import Read, scheme_from
from yunnao.capabilities.drg.tables import TABLES
from yunnao.capabilities.drg.vocabulary import LISTS, WORDS

DIAGNOSES = ["A00.000", "A00.x01", "A17.000+G01*", "B20.001", "C34.900x001", "S06.000", "S27.000", "P07.200"]
PROCEDURES = ["00.5500", "01.2400x005", "39.6100", "96.7201", "85.4300x003"]
SITES = ["", "头颈部创伤", "胸部创伤", "腹部创伤"]
TABLE = dict[str, list[dict[str, str]]]

_GATES = sorted(word for word in WORDS if all(each.kind != "complication" for each in WORDS[word]))
_RULES = [word for word in _GATES if "sites" not in word]
_SPLITS = sorted([*_RULES, "mcc", "cc", "mcc_or_cc"])
_PARTS = ["parts_1_or_2_3", "parts_1_2_or_1_3_4", "parts_2"]
_BOUNDS: Mapping[str, tuple[str, list[int]]] = {
    "birth_weight": ("birth_weight_g", [0, 1, 1000, 1500, 2500]),
    "age": ("age_years", [0, 1, 14, 18]),
    "age_in_days": ("age_days", [0, 28, 29, 365]),
    "days_of_stay": ("length_of_stay_days", [1, 5, 60]),
    "icu_hours": ("icu_hours", [0, 1, 120]),
}
_NAMED = {"discharge_type": ("discharge_types", ["1", "2", "5"]), "department": ("departments", ["ICU", "0200"])}

_numbers = {
    "age_years": st.sampled_from([None, 0, 0, 0, 1, 14, 17, 18, 40, 40]),
    "age_days": st.sampled_from([None, 0, 3, 28, 29, 200, 400]),
    "birth_weight_g": st.sampled_from([None, 0, 1, 999, 1000, 1499, 1500, 2499, 2500]),
    "length_of_stay_days": st.sampled_from([None, 0, 1, 4, 5, 60, 61]),
    "icu_hours": st.sampled_from([None, 0, 1, 119.5, 120, 120.5]),
}


@st.composite
def _test(draw: st.DrawFn, words: list[str]) -> dict[str, str]:
    """The text of a test and what its words need beside it."""
    chosen = draw(st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True))
    row = {"text": "+".join(chosen)}
    for word in chosen:
        if word in _BOUNDS:
            column, limits = _BOUNDS[word]
            sides = draw(
                st.lists(st.sampled_from(["min", "above", "below", "max"]), min_size=1, max_size=2, unique=True)
            )
            row |= {f"{side}_{column}": str(draw(st.sampled_from(limits))) for side in sides}
        if word in _NAMED:
            column, names = _NAMED[word]
            row[column] = "|".join(draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)))
    return row


def _subset(codes: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(codes), unique=True, max_size=len(codes))


@st.composite
def _lists(draw: st.DrawFn, owner: str, name: str) -> list[dict[str, str]]:
    rows = []
    for kind in LISTS:
        codes = DIAGNOSES if kind.startswith("diagnosis") else PROCEDURES
        for code in draw(_subset(codes)):
            parts = draw(_subset(["1", "2", "3", "4"])) if kind == "procedure" else []
            rows += [{owner: name, "list": kind, "code": code, "part": part} for part in parts or [""]]
    return rows


@st.composite
def tables(draw: st.DrawFn) -> TABLE:
    """A scheme's tables as rows."""
    found: TABLE = {name: [] for name in TABLES}
    number = 0
    for seq in range(1, draw(st.integers(1, 4)) + 1):
        mdc = f"MDC{'ABCD'[seq - 1]}"
        gate = draw(_test(_GATES))
        found["mdcs"].append(
            {
                "seq": str(seq),
                "mdc": mdc,
                "gate": gate.pop("text"),
                "ambiguous": draw(st.sampled_from(["", "yes"])),
                **gate,
            }
        )
        for code in draw(_subset(DIAGNOSES)):
            sites = draw(_subset(SITES)) or [""]
            found["mdc_diagnoses"] += [{"mdc": mdc, "code": code, "body_site": site} for site in sites]
        for place in range(1, draw(st.integers(1, 4)) + 1):
            number += 1
            adrg = f"{'ABCD'[seq - 1]}{'AKRZ'[place % 4]}{number}"
            rule = draw(_test([*_RULES, *_PARTS]))
            section = draw(st.sampled_from(["", "", "operation", "medical"]))
            found["adrgs"].append(
                {"mdc": mdc, "seq": str(place), "adrg": adrg, "rule": rule.pop("text"), "section": section, **rule}
            )
            found["adrg_codes"] += draw(_lists("adrg", adrg))
            for split in range(1, draw(st.integers(0, 3)) + 1):
                drg, test = f"{adrg}{split}", draw(_test([*_SPLITS, *_PARTS]))
                found["drgs"].append({"adrg": adrg, "seq": str(split), "drg": drg, "split": test.pop("text"), **test})
                found["drg_codes"] += draw(_lists("drg", drg))
    if not found["drgs"]:
        found["drgs"].append({"adrg": found["adrgs"][0]["adrg"], "seq": "9", "drg": "ONLY", "split": "always"})
    for code in draw(_subset(DIAGNOSES)):
        level, table = draw(st.sampled_from(["CC", "MCC"])), draw(st.sampled_from(["1", "2", "999", ""]))
        found["complications"].append({"code": code, "level": level, "exclusion": table})
    for code in draw(_subset(DIAGNOSES)):
        found["exclusions"].append({"principal_code": code, "exclusion": draw(st.sampled_from(["1", "2", "999"]))})
    found["valid_procedures"] = [{"code": code} for code in draw(_subset(PROCEDURES))]
    return found


def read(rows: TABLE) -> Read:
    """`scheme_from` over rows: columns are all that any row has."""
    frames = {}
    for name, table in TABLES.items():
        columns = list(dict.fromkeys((*table.required, *(column for row in rows[name] for column in row))))
        frames[name] = pl.DataFrame(
            {column: [row.get(column, "") for row in rows[name]] for column in columns},
            schema=dict.fromkeys(columns, pl.String),
        )
    return scheme_from(frames)


def _cell(codes: list[str], least: int) -> st.SearchStrategy[str]:
    odd = ["", "X99.999", *(code.lower() for code in codes[:2])]
    return st.lists(st.sampled_from([*codes, *codes, *odd]), min_size=least, max_size=5).map("|".join)


_row = st.fixed_dictionaries(
    {
        "sex": st.sampled_from(["male", "female", "1", "2", "男", "女", "M", "f", "X", "", None]),
        **_numbers,
        "department": st.sampled_from([None, "ICU", "0200", "0300"]),
        "discharge_type": st.sampled_from([None, "1", "2", "5"]),
        "diagnoses": _cell(DIAGNOSES, 0),
        "procedures": _cell(PROCEDURES, 0) | st.none(),
    }
)


def stays() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of stays; some are no stays."""
    return st.lists(_row, min_size=1, max_size=12)
