"""Reception: filed once, classified, dispatched where it is clear, left to an officer where it is not."""

import datetime as dt
from pathlib import Path

import pytest

from tests.platforms.cases.filed.desk import Desk, filing
from yunnao.capabilities.classification.training import train
from yunnao.kernel.errors import DefinitionError, FileRefused
from yunnao.kernel.moment import CHINA
from yunnao.scenarios.appeals.imports import read_filings
from yunnao.scenarios.appeals.message_files import read_labelled
from yunnao.scenarios.appeals.reception import receive
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
