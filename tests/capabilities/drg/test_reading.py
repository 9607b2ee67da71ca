"""What a scheme's tables must be; every mistake is a sentence that names the table and the place."""

from typing import cast

import polars as pl
import pytest

from yunnao.capabilities.drg.reading import Read, scheme_from
from yunnao.capabilities.drg.tables import TableName

ROWS: dict[TableName, list[dict[str, str]]] = {
    "mdcs": [{"seq": "1", "mdc": "MDCB", "gate": "principal_diagnosis"}],
    "mdc_diagnoses": [{"mdc": "MDCB", "code": "I63.900"}],
    "adrgs": [{"mdc": "MDCB", "seq": "1", "adrg": "BR1", "rule": "principal_diagnosis"}],
    "adrg_codes": [{"adrg": "BR1", "list": "diagnosis", "code": "I63.900", "part": ""}],
    "drgs": [{"adrg": "BR1", "seq": "1", "drg": "BR19", "split": "always"}],
    "complications": [{"code": "J96.900", "level": "MCC", "exclusion": "1"}],
    "exclusions": [{"principal_code": "I63.900", "exclusion": "2"}],
    "valid_procedures": [{"code": "01.2400"}],
}


def read(**changed: list[dict[str, str]] | None) -> Read:
    """The scheme above with tables changed or left out."""
    tables = cast("dict[TableName, list[dict[str, str]] | None]", {**ROWS, **changed})
    return scheme_from({name: pl.DataFrame(rows) for name, rows in tables.items() if rows is not None})


def test_tables_as_they_should_be() -> None:
    found = read()
    assert found.findings == ()
    assert found.scheme is not None
    assert [drg.code for drg in found.scheme.groups] == ["BR19"]
    assert found.scheme.spelling["I63.900"] == "I63.900"


def row(table: TableName, **cells: str) -> dict[str, list[dict[str, str]]]:
    return {table: [{**ROWS[table][0], **cells}]}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"exclusions": None}, ("exclusions.csv", "没有这张表")),
        ({"drgs": [{"adrg": "BR1", "drg": "BR19", "split": "always"}]}, ("drgs.csv", "缺少列 seq")),
        (row("adrgs", min_agee="3"), ("不认识的列 min_agee",)),
        (row("mdcs", gate="principal_diagnoses"), ("MDCB", "不认识的条件「principal_diagnoses」")),
        (row("adrgs", rule="mcc"), ("BR1", "mcc", "split")),
        (row("adrgs", rule="two_body_sites"), ("BR1", "gate")),
        (row("drgs", split="age"), ("BR19", "没有界限", "min_age_years")),
        (row("drgs", split="always", min_age_years="18"), ("BR19", "min_age_years", "没有用到")),
        (row("drgs", split="age", min_age_years="x"), ("drgs.csv", "第 2 行", "不是数")),
        (row("drgs", split="discharge_type"), ("BR19", "没有名单", "discharge_types")),
        (row("drgs", split="always", departments="ICU"), ("BR19", "departments")),
        (row("adrg_codes", adrg="BR2"), ("adrg_codes.csv", "BR2", "不在 adrgs.csv")),
        (row("adrg_codes", list="operation"), ("list 不能是 operation",)),
        (row("adrg_codes", part="1"), ("part", "procedure")),
        (row("complications", level="cc"), ("level 不能是 cc",)),
        (row("complications", code=""), ("complications.csv", "第 2 行的 code 是空的")),
        ({"complications": ROWS["complications"] * 2}, ("complications.csv", "重复", "J96.900")),
        ({"drgs": [*ROWS["drgs"], {**ROWS["drgs"][0], "drg": "BR11"}]}, ("drgs.csv", "seq 在同一层里重复")),
        ({"mdcs": [{"seq": "x", "mdc": "MDCB", "gate": "principal_diagnosis"}]}, ("第 2 行的 seq 不是数",)),
    ],
)
def test_mistakes_are_errors(changed: dict[str, list[dict[str, str]] | None], words: tuple[str, ...]) -> None:
    found = read(**changed)
    assert found.scheme is None
    errors = [str(finding) for finding in found.findings if finding.severity == "error"]
    assert any(all(word in sentence for word in words) for sentence in errors), errors


def test_what_does_no_harm_is_a_warning() -> None:
    found = read(
        mdc_diagnoses=ROWS["mdc_diagnoses"] * 2,
        **row("adrgs", rule="principal_diagnosis+main_procedure"),
    )
    assert found.scheme is not None
    assert [finding.severity for finding in found.findings] == ["warning", "warning"]
    assert "重复的行不起作用" in str(found.findings[0])
    assert "BR1：条件 main_procedure 的列表 procedure 是空的" in str(found.findings[1])


def test_the_digest_is_that_of_the_rules() -> None:
    first = read().scheme
    again = read(**row("drgs", title="脑梗死")).scheme
    other = read(**row("complications", level="CC")).scheme
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.digest == again.digest  # titles are for people
    assert first.digest != other.digest
