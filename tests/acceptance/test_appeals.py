"""`yunnao appeals` as whole commands: on the sample, on what goes wrong, and on real messages where they are at hand."""

import csv
import json
from pathlib import Path

import pytest
from bench.appeals.data import MESSAGES, TRAINING, absent
from bench.appeals.event_sets import SOUGHT, compare_groups, set_of

from tests.acceptance.commands import console, yunnao
from yunnao.capabilities.topics.events import find_events
from yunnao.scenarios.appeals.message_files import read_messages
from yunnao.scenarios.appeals.sample_messages import SAMPLE

real = pytest.mark.skipif(bool(absent()), reason=f"the real appeals are not beside the repository: {absent()}")
COLUMNS = ["message_id", "category", "confidence", "category_2", "category_3"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained on the sample by the installed command."""
    path = tmp_path_factory.mktemp("model") / "model"
    called = console("appeals", "train", SAMPLE, "--model", path)
    assert called.code == 0, called
    assert "macro-F1" in called.out
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_training_again_gives_the_same_bytes(model: Path, tmp_path: Path) -> None:
    called = yunnao("appeals", "train", SAMPLE, "--model", tmp_path / "again")
    assert called.code == 0, called
    assert (tmp_path / "again").read_bytes() == model.read_bytes()


def test_classify(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    called = console("appeals", "classify", SAMPLE, "--model", model, "-o", out)
    assert called.code == 0, called
    found, labelled = rows(out), rows(SAMPLE)
    assert list(found[0]) == COLUMNS
    assert [row["message_id"] for row in found] == [row["message_id"] for row in labelled]
    assert [row["category"] for row in found] == [row["category"] for row in labelled]
    assert all(0 < float(row["confidence"]) <= 1 for row in found)
    assert all(len({row["category"], row["category_2"], row["category_3"]}) == 3 for row in found)


def test_two_categories_leave_the_third_empty(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("words,category\n公交车 等,交通\n医院 贵,卫生\n公交 挤,交通\n", encoding="gb18030")
    assert yunnao("appeals", "train", file, "--model", tmp_path / "m").code == 0
    called = yunnao("appeals", "classify", file, "--model", tmp_path / "m", "-o", tmp_path / "o.csv")
    assert called.code == 0, called
    assert [row["category_3"] for row in rows(tmp_path / "o.csv")] == ["", "", ""]


def test_topics(tmp_path: Path) -> None:
    out = tmp_path / "topics.json"
    called = console("appeals", "topics", "--messages", SAMPLE, "--top", "2", "-o", out)
    assert called.code == 0, called
    found = json.loads(out.read_bytes())
    assert [topic["rank"] for topic in found] == [1, 2]
    assert "槐荫里" in found[0]["title"]
    assert "望江名邸" in found[1]["title"]
    assert set(found[0]) == {
        *("rank", "title", "place", "citizens", "messages", "first_day", "last_day"),
        *("period", "trend", "likes", "score", "words"),
    }


def test_rows_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("title,body,category\n公交车等,,交通\n医院贵,,卫生\n没有类别,,\n", encoding="utf-8")
    called = yunnao("appeals", "train", file, "--model", tmp_path / "m")
    assert called.code == 3, called
    assert "m.csv 第 4 行 category：没有类别" in called.err
    assert (tmp_path / "m").exists()


def test_what_is_refused_leaves_nothing(model: Path, tmp_path: Path) -> None:
    empty, one, broken = tmp_path / "e.csv", tmp_path / "one.csv", tmp_path / "broken"
    empty.write_text("title,category\n", encoding="utf-8")
    one.write_text("title,category\n公交车,交通\n", encoding="utf-8")
    broken.write_bytes(model.read_bytes()[:-50])
    out = tmp_path / "out"
    refused = [
        (("train", empty, "--model", out), "没有留言"),
        (("train", one, "--model", out), "至少要两个类别"),
        (("train", tmp_path / "absent.csv", "--model", out), "没有这个文件"),
        (("train", "--model", out), "缺少 LABELLED"),
        (("classify", SAMPLE, "--model", broken, "-o", out), "已损坏"),
        (("classify", SAMPLE, "--model", SAMPLE, "-o", out), "不是模型文件"),
        (("classify", SAMPLE, "--model", tmp_path / "absent", "-o", out), "没有这个文件"),
        (("classify", broken, "--model", model, "-o", out), ""),
        (("topics", "--messages", one, "-o", out), "没有“留言编号”（message_id）列"),
        (("topics", "--messages", SAMPLE, "--top", "0", "-o", out), "--top"),
    ]
    for words, said in refused:
        called = yunnao("appeals", *words)
        assert called.code == 2, (words, called)
        assert said in called.err, (words, called)
        assert called.err.count("✗") == 1, (words, called)
        assert not out.exists()


@real
def test_hot_topics_of_real_messages(tmp_path: Path) -> None:
    out = tmp_path / "topics.json"
    called = console("appeals", "topics", "--messages", MESSAGES, "--top", "6", "-o", out)
    assert called.code == 0, called
    messages, skipped = read_messages(MESSAGES)
    assert skipped == []
    named = {message.id: set_of(message) for message in messages}
    mostly = []
    for topic in json.loads(out.read_bytes()):
        names = [named[id_] for id_ in topic["messages"]]
        mostly.append(max(set(names), key=names.count))
    assert set(mostly) >= set(SOUGHT)
    ordered = sorted(messages, key=lambda message: (message.day, message.id))
    found = compare_groups([[named[ordered[row].id] for row in group] for group in find_events(ordered).groups])
    assert found.precision >= 0.94
    assert found.recall >= 0.65


@real
@pytest.mark.slow
def test_learning_from_real_messages(tmp_path: Path) -> None:
    called = console("appeals", "train", *TRAINING, "--model", tmp_path / "model", timeout=500)
    assert called.code == 0, called
    assert float(called.out.split("macro-F1 ")[1][:6]) >= 0.925
    called = console("appeals", "classify", MESSAGES, "--model", tmp_path / "model", "-o", tmp_path / "out.csv")
    assert called.code == 0, called
    assert len(rows(tmp_path / "out.csv")) == 4_326
