"""A hospital signed in over real HTTP: its own page, downloads and stays, and no other page of the desk."""

import datetime as dt
import io
import re
from collections.abc import Iterator

import docx
import openpyxl
import polars as pl
import pytest

from tests.web.service.officers.desk import AtDesk, give_password, hidden
from tests.web.service.officers.drg_office import settled_district
from tests.web.service.officers.test_every_route import every_route
from tests.web.service.served import Served, served
from yunnao.audit.events import AuditEvent
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.scenarios.drg.reporting.words import money, points
from yunnao.scenarios.drg.settlement.policy import OWN, SAMPLE
from yunnao.scenarios.drg.settlement.runs import Run, Runs

HOSPITALS = {"hospital.one": "H0001", "hospital.two": "H0002"}
OTHER = {"H0001": "H0002", "H0002": "H0001"}
LAST = 3
"""The clearing in which coming back to another hospital counts, too."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("hospitals") / "home"
    settled_district(home)
    actors = home / "actors.yaml"
    entries = [
        f"- {{id: {id_}, name: 示例医院, roles: [hospital], hospital: {own}}}\n" for id_, own in HOSPITALS.items()
    ]
    actors.write_text(actors.read_text(encoding="utf-8") + "".join(entries), encoding="utf-8")
    policy = SAMPLE.read_text(encoding="utf-8")
    (home / OWN).parent.mkdir(exist_ok=True)
    (home / OWN).write_text(policy.replace("same_hospital: true", "same_hospital: false"), encoding="utf-8")
    with served(home) as service:
        service.district.settling().run_year(2023)
        for actor in (*HOSPITALS, "insurance.a"):
            give_password(home, actor)
        yield service


@pytest.fixture
def run(office: Served) -> Run:
    return Runs(office.district.home).open(LAST)


def stays_of(run: Run, hospital: str) -> pl.DataFrame:
    return run.stays.filter(pl.col("hospital_id") == hospital).collect().sort("case_id")


def came_back_elsewhere(run: Run) -> dict[str, object]:
    """A stay of H0001 whose person came back to another hospital."""
    stays = run.stays.collect()
    later = stays.select(pl.col("case_id").alias("readmitted_as"), pl.col("hospital_id").alias("there"))
    elsewhere = stays.join(later, on="readmitted_as").filter(pl.col("hospital_id") != pl.col("there"))
    return elsewhere.filter(pl.col("hospital_id") == "H0001").sort("case_id").row(0, named=True)


@pytest.mark.parametrize(("actor", "own"), HOSPITALS.items())
def test_a_hospital_lands_on_its_page_and_sees_its_own_numbers(office: Served, run: Run, actor: str, own: str) -> None:
    desk, page = AtDesk(office), f"/desk/drg/hospital/{own}"
    for to in ("", "/desk", "/desk/topics", "/desk/drg"):
        assert desk.sign_in(actor, to=to).headers["location"] == page
    text = desk.get(page).text
    account, stays = run.hospitals.filter(pl.col("hospital_id") == own).collect(), stays_of(run, own)
    for name in ("payable", "cost", "difference"):
        assert money(int(account[name].sum())) in text
    assert all(points(each) in text for each in account["cmi"])
    assert re.findall(r"/desk/drg/stay/([^\"?]+)", text) == stays["case_id"].head(50).to_list()
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{page}.xlsx").content))
    assert {row[0] for row in book["病例"].iter_rows(min_row=2, values_only=True)} == set(stays["case_id"])
    statement = docx.Document(io.BytesIO(desk.get(f"{page}.docx").content))
    assert money(int(account["payable"].sum())) in [cell.text for cell in statement.tables[2].rows[-1].cells]
    people = set(run.stays.collect()["person_id"].drop_nulls())
    for number in ("1", "2", str(LAST)):
        shown = desk.get(page, params={"run": number})
        assert shown.status_code == 200
        assert not people & set(re.findall(r"[A-Za-z0-9_-]+", shown.text))


def test_every_link_that_a_hospital_is_shown_opens(office: Served, run: Run) -> None:
    desk, stay = AtDesk(office, "hospital.one"), stays_of(run, "H0001")["case_id"][0]
    for page in ("/desk/drg/hospital/H0001", f"/desk/drg/stay/{stay}", "/desk/topics", "/desk/drg/hospital/H0002"):
        for lang in ("zh", "en"):
            links = set(re.findall(r'href="(/desk[^"#]*)', desk.get(page, params={"lang": lang}).text))
            assert any(link.startswith("/desk/drg/hospital/H0001") for link in links)
            wrong = [
                link
                for link in links
                if not link.startswith(page) and desk.get(link.replace("&amp;", "&")).status_code != 200
            ]
            assert wrong == []


@pytest.mark.parametrize(("actor", "own"), HOSPITALS.items())
def test_every_other_page_of_the_desk_is_barred(office: Served, run: Run, actor: str, own: str) -> None:
    desk, other = AtDesk(office, actor), OTHER[own]
    token = hidden(desk.get(f"/desk/drg/hospital/{own}").text)["form_token"]
    theirs, case = stays_of(run, other)["case_id"][0], office.file(text="别人的诉求")[0]
    fields = {"form_token": token, "matter": "special:high_cost", "words": "x", "step": "sign_in", "seen": "1"}
    walked = 0
    for name in (other, theirs, case, "0000", "nowhere", "h0001", f"{own}%20", "1"):
        for method, path in every_route(office, name):
            if path == "/desk/sign-out":
                continue
            answer = desk.get(path) if method == "GET" else desk.post(path, fields)
            assert (method, path, answer.status_code) == (method, path, 403)
            assert "合成医院" not in answer.text
            walked += 1
    assert walked > 100
    assert office.district.filed.search(Wanted(flow="special_review")) == []


def test_of_another_hospitals_stay_it_is_not_told_whether_there_is_one(office: Served, run: Run) -> None:
    desk, theirs = AtDesk(office, "hospital.one"), str(stays_of(run, "H0002")["case_id"][0])
    looks = len(list(office.district.audit.details_of(AuditEvent.STAY_SHOWN)))
    told = {desk.get(f"/desk/drg/stay/{stay}").text.replace(stay, "-") for stay in (theirs, "S9999999")}
    assert len(told) == 1
    places = {desk.get(f"/desk/drg/hospital/{id_}").text.replace(id_, "-") for id_ in ("H0002", "H9999")}
    assert len(places) == 1
    assert len(list(office.district.audit.details_of(AuditEvent.STAY_SHOWN))) == looks


def test_its_own_stay_is_explained_and_the_look_is_noted(office: Served, run: Run) -> None:
    desk, stay = AtDesk(office, "hospital.two"), stays_of(run, "H0002").row(0, named=True)
    text = desk.get(f"/desk/drg/stay/{stay['case_id']}").text
    assert text.count("<li>") > 3
    assert "分组的路径" in text
    assert not re.search(r"\b" + re.escape(str(stay["person_id"])) + r"\b", text)
    noted = list(office.district.audit.details_of(AuditEvent.STAY_SHOWN))[-1]
    assert noted == {"run": LAST, "stay": stay["case_id"]}


def test_another_hospitals_stay_has_no_number_where_a_person_came_back_to_it(office: Served, run: Run) -> None:
    stay = came_back_elsewhere(run)
    page, later = f"/desk/drg/stay/{stay['case_id']}", str(stay["readmitted_as"])
    own, office_desk = AtDesk(office, "hospital.one"), AtDesk(office, "insurance.a")
    assert later in office_desk.get(page).text
    text = own.get(page).text
    assert later not in text
    assert "在另一家医院" in text
    refused = own.send(page, f"{page}/review", {"matter": "objection:readmission", "words": "计划内。"})
    assert refused.status_code == 422
    assert later not in refused.text
    assert office.district.filed.search(Wanted(flow="objection")) == []


def test_a_hospital_files_about_its_own_stay_and_the_office_has_the_case(office: Served, run: Run) -> None:
    stay = str(stays_of(run, "H0001").filter(pl.col("class") == "high")["case_id"][0])
    desk, page = AtDesk(office, "hospital.one"), f"/desk/drg/stay/{stay}"
    answer = desk.send(page, f"{page}/review", {"matter": "special:high_cost", "words": "重症，治疗合理。"})
    number = re.findall(r"DY\d{8}-\d{5}", answer.text)[0]
    assert "已登记" in answer.text
    (view,) = office.district.filed.search(Wanted(flow="special_review"))
    assert view.standing.attributes["hospital"] == "H0001"
    assert AtDesk(office, "insurance.a").get(f"/desk/cases/{number}").status_code == 200
    assert desk.get(f"/desk/cases/{number}").status_code == 403


def test_a_look_into_the_past_is_not_for_hospitals(office: Served) -> None:
    desk, page = AtDesk(office, "hospital.one"), "/desk/drg/hospital/H0001"
    policy = office.district.home / OWN
    rules = policy.read_text(encoding="utf-8")
    policy.write_text(rules.replace("days: 15", "days: 14"), encoding="utf-8")
    look, _ = office.district.settling(known_at=dt.datetime.now(CHINA)).run_year(2023)
    policy.write_text(rules, encoding="utf-8")
    number = str(look.manifest.number)
    assert look.manifest.look
    assert AtDesk(office, "insurance.a").get(page, params={"run": number}).status_code == 200
    answers = [desk.get(page, params={"run": each}) for each in (number, "999")]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].text.replace(f"run={number}", "") == answers[1].text.replace("run=999", "")
    assert f'<option value="{number}"' not in desk.get(page).text
    assert f'<option value="{LAST}" selected' in desk.get(page).text


def test_a_hospital_signs_out(office: Served) -> None:
    desk, page = AtDesk(office, "hospital.one"), "/desk/drg/hospital/H0001"
    assert desk.send(page, "/desk/sign-out", {}).headers["location"] == "/desk/sign-in"
    assert desk.get(page).status_code == 303


def test_a_hospital_follows_its_own_reviews_to_their_answer(office: Served, run: Run) -> None:
    """Filed by the hospital, documents asked for, decided: each is on its page with the deadline and the answer; on no other's."""
    stays = stays_of(run, "H0001").filter(pl.col("class") == "high")["case_id"]
    stay, page = stays[-1], "/desk/drg/hospital/H0001"
    hospital, other, officer = (
        AtDesk(office, "hospital.one"),
        AtDesk(office, "hospital.two"),
        AtDesk(office, "insurance.a"),
    )
    before = re.findall(r"DY\d{8}-\d{5}", followed(hospital, page))
    form = {"matter": "special:high_cost", "words": "重症，治疗合理。"}
    answer = hospital.send(f"/desk/drg/stay/{stay}", f"/desk/drg/stay/{stay}/review", form)
    number = re.findall(r"已登记：(DY\d{8}-\d{5})", answer.text)[0]
    text = followed(hospital, page)
    assert number in text
    assert number not in before
    assert "待受理" in text
    assert re.search(r"受理：\d{4}-\d\d-\d\d", text)
    assert f'href="/desk/cases/{number}' not in text  # the desk's own page of the case stays the office's
    assert hospital.get(f"/desk/cases/{number}").status_code == 403

    case = f"/desk/cases/{number}"

    def step(name: str, **given: str) -> None:
        seen = re.findall(r'name="seen" value="(\d+)"', officer.get(case).text)[0]
        assert officer.send(case, f"{case}/steps", {"step": name, "seen": seen, **given}).status_code == 303

    step("accept")
    step("ask_documents", reason="请补病程记录，联系 13800138000")
    text = followed(hospital, page)
    assert "单议：等补材料，停止计时" in text
    assert "要补的材料：请补病程记录" in text
    assert "13800138000" not in text  # as on every page of the desk
    step("documents_received")
    assert "要补的材料" not in followed(hospital, page)
    district = office.district
    for name, actor, given in (
        ("opine", "insurance.a", {"treatment": "partly", "opinion": "部分合理"}),
        ("decide", "insurance.b", {"supported": True, "unreasonable_cost_fen": 1_234_50}),
    ):
        who = district.actors.actor(actor)
        district.filed.take(number, Asked(step=name, actor=who, at=district.clock(), reason="依专家意见", given=given))
    text = followed(hospital, page)
    assert "已认定：按单议结果" in text
    assert "不合理费用 1234.50 元；依专家意见" in text
    assert "decided: priced as reviewed" in followed(hospital, page, "en")
    assert number in followed(hospital, f"/desk/drg/stay/{stay}")
    assert number not in followed(other, "/desk/drg/hospital/H0002")
    assert f'href="/desk/cases/{number}' in followed(officer, page)


def followed(desk: AtDesk, page: str, lang: str = "zh") -> str:
    """The section of reviews of a page."""
    text = desk.get(page, params={"lang": lang}).text
    found = re.search(r'<section[^>]*aria-labelledby="reviews-heading">.*?</section>', text, re.DOTALL)
    return found[0] if found else ""
