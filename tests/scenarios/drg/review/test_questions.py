"""Questions in words: numbers, what they are compared with, limits with their marks, proper reasons; and never an order or a verdict."""

from pathlib import Path

import polars as pl
import pytest

from tests.scenarios.drg.review.made import biggest, changed, innocent_year
from tests.scenarios.drg.settled import rules, settled
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.text import Language
from yunnao.scenarios.drg.review.asking import with_policy
from yunnao.scenarios.drg.review.definitions import FILE, NEEDS, SHIPPED, load_questions
from yunnao.scenarios.drg.review.questions import Question, counted, limit_words, questions

VERDICTS = ("违规", "骗保", "套取", "分解住院", "高套", "欺诈", "fraud", "guilty", "violation")


def asked(language: Language = "zh") -> list[Question]:
    """Questions about a year in which every kind was planted at one hospital."""
    stays = innocent_year(1)
    own = pl.col("hospital_id") == biggest(stays)
    part = (pl.col("case_id").hash(1) % 100) < 40
    stays = changed(
        stays,
        own & part & (pl.col("discharged_on").dt.month() > 7) & pl.col("drg").str.ends_with("5"),
        drg=pl.col("adrg") + "3",
    )
    stays = changed(stays, own & part & pl.col("multiple").is_between(3_500, 3_999), multiple=pl.col("multiple") + 500)
    stays = changed(stays, own & ((pl.col("case_id").hash(2) % 100) < 8), **{"class": pl.lit("high")})
    stays = changed(stays, own & ((pl.col("case_id").hash(3) % 100) < 8), outcome=pl.lit("ambiguous"))
    reviews = stays.filter(own).select(stay="case_id").head(stays.filter(own).height // 10)
    definitions = load_questions()
    found = counted(stays, definitions, reviews=reviews)
    return questions(found, definitions, {biggest(stays): "示例医院"}, language)


def test_every_question_shows_numbers_test_limits_and_proper_reasons() -> None:
    for language in ("zh", "en"):
        found = asked(language)
        assert {each.kind for each in found} >= set(NEEDS) - {"split_stays", "readmission"}
        for each in found:
            assert each.asks.endswith(("？", "?"))
            assert any(sign.isdigit() for sign in each.numbers)
            assert each.compares
            assert each.innocent
            assert len(each.limits) == len(NEEDS[each.kind])
            assert 0 < len(each.cases) <= 20
            words = " ".join((each.title, each.asks, each.numbers, each.compares, *each.innocent, *each.limits))
            assert not [word for word in VERDICTS if word in words]
            assert "P1" not in words


def test_the_order_is_by_question_and_code_whatever_the_numbers() -> None:
    found = asked()
    kinds = list(load_questions())
    assert [(kinds.index(each.kind), each.hospital_id) for each in found] == sorted(
        (kinds.index(each.kind), each.hospital_id) for each in found
    )
    assert "示例医院" in {each.hospital for each in found}


def test_limits_say_their_source_and_that_they_are_to_be_verified() -> None:
    words = limit_words(load_questions()["low_cliff"], "zh")
    assert any("0.4" in each and "（待核）" in each for each in words)
    for each in load_questions().values():
        assert all(
            "待核" in text
            for limit, text in zip(each.limits.values(), limit_words(each, "zh"), strict=True)
            if limit.evidence != "source"
        )


def test_what_the_policy_says_goes_before_what_the_questions_say() -> None:
    own = rules()
    assert own.low is not None
    assert own.readmission is not None
    changed_rules = own.model_copy(
        update={
            "low": own.low.model_copy(update={"below": type(own.low.below)("0.3")}),
            "readmission": own.readmission.model_copy(update={"days": 10}),
        }
    )
    found = with_policy(load_questions(), changed_rules)
    assert found["low_cliff"].limit("line") == 0.3
    assert found["readmission"].whole("days") == 10
    assert found["high_multiples"].limit("share") == float(own.questions.high_share)
    assert "本期政策" in limit_words(found["low_cliff"], "zh")[0]
    without = with_policy(load_questions(), own.model_copy(update={"low": None, "readmission": None}))
    assert without["low_cliff"].limit("line") == load_questions()["low_cliff"].limit("line")


def test_a_settled_year_is_counted_as_it_is() -> None:
    stays = settled().stays
    measures = counted(stays, load_questions()).measures
    high = measures.filter(pl.col("kind") == "high_multiples")
    assert high["observed"].sum() == stays.filter(pl.col("class") == "high").height
    assert high["out_of"].sum() == stays.height


def test_the_earlier_period_may_be_another_settlement() -> None:
    stays = settled().stays
    definitions = load_questions()
    by_halves, by_year = counted(stays, definitions), counted(stays, definitions, earlier=stays)
    assert by_halves.now_from is not None
    assert by_year.now_from is None
    same = by_year.measures.filter(pl.col("kind") == "coding_mix")
    assert (same["rise"].fill_null(0.0).abs() < 1e-12).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("- id: ungrouped", "- id: high_multiples"), "写了两次"),
        (lambda text: text.replace("    width: ", "    wide: "), "low_cliff 的 limits 要写且只写"),
        (lambda text: text.replace('{value: "0.40"', '{value: "-1"'), "limits"),
        (lambda text: text.replace("- id: split_stays", "- id: guilty"), "id"),
    ],
)
def test_a_districts_own_file_is_read_strictly(tmp_path: Path, change, sentence: str) -> None:  # type: ignore[no-untyped-def]
    own = tmp_path / FILE
    own.parent.mkdir()
    own.write_text(change(SHIPPED.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DefinitionError, match=sentence):
        load_questions(tmp_path)
    own.write_text(SHIPPED.read_text(encoding="utf-8").replace('"0.40"', '"0.35"'), encoding="utf-8")
    assert load_questions(tmp_path)["low_cliff"].limit("line") == 0.35
