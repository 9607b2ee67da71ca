"""A third grouper, slow and plain: the published flow written down once more over raw rows, sharing nothing with the package.

It follows the description of CHS-DRG 1.1's flow (the first MDC whose gate passes and of which an ADRG matches; surgical ADRGs, QY,
medical ADRGs; MCC, then MCC or CC, then the rest), and reads the rules of the published tables and the words added to them.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, str]
Tables = dict[str, list[Row]]


def tables_of(folder: Path) -> Tables:
    """Every CSV of a folder as rows of texts."""
    found: Tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found[path.stem] = list(csv.DictReader(stream))
    return found


@dataclass
class Lists:
    """The code lists of one owner."""

    by_list: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_part: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_site: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Oracle:
    """Groups one record at a time."""

    def __init__(self, tables: Tables) -> None:
        self.mdcs = sorted(tables["mdcs"], key=lambda row: int(row["seq"]))
        self.adrgs: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(tables["adrgs"], key=lambda row: int(row["seq"])):
            self.adrgs[row["mdc"]].append(row)
        self.drgs: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(tables["drgs"], key=lambda row: int(row["seq"])):
            self.drgs[row["adrg"]].append(row)
        self.lists: dict[str, Lists] = defaultdict(Lists)
        for name, owner in (("mdc_diagnoses", "mdc"), ("adrg_codes", "adrg"), ("drg_codes", "drg")):
            for row in tables.get(name, []):
                lists = self.lists[row[owner]]
                code = row["code"].upper()
                lists.by_list[row.get("list") or "diagnosis"].add(code)
                lists.by_part[row.get("part") or ""].add(code)
                lists.by_site[row.get("body_site") or ""].add(code)
        self.valid = {row["code"].upper() for row in tables["valid_procedures"]}
        self.complications = {row["code"].upper(): (row["level"], row["exclusion"]) for row in tables["complications"]}
        self.exclusions = {row["principal_code"].upper(): row["exclusion"] for row in tables["exclusions"]}

    def group(self, record: dict[str, Any]) -> tuple[str, str, str]:
        """MDC, ADRG, DRG of a record: sex, ages, weight ..., ``dx`` and ``ops`` as lists."""
        ops = [code.upper() for code in record["ops"]]
        main = [code for code in ops[:1] if code]  # the second procedure does not take the place of a missing first
        record = {**record, "dx": [c.upper() for c in record["dx"]], "ops": [c for c in ops if c], "main": main}
        for mdc in self.mdcs:
            if not self.test(mdc["gate"], mdc, mdc["mdc"], record):
                continue
            asked = mdc.get("ambiguous") != "yes"
            for adrg in self.adrgs[mdc["mdc"]]:
                section = adrg.get("section") or ("medical" if adrg["adrg"][1] in "RSTUVWXYZ" else "operation")
                if section == "medical" and not asked:
                    asked = True
                    if self.valid & set(record["ops"]):
                        return mdc["mdc"], mdc["mdc"][-1] + "QY", mdc["mdc"][-1] + "QY"
                if self.test(adrg["rule"], adrg, adrg["adrg"], record):
                    for drg in self.drgs[adrg["adrg"]]:
                        if self.test(drg["split"], drg, drg["drg"], record):
                            return mdc["mdc"], adrg["adrg"], drg["drg"]
                    return mdc["mdc"], adrg["adrg"], "0000"
            if not asked and self.valid & set(record["ops"]):
                return mdc["mdc"], mdc["mdc"][-1] + "QY", mdc["mdc"][-1] + "QY"
        return "", "", "0000"

    def has(self, level: str, record: dict[str, Any]) -> bool:
        """Whether a secondary diagnosis of a level counts."""
        principal, others = record["dx"][0], record["dx"][1:]
        for code in others:
            if code in self.complications and self.complications[code][0] == level:
                table = self.complications[code][1]
                if table == "999" or not table or self.exclusions.get(principal) != table:
                    return True
        return False

    def test(self, text: str, row: Row, owner: str, record: dict[str, Any]) -> bool:
        """Whether every word of a test is true."""
        return all(self.word(word, row, self.lists[owner], record) for word in text.split("+"))

    def word(self, word: str, row: Row, lists: Lists, r: dict[str, Any]) -> bool:
        """Whether one word is true."""
        dx, ops, own = r["dx"], r["ops"], lists.by_list
        main = r["main"]
        if found := re.fullmatch(r"(no_)?(principal|any|secondary)_diagnosis(_2)?", word):
            looked = {"principal": dx[:1], "any": dx, "secondary": dx[1:]}[found[2]]
            return bool(set(looked) & own["diagnosis" + (found[3] or "")]) != bool(found[1])
        if found := re.fullmatch(r"(no_)?(main|any)_procedure(_[23])?", word):
            looked = main if found[2] == "main" else ops
            return bool(set(looked) & own["procedure" + (found[3] or "")]) != bool(found[1])
        if word.startswith("parts_"):
            return any(all(set(ops) & lists.by_part[part] for part in way.split("_")) for way in word[6:].split("_or_"))
        band = {
            "birth_weight": "birth_weight_g",
            "age": "age_years",
            "age_in_days": "age_days",
            "days_of_stay": "length_of_stay_days",
            "icu_hours": "icu_hours",
        }
        if word in band:
            value = r.get(band[word])
            if value is None or (word == "birth_weight" and value == 0):
                return False
            low, above = row.get(f"min_{band[word]}"), row.get(f"above_{band[word]}")
            below, high = row.get(f"below_{band[word]}"), row.get(f"max_{band[word]}")
            return not (
                (low and value < float(low))
                or (above and value <= float(above))
                or (below and value >= float(below))
                or (high and value > float(high))
            )
        newborn = r.get("age_days") is not None and r["age_days"] <= 28
        several = len(dx) > 1
        sites = sum(bool(set(dx) & codes) for site, codes in lists.by_site.items() if site)
        truths: dict[str, Callable[[], bool]] = {
            "always": lambda: True,
            "male": lambda: bool(r["sex"] == "male"),
            "female": lambda: bool(r["sex"] == "female"),
            "age_zero": lambda: bool(r["age_years"] == 0),
            "newborn": lambda: newborn,
            "main_procedure_valid": lambda: bool(set(main) & self.valid),
            "no_main_procedure_valid": lambda: not set(main) & self.valid,
            "any_procedure_valid": lambda: bool(set(ops) & self.valid),
            "no_valid_procedure": lambda: not set(ops) & self.valid,
            "procedure_pair": lambda: bool(set(ops) & own["procedure"] and set(ops) & own["procedure_2"]),
            "principal_diagnosis_age_zero": lambda: dx[0] in own["diagnosis"] and r["age_years"] == 0,
            "principal_diagnosis_male": lambda: dx[0] in own["diagnosis"] and r["sex"] == "male",
            "principal_diagnosis_female": lambda: dx[0] in own["diagnosis"] and r["sex"] == "female",
            "two_body_sites": lambda: sites >= 2,
            "principal_diagnosis_two_body_sites": lambda: dx[0] in own["diagnosis"] and sites >= 2,
            "mcc": lambda: several and self.has("MCC", r),
            "cc": lambda: several and self.has("CC", r),
            "mcc_or_cc": lambda: several and (self.has("MCC", r) or self.has("CC", r)),
            "discharge_type": lambda: (r.get("discharge_type") or "") in (row.get("discharge_types") or "").split("|"),
            "department": lambda: (r.get("department") or "") in (row.get("departments") or "").split("|"),
        }
        return truths[word]()


NUMBERS = ("age_years", "age_days", "birth_weight_g", "length_of_stay_days", "icu_hours")


def record_of(row: dict[str, Any]) -> dict[str, Any]:
    """A plain row of a file of stays as a record."""
    numbers = {name: float(row[name]) if row.get(name) not in (None, "") else None for name in NUMBERS}
    return {**row, **numbers, "dx": row["diagnoses"].split("|"), "ops": (row["procedures"] or "").split("|")}
