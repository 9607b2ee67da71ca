"""Corrections survive a text that moves, and say so where they no longer fit."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.plan.made import TEXT, made, rows
from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.corrections import (
    EDITABLE,
    Correction,
    Place,
    as_jsonl,
    corrected,
    find,
    from_file,
    from_jsonl,
    place_of,
    plain,
)
from yunnao.scenarios.plan.quantities import Quantity


def correction(row: Quantity, do: Any, text: str = TEXT, **what: Any) -> Correction:
    place = place_of(text, row)
    return Correction(do=do, quote=place.quote, numeral=place.numeral, occurrence=place.occurrence, **what)


def moved(row: Quantity, by: int) -> Quantity:
    return replace(row, start=row.start + by, end=row.end + by)


@given(st.text("增长8%,。\n", min_size=1, max_size=60), st.data())
def test_every_place_is_found_again(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 4)))
    quote = data.draw(st.sampled_from([text[start:end], text, "不在其中", text[max(0, start - 2) : end + 2]]))
    row = replace(rows()[0], start=start, end=end, quote=quote)
    assert find(text, place_of(text, row)) == start


def test_the_same_words_twice_are_two_places() -> None:
    text = "增长8%。\n增长8%。\n"
    first, second = made(text, "8", "甲"), made(text, "8", "乙", nth=2)
    assert place_of(text, first) == Place("增长8%", "8", 1)
    assert place_of(text, second) == Place("增长8%", "8", 2)
    result = corrected(
        [first, second], [correction(second, "change", text, field="indicator", old="乙", new="丙")], text
    )
    assert [row.indicator for row in result.rows] == ["甲", "丙"]


def test_a_change_follows_its_words_when_the_text_moves() -> None:
    wanted = [correction(rows()[4], "change", field="status", old="target", new="outcome")]
    before = "（网页转载）\n"
    result = corrected([moved(row, len(before)) for row in rows()], wanted, before + TEXT)
    assert (result.applied, result.problems) == (1, ())
    assert result.rows[4].status == "outcome"
    assert result.rows[4].confidence == 1


def test_value_and_unit_carry_the_base_with_them() -> None:
    row = rows()[3]
    wanted = [
        correction(row, "change", field="value", old="42.5", new="42.6"),
        correction(row, "change", field="unit", old="万家", new="万户"),
    ]
    changed = corrected(rows(), wanted, TEXT).rows[3]
    assert (changed.value, changed.unit, changed.base_value, changed.base_unit) == (
        Decimal("42.6"),
        "万户",
        Decimal(426000),
        "户",
    )


def test_rows_are_removed_and_added() -> None:
    trained = made(TEXT, "8000", "培训人数", unit="人", base_unit="人", base_value=8000, kind="level", direction="none")
    fields = plain(trained) | {"period": "2023", "status": "target"}
    wanted = [correction(rows()[1], "remove", old="8%"), correction(trained, "add", new=fields)]
    result = corrected(rows(), wanted, TEXT)
    assert (result.applied, result.problems) == (2, ())
    assert [row.indicator for row in result.rows] == [
        "地区生产总值增速", "实际利用外资增速", "新增企业数", "地区生产总值增速", "实际利用外资增速", "实际利用外资增速", "培训人数",
    ]  # fmt: skip
    added = result.rows[-1]
    assert TEXT[added.start : added.end] == "8000"
    assert (added.line, added.section, added.base_value, added.base_unit) == (5, "二、2023年目标", Decimal(8000), "人")
    assert added.sentence == "港区实际利用外资增长5%以上,培训8000人。"
    again = corrected(result.rows, wanted, TEXT)
    assert (again.rows, again.applied, again.problems) == (result.rows, 0, ())
    assert again.kept == tuple(wanted)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (Correction(do="change", quote="增长9%", numeral="9", occurrence=1, field="kind", old="level", new="share"), "找不到这处原文"),
        (Correction(do="change", quote="增长11%", numeral="11", occurrence=2, field="kind", old="level", new="share"), "找不到这处原文"),
        (correction(rows()[0], "change", field="kind", old="level", new="share"), "类别原来是 'level'，现在读出的是 'growth_yoy'"),
        (correction(rows()[0], "change", field="kind", old="growth_yoy", new="growth"), "类别不能是 'growth'"),
        (correction(rows()[0], "change", field="value", old="8", new="many"), "数值不能是 'many'"),
        (correction(rows()[0], "change", field="start", old=0, new=1), "没有可改的列"),
        (correction(rows()[0], "remove", old="9%"), "原来要删的是 9%，现在读出的是 8%"),
        (correction(rows()[0], "add", new={"indicator": "别的", "value": "8", "unit": "%"}), "已经读出了“地区生产总值增速”"),
        (correction(made(TEXT, "8000", "培训人数"), "add", new={"start": 3}), "写得不对"),
        (correction(made(TEXT, "8000", "培训人数"), "change", field="unit", old="人", new="名"), "现在没有读出数"),
    ],
)  # fmt: skip
def test_what_no_longer_fits_is_said_and_not_applied(wanted: Correction, sentence: str) -> None:
    result = corrected(rows(), [wanted], TEXT)
    assert result.rows == tuple(rows())
    assert (result.applied, result.kept) == (0, ())
    assert len(result.problems) == 1
    assert sentence in result.problems[0]


def test_files_give_back_the_same_corrections(tmp_path: Path) -> None:
    wanted = (
        correction(rows()[0], "change", field="estimate", old=False, new=True),
        correction(rows()[1], "remove", old="8%"),
        correction(rows()[2], "add", new=plain(rows()[2])),
    )
    path = tmp_path / "报告.corrections.jsonl"
    path.write_bytes(as_jsonl(wanted))
    assert from_file(path) == wanted
    assert set(plain(rows()[0])) == set(EDITABLE)


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'{"do": "change"}', b'{"do":"erase","quote":"a","numeral":"a","occurrence":1}', b"\xff"]
)
def test_a_line_that_is_no_correction_is_refused(line: bytes) -> None:
    with pytest.raises(FileRefused, match="复核页"):
        from_jsonl(line, "修改.jsonl")
