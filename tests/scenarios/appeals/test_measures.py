"""Measures over histories that happened at random: on time exactly where the clock says so, and every case somewhere."""

import datetime as dt
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, appeal_flow, handler
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.clocks import due
from yunnao.scenarios.appeals.measures import EVERYBODY, band, case_table, rates
from yunnao.storage.records import Records

KINDS = st.sampled_from(["consultation", "suggestion", "emergency", "complaint", None])
STEPS: list[tuple[str, Any, dict[str, Any]]] = [
    ("contact", handler("ecology"), {"note": "x"}),
    ("ask_extension", handler("ecology"), {"working_days": 4}),
    ("approve_extension", CENTRE, {"working_days": 3}),
    ("pause", handler("ecology"), {"ground": "awaiting_citizen"}),
    ("resume", CENTRE, {}),
    ("answer", handler("ecology"), {"answer": "x"}),
    ("call_back", OPERATOR, {"solved": True, "satisfied": "fair"}),
    ("call_back", OPERATOR, {"solved": False, "satisfied": "dissatisfied"}),
    ("send_back", handler("ecology"), {"proposed_department": "health"}),
    ("redispatch", OPERATOR, {"department": "ecology"}),
    ("close_unreached", CENTRE, {}),
]


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_on_time_is_what_the_clock_says(data: st.DataObject, tmp_path_factory: Any) -> None:
    records = Records.open(tmp_path_factory.mktemp("m") / "records.sqlite")
    desk = Desk(records)
    for number in range(data.draw(st.integers(1, 4))):
        day = dt.date(2026, 3, 2)
        desk.on(day.isoformat())
        kind = data.draw(KINDS)
        case_id = desk.handled(f"web:{number}", attributes={"kind": kind} if kind else {})
        for _ in range(data.draw(st.integers(0, 9))):
            day += dt.timedelta(days=data.draw(st.integers(0, 4)))
            step, actor, given_ = data.draw(st.sampled_from(STEPS))
            try:
                desk.on(day.isoformat()).take(case_id, step, actor, reason="x", **given_)
            except StepRefused:
                continue
    today, calendar = dt.date(2026, 5, 6), shipped_calendar()
    table = case_table(desk.cases.event_frame("appeal"), appeal_flow(), calendar, today)
    expected = {}
    for case_id in table["case_id"]:
        run = next(run for run in desk.cases.get(case_id).clocks if run.clock.id == "overall")
        expected[case_id] = (run.stopped or today) > due(run, today, calendar).day
    assert dict(table.select("case_id", "late").iter_rows()) == expected
    for rate in rates(table):
        assert 0 <= rate.numerator <= rate.denominator
        if rate.department == EVERYBODY and rate.measure in ("on_time", "response", "returned", "redone"):
            assert rate.denominator + rate.left_out == table.height
    records.close()


def test_rates_of_nothing_have_no_share_and_no_band(tmp_path_factory: Any) -> None:
    records = Records.open(tmp_path_factory.mktemp("m") / "records.sqlite")
    desk = Desk(records)
    desk.file()
    table = case_table(desk.cases.event_frame("appeal"), appeal_flow(), shipped_calendar(), desk.now.date())
    found = {rate.measure: rate for rate in rates(table)}
    assert (found["solved"].thousandths, band(found["solved"])) == (None, "")
    assert (found["on_time"].denominator, found["on_time"].left_out) == (0, 1)
    records.close()
