"""Time limits that a district sets: from a day on, never for what runs already."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.platforms.cases.filed.desk import Desk, appeal_flow
from tests.platforms.cases.filed.test_clocks import history
from yunnao.app import District
from yunnao.catalogue.home import make_home
from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.clocks import clock_runs, due
from yunnao.platforms.cases.filed.definitions import Revision
from yunnao.platforms.cases.filed.limits import STARTER, moved, with_limits, with_own_limits
from yunnao.settings import STARTER as SETTINGS

FLOWS, CALENDAR = {"appeal": appeal_flow()}, shipped_calendar()
OWN = """\
appeal:
  overall:
    - {from: 2026-03-09, within: 3 working days, cites: 区办〔2026〕1号, evidence: source}
    - from: 2026-03-16
      within: {attribute: kind, spans: {consultation: 1 working day}, otherwise: 7 working days}
      cites: 区办〔2026〕2号
  first_contact:
    - {from: 2026-03-09, within: 2 days, cites: 区办〔2026〕1号}
"""


def read(text: str, folder: Path) -> Any:
    path = folder / "limits.yaml"
    path.write_text(text, encoding="utf-8")
    return with_limits(FLOWS, strict_yaml.read(path), path.name)


def overall(flow: Any, day: str, **attributes: str) -> tuple[str, str, bool]:
    """When the citizen's clock of what is opened on ``day`` is due, on what ground, and whether that is uncertain."""
    (run,) = [run for run in clock_runs(flow, history((day, "opened", attributes))) if run.clock.id == "overall"]
    return due(run, dt.date(2026, 4, 1), CALENDAR).day.isoformat(), run.clock.cites, run.clock.uncertain


def test_a_run_has_the_limit_of_the_day_it_started(tmp_path: Path) -> None:
    flow = read(OWN, tmp_path)["appeal"]
    shipped = FLOWS["appeal"].clock("overall").cites
    assert overall(flow, "2026-03-08") == ("2026-03-13", shipped, True)  # a Sunday: five working days as shipped
    assert overall(flow, "2026-03-09") == ("2026-03-12", "区办〔2026〕1号", False)
    assert overall(flow, "2026-03-09", kind="suggestion") == ("2026-03-12", "区办〔2026〕1号", False)
    assert overall(flow, "2026-03-16") == ("2026-03-25", "区办〔2026〕2号", False)
    assert overall(flow, "2026-03-16", kind="consultation") == ("2026-03-17", "区办〔2026〕2号", False)
    assert flow.clock("sign_in") == FLOWS["appeal"].clock("sign_in")


def test_a_changed_limit_leaves_what_runs_alone_and_the_projection_whole(desk: Desk, tmp_path: Path) -> None:
    case_id = desk.on("2026-03-06").file()
    desk.cases.flows = read(OWN, tmp_path)
    assert desk.upkeep.differing() == []
    later = desk.on("2026-03-09").file("web:2")
    assert (desk.due(case_id), desk.due(later)) == ("2026-03-13", "2026-03-12")


@given(st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30)), st.lists(st.integers(1, 30), max_size=5))
def test_a_line_that_is_added_changes_nothing_that_started_before(day: dt.date, spans: list[int]) -> None:
    lines: list[dict[str, Any]] = [
        {"from": dt.date(2025, 2, 1) + dt.timedelta(days=90 * n), "within": f"{span} working days", "cites": "x"}
        for n, span in enumerate(spans)
    ]
    days = [
        overall(with_limits(FLOWS, {"appeal": {"overall": lines[:n]}}, "x")["appeal"], day.isoformat())[0]
        for n in range(len(lines) + 1)
    ]
    for n, line in enumerate(lines):
        if day < line["from"]:
            assert days[n + 1] == days[n]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("complaint: {}", "没有叫 complaint 的流程；现有：appeal"),
        ("appeal: {lunch: []}", "appeal → lunch：没有这个时钟；现有：overall、"),
        ("appeal: {co_handling: []}", "天数由要求协办的人定"),
        ("appeal: {overall: [{from: 2026-01-01, within: soon, cites: x}]}", "时限 'soon' 写法不对"),
        ("appeal: {overall: [{from: 2026-01-01, within: 5 working days}]}", "cites：缺少这一项"),
        ("appeal: {overall: [{from: someday, within: 5 days, cites: x}]}", "from"),
        ("appeal: {overall: [{from: 2026-01-01, within: 5 days, cites: x, why: y}]}", "没有这个键"),
        (
            "appeal: {overall: [{from: 2026-02-01, within: 5 days, cites: x}, {from: 2026-01-01, within: 5 days, cites: x}]}",
            "2026-01-01 写在 2026-02-01 之后",
        ),
        (
            "appeal: {overall: [{from: 2026-01-01, within: {attribute: mood, spans: {}, otherwise: 1 day}, cites: x}]}",
            "2026-01-01 起用了没有声明的属性 mood",
        ),
        (
            "appeal: {overall: [{from: 2026-01-01, within: {attribute: place, spans: {}, otherwise: 1 day}, cites: x}]}",
            "不是 kind: choice",
        ),
        (
            "appeal: {overall: [{from: 2026-01-01, within: {attribute: kind, spans: {rant: 1 day}, otherwise: 1 day}, cites: x}]}",
            "没有的取值 rant；可选：consultation、",
        ),
    ],
)
def test_a_mistake_is_a_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=rf"limits\.yaml：.*{sentence}"):
        read(text, tmp_path)


def test_what_a_new_district_gets_says_nothing_and_its_example_is_right(tmp_path: Path) -> None:
    assert read(STARTER, tmp_path) == FLOWS
    example = "\n".join(line.removeprefix("# ") for line in STARTER.split("For example:\n")[1].splitlines())
    (revision,) = read(example, tmp_path)["appeal"].clock("overall").revisions
    assert revision.from_ == dt.date(2027, 1, 1)


def test_a_district_reads_its_own(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make_home(home, {"ecology": "生态环境分局"}, SETTINGS)
    assert (home / "limits.yaml").read_text(encoding="utf-8") == STARTER
    (home / "limits.yaml").write_text(OWN, encoding="utf-8")
    district = District(home, lambda: dt.datetime(2026, 3, 9, 10, tzinfo=CHINA))
    assert len(district.filed.flows["appeal"].clock("overall").revisions) == 2
    district.records.close()
    (home / "limits.yaml").write_text("appeal: {lunch: []}", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"limits\.yaml：appeal → lunch"):
        _ = District(home).filed


TODAY = dt.date(2026, 3, 11)
_LINES = st.lists(st.tuples(st.integers(-4, 4), st.integers(1, 9)), unique_by=lambda line: line[0], max_size=4).map(
    sorted
)


def _flows(lines: list[tuple[int, int]], category: list[tuple[int, int]]) -> Any:
    """The flow with these limits (days from today on, working days), of all appeals and of one category."""

    def written(of: list[tuple[int, int]]) -> list[dict[str, Any]]:
        return [
            {"from": TODAY + dt.timedelta(days=days), "within": f"{within} working days", "cites": "x"}
            for days, within in of
        ]

    flow = with_limits(FLOWS, {"appeal": {"overall": written(lines)}} if lines else None, "limits.yaml")["appeal"]
    own = TypeAdapter(list[Revision]).validate_python(written(category))
    return {"appeal": with_own_limits(flow, {"噪声": own} if own else {}, "catalogue")}


@given(_LINES, _LINES, _LINES, _LINES, st.integers(-6, 0))
def test_a_change_that_is_accepted_moves_nothing_that_has_started(
    before: Any, own: Any, after: Any, changed: Any, days: int
) -> None:
    old, new = _flows(before, own), _flows(after, changed)
    started = TODAY + dt.timedelta(days=days)
    if moved(old, new, TODAY) is None:
        for category in ("", "噪声", "噪声/工地"):
            one, other = (flows["appeal"].clock("overall").on(started, {"category": category}) for flows in (old, new))
            assert (one.within, one.cites) == (other.within, other.cites)
    else:
        past = [[line for line in lines if line[0] <= 0] for lines in (before, after, own, changed)]
        assert (past[0], past[2]) != (past[1], past[3])


def test_a_line_of_the_past_that_is_changed_is_named(tmp_path: Path) -> None:
    old, new = _flows([(-2, 3), (2, 5)], []), _flows([(-2, 4), (2, 5)], [])
    sentence = moved(old, new, TODAY)
    assert sentence is not None
    assert "appeal → overall：从 2026-03-09 起的一行" in sentence
    assert "from 写明天（2026-03-12）或以后" in sentence
    assert moved(_flows([], []), _flows([], [(0, 2)]), TODAY) is not None
    assert moved(_flows([], []), _flows([(1, 2)], [(1, 2)]), TODAY) is None
