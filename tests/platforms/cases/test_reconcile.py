"""What a run does to cases; the same on SQLite and PostgreSQL."""

import datetime as dt
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.cases.world import World, subject, wanted_rows
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases import store
from yunnao.storage.records import Records

TODAY = dt.date(2024, 3, 4)


def test_opens_once_and_changes_nothing_again(world: World) -> None:
    first = world.run({1: 100_00, 2: None})
    assert first.counts == {"proposed": 2}
    lines, cases = world.audit.lines(), world.cases.list()
    again = world.run({2: None, 1: 100_00})
    assert again.counts == {"unchanged": 2}
    assert world.audit.lines() == lines
    assert world.cases.list().equals(cases)
    assert cases["state"].to_list() == ["proposed", "proposed"]
    assert sorted(cases["amount"].to_list(), key=str) == [10000, None]


def test_case_id_depends_on_its_key_alone(world: World) -> None:
    world.run({1: 1})
    expected = store.case_ids(wanted_rows([(1, 99)]))[0]
    assert world.ids() == {1: expected}
    others = [
        store.case_ids(wanted_rows([(1, 1)], **other))[0]
        for other in ({"flow": "enjoy_relief"}, {"policy": "x1"}, {"period": "2025"})
    ]
    assert len({expected, *others, store.case_ids(wanted_rows([(2, 1)]))[0]}) == 5


def test_another_amount_amends_an_unconfirmed_case(world: World) -> None:
    world.run({1: 100, 2: None, 3: 5})
    report = world.run({1: 101, 2: 7, 3: None})
    assert report.counts == {"amended": 3}
    amounts = {number: world.cases.get(case_id).standing.amount for number, case_id in world.ids().items()}
    assert amounts == {1: 101, 2: 7, 3: None}
    assert world.run({1: 101, 2: 7, 3: None}).changed == 0


def test_withdraws_with_the_reason_given_and_proposes_again(world: World) -> None:
    world.run({1: 100, 2: 200})
    reasons = pl.DataFrame({"policy": ["hire_subsidy"], "subject": [subject(1)], "reason": ["参保月数不足"]})
    assert world.run({}, reasons).counts == {"withdrawn": 2}
    views = {number: world.cases.get(case_id) for number, case_id in world.ids().items()}
    assert {view.standing.state for view in views.values()} == {"withdrawn"}
    assert views[1].events[-1].reason == "参保月数不足"
    assert views[2].events[-1].reason == world.cases.flows["pay_benefit"].withdrawal.reason
    assert world.run({}).counts == {"unchanged": 2}
    assert world.run({1: 150}).counts == {"proposed_again": 1, "unchanged": 1}
    view = world.cases.get(views[1].matter.case_id)
    assert (view.standing.state, view.standing.amount) == ("proposed", 150)
    assert [event.step for event in view.events] == ["proposed", "withdrawn", "proposed_again"]


def test_a_run_leaves_other_scopes_alone(world: World) -> None:
    world.run({1: 100})
    world.run({1: 100}, period="2025")
    world.run({1: 100}, policy="other_policy")
    world.run({}, period="2025")
    assert world.cases.list().select("policy", "period", "state").sort("policy", "period").rows() == [
        ("hire_subsidy", "2024", "proposed"),
        ("hire_subsidy", "2025", "withdrawn"),
        ("other_policy", "2024", "proposed"),
    ]


def test_what_a_person_has_decided_is_only_marked(world: World) -> None:
    world.run({1: 100, 2: 100, 3: 100})
    ids = world.ids()
    world.cases.take(ids[1], "confirm", subject(1))
    world.cases.take(ids[2], "confirm", subject(2))
    world.cases.take(ids[3], "decline", subject(3))
    assert world.run({2: 120}).counts == {"entitlement_lost": 1, "amount_differs": 1, "unchanged": 1}
    assert world.run({2: 120}).changed == 0
    lost, other = world.cases.get(ids[1]).standing, world.cases.get(ids[2]).standing
    assert (lost.state, lost.amount, lost.entitled) == ("confirmed", 100, False)
    assert (other.state, other.amount, other.wanted_amount) == ("confirmed", 100, 120)
    assert "不再符合条件" in str(lost.flag)
    assert "金额已变化" in str(other.flag)
    assert world.run({1: 100, 2: 100, 3: 50}).counts == {"entitlement_restored": 2, "unchanged": 1}
    assert world.cases.get(ids[1]).standing.flag is None
    assert world.cases.get(ids[2]).standing.flag is None
    assert world.state(ids[3]) == "declined"


def test_sent_back_follows_the_run_again(world: World) -> None:
    world.run({1: 100, 2: 100})
    ids = world.ids()
    for number in (1, 2):
        world.cases.take(ids[number], "confirm", subject(number))
    world.run({2: 300})
    for number in (1, 2):
        world.cases.take(ids[number], "send_back", "li", reason="数据已变化")
    assert world.run({2: 300}).counts == {"withdrawn": 1, "amended": 1}
    assert world.state(ids[1]) == "withdrawn"
    standing = world.cases.get(ids[2]).standing
    assert (standing.state, standing.amount, standing.flag) == ("proposed", 300, None)


def test_a_request_closes_when_the_fact_has_arrived(world: World) -> None:
    request: dict[str, Any] = {"flow": "request_fact", "policy": "insurance", "period": "once"}
    world.run({1: None, 2: None, 3: None}, waiting="稳岗返还", **request)
    ids = world.ids()
    world.cases.take(ids[1], "supply", "wu")
    world.cases.take(ids[2], "cannot_supply", "wu", reason="查无此户")
    world.cases.take(ids[2], "close", "zhou", reason="以人工核实为准")
    assert world.run({2: None, 3: None}, waiting="稳岗返还、扩岗补助", **request).counts == {
        "withdrawn": 1,
        "unchanged": 1,
        "amended": 1,
    }
    assert {number: world.state(case_id) for number, case_id in ids.items()} == {1: "closed", 2: "closed", 3: "opened"}
    assert "已收到" in str(world.cases.get(ids[1]).events[-1].reason)
    assert world.cases.get(ids[3]).standing.waiting == "稳岗返还、扩岗补助"
    assert world.run({1: None, 3: None}, waiting="稳岗返还、扩岗补助", **request).counts["proposed_again"] == 1


def test_audit_lines_say_what_a_run_did(world: World) -> None:
    world.run({1: 100, 2: 200})
    day, line = world.audit.lines()
    assert line["kind"] == AuditEvent.CASES_RECONCILED
    assert line["details"] == {"run": 1, "policy": "hire_subsidy", "counts": {"proposed": 2}}
    assert (day["kind"], day["details"]) == (AuditEvent.DAY_REACHED, {"run": 1, "as_of": "2024-03-04"})
    assert world.audit.verify().broken is None


def test_the_basis_is_kept_with_the_event(world: World) -> None:
    world.run({1: 100}, basis='{"run":1}')
    world.run({1: 200}, basis='{"run":2}')
    (case_id,) = world.ids().values()
    assert [event.basis for event in world.cases.get(case_id).events] == ['{"run":1}', '{"run":2}']


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (wanted_rows([(1, 1)]).drop("basis"), "缺少列：basis"),
        (wanted_rows([(1, 1), (1, 2)]), "出现了两次"),
        (wanted_rows([(1, -1)]), "金额为负"),
        (wanted_rows([(1, 1)]).with_columns(pl.lit(None, pl.String).alias("subject")), "必填项为空"),
        (wanted_rows([(1, 1)]).with_columns(pl.lit(1.5).alias("amount")), "整数分"),
        (wanted_rows([(1, 1)], flow="no_flow"), "没有声明流程 no_flow"),
        (wanted_rows([(1, 1)], period="2023"), "不在本次运行的范围内"),
    ],
)
def test_bad_input_changes_nothing(world: World, frame: pl.DataFrame, says: str) -> None:
    world.run({1: 100, 5: 1})
    before, lines = world.cases.list(), world.audit.lines()
    with pytest.raises(YunnaoError, match=says):
        world.cases.reconcile(frame, scope={("a_policy", "2024"), ("hire_subsidy", "2024")}, run=2, as_of=TODAY)
    assert world.cases.list().equals(before)
    assert world.audit.lines() == lines


def test_waiting_may_be_a_list_and_amounts_may_all_be_unknown(world: World) -> None:
    frame = wanted_rows([(1, None)]).with_columns(pl.lit(None).alias("amount"), pl.Series("waiting", [["乙", "甲"]]))
    world.cases.reconcile(frame, scope={("hire_subsidy", "2024")}, run=1, as_of=TODAY)
    assert world.cases.list()["waiting"].to_list() == ["乙、甲"]


def test_hostile_texts_are_kept_as_they_are(world: World) -> None:
    evil = "'); DROP TABLE case_event; --\"\n,\\.\t"
    frame = wanted_rows([(1, 1)], basis=evil, department=evil).with_columns(pl.lit(evil).alias("subject"))
    world.cases.reconcile(frame, scope={("hire_subsidy", "2024")}, run=1, as_of=TODAY)
    listed = world.cases.list(subject=evil)
    assert listed["department"].to_list() == [evil]
    assert world.cases.get(listed["case_id"][0]).events[0].basis == evil


def test_case_ids_stay_the_same_for_ever() -> None:
    """An id is written on paper: no version of Yunnao may give the case another one."""
    frame = wanted_rows([(1, 1)])
    assert store.case_ids(frame).to_list() == ["cf6c71ae5235a7cd00"]
    assert store.case_ids(frame.clear()).to_list() == []


EARLIER, LATER = dt.date(2024, 1, 31), dt.date(2024, 2, 29)


def test_a_run_for_an_earlier_day_leaves_what_a_later_one_has_decided(world: World) -> None:
    assert world.run({1: 100, 2: 200}, as_of=LATER).counts == {"proposed": 2}
    for _ in range(2):
        early = world.run({2: 150, 3: 300}, as_of=EARLIER)
        assert (early.counts, early.changed) == ({"left_to_later": 2}, 0)
        assert world.run({1: 100, 2: 200}, as_of=LATER).counts == {"unchanged": 2}
    assert world.run({3: 300}, as_of=EARLIER, period="2023").counts == {"proposed": 1}, "nobody has decided about 2023"
    assert world.run({1: 100}, as_of=TODAY).counts == {"withdrawn": 1, "unchanged": 1}


def test_a_look_ahead_does_not_bar_the_days_until_then(world: World) -> None:
    world.run({1: 100}, as_of=dt.date(2099, 1, 1))
    assert world.run({1: 100, 2: 200}).counts == {"proposed": 1, "unchanged": 1}


DAYS = st.sampled_from([dt.date(2024, 1, day) for day in range(1, 6)])
WANTED = st.dictionaries(DAYS, st.dictionaries(st.integers(1, 4), st.integers(1, 3)), min_size=5, max_size=5)


@settings(max_examples=20)
@given(wanted=WANTED, days=st.lists(DAYS, min_size=1, max_size=8))
def test_in_whatever_order_days_are_run_the_latest_governs(
    wanted: dict[dt.date, dict[int, int | None]], days: list[dt.date]
) -> None:
    """Without persons: what is live is what the latest day wants, and no day that was run before changes that."""
    with tempfile.TemporaryDirectory() as folder:
        records = Records.open(Path(folder) / "records.sqlite")
        world = World(records, Path(folder))
        for day in days:
            world.run(wanted[day], as_of=day)
        latest = wanted[max(days)]
        live = world.cases.list(state="proposed", limit=None)
        assert {int(key[-8:]): amount for key, amount in live.select("subject", "amount").iter_rows()} == latest
        lines = world.audit.lines()
        for day in [*days, *reversed(days)]:
            assert world.run(wanted[day], as_of=day).changed == 0
        assert world.audit.lines() == lines
        assert world.audit.verify().broken is None
        records.close()


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30)), st.integers(1, 50))
def test_policies_are_read_together_up_to_a_number_of_cases(sizes: dict[str, int], at_most: int) -> None:
    groups = list(store.together(sizes, at_most))
    assert [policy for group in groups for policy in group] == sorted(sizes)
    for group in groups:
        assert len(group) == 1 or sum(sizes[policy] for policy in group) <= at_most
    for group, following in pairwise(groups):
        assert sum(sizes[policy] for policy in group) + sizes[following[0]] > at_most


def test_policies_come_to_the_same_together_and_each_alone(
    world: World, another_target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def runs(of: World) -> tuple[list[Any], pl.DataFrame, Any]:
        pairs = [("x1", "2024"), ("x2", "2024"), ("x3", "2024")]
        reports = []
        for amounts in ([(1, 5), (2, None)], [(2, 7), (3, 1)], []):
            wanted = pl.concat([wanted_rows(amounts, policy=policy) for policy, _ in pairs])
            reports.append(of.cases.reconcile(wanted, scope=pairs, run=1, as_of=TODAY))
        return reports, of.cases.frame(), of.audit.lines()

    together = runs(world)
    monkeypatch.setattr(store, "together", partial(store.together, at_most=1))
    (tmp_path / "alone").mkdir()
    other = Records.open(another_target)
    reports, frame, lines = runs(World(other, tmp_path / "alone"))
    other.close()
    assert reports == together[0]
    assert frame.equals(together[1])
    assert lines == together[2]
