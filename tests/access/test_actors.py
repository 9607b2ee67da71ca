from pathlib import Path

import pytest

from yunnao.access.actors import Actor, Actors, starter_actors
from yunnao.access.roles import TITLES, Role
from yunnao.access.scope import refusal
from yunnao.kernel.errors import DefinitionError, YunnaoError

CODE = "91440300MA00000001"
HOSPITAL = "- {id: h, name: 示例医院, roles: [hospital], hospital: H0001}\n"
GOOD = "- {id: li, name: 示例李, roles: [reviewer, publisher], department: tax}\n"


def load(tmp_path: Path, text: str) -> Actors:
    path = tmp_path / "actors.yaml"
    path.write_text(text, encoding="utf-8")
    return Actors.load(path)


def test_officers_are_read_from_the_file(tmp_path: Path) -> None:
    actors = load(tmp_path, GOOD)
    assert actors.actor("li") == Actor("li", "示例李", frozenset({Role.REVIEWER, Role.PUBLISHER}), "tax")
    assert [actor.id for actor in actors] == ["li"]


def test_a_hospital_is_named_by_its_id_and_is_of_no_department(tmp_path: Path) -> None:
    actor = load(tmp_path, GOOD + HOSPITAL).actor("h")
    assert (actor.roles, actor.department, actor.hospital) == (frozenset({Role.HOSPITAL}), None, "H0001")


def test_an_enterprise_acts_under_its_credit_code(tmp_path: Path) -> None:
    actor = load(tmp_path, GOOD).actor(CODE)
    assert (actor.roles, actor.department) == (frozenset({Role.ENTERPRISE}), None)
    assert load(tmp_path, GOOD).actor(CODE.lower()) == actor


@pytest.mark.parametrize("id_", ["nobody", "", CODE + "0", CODE + "\n"])
def test_a_stranger_is_refused(tmp_path: Path, id_: str) -> None:
    with pytest.raises(YunnaoError, match=r"actors\.yaml"):
        load(tmp_path, GOOD).actor(id_)


def test_a_few_officers_of_a_like_name_are_named(tmp_path: Path) -> None:
    actors = load(tmp_path, starter_actors({f"department_{letter}": letter for letter in "abcdefgh"}))
    with pytest.raises(YunnaoError, match=r"相近的有：department_a\.reviewer") as refused:
        actors.actor("department_a.reviwer")
    assert str(refused.value).count("department_") <= 4
    with pytest.raises(YunnaoError) as refused:
        actors.actor("nobody_like_that")
    assert "department_" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1", "应是一个列表"),
        (GOOD + GOOD, "同一个 id"),
        (GOOD.replace("reviewer", "king"), "li → roles → 第 1 项"),
        (GOOD.replace("reviewer", "enterprise"), "不能有 enterprise 角色"),
        (GOOD.replace("reviewer", "citizen"), "不能有 citizen 角色"),
        (GOOD.replace(", department: tax", ""), "li → department：缺少这一项"),
        (GOOD.replace("department", "office"), "li → office：没有这个键"),
        (GOOD.replace("department: tax", "department: tax, boss: yes"), "没有这个键"),
        (GOOD.replace("[reviewer, publisher]", "[]"), "不能为空"),
        (GOOD.replace("id: li", f"id: {CODE}"), "格式不对"),
        (HOSPITAL.replace(", hospital: H0001", ""), "h → hospital：缺少这一项"),
        (HOSPITAL.replace("[hospital]", "[hospital, centre]"), "只能有 hospital 一个角色"),
        (HOSPITAL.replace("hospital: H", "department: tax, hospital: H"), "也不属于部门"),
        (HOSPITAL.replace("H0001", "H/1"), "格式不对"),
        (HOSPITAL.replace("H0001", "1001"), "h → hospital"),
        (GOOD.replace("department: tax", "department: tax, hospital: H0001"), "li → hospital：只有 hospital 角色"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        load(tmp_path, text)


def test_the_starter_file_has_someone_for_every_role(tmp_path: Path) -> None:
    actors = load(tmp_path, starter_actors({"tax": "税务局", "hr": "人社局: [“甲”]"}))
    held = {role for actor in actors for role in actor.roles}
    assert held == set(Role) - {Role.ENTERPRISE, Role.CITIZEN, Role.HOSPITAL}
    assert {actor.department for actor in actors if Role.REVIEWER in actor.roles} == {"tax", "hr"}
    assert len([actor for actor in actors if Role.CASHIER in actor.roles]) == 2
    assert all(actor.name.startswith("示例") for actor in actors)
    assert list(load(tmp_path, starter_actors()))


def test_every_role_has_a_title() -> None:
    assert set(TITLES) == set(Role)


OFFICER = Actor("li", "示例李", frozenset({Role.REVIEWER}), "tax")
ENTERPRISE = Actor(CODE, CODE, frozenset({Role.ENTERPRISE}), None)


@pytest.mark.parametrize(
    ("actor", "roles", "subject", "department", "any_department", "says"),
    [
        (OFFICER, [Role.REVIEWER], CODE, "tax", False, None),
        (OFFICER, [Role.CENTRE, Role.REVIEWER], CODE, "tax", False, None),
        (OFFICER, [Role.REVIEWER], CODE, "hr", False, "该部门办理"),
        (OFFICER, [Role.REVIEWER], CODE, "hr", True, None),
        (OFFICER, [Role.PUBLISHER], CODE, "tax", True, "没有“公示人”角色"),
        (OFFICER, [Role.ENTERPRISE], CODE, "tax", True, "没有“企业”角色"),
        (ENTERPRISE, [Role.ENTERPRISE], CODE, "tax", False, None),
        (ENTERPRISE, [Role.ENTERPRISE], "other", "tax", True, "只能办理自己的办件"),
        (ENTERPRISE, [Role.REVIEWER], CODE, "tax", True, "没有“审核人”角色"),
    ],
)
def test_scope(
    actor: Actor, roles: list[Role], subject: str, department: str, any_department: bool, says: str | None
) -> None:
    why = refusal(actor, roles, subject=subject, department=department, any_department=any_department)
    assert (why is None) if says is None else (why is not None and says in why)


def test_every_actor_is_of_a_department_of_the_district(tmp_path: Path) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text(GOOD + HOSPITAL + GOOD.replace("id: li", "id: wu").replace("tax", "taxes"), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        Actors.load(path, {"tax": "x", "health": "x"})
    assert str(refused.value) == (
        "actors.yaml：wu → department：本区没有部门 taxes（相近的有：tax）；请改用各场景 scenario.yaml 里的部门，"
        "或先在 district.yaml 的 departments 中登记它"
    )
    path.write_text(starter_actors({"tax": "税务局"}) + GOOD, encoding="utf-8")
    assert Actors.load(path, {"tax": "x"}).officer("li") is not None
