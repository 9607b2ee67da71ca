"""Which cases a department has or co-handles, on each database."""

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, filing, handler
from yunnao.platforms.cases.filed.holding import held


def test_a_department_holds_what_it_has_and_what_it_co_handles_now(desk: Desk) -> None:
    own, shared, followed, other, nobodys = (desk.file(f"web:{number}") for number in range(5))
    for number, department in ((own, "ecology"), (shared, "health"), (other, "health")):
        desk.take(number, "dispatch", OPERATOR, department=department)
    desk.take(shared, "ask_co_handler", CENTRE, "请协办", department="ecology", working_days=2)
    desk.take(followed, "merge", OPERATOR, "同一件事", into=own)
    more = [filed.case_id for filed in desk.cases.file([filing(f"more:{number}") for number in range(1_100)])]

    def of(department: str) -> set[str]:
        with desk.records.read() as connection:
            return held(connection, department, [own, shared, followed, other, nobodys, *more])

    assert of("ecology") == {own, shared, followed}
    assert of("health") == {shared, other}
    desk.take(shared, "co_answer", handler("ecology"), answer="已办")
    assert of("ecology") == {own, followed}
    assert of("") == set()
