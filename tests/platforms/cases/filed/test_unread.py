"""Messages for officers: whose they are, and which of them have been read, on each database."""

import datetime as dt

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, handler
from yunnao.platforms.cases.filed.unread import WITHIN, Unread


def test_messages_are_for_a_role_and_a_department_until_read(desk: Desk) -> None:
    unread = Unread(desk.records, desk.clock)
    first = desk.file("web:1")
    second = desk.file("web:2")
    desk.take(first, "dispatch", OPERATOR, department="ecology")
    desk.now += dt.timedelta(minutes=1)
    desk.take(second, "dispatch", OPERATOR, department="ecology")
    ours = handler("ecology")
    assert [message.case_id for message in unread.of(ours)] == [second, first]
    assert unread.of(handler("health")) == []
    assert unread.of(OPERATOR) == []
    unread.mark(ours, [f"{first}:2:handler", f"{first}:2:handler", "nonsense"])
    assert [message.case_id for message in unread.of(ours)] == [second]
    unread.mark(ours, [f"{first}:2:handler"])
    unread.mark(handler("health"), [f"{second}:2:handler"])
    assert [message.case_id for message in unread.of(ours)] == [second]
    # an operator is of another department than the case, and is told all the same
    desk.take(second, "send_back", ours, "不归我们管", proposed_department="health")
    assert [message.message_id for message in unread.of(OPERATOR)] == [f"{second}:3:operator"]
    assert unread.of(CENTRE) == []


def test_old_messages_are_history(desk: Desk) -> None:
    unread = Unread(desk.records, desk.clock)
    desk.take(desk.file(), "dispatch", OPERATOR, department="ecology")
    desk.now += WITHIN
    assert len(unread.of(handler("ecology"))) == 1
    desk.now += dt.timedelta(seconds=1)
    assert unread.of(handler("ecology")) == []
