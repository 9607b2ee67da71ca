"""The registry as others use it: loads, reports, two clocks, snapshots, rejects."""

import csv
import datetime as dt
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.registry.registers import ENTERPRISES, HEADER, REGISTERS, TickingClock, code, registry, write_csv
from yunnao.kernel.errors import FileRefused, HomeBusy, YunnaoError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.moment import CHINA, fixed_clock, instant_text
from yunnao.kernel.text import Text
from yunnao.platforms.registry.service import Registry, Snapshot
from yunnao.storage.files import home_lock

DAY = dt.date(2023, 6, 30)


def table(snapshot: Snapshot, register: str = "enterprises") -> dict[str, tuple[int | None, int | None]]:
    frame = pl.read_parquet(snapshot.tables[register])
    return {row["credit_code"]: (row["employees"], row["revenue"]) for row in frame.iter_rows(named=True)}


def tree(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def deliver(home: Path, name: str, rows: list[tuple[int, object, object]], valid_from: dt.date | None = None) -> Path:
    file = write_csv(home.parent / name, [HEADER, *([code(i), *rest] for i, *rest in rows)])
    registry(home).load("enterprises", [file], valid_from=valid_from)
    return file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


def test_a_load_is_reported_and_kept(home: Path) -> None:
    file = write_csv(home.parent / "a.csv", [HEADER, [code(1), 1, 1], [code(1), 1, 1], [code(2), -1, 1]])
    steps: list[tuple[str, float]] = []
    report = registry(home).load("enterprises", [file], progress=lambda what, share: steps.append((what, share)))[0]
    assert (report.register, report.file, report.sheets) == ("enterprises", str(file), [])
    assert (report.rows, report.accepted, report.refused, report.repeats, report.delivery) == (3, 1, 1, 1, 1)
    assert report.rejects == home / "rejects" / "enterprises-1.xlsx"
    assert steps[-1] == ("完成", 1.0)
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    document = json.loads(json.dumps(report.to_json(), ensure_ascii=False))
    assert document["problems"] == [
        {
            "file": "a.csv",
            "sheet": "",
            "row": 4,
            "column": "从业人数",
            "value": "-1",
            "reason": "不能为负数；请核对后改正",
        }
    ]
    (delivery,) = registry(home).deliveries()
    assert (delivery.number, delivery.valid_from, delivery.file, delivery.accepted) == (1, dt.date.min, "a.csv", 1)
    assert (home / "registry" / "originals" / f"{delivery.original}.csv").read_bytes() == file.read_bytes()
    assert (home / "registry" / "tables" / f"{delivery.table}.parquet").is_file()


def test_facts_hold_until_a_later_delivery_says_otherwise(home: Path) -> None:
    deliver(home, "a.csv", [(1, 10, 1), (2, 20, 2)])
    deliver(home, "b.csv", [(1, 11, "")], dt.date(2023, 1, 1))
    later = registry(home)
    assert table(later.snapshot(dt.date(2022, 12, 31))) == {code(1): (10, 100), code(2): (20, 200)}
    assert table(later.snapshot(dt.date(2023, 1, 1))) == {code(1): (11, None), code(2): (20, 200)}
    deliver(home, "c.csv", [(2, 21, 9), (3, 30, 3)], dt.date(2022, 1, 1))  # recorded later, valid earlier
    assert table(later.snapshot(DAY)) == {code(1): (11, None), code(2): (21, 900), code(3): (30, 300)}
    assert table(later.snapshot(dt.date(2021, 1, 1))) == {code(1): (10, 100), code(2): (20, 200)}


def test_a_correction_never_destroys_what_was_believed(home: Path) -> None:
    deliver(home, "a.csv", [(1, 10, 1)])
    before = registry(home).snapshot(DAY)
    known = dt.datetime.fromisoformat(registry(home).deliveries()[0].known_at)
    deliver(home, "b.csv", [(1, 99, 1)])
    late = registry(home)
    assert table(late.snapshot(DAY)) == {code(1): (99, 100)}
    assert late.snapshot(DAY, known).id == before.id
    assert table(late.snapshot(DAY, known)) == {code(1): (10, 100)}
    assert late.snapshot(DAY, known - dt.timedelta(microseconds=1)).delivered == frozenset()
    assert late.open_snapshot(before.id).tables == before.tables


def test_a_clock_set_back_does_not_hide_a_delivery(home: Path) -> None:
    noon = dt.datetime(2024, 1, 1, 12, tzinfo=CHINA)
    file = write_csv(home.parent / "a.csv", [HEADER, [code(1), 1, 1]])
    Registry(home, REGISTERS, fixed_clock(noon)).load("enterprises", [file])
    write_csv(file, [HEADER, [code(1), 2, 1]])
    early = Registry(home, REGISTERS, fixed_clock(noon - dt.timedelta(days=1)))
    early.load("enterprises", [file])
    first, second = early.deliveries()
    assert first.known_at < second.known_at
    assert table(early.snapshot(DAY)) == {code(1): (2, 100)}
    assert early.snapshot(DAY).known_at == second.known_at
    assert table(early.snapshot(DAY, noon)) == {code(1): (1, 100)}


def test_the_same_file_twice_changes_nothing(home: Path) -> None:
    file = deliver(home, "a.csv", [(1, 10, 1)])
    deliver(home, "b.csv", [(2, 99, 1)])  # about others
    deliver(home, "c.csv", [(1, 99, 1)], dt.date(2022, 1, 1))  # since another day
    snapshot, before = registry(home).snapshot(DAY), tree(home)
    report = registry(home).load("enterprises", [file])[0]
    assert report.delivery is None
    assert "已经导入过（第 1 次交付），没有任何改动" in report.notes[0]
    assert registry(home).snapshot(DAY).id == snapshot.id
    assert tree(home) == before
    assert registry(home).load("enterprises", [file], valid_from=DAY)[0].delivery == 4
    assert table(registry(home).snapshot(DAY))[code(1)] == (10, 100)


def test_a_correction_is_undone_by_loading_the_file_before_it_again(home: Path) -> None:
    file = deliver(home, "a.csv", [(1, 10, 1), (2, 20, 2)])
    first = registry(home).snapshot(DAY)
    correction = deliver(home, "b.csv", [(1, 99, 1)])
    known = dt.datetime.fromisoformat(registry(home).deliveries()[1].known_at)
    report = registry(home).load("enterprises", [file])[0]
    assert report.delivery == 3
    assert not any("已经导入过" in note for note in report.notes)
    assert registry(home).snapshot(DAY).id == first.id
    assert table(registry(home).snapshot(DAY, known))[code(1)] == (99, 100)
    before = tree(home)
    assert "第 3 次交付" in registry(home).load("enterprises", [file])[0].notes[0]
    assert tree(home) == before
    assert registry(home).load("enterprises", [correction])[0].delivery == 4
    assert table(registry(home).snapshot(DAY)) == {code(1): (99, 100), code(2): (20, 200)}


def test_the_same_files_twice_change_nothing_though_one_corrects_another(home: Path) -> None:
    first = write_csv(home.parent / "a.csv", [HEADER, [code(1), 1, 1], [code(2), 2, 2]])
    second = write_csv(home.parent / "b.csv", [HEADER, [code(1), 9, 9], [code(3), 3, 3]])
    for files in ([first, second], [first, second, first]):
        registry(home).load("enterprises", files)
        before = tree(home)
        assert [report.delivery for report in registry(home).load("enterprises", files)] == [None] * len(files)
        assert tree(home) == before
        assert [report.delivery for report in registry(home).load("enterprises", [files[-1]])] == [None]
    assert table(registry(home).snapshot(DAY)) == {code(1): (1, 100), code(2): (2, 200), code(3): (3, 300)}
    assert [delivery.file for delivery in registry(home).deliveries()] == ["a.csv", "b.csv", str(first)]


def test_a_file_whose_table_was_damaged_is_made_anew_by_loading_it_again(home: Path) -> None:
    file = deliver(home, "a.csv", [(1, 10, 1)])
    snapshot = registry(home).snapshot(DAY)
    snapshot.tables["enterprises"].write_bytes(b"x")
    assert registry(home).load("enterprises", [file])[0].delivery == 2
    assert registry(home).snapshot(DAY).id == snapshot.id


def test_rows_that_a_later_valid_from_overrides_are_told(home: Path) -> None:
    deliver(home, "a.csv", [(1, 11, 1), (2, 21, 2)], dt.date(2023, 1, 1))
    deliver(home, "b.csv", [(2, 22, 2), (3, 33, 3)], dt.date(2024, 1, 1))
    file = write_csv(home.parent / "c.csv", [HEADER, *([code(i), i, i] for i in range(1, 6))])
    report = registry(home).load("enterprises", [file])[0]
    told = next(note for note in report.notes if "生效日更晚" in note)
    assert told.startswith("有 3 行另有生效日更晚的交付，从那天起仍以那里的内容为准：")
    assert "2 行从 2023-01-01 起（第 1 次交付）、1 行从 2024-01-01 起（第 2 次交付）" in told
    assert "--valid-from" in told
    again = registry(home).load("enterprises", [file])[0]
    assert again.delivery is None
    assert told in again.notes
    latest = registry(home).load("enterprises", [file], valid_from=dt.date(2024, 1, 1))[0]
    assert not any("生效日更晚" in note for note in latest.notes)


def test_several_files_are_recorded_together_or_not_at_all(home: Path) -> None:
    good = write_csv(home.parent / "a.csv", [HEADER, [code(1), 1, 1]])
    other = write_csv(home.parent / "b.csv", [HEADER, [code(1), 2, 1], [code(2), 2, 1]])
    bad = write_csv(home.parent / "c.csv", [["甲"], [1]])
    registry(home).load("enterprises", [good])
    before = tree(home)
    with pytest.raises(FileRefused):
        registry(home).load("enterprises", [other, bad])
    assert tree(home) == before
    reports = registry(home).load("enterprises", [other, good, other])
    assert [report.delivery for report in reports] == [2, None, None]
    third = write_csv(home.parent / "d.csv", [HEADER, [code(2), 3, 1]])
    fourth = write_csv(home.parent / "e.csv", [HEADER, [code(2), 4, 1]])
    loaded = registry(home).load("enterprises", [third, fourth, fourth])
    assert [report.delivery for report in loaded] == [3, 4, None]
    assert len({delivery.known_at for delivery in registry(home).deliveries()[2:]}) == 1
    assert table(registry(home).snapshot(DAY)) == {code(1): (2, 100), code(2): (4, 100)}


def test_snapshots_are_named_by_content_and_reused(home: Path) -> None:
    deliver(home, "a.csv", [(1, 10, 1), (2, 20, 2)])
    deliver(home, "b.csv", [(1, 11, 1)], dt.date(2023, 1, 1))
    service = registry(home)
    one, two = service.snapshot(dt.date(2023, 1, 1)), service.snapshot(DAY)
    before = tree(home)
    assert (one.id, one.tables, one.deliveries) == (two.id, two.tables, two.deliveries)
    assert (one.as_of, two.as_of) == (dt.date(2023, 1, 1), DAY)
    assert one.deliveries == {"enterprises": (1, 2)}
    assert tree(home) == before
    with home_lock(home):
        pass
    assert service.snapshot(dt.date(2022, 1, 1)).id != one.id
    (home / "registry" / "snapshots" / "index.json").unlink()  # only a cache
    assert registry(home).snapshot(DAY).id == one.id
    (home / "registry" / "snapshots" / "index.json").write_text("{broken")
    assert registry(home).snapshot(DAY).id == one.id


def test_equal_content_has_the_same_id_in_another_home(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "home"
    other.mkdir(parents=True)
    deliver(home, "a.csv", [(1, 10, 1), (2, 20, 2)])
    deliver(home, "b.csv", [(2, 21, 2), (3, 30, 3)])
    deliver(other, "c.csv", [(3, 30, 3), (2, 21, "2.00"), (1, 10, 1)])
    assert registry(home).snapshot(DAY).id == registry(other).snapshot(DAY).id


def test_a_snapshot_of_nothing(home: Path) -> None:
    snapshot = registry(home).snapshot(DAY)
    assert (snapshot.delivered, snapshot.tables) == (frozenset(), {})
    assert registry(home).open_snapshot(snapshot.id).delivered == frozenset()
    deliver(home, "a.csv", [(1, 10, 1)])
    assert registry(home).snapshot(DAY).delivered == {"enterprises"}


def test_damage_is_said_in_a_sentence(home: Path) -> None:
    deliver(home, "a.csv", [(1, 10, 1)])
    snapshot = registry(home).snapshot(DAY)
    with pytest.raises(YunnaoError, match="没有快照"):
        registry(home).open_snapshot("../../x")
    with pytest.raises(YunnaoError, match="没有快照"):
        registry(home).open_snapshot("0" * 32)
    path = snapshot.tables["enterprises"]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(YunnaoError, match="缺失或已损坏"):
        registry(home).open_snapshot(snapshot.id)
    with pytest.raises(YunnaoError, match="缺失或已损坏"):
        registry(home).snapshot(DAY)
    (home / "registry" / "deliveries" / "1.json").write_text("{}")
    with pytest.raises(YunnaoError, match="交付清单"):
        registry(home).deliveries()


def test_a_damaged_derived_table_is_made_again(home: Path) -> None:
    deliver(home, "a.csv", [(1, 10, 1)])
    deliver(home, "b.csv", [(2, 10, 1)])
    snapshot = registry(home).snapshot(DAY)
    snapshot.tables["enterprises"].write_bytes(b"x")
    assert registry(home).snapshot(DAY).id == snapshot.id
    assert len(table(registry(home).open_snapshot(snapshot.id))) == 2


def test_a_column_declared_later_is_unknown_in_earlier_deliveries(home: Path) -> None:
    deliver(home, "a.csv", [(1, 10, 1)])
    added = FactDefinition(id="branches", type=FactType.INTEGER, title=Text("分支数", "Branches"))
    wider = type(ENTERPRISES)(
        **{
            **{name: getattr(ENTERPRISES, name) for name in ENTERPRISES.__dataclass_fields__},
            "facts": (*ENTERPRISES.facts, added),
            "optional": ENTERPRISES.optional | {"branches"},
        }
    )
    snapshot = Registry(home, {"enterprises": wider}, TickingClock()).snapshot(DAY)
    frame = pl.read_parquet(snapshot.tables["enterprises"])
    assert frame.schema["branches"] == pl.Int64
    assert frame.select("branches", "employees").rows() == [(None, 10)]
    assert Registry(home, {"enterprises": wider}, TickingClock()).snapshot(DAY).id == snapshot.id


def test_touched_keys_and_rows_of(home: Path) -> None:
    deliver(home, "a.csv", [(1, 10, 1), (2, 20, 2), (3, 30, 3)])
    older = registry(home).snapshot(DAY)
    deliver(home, "b.csv", [(2, 21, 2), (4, 40, 4)])
    service = registry(home)
    newer = service.snapshot(DAY)
    touched = service.touched_keys(older, newer)
    assert list(touched) == ["enterprises"]
    assert touched["enterprises"]["credit_code"].to_list() == sorted([code(2), code(4)])
    assert service.touched_keys(newer, newer) == {}
    rows = service.rows_of("enterprises", "credit_code", [code(2), code(1), "none"], DAY)
    assert dict(rows.select("credit_code", "employees").iter_rows()) == {code(1): 10, code(2): 21}
    known = dt.datetime.fromisoformat(service.deliveries()[0].known_at)
    assert service.rows_of("enterprises", "credit_code", [code(2)], DAY, known)["employees"].to_list() == [20]
    assert service.rows_of("hires", "person", ["a"], DAY).columns == ["credit_code", "person", "hired_on", "months"]
    assert service.rows_of("enterprises", "credit_code", [], DAY).is_empty()
    for register, column in (("enterprises", "employees"), ("enterprises", "x"), ("x", "y")):
        with pytest.raises(YunnaoError, match="没有叫"):
            service.rows_of(register, column, ["1"], DAY)


def test_rows_of_never_answers_with_a_superseded_row(home: Path) -> None:
    streets = [[*HEADER, "所属镇街"], [code(1), 1, 1, "甲"], [code(2), 1, 1, "乙"], [code(3), 1, 1, "甲"]]
    service = registry(home)
    service.load("enterprises", [write_csv(home.parent / "a.csv", streets)])
    service.load(
        "enterprises", [write_csv(home.parent / "b.csv", [streets[0], [code(1), 1, 1, "乙"], [code(2), 1, 1, "甲"]])]
    )
    assert set(service.rows_of("enterprises", "street", ["甲"], DAY)["credit_code"]) == {code(2), code(3)}
    whole = pl.read_parquet(service.snapshot(DAY).tables["enterprises"])
    for street in ("甲", "乙"):
        assert service.rows_of("enterprises", "street", [street], DAY).equals(whole.filter(pl.col("street") == street))


day = st.sampled_from([None, *(dt.date(2023, 1, 1) + dt.timedelta(days=n) for n in range(4))])
delivery = st.tuples(
    day, st.dictionaries(st.integers(1, 5), st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), min_size=1)
)


files = st.lists(delivery, min_size=1, max_size=4).flatmap(lambda some: st.lists(st.sampled_from(some), max_size=6))


@given(files, st.integers(-1, 5), st.integers(0, 6))
@settings(max_examples=40)
def test_resolution_agrees_with_its_definition(
    tmp_path_factory: pytest.TempPathFactory,
    deliveries: list[tuple[dt.date | None, dict[int, tuple[int, int | None]]]],
    offset: int,
    known: int,
) -> None:
    home = tmp_path_factory.mktemp("two_clocks") / "home"
    home.mkdir()
    service = registry(home)
    places = []  # of those that are recorded: one that would change nothing is not
    for place, (valid_from, rows) in enumerate(deliveries):
        lines = [[code(i), a, "" if b is None else b] for i, (a, b) in rows.items()]
        file = write_csv(home.parent / f"{place}.csv", [HEADER, *lines])
        if service.load("enterprises", [file], valid_from=valid_from)[0].delivery is not None:
            places.append(place)
    as_of = dt.date(2023, 1, 1) + dt.timedelta(days=offset)
    recorded = [dt.datetime.fromisoformat(each.known_at) for each in service.deliveries()]
    known_at = recorded[known] if known < len(recorded) else None
    expected: dict[str, tuple[int | None, int | None]] = {}
    for i in range(1, 6):
        candidates = [
            (valid_from or dt.date.min, place, rows[i])
            for place, (valid_from, rows) in enumerate(deliveries)
            if i in rows and (valid_from or dt.date.min) <= as_of and (known_at is None or place <= places[known])
        ]
        if candidates:
            a, b = max(candidates)[2]
            expected[code(i)] = (a, None if b is None else b * 100)
    snapshot = service.snapshot(as_of, known_at)
    assert (table(snapshot) if snapshot.tables else {}) == expected
    found = service.rows_of("enterprises", "credit_code", [code(i) for i in range(1, 6)], as_of, known_at)
    assert {row["credit_code"]: (row["employees"], row["revenue"]) for row in found.iter_rows(named=True)} == expected
    for i in range(1, len(recorded) + 1):
        before = service.snapshot(as_of, recorded[i - 1])
        touched = service.touched_keys(before, snapshot)
        rows_before = table(before) if before.tables else {}
        changed = {c for c in rows_before.keys() | expected.keys() if rows_before.get(c) != expected.get(c)}
        assert changed <= set(touched["enterprises"]["credit_code"] if touched else [])


# --- rejects


def test_rejects_carry_the_original_row_as_text(home: Path) -> None:
    path = write_csv(
        home.parent / "a.csv",
        [[*HEADER, "备注"], [code(1), 1, 1, "x"], [code(2), "=1+1", "-5", "@cmd"], [code(3), 1, "+x", "－"]],
    )
    for target in (home.parent / "r.xlsx", home.parent / "r.csv"):
        report = registry(home).load("enterprises", [path], rejects=target)[0]
        assert report.rejects == target
        assert report.refused == 2
    lines = [
        ["文件", "工作表", "行", "列", "值", "原因", "统一社会信用代码", "从业人数", "营业收入", "备注"],
        ["a.csv", "", "3", "从业人数", "=1+1", "不是数；请只填数字，单位写在表头", code(2), "=1+1", "-5", "@cmd"],
        ["a.csv", "", "3", "营业收入", "-5", "不能为负数；请核对后改正", code(2), "=1+1", "-5", "@cmd"],
        ["a.csv", "", "4", "营业收入", "+x", "不是数；请只填数字，单位写在表头", code(3), "1", "+x", "－"],
    ]
    sheet = openpyxl.load_workbook(home.parent / "r.xlsx").active
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == lines
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    with (home.parent / "r.csv").open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.reader(stream))
    assert written == [
        [f"'{cell}" if cell[:1] in ("=", "-", "+", "@") and cell else cell for cell in line] for line in lines
    ]


@pytest.mark.parametrize("name", ["r.txt", "none/r.xlsx", "folder.csv"])
def test_a_rejects_path_is_checked_before_anything_is_done(home: Path, name: str) -> None:
    (home.parent / "folder.csv").mkdir()
    file = write_csv(home.parent / "a.csv", [HEADER, [code(1), 1, 1]])
    with pytest.raises(YunnaoError, match="退回文件"):
        registry(home).load("enterprises", [file], rejects=home.parent / name)
    assert tree(home) == {}


def test_bad_calls(home: Path, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [HEADER, [code(1), 1, 1]])
    with pytest.raises(YunnaoError, match="没有叫 x 的名册"):
        registry(home).load("x", [file])
    with pytest.raises(YunnaoError, match="没有给出"):
        registry(home).load("enterprises", [])
    with pytest.raises(YunnaoError, match="yunnao init"):
        registry(tmp_path / "none").load("enterprises", [file])


def test_a_busy_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from yunnao.platforms.registry import service

    file = write_csv(tmp_path / "a.csv", [HEADER, [code(1), 1, 1]])
    monkeypatch.setattr(service, "home_lock", lambda path: home_lock(path, timeout=0.05))
    refused: list[BaseException] = []

    def load() -> None:
        try:
            registry(home).load("enterprises", [file])
        except HomeBusy as error:
            refused.append(error)

    with home_lock(home):
        thread = threading.Thread(target=load)
        thread.start()
        thread.join()
    assert len(refused) == 1
    assert tree(home) == {}
    assert instant_text(TickingClock()()) < instant_text(TickingClock()() + dt.timedelta(seconds=1))
