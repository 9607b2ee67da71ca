"""The responsibility catalogue by levels: who is in charge, within what time, and that everything agrees about it."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, appeal_flow, handler
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.clocks import clock_runs, counted
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.inbox import Inbox, Waiting
from yunnao.scenarios.appeals.measures import case_table
from yunnao.scenarios.appeals.reception import Category, steps_for
from yunnao.scenarios.appeals.responsibilities import (
    SHIPPED,
    Responsibilities,
    load_responsibilities,
    noted,
    with_catalogue,
)
from yunnao.storage.records import Records

DEPARTMENTS = {"ecology": "生态环境分局", "transport": "交通运输局", "health": "卫生健康局"}
CATALOGUE = """\
revision: 3
cites: 示例
automatic_from: 900
categories:
  环境保护: ecology
  环境保护/大气:
    limits:
      - {from: 2026-01-01, within: 3 working days, cites: 大气三日, evidence: source}
      - {from: 2026-10-12, within: 2 working days, cites: 大气两日, evidence: source}
  环境保护/大气/油烟: {department: health}
  环境保护/水/饮用水:
    limits:
      - from: 2026-01-01
        within: {attribute: kind, spans: {emergency: 1 working day}, otherwise: 7 working days}
        cites: 饮用水七日
  交通运输: {department: transport}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "responsibilities.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


@pytest.fixture
def catalogue(file: Path) -> Responsibilities:
    return load_responsibilities(file, DEPARTMENTS)


@pytest.mark.parametrize(
    ("category", "department"),
    [
        ("环境保护", "ecology"),
        ("环境保护/大气", "ecology"),
        ("环境保护/大气/油烟", "health"),
        ("环境保护/大气/油烟/烧烤", "health"),
        ("环境保护/水/饮用水", "ecology"),
        ("环境保护/没有写的", "ecology"),
        ("环境", None),
        ("", None),
    ],
)
def test_the_nearest_level_upwards_is_in_charge(
    catalogue: Responsibilities, category: str, department: str | None
) -> None:
    assert catalogue.in_charge(category) == department
    assert catalogue.department(category, 899) is None


def test_the_shipped_catalogue_is_usable_and_has_no_limits() -> None:
    departments = dict.fromkeys(load_text(SHIPPED), "x")
    assert load_responsibilities(SHIPPED, departments).limits == {}


def load_text(path: Path) -> list[str]:
    from yunnao.kernel import strict_yaml

    return list(strict_yaml.read(path)["categories"].values())


def desk_with(records: Records, file: Path) -> Desk:
    return Desk(records, limited(file)["appeal"])


def limited(file: Path) -> dict[str, FiledFlow]:
    """The flow of appeals with the limits of a catalogue."""
    return with_catalogue({"appeal": appeal_flow()}, load_responsibilities(file, DEPARTMENTS), file.name)


def agreed(desk: Desk, case_id: str) -> tuple[str, str]:
    """When the overall limit is due and on what ground: by clock, day by day, inbox and measures, which must agree."""
    view, flow, calendar, today = (
        desk.cases.get(case_id),
        desk.cases.flows["appeal"],
        shipped_calendar(),
        desk.now.date(),
    )
    (run,) = [run for run in clock_runs(flow, view.events) if run.clock.id == "overall"]
    day = counted(run, today, calendar)[-1].day
    table = case_table(desk.cases.event_frame("appeal"), flow, calendar, today)
    assert table.filter(pl.col("case_id") == case_id)["due"].to_list() == [day]
    rows = {row.case_id: row for row in Inbox(desk.records, flow, calendar, today).page(Waiting())}
    if rows[case_id].due_clock == "overall":
        assert rows[case_id].due_on == day
    assert desk.upkeep.differing() == []
    return day.isoformat(), run.clock.cites


def test_clock_days_inbox_and_measures_agree_on_the_limit_of_a_category(records: Records, file: Path) -> None:
    desk = desk_with(records, file).on("2026-10-12", 9)
    cases = {name: desk.handled(name) for name in ("air", "water", "plain", "unknown")}
    desk.take(cases["air"], "classify", OPERATOR, category="环境保护/大气/油烟", kind="suggestion")
    desk.take(cases["water"], "classify", OPERATOR, category="环境保护/水/饮用水")
    desk.take(cases["plain"], "classify", OPERATOR, category="交通运输", kind="consultation")
    for name in cases:
        desk.take(cases[name], "contact", handler("ecology"), note="已联系")
    shipped = appeal_flow().clock("overall").cites
    assert agreed(desk, cases["air"]) == ("2026-10-14", "大气两日")
    assert agreed(desk, cases["water"]) == ("2026-10-21", "饮用水七日")
    assert agreed(desk, cases["plain"]) == ("2026-10-14", shipped)
    assert agreed(desk, cases["unknown"]) == ("2026-10-19", shipped)
    desk.take(cases["water"], "classify", OPERATOR, category="环境保护/水/饮用水", kind="emergency")
    assert agreed(desk, cases["water"])[0] == "2026-10-13"
    desk.take(cases["water"], "classify", OPERATOR, category="环境保护")
    assert agreed(desk, cases["water"])[0] == "2026-10-13"  # as by kind: an emergency
    found = Inbox(desk.records, desk.cases.flows["appeal"], shipped_calendar(), desk.now.date())
    assert {row.case_id for row in found.page(Waiting(category="环境保护"))} == {cases["air"], cases["water"]}
    assert {row.case_id for row in found.page(Waiting(category="环境保护/大气"))} == {cases["air"]}


def test_a_later_line_of_the_catalogue_moves_nothing_that_was_received_before(records: Records, file: Path) -> None:
    desk = desk_with(records, file).on("2026-09-28", 9)
    before = desk.handled("before")
    desk.take(before, "classify", OPERATOR, category="环境保护/大气")
    desk.take(before, "contact", handler("ecology"), note="已联系")
    assert agreed(desk, before) == ("2026-10-08", "大气三日")
    more = CATALOGUE.replace("revision: 3", "revision: 4").replace(
        "  环境保护/大气/油烟: {department: health}",
        "      - {from: 2026-10-13, within: 9 working days, cites: 大气九日}\n"
        "  环境保护/大气/油烟: {department: health}",
    )
    file.write_text(more, encoding="utf-8")
    later = desk_with(records, file).on("2026-10-13", 9)
    assert later.upkeep.differing() == []
    assert agreed(later, before) == ("2026-10-08", "大气三日")
    assert later.due(before) == "2026-10-08"
    after = later.handled("after")
    later.take(after, "classify", OPERATOR, category="环境保护/大气")
    assert later.due(after) == "2026-10-26"


def test_machine_and_officer_note_how_the_department_was_chosen(
    records: Records, file: Path, catalogue: Responsibilities
) -> None:
    desk = desk_with(records, file)
    by_machine, by_officer = desk.file("a"), desk.file("b")
    for step in steps_for(Category(name="环境保护/大气/油烟", confidence=None), catalogue, desk.now):
        desk.cases.take(by_machine, step)
    dispatch = desk.cases.flows["appeal"].step("dispatch")
    sign_in = desk.cases.flows["appeal"].step("sign_in")
    assert dispatch is not None
    assert sign_in is not None
    assert noted(sign_in, "officer", 3) == {}
    desk.take(by_officer, "dispatch", CENTRE, department="transport", **noted(dispatch, "officer", catalogue.revision))
    assert desk.cases.get(by_machine).events[-1].given == {
        "department": "health",
        "chosen_by": "machine",
        "catalogue": 3,
    }
    assert desk.cases.get(by_officer).events[-1].given == {
        "department": "transport",
        "chosen_by": "officer",
        "catalogue": 3,
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("环境保护/大气: nowhere", "部门 nowhere 不存在"),
        ("a/b/c/d: ecology", "最多 3 级"),
        ("环境保护//大气: ecology", "写法不对"),
        ("环境保护/ 大气: ecology", "写法不对"),
        (f"{'长' * 61}: ecology", "最多 60 个字"),
        ("环境保护: {owner: ecology}", "没有这个键"),
        ("环境保护: {limits: [{from: 2026-01-01, within: 3 days, cites: x}]}", "以工作日计"),
        ("环境保护: {limits: [{from: 2026-01-01, within: 3 working days}]}", "cites：缺少这一项"),
        (
            "环境保护: {limits: [{from: 2026-02-01, within: 3 working days, cites: x}, "
            "{from: 2026-01-01, within: 3 working days, cites: x}]}",
            "2026-01-01 写在 2026-02-01 之后",
        ),
        (
            "环境保护: {limits: [{from: 2026-01-01, within: {attribute: mood, spans: {}, otherwise: 1 working day}, "
            "cites: x}]}",
            "没有声明的属性 mood",
        ),
    ],
)
def test_a_mistake_in_the_catalogue_is_a_sentence(line: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "responsibilities.yaml"
    path.write_text(f"revision: 1\ncites: x\nautomatic_from: 900\ncategories:\n  {line}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=rf"responsibilities\.yaml：.*{sentence}"):
        limited(path)


def test_days_are_counted_from_the_same_day_when_the_category_changes(records: Records, file: Path) -> None:
    desk = desk_with(records, file).on("2026-10-12", 9)
    case_id = desk.handled("a")
    desk.on("2026-10-14", 9).take(case_id, "classify", OPERATOR, category="环境保护/大气")
    assert desk.due(case_id) == "2026-10-14"
    assert desk.now.date() == dt.date(2026, 10, 14)
