"""The district's own responsibility catalogue at the desk: deeper categories, their limits, who chose the department; over real HTTP."""

import re
from pathlib import Path

from tests.web.service.officers.desk import AtDesk, give_password
from tests.web.service.served import make_district, served
from yunnao.access.actors import Actor
from yunnao.access.roles import Role

CATALOGUE = """\
revision: 7
cites: 示例
automatic_from: 900
categories:
  环境保护: ecology
  环境保护/大气: {limits: [{from: 2026-01-01, within: 2 working days, cites: 大气两日, evidence: source}]}
  环境保护/大气/油烟: health
"""


def test_an_officer_names_a_deeper_category_and_its_limit_and_department_follow(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home", public_url="")
    (home / "appeals").mkdir()
    (home / "appeals" / "responsibilities.yaml").write_text(CATALOGUE, encoding="utf-8")
    give_password(home, "operator")
    with served(home) as service:
        operator = AtDesk(service, "operator")
        number, code = service.file(text="楼下烧烤店油烟直排。")
        where = f"/desk/cases/{number}"
        page = operator.get(where).text
        assert '<option value="环境保护/大气/油烟"></option>' in page
        assert "派单目录修订号" not in page
        assert operator.send(where, f"{where}/steps", fields(page, "classify", "环境保护/大气/油烟")).status_code == 303

        page = operator.get(where).text
        assert '<option value="health" selected>' in page
        forged = {"step": "dispatch", "seen": "2", "department": "health", "chosen_by": "machine", "catalogue": "1"}
        assert operator.send(where, f"{where}/steps", forged).status_code == 303

        given = service.district.filed.get(number).events[-1].given
        assert given == {"department": "health", "chosen_by": "officer", "catalogue": 7}
        page = operator.get(where).text
        assert re.search(r"部门由谁定：</span>\s*工作人员", page)
        assert re.search(r"派单目录修订号：</span>\s*7", page)
        assert "大气两日" in page
        assert "2026-09-29" in page  # two working days after Thursday, 24 September; Mid-Autumn lies between
        followed = service.post("/follow", {"number": number, "code": code}).text
        assert "大气两日" in followed
        assert "2026-09-29" in followed
        assert number in operator.get("/desk", params={"state": "open", "category": "环境保护"}).text
        assert number not in operator.get("/desk", params={"state": "open", "category": "环境保护/水"}).text


def test_who_sends_on_what_came_back_notes_the_catalogue_too(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home", public_url="")
    (home / "appeals").mkdir()
    (home / "appeals" / "responsibilities.yaml").write_text(CATALOGUE, encoding="utf-8")
    give_password(home, "centre")
    with served(home) as service:
        centre = AtDesk(service, "centre")
        number, _ = service.file(text="楼下烧烤店油烟直排。")
        where, handler = f"/desk/cases/{number}", Actor("h", "示例", frozenset({Role.HANDLER}), "ecology")
        service.take(number, "dispatch", department="ecology")
        for step in ("redispatch", "adjudicate"):
            service.take(number, "send_back", handler, "不归本局", proposed_department="health")
            page = centre.get(where).text
            assert "派单目录修订号" not in page.partition(f'value="{step}"')[2].partition("</form>")[0]
            sent = {**fields(page, step, ""), "department": "ecology", "reason": "就是你们"}
            assert centre.send(where, f"{where}/steps", sent).status_code == 303
            given = service.district.filed.get(number).events[-1].given
            assert given == {"department": "ecology", "chosen_by": "officer", "catalogue": 7}


def fields(page: str, step: str, category: str) -> dict[str, str]:
    """The form of the step, filled in."""
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    return {"step": step, "seen": seen[1], "category": category}
