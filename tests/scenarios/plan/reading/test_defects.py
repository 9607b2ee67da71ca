"""What is wrong with a text is said, and numbers beside it are read as they are."""

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.scenarios.plan.reading.said import HEADING, rows
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.reading.reader import read

REPORTS = sorted((Path(__file__).resolve().parents[1] / "reports").glob("*.txt"))


def _defects(text: str, kind: str) -> list[str]:
    return [defect.text for defect in read(Document(text=text, source="x")).defects if defect.kind == kind]


@pytest.mark.parametrize("word", ["4399在线游戏的", "5173交易盒子的", "欢乐斗地主大厅的"])
def test_injected_words_are_found_wherever_they_stand(word: str) -> None:
    text = (
        f"打造产业集群{word}解决方案，开展线上{word}线下活动12场。推动支付{word}方式改革，覆盖企业36家。"
        f"提供精准{word}服务保障，新增泊位8个。"
    )
    assert _defects(text, "injected") == [word] * 4
    assert [f"{row.value:f}{row.unit}" for row in rows(text)] == ["12场", "36家", "8个"]


@pytest.mark.parametrize("address", ["http://abc.cn/x", "www.abc123.com"])
def test_addresses_are_injected(address: str) -> None:
    assert _defects(f"新增企业{address}若干家。", "injected") == [address]


@pytest.mark.parametrize(
    "word", ["蜘蛛资讯网", "传世私服的", "六合彩开奖", "58同城的", "1688采购批发", "看点网的", "www.huaxia.com"]
)
@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_whatever_is_put_in_is_found_and_no_number_changes(report: Path, word: str) -> None:
    """Five places in the middle of phrases, drawn by the word and the report."""
    text = report.read_text(encoding="utf-8")
    draw = random.Random(f"{report.stem}{word}")
    middles = [match.end() for match in re.finditer(r"[\u4e00-\u9fff](?=[\u4e00-\u9fff])", text)]
    places = sorted(draw.sample(middles, 5))
    pieces = [text[start:end] for start, end in pairwise([0, *places, len(text)])]
    dirty = word.join(pieces)
    before, after = (read(Document(text=one, source="x")) for one in (text, dirty))
    known = {defect.text for defect in before.defects if defect.kind == "injected"}
    found = [defect for defect in after.defects if defect.kind == "injected" and defect.text not in known]
    assert sum(word in defect.text for defect in found) == len(places)
    assert all(word in defect.text for defect in found), "and nothing else"
    assert [(row.value, row.unit, row.kind) for row in after.rows] == [
        (row.value, row.unit, row.kind) for row in before.rows
    ]


def test_a_row_beside_an_injection_is_to_be_looked_at() -> None:
    (clean,) = rows("出台支持工业稳增长5条。")
    (doubted,) = rows("出台支持工业稳同比增长5条。")
    assert doubted.confidence <= 0.6 < clean.confidence


@pytest.mark.parametrize(
    "passage", ["出台支持工业稳同比增长5条政策。", "推进收入与经济同步同比增长。", "完善工资正常同比增长机制。"]
)
def test_a_comparison_without_a_number_was_put_in(passage: str) -> None:
    assert _defects(passage, "injected") == ["同比"]


@pytest.mark.parametrize("passage", ["投资同比增长5%。", "利润同比增长近两成。", "用电同比持平。"])
def test_a_comparison_with_a_number_was_not(passage: str) -> None:
    assert _defects(passage, "injected") == []


def test_an_injected_word_changes_no_number() -> None:
    (row,) = rows("支持工业稳同比增长5条。")
    assert (f"{row.value:f}", row.unit, row.kind) == ("5", "条", "level")


def test_lost_plus_signs() -> None:
    text = HEADING + "搭建“9 2”平台，推行“1 n”帮扶、1 n体系和“党建 物业”模式，新增12家。"
    found = [defect for defect in read(Document(text=text, source="x")).defects if defect.kind == "lost_plus"]
    assert [defect.likely for defect in found] == ["+"] * 4
    assert [f"{row.value:f}" for row in rows(text.removeprefix(HEADING))] == ["12"]


def test_spaces_of_a_text_that_has_many_are_no_lost_signs() -> None:
    text = "深 化 “改 革 开 放” 推 进 “一 体 发 展” 工 作 落 实 见 效"
    assert _defects(text, "lost_plus") == []


def test_lower_case_and_punctuation() -> None:
    assert _defects("建设ppp项目和5g基站,新增fpso平台。", "lowercased") == ["ppp", "fpso"]
    assert _defects("建设PPP项目和5G基站。", "lowercased") == []
    assert _defects("增长8%,达到1,234家;新增(含)2家", "ascii_punctuation") == [",", ";", "(", ")"]


def test_names_that_return_are_not_injected() -> None:
    text = "滨海湾新区加快建设。支持滨海湾新区发展。来到滨海湾新区投资，扩大滨海湾新区影响。"
    assert _defects(text, "injected") == []
