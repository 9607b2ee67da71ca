"""One person, one step: the flows of benefits walked through, on SQLite and PostgreSQL."""

import threading

import pytest

from tests.platforms.cases.world import World, subject
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import StepRefused, YunnaoError

CODE = subject(1)
LARGE = 10_000_001


def open_case(world: World, amount: int | None = 100_00) -> str:
    world.run({1: amount})
    return world.ids()[1]


def allowed(world: World, case_id: str, actor: str) -> list[str]:
    return [step.id for step in world.cases.get(case_id, actor).allowed]


def test_the_whole_way_to_publication(world: World) -> None:
    case_id = open_case(world)
    assert allowed(world, case_id, CODE) == ["confirm", "decline"]
    assert allowed(world, case_id, "li") == []
    view = world.cases.take(case_id, "confirm", CODE)
    assert (view.standing.state, view.standing.seq, view.state_title) == ("confirmed", 2, "待审核")
    assert allowed(world, case_id, "li") == ["review", "reject", "send_back"]
    world.cases.take(case_id, "review", "li")
    world.cases.take(case_id, "publish", "li")
    assert world.state(case_id) == "published"


def test_an_amount_over_the_parameter_needs_a_second_person(world: World) -> None:
    case_id = open_case(world, LARGE)
    world.cases.take(case_id, "confirm", CODE)
    with pytest.raises(StepRefused, match="金额不在这个环节的范围内"):
        world.cases.take(case_id, "review", "wang")
    world.cases.take(case_id, "first_review", "wang")
    with pytest.raises(StepRefused, match="须由另一人办理"):
        world.cases.take(case_id, "second_review", "wang")
    assert allowed(world, case_id, "wang") == ["reject", "send_back"]
    with pytest.raises(StepRefused, match="没有“复核人”角色"):
        world.cases.take(case_id, "second_review", "li")
    with pytest.raises(StepRefused, match="部门 hr"):
        world.cases.take(case_id, "second_review", "zhao")
    assert world.state(case_id) == "first_reviewed"


@pytest.mark.parametrize(("amount", "step"), [(10_000_000, "review"), (10_000_001, "first_review")])
def test_the_parameter_to_the_fen(world: World, amount: int, step: str) -> None:
    case_id = open_case(world, amount)
    world.cases.take(case_id, "confirm", CODE)
    assert step in allowed(world, case_id, "li")
    assert len({"review", "first_review"} & set(allowed(world, case_id, "li"))) == 1


def test_an_unknown_amount_is_neither_small_nor_large(world: World) -> None:
    case_id = open_case(world, None)
    world.cases.take(case_id, "confirm", CODE)
    for step in ("review", "first_review"):
        with pytest.raises(StepRefused, match="金额未知"):
            world.cases.take(case_id, step, "li")
    assert world.run({1: 5}).counts == {"amount_differs": 1}
    world.cases.take(case_id, "send_back", "li", reason="金额已知")
    world.run({1: 5})
    world.cases.take(case_id, "confirm", CODE)
    world.cases.take(case_id, "review", "li")


def published(world: World, day: str) -> str:
    world.on(day)
    case_id = open_case(world)
    world.cases.take(case_id, "confirm", CODE)
    world.cases.take(case_id, "review", "li")
    world.cases.take(case_id, "publish", "li")
    return case_id


@pytest.mark.parametrize(
    ("day", "last", "first"),
    [
        ("2026-09-24", "2026-10-09", "2026-10-10"),  # Mid-Autumn and National Day between; 10-10 is a working Saturday
        ("2024-03-04", "2024-03-11", "2024-03-12"),
        ("2024-04-30", "2024-05-10", "2024-05-11"),  # Labour Day; the count goes on after five days off
        ("2024-03-09", "2024-03-15", "2024-03-16"),  # published on a Saturday
    ],
)
def test_publication_lasts_five_working_days(world: World, day: str, last: str, first: str) -> None:
    case_id = published(world, day)
    with pytest.raises(StepRefused, match=f"到 {last} 止.*最早 {first} 可办"):
        world.on(last).cases.take(case_id, "clear", "li")
    assert "object" in allowed(world, case_id, "zhou")
    world.on(first)
    assert allowed(world, case_id, "zhou") == []
    with pytest.raises(StepRefused, match="只能在 5个工作日 内办"):
        world.cases.take(case_id, "object", "zhou", reason="来晚了")
    world.cases.take(case_id, "clear", "li")
    assert world.state(case_id) == "cleared"


def test_an_objection_is_handled_by_others_and_publication_starts_again(world: World) -> None:
    case_id = published(world, "2024-03-04")
    with pytest.raises(StepRefused, match="请写明理由"):
        world.cases.take(case_id, "object", "zhou", reason="  ")
    world.on("2024-03-06").cases.take(case_id, "object", "zhou", reason="有人反映已停产")
    with pytest.raises(StepRefused, match="异议处理中"):
        world.cases.take(case_id, "clear", "li")
    world.cases.take(case_id, "overrule", "wang", reason="已现场核实")
    world.on("2024-03-08").cases.take(case_id, "publish", "li")
    with pytest.raises(StepRefused, match="到 2024-03-15 止"):
        world.on("2024-03-12").cases.take(case_id, "clear", "li")
    world.cases.take(case_id, "object", "li", reason="再次反映")
    world.cases.take(case_id, "uphold", "wang", reason="属实")
    view = world.cases.get(case_id, "wang")
    assert (view.standing.state, view.deadline, view.allowed) == ("rejected", None, ())


def test_who_reviewed_does_not_judge_the_objection(world: World) -> None:
    world.run({1: 100})
    case_id = world.ids()[1]
    world.cases.take(case_id, "confirm", CODE)
    world.cases.take(case_id, "review", "wang")
    world.cases.take(case_id, "publish", "li")
    world.cases.take(case_id, "object", "zhou", reason="x")
    with pytest.raises(StepRefused, match="已办过“审核”"):
        world.cases.take(case_id, "overrule", "wang", reason="y")
    world.cases.take(case_id, "overrule", "zhou", reason="y")


def test_deadlines_are_computed_and_overdue_is_not_the_end(world: World) -> None:
    case_id = open_case(world)
    view = world.on("2024-03-18").cases.get(case_id)
    assert view.deadline is not None
    assert (str(view.deadline.day), view.overdue) == ("2024-03-18", False)
    assert world.on("2024-03-19").cases.get(case_id).overdue
    assert world.cases.list(overdue=True)["case_id"].to_list() == [case_id]
    world.cases.take(case_id, "confirm", CODE)
    assert world.cases.list(overdue=True).is_empty()


def test_a_deadline_in_2027_is_provisional_and_beyond_the_table_is_said(world: World) -> None:
    world.on("2026-12-30")
    case_id = open_case(world)
    view = world.cases.get(case_id)
    assert view.deadline is not None
    assert view.deadline.provisional
    assert world.cases.list()["provisional"].to_list() == [True]
    world.on("2027-12-30").run({2: 1}, period="2027")
    late = world.ids()[2]
    view = world.cases.get(late)
    assert view.deadline is None
    assert "没有 2028 年" in str(view.deadline_problem)
    assert world.cases.list(subject=subject(2))["calendar_lacks"].to_list() == [True]


@pytest.mark.parametrize(
    ("step", "actor", "says"),
    [
        ("confirm", subject(2), "只能办理自己的办件"),
        ("confirm", "li", "没有“企业”角色"),
        ("review", "li", "现在是“待企业确认”，可走的环节：confirm"),
        ("pay", "qian", "不能“拨付”"),
        ("nothing", "li", "没有叫 'nothing' 的环节"),
        ("withdrawn", "li", "没有叫 'withdrawn' 的环节"),
    ],
)
def test_a_refused_step_says_why_changes_nothing_and_is_audited(world: World, step: str, actor: str, says: str) -> None:
    case_id = open_case(world)
    with pytest.raises(StepRefused, match=says):
        world.cases.take(case_id, step, actor)
    assert len(world.cases.get(case_id).events) == 1
    line = world.audit.lines()[0]
    assert (line["kind"], line["actor"], line["details"]["case"]) == (AuditEvent.STEP_REFUSED, actor, case_id)


def test_strangers_and_unknown_cases(world: World) -> None:
    case_id = open_case(world)
    with pytest.raises(YunnaoError, match="没有叫 'nobody' 的操作人"):
        world.cases.take(case_id, "confirm", "nobody")
    with pytest.raises(YunnaoError, match="没有办件 'c0'"):
        world.cases.take("c0", "confirm", "li")
    with pytest.raises(YunnaoError, match="没有办件"):
        world.cases.get("' OR 1=1 --")


def test_many_at_once(world: World) -> None:
    world.run({1: 1, 2: 2, 3: LARGE, 4: 4})
    ids = world.ids()
    for number in (1, 2, 3):
        world.cases.take(ids[number], "confirm", subject(number))
    refused = world.cases.take_many(list(ids.values()), "review", "li")
    assert set(refused) == {ids[3], ids[4]}
    assert "金额不在" in refused[ids[3]]
    assert {number: world.state(case_id) for number, case_id in ids.items()} == {
        1: "reviewed",
        2: "reviewed",
        3: "confirmed",
        4: "proposed",
    }
    assert world.audit.lines()[0]["details"]["count"] == 2


def test_who_has_seen_an_older_case_is_told(world: World) -> None:
    case_id = open_case(world)
    world.cases.take(case_id, "confirm", CODE)
    seen = len(world.cases.get(case_id, "li").events)
    world.cases.take(case_id, "review", "wang", expected_events=seen)
    with pytest.raises(StepRefused, match="在您打开之后已有变动（2024-03-04 10:00，wang，review）"):
        world.cases.take(case_id, "reject", "li", reason="x", expected_events=seen)
    assert world.state(case_id) == "reviewed"


def test_two_officers_at_once(world: World) -> None:
    """One of them is told; nothing is overwritten."""
    world.run(dict.fromkeys(range(1, 9), 100))
    ids = world.ids()
    for number, case_id in ids.items():
        world.cases.take(case_id, "confirm", subject(number))
    outcomes: dict[str, list[str]] = {case_id: [] for case_id in ids.values()}
    start = threading.Barrier(2)

    def work(actor: str, step: str) -> None:
        start.wait()
        for case_id in ids.values():
            try:
                world.cases.take(case_id, step, actor, reason="x")
                outcomes[case_id].append(actor)
            except StepRefused:
                outcomes[case_id].append("refused")

    threads = [threading.Thread(target=work, args=pair) for pair in (("li", "review"), ("wang", "reject"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for case_id, said in outcomes.items():
        assert sorted(said)[0] in ("li", "refused"), said
        assert said.count("refused") == 1
        assert len(world.cases.get(case_id).events) == 3
    assert world.audit.verify().broken is None


def test_relief_is_applied_and_closed(world: World) -> None:
    world.run({1: 100}, flow="enjoy_relief")
    case_id = world.ids()[1]
    world.cases.take(case_id, "confirm", CODE)
    world.run({}, flow="enjoy_relief")
    assert world.cases.get(case_id).standing.flag is not None
    world.run({1: 100}, flow="enjoy_relief")
    world.cases.take(case_id, "apply", "li")
    world.cases.take(case_id, "close", "li")
    assert world.state(case_id) == "closed"


def test_frame_for_indicators(world: World) -> None:
    world.run({1: 100, 2: 200})
    ids = world.ids()
    world.on("2024-03-06").cases.take(ids[1], "confirm", CODE)
    world.on("2024-03-07").cases.take(ids[1], "reject", "li", reason="x")
    frame = world.cases.frame()
    by_id = {row["case_id"]: row for row in frame.iter_rows(named=True)}
    first, second = by_id[ids[1]], by_id[ids[2]]
    days = {name: str(first[name]) for name in ("opened_on", "confirmed_on", "rejected_on", "ended_on")}
    assert days == {
        "opened_on": "2024-03-04",
        "confirmed_on": "2024-03-06",
        "rejected_on": "2024-03-07",
        "ended_on": "2024-03-07",
    }
    assert (first["state"], first["amount"], first["paid_on"]) == ("rejected", 100, None)
    assert (second["state"], second["confirmed_on"], second["ended_on"]) == ("proposed", None, None)
    states = {state for flow in world.cases.flows.values() for state in flow.states}
    assert {f"{state}_on" for state in states} <= set(frame.columns)


def test_an_empty_district(world: World) -> None:
    assert world.cases.list().is_empty()
    assert world.cases.frame().is_empty()
    assert world.cases.frame().columns[:2] == ["case_id", "flow"]


@pytest.mark.parametrize("reason", ["a\0b", "a\x1bb", "x" * 2001])
def test_a_reason_is_a_text_for_people(world: World, reason: str) -> None:
    case_id = open_case(world)
    world.cases.take(case_id, "confirm", CODE)
    with pytest.raises(StepRefused, match="最多 2000 个字"):
        world.cases.take(case_id, "reject", "li", reason=reason)
    world.cases.take(case_id, "reject", "li", reason="第一行\n第二行")


def onward(world: World, case_id: str) -> dict[str, str | None]:
    return {step.id: why for step, why in world.cases.get(case_id).onward}


def test_what_leads_on_is_what_can_be_taken(world: World) -> None:
    case_id = open_case(world, 60_00)
    assert onward(world, case_id) == {"confirm": None, "decline": None}
    world.cases.take(case_id, "confirm", CODE)
    assert onward(world, case_id) == {"review": None, "reject": None, "send_back": None}
    world.cases.take(case_id, "review", "li")
    world.cases.take(case_id, "publish", "li")
    ways = onward(world, case_id)
    assert "最早 2024-03-12" in str(ways["clear"])
    assert (ways["object"], ways["send_back"]) == (None, None)
    world.on("2024-03-12").cases.take(case_id, "clear", "li")
    assert set(onward(world, case_id)) == {"pay", "send_back"}


def test_an_amount_that_misses_facts_is_not_confirmed(world: World) -> None:
    world.run({1: None}, waiting="“上年实缴失业保险费”")
    case_id = world.ids()[1]
    assert allowed(world, case_id, CODE) == ["decline"]
    assert set(onward(world, case_id)) == {"decline"}
    with pytest.raises(StepRefused, match="还缺“上年实缴失业保险费”"):
        world.cases.take(case_id, "confirm", CODE)
    assert world.run({1: 500_00}, waiting="").counts == {"amended": 1}
    assert world.cases.take(case_id, "confirm", CODE).standing.amount == 500_00


def test_a_state_or_flow_that_is_none_is_refused_with_those_there_are(world: World) -> None:
    open_case(world)
    with pytest.raises(YunnaoError, match="proposed（待企业确认）"):
        world.cases.list(state="nope")
    with pytest.raises(YunnaoError, match="opened（待补数据）"):
        world.cases.list(flow="request_fact", state="proposed")
    with pytest.raises(YunnaoError, match="pay_benefit"):
        world.cases.list(flow="nope")
