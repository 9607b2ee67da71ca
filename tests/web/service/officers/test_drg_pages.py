"""DRG payment at the desk over real HTTP and in a browser: who sees it, that its numbers are the run's, looks and downloads in the log."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import docx
import openpyxl
import polars as pl
import pytest
from playwright.sync_api import Browser, Page

from tests.web.chromium import PHONE, enter, fits_a_phone, in_a_browser
from tests.web.service.officers.desk import AtDesk, give_password, sign_in
from tests.web.service.officers.drg_office import HOSPITALS, STAYS, settled_district
from tests.web.service.served import Served, make_district, served
from yunnao.audit.events import AuditEvent
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.scenarios.drg.reporting.words import money, points
from yunnao.scenarios.drg.settlement.runs import Run, Runs

OFFICERS = (
    "centre",
    "insurance.a",
    "insurance.b",
    "insurance.expert",
    "ecology.handler",
    "ecology.reviewer",
    "operator",
)
PAGES = ("", "/questions", "/simulate", "/hospital/H0001", "/group/0000")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("drg") / "home"
    settled_district(home)
    with served(home) as service:
        for actor in OFFICERS:
            give_password(home, actor)
        yield service


@pytest.fixture
def run(office: Served) -> Run:
    return Runs(office.district.home).open(2)


def some(run: Run, where: pl.Expr) -> dict[str, object]:
    """A stay."""
    return run.stays.filter(where).collect().row(0, named=True)


def test_before_anything_is_settled_the_page_says_what_to_do(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home", public_url="")
    with served(home) as service:
        give_password(home, "centre")
        desk = AtDesk(service, "centre")
        for path in PAGES:
            answer = desk.get(f"/desk/drg{path}")
            assert answer.status_code in (200, 404)
            assert "yunnao drg settle" in answer.text
        assert "yunnao drg settle" in desk.get("/desk/drg", params={"lang": "en"}).text


def test_only_medical_insurance_and_the_centre_get_in(office: Served, run: Run) -> None:
    stay = str(some(run, pl.col("class") == "normal")["case_id"])
    paths = [f"/desk/drg{path}" for path in (*PAGES, f"/stay/{stay}")] + [
        "/desk/drg.xlsx",
        "/desk/drg/hospital/H0001.xlsx",
    ]
    for name, code in {
        "insurance.a": 200,
        "insurance.expert": 200,
        "centre": 200,
        "ecology.handler": 403,
        "operator": 403,
    }.items():
        desk = AtDesk(office, name)
        for path in paths:
            answer = desk.get(path)
            assert (name, path, answer.status_code) == (name, path, code)
            assert code == 200 or "合成医院" not in answer.text
        home = desk.get("/desk").text
        assert ('href="/desk/drg"' in home) == (code == 200)


def test_the_fund_page_has_the_runs_own_numbers(office: Served, run: Run) -> None:
    text = AtDesk(office, "insurance.a").get("/desk/drg").text
    for pool in run.manifest.pools.values():
        assert money(pool.payable) in text
        assert pool.point_value in text
    for each in run.hospitals.collect().iter_rows(named=True):
        assert money(each["payable"]) in text
        assert money(each["difference"]) in text
    assert f"{STAYS:,} 例" in text or f"{run.stays.collect().height:,} 例" in text
    assert f"{HOSPITALS} 家医院" in text
    assert "全年点数，不是预测" in text
    english = AtDesk(office, "insurance.a").get("/desk/drg", params={"lang": "en"}).text
    assert "Point value by month" in english
    assert "not a forecast" in english


def test_a_month_stands_with_the_months_before_it_and_makes_no_forecast_of_one(office: Served) -> None:
    text = AtDesk(office, "insurance.a").get("/desk/drg", params={"run": "1"}).text
    assert "按月预拨" in text
    assert "不足 3 个月，不作预测" in text
    for wrong in ("99", "x", "-1", "1" * 30):
        assert AtDesk(office, "insurance.a").get("/desk/drg", params={"run": wrong}).status_code == 200


def test_a_hospitals_page_pages_and_finds_its_stays_and_no_person(office: Served, run: Run) -> None:
    desk, own = AtDesk(office, "insurance.a"), pl.col("hospital_id") == "H0001"
    stays = run.stays.filter(own).collect().sort("case_id")
    text = desk.get("/desk/drg/hospital/H0001").text
    shown = re.findall(r"/desk/drg/stay/([^\"?]+)", text)
    assert shown == stays["case_id"].head(50).to_list()
    last = desk.get("/desk/drg/hospital/H0001", params={"page": str(-(-stays.height // 50))}).text
    assert re.findall(r"/desk/drg/stay/([^\"?]+)", last)[-1] == stays["case_id"][-1]
    high = desk.get("/desk/drg/hospital/H0001", params={"class": "high"}).text
    wanted = stays.filter(pl.col("class") == "high")["case_id"].head(50).to_list()
    assert re.findall(r"/desk/drg/stay/([^\"?]+)", high) == wanted
    found = desk.get("/desk/drg/hospital/H0001", params={"find": wanted[0]}).text
    assert re.findall(r"/desk/drg/stay/([^\"?]+)", found) == [wanted[0]]
    for page in (text, last, high):
        assert not set(stays["person_id"].drop_nulls()) & set(re.findall(r"[A-Za-z0-9_-]+", page))
    account = run.hospitals.filter(own).collect()
    assert money(sum(account["payable"])) in text
    assert points(sum(account["points"])) in text
    assert desk.get("/desk/drg/hospital/nowhere").status_code == 404
    assert (
        desk.get("/desk/drg/hospital/H0001", params={"page": "999999", "class": "<b>", "find": "<b>"}).status_code
        == 200
    )


def test_a_group_shows_its_costs_and_which_are_trimmed(office: Served, run: Run) -> None:
    group = run.groups.filter(pl.col("stable")).sort("stays", descending=True).collect().row(0, named=True)
    stays = run.stays.filter(pl.col("drg") == group["drg"]).collect()
    beyond = stays.filter((pl.col("total_cost") < group["low_bound"]) | (pl.col("total_cost") > group["high_bound"]))
    text = AtDesk(office, "insurance.a").get(f"/desk/drg/group/{group['drg']}").text
    assert f"被裁剪的病例 ({beyond.height})" in text
    assert money(group["mean_cost"]) in text
    table = re.search(r"<h2 id=\"costs-heading\">.*?</table>", text, re.DOTALL)
    assert table is not None
    cells = re.findall(r"<td[^>]*>([\d,]+)</td><td[^>]*>([\d,]+)</td>", table.group())
    kept, trimmed = (sum(int(cell.replace(",", "")) for cell in column) for column in zip(*cells, strict=True))
    assert (kept + trimmed, trimmed) == (stays.height, beyond.height)
    assert AtDesk(office, "insurance.a").get("/desk/drg/group/nothing").status_code == 404


def test_a_stay_is_explained_and_the_look_is_in_the_log(office: Served, run: Run) -> None:
    stay = some(run, pl.col("class") == "high")
    case_id = str(stay["case_id"])
    log = office.district.audit
    before = len(list(log.details_of(AuditEvent.STAY_SHOWN)))
    text = AtDesk(office, "insurance.a").get(f"/desk/drg/stay/{case_id}").text
    assert f"{points(int(str(stay['points'])))}" in text.replace(",", ",")
    assert "高倍率点数" in text
    assert "分入" in text
    assert str(stay["person_id"]) not in text
    looks = list(log.details_of(AuditEvent.STAY_SHOWN))
    assert looks[before:] == [{"run": 2, "stay": case_id}]
    assert AtDesk(office, "insurance.a").get(f"/desk/drg/stay/{quote('不存在', safe='')}").status_code == 404
    assert len(list(log.details_of(AuditEvent.STAY_SHOWN))) == before + 1
    assert log.verify().broken is None


def test_a_review_filed_at_a_stay_is_handled_at_the_desk_by_two_people(office: Served, run: Run) -> None:
    stay = str(some(run, pl.col("class") == "high")["case_id"])
    one, other = AtDesk(office, "insurance.a"), AtDesk(office, "insurance.b")
    page = f"/desk/drg/stay/{stay}"
    form = {"matter": "special:high_cost", "words": "重症，治疗合理。"}
    answer = one.send(page, f"{page}/review", form)
    number = re.findall(r"DY\d{8}-\d{5}", answer.text)[0]
    assert "已登记" in answer.text
    assert "以前登记过" in other.send(page, f"{page}/review", form).text
    refused = one.send(page, f"{page}/review", form | {"matter": "objection:few_stays"})
    assert refused.status_code == 422
    assert "没有 &#39;few_stays&#39; 这个选项" in refused.text
    assert one.send(page, f"{page}/review", form | {"matter": "x"}).status_code == 400
    assert AtDesk(office, "ecology.handler").get(f"/desk/cases/{number}").status_code == 404
    assert number in one.get("/desk/drg").text
    case = f"/desk/cases/{number}"

    def step(desk: AtDesk, name: str, **given: str) -> int:
        seen = re.findall(r'name="seen" value="(\d+)"', desk.get(case).text)[0]
        return desk.send(case, f"{case}/steps", {"step": name, "seen": seen, **given}).status_code

    assert step(one, "accept") == 303
    assert step(one, "opine", treatment="proper", opinion="合理") == 303
    assert step(one, "decide", supported="true", reason="依意见") != 303
    for written in ("12.345", "-1", "约一千", "1e3"):
        assert step(other, "decide", supported="true", reason="依意见", unreasonable_cost_fen=written) == 409
    assert step(other, "decide", supported="true", reason="依意见", unreasonable_cost_fen="1,234.5") == 303
    assert "1234.50" in one.get(case).text
    assert office.district.filed.get(number).standing.state == "upheld"
    (view,) = office.district.filed.search(Wanted(flow="special_review"))
    assert view.standing.attributes["unreasonable_cost_fen"] == 1_234_50


def test_every_matter_that_the_form_offers_can_be_filed(office: Served, run: Run) -> None:
    """Kind and ground are one choice: the first objection that is offered needs nothing else to be picked."""
    low = run.stays.filter(pl.col("class") == "low").collect()["case_id"].to_list()
    one = AtDesk(office, "insurance.a")
    offered = re.findall(r'<option value="(\w+:\w+)">', one.get(f"/desk/drg/stay/{low[0]}").text)
    assert {each.split(":")[0] for each in offered} == {"special", "objection"}
    for matter, stay in zip(offered, low, strict=False):
        page = f"/desk/drg/stay/{stay}"
        answer = one.send(page, f"{page}/review", {"matter": matter, "words": "请复核。"})
        assert answer.status_code == 200, matter
        assert "已登记" in answer.text, matter


def test_questions_are_questions(office: Served) -> None:
    text = AtDesk(office, "insurance.a").get("/desk/drg/questions").text
    assert "提问不是结论" in text
    if "question-1" in text:
        assert "可能的正当原因" in text
    assert "None is a verdict" in AtDesk(office, "insurance.a").get("/desk/drg/questions", params={"lang": "en"}).text


def test_a_simulation_moves_every_hospital_and_the_moves_sum_to_nothing(office: Served, run: Run) -> None:
    desk = AtDesk(office, "insurance.a")
    query = {"name0": "high.tiers.0.multiple", "value0": "2.5"}
    text = desk.get("/desk/drg/simulate", params=query).text
    assert "变动合计 0.00 元" in text
    assert text.count("/desk/drg/hospital/") >= run.hospitals.collect().height
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/desk/drg/simulate.xlsx", params=query).content))
    rows = list(book["模拟"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == run.hospitals.collect().height
    assert round(sum(float(str(row[-1])) for row in rows), 2) == 0
    richer = desk.get("/desk/drg/simulate", params={"name0": "budgets.employee", "value0": "620000000"}).text
    assert "变动合计 95,000,000.00 元" in richer  # 100 million more, 5 % of it kept
    for name, value in (("no.such", "1"), ("low.below", "abc"), ("year", "2024"), ("low.below", "&x 1")):
        answer = desk.get("/desk/drg/simulate", params={"name0": name, "value0": value})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert Runs(office.district.home).numbers() == [1, 2]  # nothing is kept
    assert "只用于年终清算" in AtDesk(office, "insurance.a").get("/desk/drg/simulate", params={"run": "1"}).text


def test_every_download_says_what_the_page_says_and_lists_of_stays_are_noted(office: Served, run: Run) -> None:
    desk = AtDesk(office, "insurance.a")
    before = len(list(office.district.audit.details_of(AuditEvent.LIST_EXPORTED)))
    fund = openpyxl.load_workbook(io.BytesIO(desk.get("/desk/drg.xlsx").content))
    assert fund.sheetnames == ["医院", "医院收支", "各月点值", "病组", "病例类别", "医院与病组"]
    hospital = openpyxl.load_workbook(io.BytesIO(desk.get("/desk/drg/hospital/H0001.xlsx").content))
    head, *rows = hospital["病例"].iter_rows(values_only=True)
    own = run.hospitals.filter(pl.col("hospital_id") == "H0001").collect()
    paid = sum(round(float(str(row[head.index("基金应付（元）")])) * 100) for row in rows)
    assert paid == own["payable"].sum()
    assert "参保人代号" not in head
    assert desk.get("/desk/drg/group/0000.xlsx").status_code == 200
    statement = docx.Document(io.BytesIO(desk.get("/desk/drg/hospital/H0001.docx").content))
    assert [cell.text for cell in statement.tables[2].rows[-1].cells][5] == money(sum(own["payable"]))
    assert desk.get("/desk/drg/hospital/nowhere.docx").status_code == 404
    asked = openpyxl.load_workbook(io.BytesIO(desk.get("/desk/drg/questions.xlsx").content))
    assert asked.sheetnames == ["提问", "全部数字"]
    noted = list(office.district.audit.details_of(AuditEvent.LIST_EXPORTED))[before:]
    assert noted[0] == noted[2] == {"rows": len(rows)}
    assert (
        len(noted) == 4
    )  # a hospital's stays, a group's, the statement, the questions with their stays; not the fund's sums


def test_a_damaged_run_is_said_and_shown_by_no_page(office: Served) -> None:
    path = office.district.home / "drg" / "runs" / "1" / "hospitals.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    try:
        answer = AtDesk(office, "insurance.a").get("/desk/drg", params={"run": "1"})
        assert "已损坏" in answer.text
        assert AtDesk(office, "insurance.a").get("/desk/drg/hospital/H0001", params={"run": "1"}).status_code == 404
    finally:
        path.write_bytes(whole)


@in_a_browser
def test_every_page_fits_a_phone_by_keyboard_and_without_scripts(browser: Browser, office: Served, run: Run) -> None:
    stay = str(some(run, pl.col("class") == "high")["case_id"])
    page = browser.new_context(viewport={"width": PHONE, "height": 844}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    sign_in(page, f"{office.url}/desk/drg", "insurance.a")
    simulated = "/simulate?name0=low.below&value0=0.35"
    for path in ("", "/questions", simulated, "/hospital/H0001", "/group/0000", f"/stay/{stay}"):
        for lang in ("zh", "en"):
            mark = "&" if "?" in path else "?"
            answer = page.goto(f"{office.url}/desk/drg{path}{mark}lang={lang}")
            assert answer is not None
            assert (path, answer.status) == (path, 200)
            assert page.locator("nav.tabs").count() == 1
            fits_a_phone(page)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            fits_a_phone(page)
    _by_keyboard(page, office, stay)
    page.context.close()
    assert complaints == []


def _by_keyboard(page: Page, office: Served, stay: str) -> None:
    """From the fund to a hospital, its high multiples, and a stay, without a mouse."""
    page.goto(f"{office.url}/desk/drg")
    page.locator('a[href^="/desk/drg/hospital/H0001"]').first.focus()
    enter(page)
    assert "/hospital/H0001" in page.url
    page.locator("#find").focus()
    page.keyboard.type(stay[:4])
    enter(page)
    assert "find=" in page.url
    page.locator('a[href^="/desk/drg/stay/"]').first.focus()
    enter(page)
    assert "/stay/" in page.url
    assert page.locator("ol.explained li").count() >= 3
