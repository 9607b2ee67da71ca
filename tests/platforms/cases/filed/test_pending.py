"""Open cases of a flow by deadline, each with its light in words."""

from tests.platforms.cases.filed.desk import CENTRE, Desk, appeal_flow, filing
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.inbox import Inbox
from yunnao.platforms.cases.filed.pending import pending
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.storage.records import Records


def test_open_cases_by_deadline_with_their_lights(records: Records) -> None:
    desk, flow = Desk(records), appeal_flow()
    slow = filing("web:1", attributes={"kind": "suggestion"})
    fast = filing("web:2", attributes={"kind": "emergency"})
    first, second = (each.case_id for each in desk.cases.file([slow, fast]))
    given = {"department": "ecology"}
    for number in (first, second):
        desk.cases.take(number, Asked(step="dispatch", actor=CENTRE, at=desk.now, given=given))
    inbox = Inbox(records, flow, shipped_calendar(), desk.now.date())
    found = pending(inbox, flow)
    assert {each.case_id for each in found} == {first, second}
    assert [each.due_on for each in found] == sorted(each.due_on for each in found if each.due_on)
    assert {each.department for each in found} == {"ecology"}
    assert found[0].state.zh == "待签收"
    assert found[0].light in ("green", "yellow", "red")
    assert found[0].words.zh in ("期限内", "快到期", "已超期")
    assert pending(inbox, flow, department="health") == []
    assert pending(inbox, flow, closed=True) == []
