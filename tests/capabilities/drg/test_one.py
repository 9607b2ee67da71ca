"""One stay: its path says the gate, the rule, the list, and what counted."""

import pytest

from yunnao.capabilities.drg.one import Grouped, group_stay
from yunnao.capabilities.drg.stay import Stay
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme

SCHEME = load_scheme(SAMPLE_SCHEME)


def grouped(diagnoses: str, procedures: str = "", **more: str | float) -> Grouped:
    given: dict[str, str | float] = {"case_id": "1", "sex": "男", "age_years": 60, **more}
    return group_stay(Stay(diagnoses=diagnoses, procedures=procedures, **given), SCHEME)  # type: ignore[arg-type]


def test_the_path() -> None:
    found = grouped("G40.900|I63.900", department="ICU")
    assert found.drg == "XBX12"
    found = grouped("I63.900|G40.900|J96.900|Z99.999", "39.7400")
    assert (found.mdc, found.adrg, found.drg, found.outcome) == ("MDCB", "XBB2", "XBB23", "grouped")
    assert found.path == (
        "进入 MDCA 示例：先期分组：主要手术操作是有效手术（39.7400）",
        "MDCA 的 ADRG 没有一个符合，接着试后面的 MDC",
        "进入 MDCB 示例：神经系统：主要诊断在列表（diagnosis：I63.900）",
        "符合 XBB2 示例：脑血管介入：主要诊断在列表（diagnosis：I63.900）；任一手术操作在列表（procedure：39.7400）",
        "其他诊断 G40.900 是 CC，不计：主要诊断 I63.900 在它的排除表 4 里",
        "其他诊断 J96.900 是 MCC，计入",
        "分入 XBB23 示例：脑血管介入伴 MCC 或 CC：有 MCC 或 CC（J96.900）",
    )
    assert found.unknown_codes == ("Z99.999",)


@pytest.mark.parametrize(
    ("drg", "stay"),
    [
        ("XER10", {"diagnoses": "J18.900", "icu_hours": 120.5}),
        ("XER12", {"diagnoses": "J18.900", "icu_hours": 120}),
        ("XER17", {"diagnoses": "J18.900", "age_years": 17}),
        ("XER13", {"diagnoses": "J18.900|E11.900"}),
        ("XER15", {"diagnoses": "J18.900|J96.900"}),  # ruled out by the same table
        ("XER15", {"diagnoses": "J18.900"}),
        ("XFR12", {"diagnoses": "I21.900", "discharge_type": "5", "length_of_stay_days": 4}),
        ("XFR15", {"diagnoses": "I21.900", "discharge_type": "5", "length_of_stay_days": 5}),
        ("XFR14", {"diagnoses": "I21.900", "procedures": "88.0100|96.7100"}),
        ("XPS10", {"diagnoses": "P22.000|P07.300", "age_years": 0, "age_days": 3, "birth_weight_g": 980}),
        ("XPS15", {"diagnoses": "P22.000|P07.300", "age_years": 0, "age_days": 3, "birth_weight_g": 1499}),
        ("XPU15", {"diagnoses": "P22.000|P07.300", "age_years": 0, "age_days": 3, "birth_weight_g": 0}),
        ("XPU15", {"diagnoses": "P22.000|P07.300", "age_years": "", "age_days": 28}),  # settlement lists: days alone
        ("XPV17", {"diagnoses": "P22.000", "age_years": 0, "age_days": 29}),
        ("XPV19", {"diagnoses": "P22.000", "age_years": 0}),
        ("XZZ15", {"diagnoses": "S06.000|S27.000"}),
        ("0000", {"diagnoses": "S06.000"}),
        ("XMA15", {"diagnoses": "N40.x00", "procedures": "60.2900"}),
        ("XNA15", {"diagnoses": "C54.100", "procedures": "68.4900|40.5900", "sex": "F"}),
        ("XNC15", {"diagnoses": "C54.100", "procedures": "68.4900", "sex": "2"}),
        ("GQY", {"diagnoses": "K29.500", "procedures": "86.2200"}),
        ("XBR13", {"diagnoses": "I63.900|R13.x00|E11.900"}),
        ("XBR25", {"diagnoses": "I61.900|R13.x00"}),
        ("XFV15", {"diagnoses": "I20.000|I50.900"}),
        ("XFS15", {"diagnoses": "I20.000|G43.900"}),
        ("XJR19", {"diagnoses": "L03.900", "department": "1301"}),
        ("XJS19", {"diagnoses": "l03.900", "department": "1302"}),
    ],
)
def test_local_rules(drg: str, stay: dict[str, str | float]) -> None:
    found = group_stay(Stay(**{"case_id": "1", "sex": "male", "age_years": 60, **stay}), SCHEME)  # type: ignore[arg-type]
    assert found.drg == drg, found


@pytest.mark.parametrize(
    ("stay", "reason"),
    [
        ({"case_id": " "}, "没有病案编号"),
        ({"sex": "9"}, "性别不是男或女"),
        ({"sex": None}, "没有性别"),
        ({"age_years": None}, "没有年龄"),
        ({"age_years": -1}, "年龄不是 0 到 130 的数"),
        ({"age_years": "abc"}, "年龄不是 0 到 130 的数"),
        ({"age_years": 200}, "年龄不是 0 到 130 的数"),
        ({"age_days": -3}, "日龄不是合理的天数"),
        ({"diagnoses": " | "}, "没有诊断"),
        ({"diagnoses": None, "sex": "x"}, "性别不是男或女；没有诊断"),
    ],
)
def test_no_stay_at_all(stay: dict[str, str | float], reason: str) -> None:
    given: dict[str, str | float] = {"case_id": "1", "sex": "male", "age_years": 60, "diagnoses": "I63.900", **stay}
    found = group_stay(Stay(**given), SCHEME)  # type: ignore[arg-type]
    assert (found.outcome, found.drg, found.reason) == ("invalid", "0000", reason)


@pytest.mark.parametrize(
    ("diagnoses", "reason"),
    [
        ("Z99.999", "主要诊断 Z99.999 不在任何 MDC 的诊断表里"),
        ("|I63.900", "主要诊断是空的"),
        ("C54.100", "主要诊断 C54.100 在诊断表里，但没有一个 MDC 的其他条件符合"),
        ("R51.x00", "ADRG XBZ9 在方案里没有 DRG"),
    ],
)
def test_why_not(diagnoses: str, reason: str) -> None:
    found = grouped(diagnoses)
    assert (found.outcome, found.drg, found.reason) == ("ungroupable", "0000", reason)
