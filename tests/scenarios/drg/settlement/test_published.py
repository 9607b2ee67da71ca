"""Stays priced by published base points: by the table where it has the group, otherwise as the policy says."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.drg.settlement.kept import keep, runs_in
from tests.scenarios.drg.settlement.made import hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.explanation import explain_stay
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs
from yunnao.scenarios.drg.settlement.published import ANY, Published, PublishedGroup
from yunnao.scenarios.drg.settlement.settling import settle_year

HOSPITALS = hospitals_frame(("H1", "tertiary", None), ("H2", "secondary", None))
HASHES = {"points.csv": "0" * 64}


def rules(others: str = "none", overall_mean: str | None = None, **more: object) -> Rules:
    table = {"file": "points.csv", "others": others, "overall_mean": overall_mean}
    return rules_with(
        **{
            "base_points": {"basis": "year", "table": table},
            "low": {"below": "0.4"},
            "high": {"tiers": [{"multiple": 3}]},
            "readmission": None,
            **more,
        }
    )


def published(**groups: PublishedGroup) -> Published:
    return Published(groups=groups, hashes=HASHES)


def row(drg: str, base: str, mean: int | None = None, *, stable: bool = True) -> PublishedGroup:
    return PublishedGroup(
        row=2, drg=drg, base=Fraction(base), mean=None if mean is None else Fraction(mean), stable=stable
    )


def inputs(table: Published) -> Inputs:
    """AA19 costs 10,000 and 30,000 fen, BB19 20,000: M is 20,000."""
    stays = [stay("a", "H1", "AA19", 10_000), stay("b", "H2", "AA19", 30_000), stay("c", "H2", "BB19", 20_000)]
    return replace(inputs_of(stays, HOSPITALS), published=table)


def points(table: Published, own: Rules) -> dict[str, tuple[str, int]]:
    stays = settle_year(inputs(table), own, {}).stays
    return {case: (class_, found) for case, class_, found in stays.select("case_id", "class", "points").iter_rows()}


def test_published_points_are_used_and_others_go_as_the_policy_says() -> None:
    table = published(AA19=row("AA19", "150.5"))
    assert points(table, rules("none")) == {
        "a": ("low", 500_000),  # m = 150.5 x 20,000 / 100 = 30,100; 150.5 x 10,000 / 30,100 = 50
        "b": ("normal", 1_505_000),
        "c": ("unstable", 1_000_000),  # by cost: 20,000 / 20,000 x 100
    }
    assert points(table, rules("derived"))["c"] == ("normal", 1_000_000)


def test_a_published_mean_and_a_published_mean_of_all() -> None:
    table = published(AA19=row("AA19", "150.5", 9_000), BB19=row("BB19", "80", stable=False))
    found = settle_year(inputs(table), rules(overall_mean="400"), {})
    priced = {case: (c, p) for case, c, p in found.stays.select("case_id", "class", "points").iter_rows()}
    assert priced["a"] == ("normal", 1_505_000)
    assert priced["b"] == ("high", 15_050_000 * 10 // 100 + 501_667)  # B + B x (30,000 / 9,000 - 3) = 150.5 + 50.1667
    assert priced["c"] == ("unstable", 500_000)  # 20,000 / 40,000 x 100
    assert found.overall == {"all": "40000/1"}
    groups = {drg: rest for drg, *rest in found.groups.select("drg", "points_from", "mean_from", "why").iter_rows()}
    assert groups == {
        "AA19": ["table", "table", ""],
        "BB19": ["table", "points", "公布的表里写明不稳定"],
    }


def test_without_stays_of_the_basis_the_table_is_enough_if_it_has_the_mean_of_all() -> None:
    table = published(AA19=row("AA19", "150"))
    before = {"basis": "previous_years", "table": {"file": "points.csv", "others": "none", "overall_mean": "200"}}
    found = points(table, rules(base_points=before))
    assert found["b"] == ("normal", 1_500_000)
    with pytest.raises(YunnaoError, match="没有可用来计算基准点数的病案"):
        points(table, rules(base_points={**before, "table": {"file": "points.csv", "others": "none"}}))


def test_groups_without_points_do_not_weigh_in_the_cmi() -> None:
    table = published(AA19=row("AA19", "150"))
    accounts = settle_year(inputs(table), rules("none"), {}).hospitals
    assert dict(accounts.select("hospital_id", "cmi").iter_rows()) == {"H1": 15_000, "H2": 15_000}


def test_published_coefficients_are_a_part_of_the_mix() -> None:
    table = Published(groups={"AA19": row("AA19", "100")}, coefficients={("H2", ANY): Fraction("1.25")}, hashes=HASHES)
    found = points(table, rules(coefficients={"parts": [{"of": "published"}]}))
    assert found["b"] == ("normal", 1_250_000)


def test_a_table_that_was_not_read_is_no_table_without_rows() -> None:
    with pytest.raises(YunnaoError, match=r"没有读入公布的表 points\.csv"):
        settle_year(inputs(Published()), rules(), {})


def test_the_explanation_says_where_points_come_from(tmp_path: Path) -> None:
    table = published(AA19=row("AA19", "150.5"), BB19=row("BB19", "80", 15_000))
    run = keep(tmp_path, settle_year(inputs(table), rules(), {}), rules())
    lines = {line.name: line.text for line in explain_stay(run, "b")}
    assert lines["base_points"] == "公布的基准点数表 points.csv：150.5"
    assert lines["multiple"].startswith(
        "总费用 300.00 ÷ 病组例均费用 301（基准点数 150.5 × 全部病组例均费用 200 ÷ 100）＝ ≈0.99"
    )
    lines = {line.name: line.text for line in explain_stay(run, "c", "en")}
    assert lines["base_points"] == "published table of base points points.csv: 80"
    assert lines["multiple"] == "total cost 200.00 ÷ published mean cost of the group 150 = ≈1.333333"


def test_a_run_keeps_a_copy_of_the_tables(tmp_path: Path) -> None:
    table = published(AA19=row("AA19", "150"))
    runs, made = runs_in(tmp_path), settle_year(inputs(table), rules(), {})
    first = keep(tmp_path, made, rules())
    manifest = replace(first.manifest, number=2, published=HASHES, unpublished=("BB19",))
    runs.keep(manifest, made, rules(), {"points.csv": b"table"})
    kept = runs.open(2)
    assert (kept.folder / "published-points.csv").read_bytes() == b"table"
    assert kept.manifest.published == HASHES
    assert kept.manifest.unpublished == ("BB19",)
    assert "published-points.csv" in kept.manifest.hashes
    assert kept.rules == rules()


def test_runs_of_before_had_their_points_from_stays(tmp_path: Path) -> None:
    own = rules_with()
    made = settle_year(inputs(Published()), own, {})
    old = replace(made, groups=made.groups.drop("points_from", "mean_from"))
    run = keep(tmp_path, old, own)
    assert run.groups.select(pl.col("points_from", "mean_from").unique()).collect().rows() == [("stays", "stays")]
    assert explain_stay(run, "b")[2].text.endswith("＝ 100")


@settings(max_examples=60)
@given(
    costs=st.lists(st.integers(1, 100_000), min_size=1, max_size=8),
    base=st.decimals("0.0001", "5000", places=4),
    mean=st.one_of(st.none(), st.integers(1, 100_000)),
)
def test_payments_still_sum_to_the_budget_and_explanations_agree(
    costs: list[int], base: object, mean: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stays = [stay(f"s{n}", f"H{n % 2 + 1}", ("AA19", "BB19")[n % 2], cost) for n, cost in enumerate(costs)]
    table = published(AA19=row("AA19", str(base), mean))
    found = settle_year(replace(inputs_of(stays, HOSPITALS), published=table), rules("derived"), {})
    assert sum(found.hospitals["payable"]) == 150_000_00
    run = keep(tmp_path_factory.mktemp("run"), found, rules("derived"))
    for each in found.stays.to_dicts():
        line = next(line for line in explain_stay(run, each["case_id"]) if line.name == "points")
        assert line.text.startswith(f"{each['points'] / 10_000:.4f}（")


def test_a_coefficient_of_a_hospital_that_there_is_not_is_refused() -> None:
    own = rules(base_points={"basis": "year"}, coefficients={"parts": [{"of": "published"}], "table": "k.csv"})
    for whose, known in (("H2", True), ("secondary", True), ("H02", False)):
        table = Published(coefficients={(whose, ANY): Fraction("0.9")}, hashes={"k.csv": "0" * 64})
        if known:
            assert settle_year(inputs(table), own, {}).stays.filter(case_id="b")["coefficient"].to_list() == [9_000]
        else:
            with pytest.raises(YunnaoError, match="H02"):
                settle_year(inputs(table), own, {})
