"""`yunnao plan report` as a whole command: from a report's text to the next report, by the sample of the scenario."""

import io
import re
from pathlib import Path

import docx
import pytest

from tests.acceptance.commands import Called, yunnao
from tests.platforms.indicators.report.audit import complaints
from tests.platforms.indicators.report.package import Package, check
from yunnao.scenarios import plan

SCENARIO = Path(str(plan.__file__)).parent
PARTS = (
    "一、2023年国民经济和社会发展计划执行情况",
    "二、存在的困难和问题",
    "三、2024年总体要求和主要预期目标",
    "四、2024年主要任务和措施",
)
NOW = "2023-08-15T10:00:00+08:00"


def call(*words: object) -> Called:
    called = yunnao(*words, now=NOW)
    assert called.code == 0, called
    return called


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    call("init", folder / "home")
    call("plan", "read", SCENARIO / "sample_report.txt", "-o", folder / "rows.xlsx")
    call("plan", "load", folder / "home", folder / "rows.xlsx", "--report", SCENARIO / "sample_report.txt")
    called = yunnao("plan", "actuals", folder / "home", SCENARIO / "sample_actuals.csv", now=NOW)
    assert called.code in (0, 3), called
    return folder / "home"


def test_the_next_report_is_whole_and_says_what_it_lacks(home: Path, tmp_path: Path) -> None:
    called = call("plan", "report", home, "--year", 2023, "-o", tmp_path / "报告.docx")
    content = (tmp_path / "报告.docx").read_bytes()
    package = Package.of(content)
    check(package)
    assert complaints(content, tmp_path / "checked.docx") == []
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert [text for text in texts if text in PARTS] == list(PARTS)
    assert any("规模以上工业增加值增速计划不低于8%，截至2023年6月完成8.5%" in text for text in texts)
    assert any("2024年的目标还没有入库" in text for text in texts)
    assert any("没有完成数" in text for text in texts)
    said = re.search(r"(\d+) 个目标，(\d+) 处数都有来历；缺完成数 (\d+) 个", called.out)
    assert said is not None
    assert int(said[2]) == len(package.noted())
    assert int(said[3]) == sum("没有完成数" in text for text in texts)
    assert any("sample_report.txt" in note and "sample_actuals.csv" not in note for _, note in package.noted())
    assert any("sample_actuals.csv" in note for _, note in package.noted())


def test_the_same_day_gives_the_same_file_and_an_earlier_day_knows_less(home: Path, tmp_path: Path) -> None:
    for name, day in (("a.docx", "2023-08-15"), ("b.docx", "2023-08-15"), ("c.html", "2023-05-20")):
        call("plan", "report", home, "--year", 2023, "--as-of", day, "-o", tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "截至2023年4月完成" in page
    assert "截至2023年6月完成" not in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--year", 2021, "-o", "x.docx"), "没有入库的 2021 计划（现有：2023）"),
        (("--year", 2023, "-o", "x.pdf"), "只能写成 .docx 或 .html"),
        (("-o", "x.docx"), "缺少 --year"),
    ],
)
def test_what_goes_wrong_is_a_sentence(home: Path, words: tuple[object, ...], told: str) -> None:
    called = yunnao("plan", "report", home, *words, now=NOW)
    assert called.code == 2, called
    assert told in called.err
