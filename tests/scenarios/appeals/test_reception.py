"""Reception: filed once, classified, dispatched where it is clear, left to an officer where it is not."""

import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.platforms.cases.filed.desk import OPERATOR, Desk, filing
from yunnao.capabilities.classification.model import Model
from yunnao.capabilities.classification.training import train
from yunnao.kernel.errors import DefinitionError, FileRefused
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.rounds.untouched import untouched
from yunnao.scenarios.appeals.imports import read_filings
from yunnao.scenarios.appeals.message_files import read_labelled
from yunnao.scenarios.appeals.reception import Category, Reception, receive, steps_for, street_of
from yunnao.scenarios.appeals.responsibilities import Responsibilities, load_responsibilities
from yunnao.scenarios.appeals.sample_messages import SAMPLE
from yunnao.storage.records import Records

NOW = dt.datetime(2026, 9, 24, 10, tzinfo=CHINA)
CATALOGUE = Responsibilities(
    revision=1, automatic_from=900, departments={"环境保护": "ecology", "交通运输": "transport"}
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Records.open(tmp_path / "records.sqlite"))


def test_a_named_category_goes_to_its_department_and_an_unknown_one_waits(desk: Desk) -> None:
    filings = [filing("a"), filing("b"), filing("c")]
    named = {"a": "环境保护", "b": "不在目录里"}
    received = receive(desk.cases, filings, model=None, named=named, responsibilities=CATALOGUE, now=NOW)
    assert (received.new, received.dispatched, received.waiting) == (3, 1, 2)
    states = [(row["state"], row["department"]) for row in sorted(desk.cases.inbox(), key=lambda row: row["case_id"])]
    assert states == [("dispatched", "ecology"), ("received", None), ("received", None)]
    again = receive(desk.cases, filings, model=None, named=named, responsibilities=CATALOGUE, now=NOW)
    assert (again.new, again.known) == (0, 3)


def test_the_model_dispatches_only_what_it_is_sure_of(desk: Desk) -> None:
    model = train(read_labelled(SAMPLE)[0])
    never = Responsibilities(revision=1, automatic_from=1000, departments=CATALOGUE.departments)
    always = Responsibilities(revision=1, automatic_from=0, departments=CATALOGUE.departments)
    smoke = filing("x", title="烧烤店油烟扰民", body="楼下烧烤店油烟直排，污染环境。")
    unsure = receive(desk.cases, [smoke], model=model, named={}, responsibilities=never, now=NOW)
    assert unsure.dispatched == 0
    twin = filing("y", title=smoke.title, body=smoke.body)
    sure = receive(desk.cases, [twin], model=model, named={}, responsibilities=always, now=NOW)
    assert sure.dispatched == 1
    attributes = desk.cases.get("SQ20260924-00001").standing.attributes
    assert attributes["category"] == "环境保护"
    assert 1 <= int(attributes["confidence"]) <= 1000


def test_a_file_is_read_with_times_as_people_write_them(tmp_path: Path) -> None:
    file = tmp_path / "appeals.csv"
    rows = [
        "message_id,sender,received_at,title,body,category",
        "1,A,2026/9/1 8:05:09,题一,内容,环境保护",
        "2,A,2026-09-02,题二,内容,",
        "3,B,2026年9月3日 18时30分,题三,内容,",
        "4,B,46265.75,题四,内容,",  # a spreadsheet's number of days
        "5,C,2026-13-01,题五,内容,",
        "6,C,2027-01-01,题六,内容,",
        "1,D,2026-09-01,又是一,内容,",
        "7,D,2026-09-01,,,",
    ]
    file.write_text("\n".join(rows), encoding="gb18030")
    brought = read_filings(file, NOW)
    assert [(f.key, f"{f.at:%m-%d %H:%M:%S}") for f in brought.filings if f.at] == [
        ("import:1", "09-01 08:05:09"),
        ("import:2", "09-02 09:00:00"),
        ("import:3", "09-03 18:30:00"),
        ("import:4", "08-31 18:00:00"),
    ]
    assert brought.named == {"import:1": "环境保护"}
    assert [(row.row, row.column) for row in brought.skipped] == [
        (6, "received_at"),
        (7, "received_at"),
        (8, "message_id"),
        (9, "title、body"),
    ]


def test_a_file_without_times_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "appeals.csv"
    file.write_text("message_id,title,body\n1,题,内容\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="received_at"):
        read_filings(file, NOW)


def test_a_catalogue_that_names_no_department_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "responsibilities.yaml"
    file.write_text("revision: 1\ncites: x\nautomatic_from: 900\ncategories: {环境保护: nowhere}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="部门 nowhere 不存在"):
        load_responsibilities(file, {"ecology": "生态环境分局"})


@pytest.fixture(scope="module")
def model() -> Model:
    return train(read_labelled(SAMPLE)[0])


def reception(desk: Desk, model: Model, automatic_from: int = 0) -> Reception:
    catalogue = Responsibilities(revision=1, automatic_from=automatic_from, departments=CATALOGUE.departments)
    return Reception(
        desk.cases,
        lambda flow, limit, after: untouched(desk.records, flow, limit, after),
        model=lambda: model,
        responsibilities=lambda: catalogue,
        clock=desk.clock,
        streets=["示例街道", "示例镇"],
    )


SMOKE = {"title": "烧烤店油烟扰民", "body": "示例街道的楼下烧烤店油烟直排，污染环境。"}


def test_what_was_filed_at_a_door_is_brought_along_by_itself(desk: Desk, model: Model) -> None:
    case_id, own = desk.file("web:1", **SMOKE), desk.file("web:2", **SMOKE)
    desk.take(own, "classify", OPERATOR, category="交通运输")  # an officer was faster
    assert reception(desk, model).round() == {"classified": 1, "dispatched": 1}
    assert reception(desk, model).round() == {"classified": 0, "dispatched": 0}
    view = desk.cases.get(case_id)
    assert (view.standing.state, view.standing.department) == ("dispatched", "ecology")
    assert view.standing.attributes["category"] == "环境保护"
    assert view.standing.attributes["street"] == "示例街道"
    given = view.events[1].given
    assert len({given["category"], given["category_2"], given["category_3"]}) == 3
    assert 1 <= given["confidence"] <= 1000
    assert desk.cases.get(own).standing.attributes["category"] == "交通运输"
    assert desk.audit.verify().broken is None


def test_below_the_margin_it_is_classified_and_waits(desk: Desk, model: Model) -> None:
    case_id = desk.file("web:1", **SMOKE)
    assert reception(desk, model, automatic_from=1000).round() == {"classified": 1, "dispatched": 0}
    assert desk.state(case_id) == "received"
    assert reception(desk, model).round() == {"classified": 0, "dispatched": 0}  # it is an officer's now


def test_an_officer_in_between_keeps_the_case(desk: Desk, model: Model) -> None:
    """Both read the case untouched; the officer's step is committed first, and nothing of the machine's follows it."""
    case_id = desk.file("web:1", **SMOKE)
    steps = steps_for(Category(name="环境保护", confidence=990), CATALOGUE, NOW)
    desk.take(case_id, "classify", OPERATOR, category="交通运输")
    refused = desk.cases.take_many([(case_id, step) for step in steps])
    assert case_id in refused
    assert (desk.state(case_id), len(desk.cases.get(case_id).events)) == ("received", 2)


def test_refused_ones_hold_up_none_behind_them(desk: Desk, model: Model) -> None:
    """More than a batch of cases whose category is too long to be noted, and one behind them that is not."""
    names = tuple("长" * 61 if name == "环境保护" else name for name in model.categories)
    desk.cases.file([filing(f"web:{number}", **SMOKE) for number in range(60)])
    bus = desk.file("web:bus", title="公交车站牌损坏", body="公交车等候时间太长，站牌损坏，公交线路不合理。")
    assert reception(desk, dataclasses.replace(model, categories=names)).round()["classified"] == 1
    assert desk.cases.get(bus).standing.attributes["category"] == "交通运输"
    assert reception(desk, model).round()["classified"] == 60


def test_many_in_batches_and_by_two_at_once(desk: Desk, model: Model) -> None:
    desk.cases.file([filing(f"web:{number}", **SMOKE) for number in range(230)])
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda _: reception(desk, model).round(), range(2)))
    while reception(desk, model).round()["classified"]:
        pass
    with desk.records.read() as connection:
        count = sa.select(sa.func.count()).select_from(store.EVENTS)
        assert connection.execute(count).scalar() == 3 * 230
    assert sum(each["classified"] for each in done) <= 230
    assert desk.upkeep.differing() == []
    assert desk.audit.verify().broken is None


@pytest.mark.parametrize(
    ("place", "text", "street"),
    [
        ("示例街道长江路", "示例镇也有", "示例街道"),
        ("", "示例街道和示例镇都有", None),
        ("长江路", "在示例镇", "示例镇"),
        ("", "没有写", None),
    ],
)
def test_a_street_is_the_one_that_alone_is_named(place: str, text: str, street: str | None) -> None:
    assert street_of(["示例街道", "示例镇", "示例"], place, text) == street
