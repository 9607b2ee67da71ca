"""Appeals to have topics and measures of: some about one place with coordinates, some without, some answered; telephone numbers in them."""

import datetime as dt
from typing import Any

from tests.web.service.served import DESK
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.app import District
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.platforms.cases.filed.workflow import Asked

TELEPHONE = "13812345678"
_DAY = dt.date(2026, 9, 1)
_PLACES = (
    ("丽发新城搅拌站噪音扰民", "丽发新城小区旁边的搅拌站昼夜施工，噪音很大，粉尘污染", "ecology", (36.01, 120.15)),
    ("伊景园滨河苑捆绑销售车位", "伊景园滨河苑开发商捆绑销售车位，不买车位不给选房", "urban_construction", None),
)


def fill(district: District, each: int = 6) -> list[str]:
    """File ``each`` appeals about both matters, and answer most of the first; their numbers."""
    filings, departments = [], []
    for title, body, department, coordinates in _PLACES:
        for number in range(each):
            attributes: dict[str, Any] = {"category": "环境保护" if coordinates else "城乡建设"}
            if coordinates:
                attributes["coordinates"] = f"{coordinates[0] + number / 500:.6f},{coordinates[1]:.6f}"
            filings.append(
                Filing(
                    flow="appeal",
                    channel="web",
                    key=f"{title}:{number}",
                    title=f"{title}，电话{TELEPHONE}" if coordinates and number % 2 else title,
                    body=f"{body}。我的手机是{TELEPHONE}，夜里睡不着" if coordinates else body,
                    at=dt.datetime.combine(_DAY + dt.timedelta(days=2 * number), dt.time(9), CHINA),
                    person=Person(name="示例", contact=f"1390000{number:04d}"),
                    attributes=attributes,
                )
            )
            departments.append(department)
    numbers = [filed.case_id for filed in district.filed.file(filings)]
    steps: list[tuple[str, Asked]] = []
    for case_id, filing, department in zip(numbers, filings, departments, strict=True):
        assert filing.at is not None
        at = filing.at + dt.timedelta(hours=2)
        handler = Actor("h", "示例", frozenset({Role.HANDLER}), department)
        steps.append((case_id, Asked(step="dispatch", actor=DESK, at=at, given={"department": department})))
        steps.append((case_id, Asked(step="sign_in", actor=handler, at=at)))
        if department == "ecology":
            steps.append((case_id, Asked(step="answer", actor=handler, at=at, given={"answer": "已整改"})))
            happy = {"solved": len(steps) % 2 > 0, "satisfied": "satisfied"}
            steps.append((case_id, Asked(step="call_back", actor=DESK, at=at, given=happy)))
    assert district.filed.take_many(steps) == {}
    return numbers
