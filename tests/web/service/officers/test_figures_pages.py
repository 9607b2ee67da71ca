"""Pages of topics and measures over real HTTP and in a browser: computed beside the doors, masked, every fraction shown, by role."""

import io
import re
import time
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from tests.web.chromium import follow, in_a_browser
from tests.web.service.officers.desk import AtDesk, give_password, sign_in
from tests.web.service.officers.figures import TELEPHONE, fill
from tests.web.service.served import DESK, Served, make_district, served
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.web.figures.keeping import read_topics

CENTRE = Actor("zhou", "示例周", frozenset({Role.CENTRE}), "centre")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A district with appeals, its figures computed by having been asked for."""
    home = make_district(tmp_path_factory.mktemp("figures") / "home", public_url="")
    with served(home) as service:
        numbers = fill(service.district, 12)
        service.take(numbers[0], "exclude", CENTRE, reason="不属职责", ground="outside_competence")
        for name in ("centre", "ecology.handler"):
            give_password(home, name)
        desk = AtDesk(service, "centre")
        for page in ("measures", "topics"):
            _wait(desk, page)
        yield service


def _wait(desk: AtDesk, page: str) -> None:
    first = desk.get(f"/desk/{page}").text
    end = time.monotonic() + 120
    while "正在第一次计算" in first:
        assert time.monotonic() < end, first
        time.sleep(0.3)
        first = desk.get(f"/desk/{page}").text


def test_nobody_sees_figures_without_signing_in(full: Served) -> None:
    for path in ("/desk/topics", "/desk/measures", "/desk/measures.xlsx", "/desk/topics/SQ1"):
        answer = AtDesk(full).get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/desk/sign-in")


def test_topics_are_listed_with_map_and_sparkline_and_nothing_personal(full: Served) -> None:
    text = AtDesk(full, "centre").get("/desk/topics").text
    assert text.count('class="spark"') == 2
    assert text.count('class="map"') == 1
    assert "12 位市民" in text
    assert "没有坐标、不在图上的热点：1 个" in text
    assert "2026-09-24 10:00 算出" in text
    assert TELEPHONE not in text
    assert "<script" not in text
    assert "style=" not in text


def test_a_topic_shows_trend_map_standing_and_its_appeals_masked(full: Served) -> None:
    desk = AtDesk(full, "centre")
    links = topic_links(desk)
    noise, parking = (desk.get(link).text for link in links)
    assert ("搅拌站" in noise, "车位" in parking) == (True, True)
    assert noise.count('class="map"') == 1
    assert "只写了地点：" in parking
    assert "每周件数" in noise
    assert ("138****5678" in noise, TELEPHONE in noise) == (True, False)
    assert "/desk/cases/SQ20260901-" in noise
    assert "Appeals a week" in desk.get(f"{links[0]}?lang=en").text
    assert desk.get("/desk/topics/SQ20200101-00001").status_code == 404


def test_a_department_sees_the_topics_in_which_it_has_an_appeal_and_of_the_rest_only_counts(full: Served) -> None:
    centre, handler = AtDesk(full, "centre"), AtDesk(full, "ecology.handler")
    noise, parking = topic_links(centre)
    listed = handler.get("/desk/topics").text
    assert topic_links(handler) == [noise]
    assert ("搅拌站" in listed, "车位" in listed) == (True, False)
    assert listed.count('class="spark"') == 1
    hidden, absent = (handler.get(path) for path in (parking, "/desk/topics/SQ20200101-00001"))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text.replace(parking.rsplit("/", 1)[1], "-") == absent.text.replace("SQ20200101-00001", "-")

    number = parking.rsplit("/", 1)[1]
    (other,) = (topic for topic in read_topics(full.district.home).topics if topic["id"] == number)  # type: ignore[union-attr]
    asked = other["messages"][-1]
    full.take(asked, "ask_co_handler", CENTRE, "请协办", department="ecology", working_days=2)
    try:
        assert topic_links(handler) == [noise, parking]
        page = handler.get(parking).text
        assert "另有 11 件属于其他部门" in page
        assert set(re.findall(r"/desk/cases/([A-Z0-9-]+)", page)) == {asked}
        assert "12 位市民" in page
        assert "住房和城乡建设局" in page  # how many each department has, is a count
    finally:
        full.take(asked, "withdraw_co_handler", CENTRE, "不用了", department="ecology")
    assert topic_links(handler) == [noise]
    assert handler.get(parking).status_code == 404


def topic_links(desk: AtDesk) -> list[str]:
    """The pages of the topics that an officer is shown."""
    return sorted(set(re.findall(r'href="(/desk/topics/[A-Z0-9-]+)"', desk.get("/desk/topics").text)))


def test_every_rate_shows_its_fraction_and_what_is_left_out(full: Served) -> None:
    text = AtDesk(full, "centre").get("/desk/measures").text
    assert "11 ÷ 11" in text
    assert "不计入考核：不属政府职责范围 1" in text
    assert "尚未回访 12" in text
    assert text.index("不计入考核的件") < text.index("SQ20260901-00001") < text.index("怎样算的")
    assert "住房和城乡建设局" in text
    assert 'class="badge tone-' in text
    assert "style=" not in text


def test_a_handler_sees_their_own_row_and_all_together(full: Served) -> None:
    text = AtDesk(full, "ecology.handler").get("/desk/measures").text
    assert "生态环境分局" in text
    assert "住房和城乡建设局" not in text
    assert "全区" in text
    by_class = AtDesk(full, "ecology.handler").get("/desk/measures?by=class").text
    assert "环境保护" in by_class
    assert "城乡建设" not in by_class


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?first=2026-09-03&last=2026-09-05", "2026-09-03 至 2026-09-05 受理的 4 件"),
        ("?first=2026-09-05", "2026-09-05 以来受理的 20 件"),
        ("?first=2026-09-05&last=2026-09-03", "日期写法不对"),
        ("?first=x", "日期写法不对"),
        ("?by=nothing&measure=beauty", "解决率：部门"),
        ("?by=street&measure=on_time&lang=en", "answered in time by Street"),
        ("?first=2030-01-01", "受理的 0 件"),
    ],
)
def test_what_is_asked_for_is_shown(full: Served, query: str, says: str) -> None:
    answer = AtDesk(full, "centre").get(f"/desk/measures{query}")
    assert answer.status_code == 200
    assert says in answer.text


def test_the_workbook_says_what_the_page_says(full: Served) -> None:
    answer = AtDesk(full, "ecology.handler").get("/desk/measures.xlsx?by=department")
    assert answer.headers["content-disposition"] == 'attachment; filename="measures-20260924.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [row[0].value for row in book["各率"].iter_rows()] == ["部门", "全区", "生态环境分局"]
    assert [cell.value for cell in book["不计入考核的件"][2]][:2] == ["SQ20260901-00001", "生态环境分局"]


def test_doors_answer_while_figures_are_computed(full: Served) -> None:
    full.now = full.now.replace(minute=30)
    desk = AtDesk(full, "centre")
    assert "正在重算" in desk.get("/desk/measures").text
    started = time.perf_counter()
    number, _ = full.file(text="路灯不亮，请修。")
    assert time.perf_counter() - started < 20
    full.take(number, "dispatch", DESK, department="ecology")
    assert re.search("2026-09-24 10:(00|30) 算出", desk.get("/desk/topics").text)


@pytest.fixture(scope="module")
def page(browser: Browser, full: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    found = context.new_page()
    sign_in(found, f"{full.url}/desk/sign-in", "centre")
    yield found
    context.close()


@in_a_browser
def test_on_a_phone_nothing_runs_over_the_edge_and_pictures_are_announced(full: Served, page: Page) -> None:
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text))
    for path in ("/desk/topics", "/desk/measures", "/desk/measures?by=class&measure=response&lang=en"):
        page.goto(full.url + path)
        width = page.locator("main").bounding_box()
        assert width is not None
        assert width["width"] <= 390
        for picture in page.get_by_role("img").all():
            box = picture.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 390
    page.goto(f"{full.url}/desk/topics")
    page.get_by_role("group", name="热点在哪里").wait_for()
    follow(page.locator(".topics h2 a").first)
    page.get_by_role("img", name=re.compile("趋势")).wait_for()
    page.get_by_text("同样的数字，列成表").first.click()
    assert page.get_by_role("table").first.is_visible()
    assert blocked == []
