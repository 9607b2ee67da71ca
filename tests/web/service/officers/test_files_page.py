"""The district's files change while it is served: what is right is in force within seconds, what is not is said, nothing is dropped."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.service.officers.desk import AtDesk, give_password
from tests.web.service.served import Served, make_district, served
from tests.web.service.test_citizen_pages import checked
from yunnao.kernel.working_days import SHIPPED_TABLE, shipped_calendar
from yunnao.platforms.cases.filed.clocks import due
from yunnao.platforms.cases.filed.upkeep import Upkeep
from yunnao.scenarios.appeals.responsibilities import SHIPPED
from yunnao.web.service import application

UNCONFIRMED = "revision: 2\nyears: {'2026': {confirmed: false, holidays: [], make_up: []}}\n"
LIMIT = "appeal: {{overall: [{{from: {day}, within: {days} working days, cites: 区办1号}}]}}\n"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A district of its own, whose files a test may change; it looks at them more often than it would."""
    monkeypatch.setattr(application, "_FILES_SECONDS", 0.3)
    home = make_district(tmp_path / "home", public_url="")
    with served(home) as running:
        for actor in ("centre", "operator", "ecology.handler"):
            give_password(home, actor)
        yield running


def write(service: Served, name: str, text: str) -> None:
    """As an editor saves a file."""
    path = service.district.home / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def soon(happened: Callable[[], bool]) -> None:
    """Within seconds."""
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


def due_on(service: Served, number: str) -> str:
    """The citizen's deadline as the pages compute it."""
    (run,) = [run for run in service.district.filed.get(number).clocks if run.clock.id == "overall"]
    return due(run, service.now.date(), shipped_calendar()).day.isoformat()


def test_a_limit_from_tomorrow_is_taken_and_what_runs_keeps_its_deadline(service: Served) -> None:
    before, _ = service.file()
    was = due_on(service, before)
    write(service, "limits.yaml", LIMIT.format(day="2026-09-25", days=1))
    soon(lambda: len(service.district.filed.flows["appeal"].clock("overall").revisions) == 1)
    assert due_on(service, before) == was == "2026-10-09"
    service.now += dt.timedelta(days=6)  # a Wednesday
    after, code = service.file()
    assert due_on(service, after) == "2026-10-08"
    assert "区办1号" in service.post("/follow", {"number": after, "code": code}).text
    assert due_on(service, before) == was
    assert Upkeep(service.district.filed).differing() == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("limits.yaml", "appeal: {lunch: []}", "limits.yaml：appeal → lunch：没有这个时钟"),
        ("limits.yaml", LIMIT.format(day="2026-09-24", days=1), "from 写明天（2026-09-25）或以后"),
        ("appeals/responsibilities.yaml", "revision: x", "responsibilities.yaml：revision"),
        ("measures.yaml", "revision: 1\ncites: x\nleast: 0\n", "measures.yaml：least"),
        ("actors.yaml", "- {id: x, name: 示例, roles: [handler], department: nowhere}", "本区没有部门 nowhere"),
        ("actors.yaml", "", "actors.yaml：应是一个列表"),
        ("working_days.yaml", "", "working_days.yaml：工作日历缺少或写错了"),
        ("working_days.yaml", UNCONFIRMED, "working_days.yaml：没有一年是 confirmed"),
    ],
)
def test_a_file_that_is_not_right_is_not_taken_and_is_said_to_the_operator(
    service: Served, name: str, text: str, says: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "yunnao.files")
    path = service.district.home / name
    kept = path.read_text(encoding="utf-8") if path.exists() else None
    operator, handler = AtDesk(service, "operator"), AtDesk(service, "ecology.handler")
    assert "/desk/files" not in operator.get("/desk").text
    flows = service.district.filed.flows
    write(service, name, text)
    soon(lambda: says in caplog.text)
    assert "本区有 1 个文件改动后不能用" in operator.get("/desk").text
    page = operator.get("/desk/files").text
    assert says in page
    assert page.count("有错，仍按原来的办") == 1
    checked(page, tmp_path)
    assert handler.get("/desk/files").status_code == 403
    assert "/desk/files" not in handler.get("/desk").text
    number, _ = service.file()
    service.take(number, "dispatch", department="ecology")
    assert number in handler.get("/desk").text
    assert service.district.filed.flows is flows
    if kept is None:
        path.unlink()
    else:
        path.write_text(kept, encoding="utf-8")
    soon(lambda: "/desk/files" not in operator.get("/desk").text)


def test_an_officer_who_is_added_comes_in_and_one_whose_role_changed_has_no_longer_what_it_gave(
    service: Served,
) -> None:
    centre, actors = AtDesk(service, "centre"), (service.district.home / "actors.yaml").read_text(encoding="utf-8")
    assert centre.get("/desk/files").status_code == 200
    new = "- {id: new, name: 示例新, roles: [operator], department: centre}\n"
    write(service, "actors.yaml", actors.replace("roles: [centre]", "roles: [handler]") + new)
    assert centre.get("/desk/files").status_code == 403
    assert centre.get("/desk").status_code == 200
    give_password(service.district.home, "new")
    assert AtDesk(service, "new").get("/desk/files").status_code == 200
    write(service, "actors.yaml", actors)
    assert AtDesk(service).sign_in("new").status_code == 403


def test_another_catalogue_and_another_department_in_charge(service: Served) -> None:
    operator = AtDesk(service, "operator")
    write(service, "appeals/responsibilities.yaml", SHIPPED.read_text(encoding="utf-8") + "  新的一类: health\n")
    assert '<option value="新的一类"' in operator.get("/desk").text
    soon(lambda: service.district.in_force.catalogue().in_charge("新的一类") == "health")


def test_a_table_of_working_days_is_counted_by_without_upkeep_and_moves_nothing_by_itself(service: Served) -> None:
    number, code = service.file()
    waiting = service.district.filed.inbox()
    assert "2026-10-10" not in service.post("/follow", {"number": number, "code": code}).text
    write(service, "working_days.yaml", SHIPPED_TABLE.read_text(encoding="utf-8").replace("2026-10-07", "2026-10-08"))
    soon(lambda: service.district.filed.around.calendar is service.district.calendar is not shipped_calendar())
    assert "2026-10-10" in service.post("/follow", {"number": number, "code": code}).text
    assert service.district.filed.inbox() == waiting
    assert len(service.district.filed.get(number).events) == 1


def test_no_request_is_dropped_while_files_change(service: Served) -> None:
    desk = AtDesk(service, "operator")
    for number in range(40):
        write(service, "limits.yaml", LIMIT.format(day=f"2027-01-{number % 28 + 1:02d}", days=number % 5 + 1))
        if number % 3 == 0:
            write(service, "limits.yaml", "appeal: {")
        assert desk.get("/desk").status_code == 200
        service.file()


def test_a_file_that_was_wrong_from_the_start_stops_only_what_needs_it(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home", public_url="")
    (home / "measures.yaml").write_text("revision: 0", encoding="utf-8")
    give_password(home, "operator")
    with served(home) as service:
        service.file()
        assert "measures.yaml：" in AtDesk(service, "operator").get("/desk/files").text
        write(service, "measures.yaml", "")
        assert "有错，仍按原来的办" not in AtDesk(service, "operator").get("/desk/files").text
