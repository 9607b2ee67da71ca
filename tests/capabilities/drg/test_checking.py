"""What is unwise is found: groups out of reach, codes of no use, codes in several places."""

from collections.abc import Iterable

import polars as pl
import pytest

from tests.capabilities.drg.published import FOLDER, needs_published
from tests.capabilities.drg.test_reading import ROWS
from yunnao.capabilities.drg.checking import check
from yunnao.capabilities.drg.reading import scheme_from
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme

Row = dict[str, str]


def adrg(code: str, seq: int, rule: str, mdc: str = "MDCB") -> Row:
    return {"mdc": mdc, "seq": str(seq), "adrg": code, "rule": rule}


def listed(owner: str, kind: str, codes: Iterable[str]) -> list[Row]:
    return [{"adrg": owner, "list": kind, "code": code, "part": ""} for code in codes]


def drgs(*codes_and_splits: tuple[str, str]) -> list[Row]:
    return [
        {"adrg": code[:3], "seq": str(seq), "drg": code, "split": split}
        for seq, (code, split) in enumerate(codes_and_splits, 1)
    ]


def warnings(**changed: list[Row]) -> str:
    read = scheme_from({name: pl.DataFrame(rows) for name, rows in {**ROWS, **changed}.items()})  # type: ignore[misc]
    assert read.scheme is not None, read.findings
    return "\n".join(map(str, check(read.scheme)))


def test_one_list_in_an_earlier_one() -> None:
    said = warnings(
        adrgs=[adrg("BR1", 1, "principal_diagnosis"), adrg("BR2", 2, "principal_diagnosis+male")],
        adrg_codes=[*listed("BR1", "diagnosis", ["I63.900"]), *listed("BR2", "diagnosis", ["I63.900"])],
        drgs=drgs(("BR19", "always"), ("BR29", "always")),
    )
    assert "BR2 永远分不到：符合它的都先符合 BR1" in said


def test_one_list_in_several_earlier_ones_together() -> None:
    said = warnings(
        mdc_diagnoses=[{"mdc": "MDCB", "code": code} for code in ("I63.900", "I61.900")],
        adrgs=[adrg(f"BR{n}", n, "principal_diagnosis") for n in (1, 2, 3)],
        adrg_codes=[
            *listed("BR1", "diagnosis", ["I63.900"]),
            *listed("BR2", "diagnosis", ["I61.900"]),
            *listed("BR3", "diagnosis", ["I63.900", "I61.900"]),
        ],
        drgs=drgs(("BR19", "always"), ("BR29", "always"), ("BR39", "always")),
    )
    assert "BR3 永远分不到：它列表里的编码都在 MDCB 前面的 ADRG 里" in said
    assert "2 个编码在几个 ADRG 的列表里" in said


def test_a_gate_that_never_lets_a_main_procedure_pass() -> None:
    said = warnings(
        mdcs=[{"seq": "1", "mdc": "MDCA", "gate": "main_procedure_valid"}, {**ROWS["mdcs"][0], "seq": "2"}],
        adrgs=[adrg("AH1", 1, "main_procedure", "MDCA"), *ROWS["adrgs"]],
        adrg_codes=[*listed("AH1", "procedure", ["96.7201"]), *ROWS["adrg_codes"]],
        drgs=[*drgs(("AH19", "always")), *ROWS["drgs"]],
    )
    assert "AH1 永远分不到：手术不在有效手术表里，MDCA 的门都不让过" in said


@pytest.mark.parametrize(
    ("splits", "words"),
    [
        ((("BR13", "mcc_or_cc"), ("BR11", "mcc"), ("BR15", "always")), "BR11 永远分不到：符合它的都先符合 BR13"),
        ((("BR19", "always"), ("BR11", "mcc")), "BR11 永远分不到：符合它的都先符合 BR19"),
        ((("BR11", "mcc"),), "BR1 的最后一个 DRG 不是 always"),
    ],
)
def test_splits(splits: tuple[tuple[str, str], ...], words: str) -> None:
    assert words in warnings(drgs=drgs(*splits))


def test_bounds_within_bounds() -> None:
    wide = {"adrg": "BR1", "seq": "1", "drg": "BR17", "split": "age", "below_age_years": "18", "max_age_years": ""}
    narrow = {**wide, "seq": "2", "drg": "BR18", "below_age_years": "", "max_age_years": "14"}
    assert "BR18 永远分不到" in warnings(drgs=[wide, narrow])
    assert "永远分不到" not in warnings(drgs=[{**narrow, "seq": "1"}, {**wide, "seq": "2"}])


def test_an_mdc_that_is_never_reached() -> None:
    said = warnings(
        mdcs=[ROWS["mdcs"][0], {"seq": "2", "mdc": "MDCC", "gate": "principal_diagnosis+female"}],
        mdc_diagnoses=[*ROWS["mdc_diagnoses"], {"mdc": "MDCC", "code": "I63.900"}],
        adrgs=[adrg("BR1", 1, "always"), adrg("CR1", 1, "always", "MDCC")],
        adrg_codes=listed("CR1", "diagnosis", ["I63.900"]),
        drgs=drgs(("BR19", "always"), ("CR19", "always")),
    )
    assert "MDCC 永远轮不到" in said
    assert "1 个编码在几个 MDC 的表里" in said


def test_diagnoses_that_need_a_procedure_to_be_grouped() -> None:
    said = warnings(
        adrgs=[adrg("BB1", 1, "main_procedure")],
        adrg_codes=listed("BB1", "procedure", ["01.2400"]),
        drgs=[{"adrg": "BB1", "seq": "1", "drg": "BB19", "split": "always"}],
    )
    assert "没有手术时不能入组的主要诊断" in said


def test_the_sample_says_what_it_shows() -> None:
    said = "\n".join(map(str, check(load_scheme(SAMPLE_SCHEME))))
    assert "XBZ9 没有 DRG" in said
    assert "永远分不到" not in said


@needs_published
def test_published_schemes_have_what_is_known_of_them() -> None:
    """Qingdao's AH1 lists ventilation, which is not valid there; four of its ADRGs have no DRG; 1,007 codes are in two MDCs."""
    national = "\n".join(map(str, check(load_scheme(FOLDER / "chs_drg_1_1"))))
    qingdao = "\n".join(map(str, check(load_scheme(FOLDER / "qingdao_2023"))))
    assert "AH1 96.7201" in qingdao
    assert "AH1" not in national
    assert "等 4 个 没有 DRG" in qingdao
    assert "没有 DRG" not in national
    for said in (national, qingdao):
        assert "1,007 个编码在几个 MDC 的表里" in said
        assert "永远分不到" not in said
