"""The skeleton: numbers are the store's to the last digit, each leads to its lineage, and what is missing is said."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from tests.platforms.indicators.report.package import Package, check
from tests.platforms.indicators.targets.promises import GROWTH, promise
from tests.scenarios.plan.reporting.plans import HOSTILE, NEXT, PLAN, basis, loaded
from tests.web.service.served import make_district
from yunnao.app import District
from yunnao.kernel.moment import CHINA
from yunnao.platforms.indicators.report.document import Chart, Gap, Heading, Paragraph, Report, Span, Table
from yunnao.platforms.indicators.report.word import as_docx
from yunnao.platforms.indicators.targets.target import Target
from yunnao.scenarios.plan.reporting.aspects import aspects
from yunnao.scenarios.plan.reporting.skeleton import skeleton
from yunnao.web.plan_report_page import report_page

NOW = dt.datetime(2024, 1, 15, 9, tzinfo=CHINA)


@pytest.fixture
def district(target: str, tmp_path: Path) -> Iterator[District]:
    """On each database in turn."""
    found = District(make_district(tmp_path / "home", target), lambda: NOW, {})
    yield found
    found.records.close()


def word_of(span: Span) -> str:
    return span if isinstance(span, str) else f"【{span.text}】" if isinstance(span, Gap) else span.text


def text_of(report: Report) -> str:
    lines = []
    for block in report.blocks:
        if isinstance(block, Paragraph):
            lines.append("".join(map(word_of, block.spans)))
        elif isinstance(block, Heading):
            lines.append(block.text)
    return "\n".join(lines)


def test_the_documents_numbers_are_those_of_the_store_to_the_last_digit(district: District) -> None:
    made = skeleton(basis(loaded(district)))
    package = Package.of(as_docx(made))
    check(package)
    kept, tracked = package.bookmarked(), basis(district).tracked
    targets = [*district.targets.targets("2023"), *district.targets.targets("2024")]
    assert len(targets) == len(PLAN) + len(NEXT)
    for target in targets:
        promised = target.promised
        high = "" if promised.value_high is None else f"—{promised.value_high}"
        assert kept.pop(f"t_{target.target_id}") == f"{promised.value}{high}"
    with_results = [each for each in tracked if each.value is not None]
    assert len(with_results) == 4
    said_in_sheets = district.targets.actuals()
    for each in with_results:
        promised = each.target.promised
        (said,) = [
            a for a in said_in_sheets if (a.series, a.kind, a.month) == (promised.series, promised.kind, each.month)
        ]
        assert Decimal(kept.pop(f"r_{each.target.target_id}")) * promised.factor == said.base_value
    assert kept == {}
    assert {text for name, text in package.references()} <= set(package.bookmarked().values())
    assert all(package.bookmarked()[name] == shown for name, shown in package.references())


def test_a_scaled_result_is_exact_in_the_unit_of_the_promise(district: District) -> None:
    said = text_of(skeleton(basis(loaded(district))))
    assert "一般公共预算收入计划240亿元，2023年全年完成234.123456789亿元；状态：未完成。" in said
    assert "城镇新增就业计划超过2.50万人，截至2023年11月完成2.465万人" in said
    assert "规上工业增加值增速计划不低于8%，力争9.5%，2023年全年完成8.10%；状态：已完成。" in said
    assert "新建学校计划3—5所；没有完成数（没有 2023 年的数据）。【补报完成数；责任单位未明确】" in said
    assert "计划12.0个左右" in said
    assert "规上工业增加值增速8.50%" in said.replace("不低于", "")


def test_every_number_leads_to_its_sentence_or_its_sheet(district: District) -> None:
    made = skeleton(basis(loaded(district)))
    targets = {each.target_id: each for each in (*district.targets.targets("2023"), *district.targets.targets("2024"))}
    files = district.targets.files()
    numbers = list(made.numbers())
    assert all(number.note for number in numbers)
    for number in numbers:
        name = number.anchor or number.refers
        if name.startswith("t_"):
            target = targets[name[2:]]
            file = files[target.file]
            for part in (
                target.promised.quote,
                f"第 {target.promised.text_line} 行",
                file["report"],
                file["sha256"][:12],
            ):
                assert part in number.note
        elif name.startswith("r_"):
            assert "月报.xlsx 第 2 行" in number.note
            assert "2024-01-15" in number.note
        else:
            assert "附件2" in number.note or "目标 T" in number.note
    noted = Package.of(as_docx(made)).noted()
    assert noted == [(number.text, number.note) for number in numbers]


def test_counts_add_up_and_stand_in_chart_and_table_alike(district: District) -> None:
    made = skeleton(basis(loaded(district)))
    (table,) = [b for b in made.blocks if isinstance(b, Table) and b.title.startswith("各方面")]
    (chart,) = [b for b in made.blocks if isinstance(b, Chart) and b.stacked]
    rows = [["".join(map(word_of, cell)) for cell in row] for row in table.rows]
    assert [row[0] for row in rows] == ["抓产业", "促开放", "惠民生", "合计"]
    counts = [[int(cell) for cell in row[1:]] for row in rows]
    assert counts[-1] == [sum(column) for column in zip(*counts[:-1], strict=True)]
    assert [row[0] for row in counts] == [2, 1, 3, 6]
    assert all(row[0] == sum(row[1:]) for row in counts)
    in_chart = [tuple(Decimal(row[place]) for row in counts[:-1]) for place in range(1, 5)]
    assert [series.values for series in chart.series] == in_chart


def test_what_is_missing_is_said_and_nothing_is_invented(district: District) -> None:
    made = skeleton(basis(loaded(district, following=[])))
    said = text_of(made)
    assert "2024年的目标还没有入库" in said
    annex = next(b for b in made.blocks if isinstance(b, Table) and b.title.startswith("附件2"))
    assert len(annex.rows) == len(PLAN)
    lacking = [row for row in annex.rows if row[6] == ("缺数据",)]
    assert len(lacking) == 2
    assert all(row[7] == ("—",) and row[8] == ("缺数据",) for row in lacking)
    main = next(b for b in made.blocks if isinstance(b, Table) and b.title.startswith("附件1"))
    gdp = next(row for row in main.rows if row[0] == ("地区生产总值",))
    assert all(isinstance(cell[0], Gap) for cell in gdp[1:-1])
    assert gdp[-1] == ("预期性（待核）",)
    named = {"".join(map(word_of, row[0])) for row in main.rows}
    assert "细颗粒物年均浓度" in named, "as the table of main indicators prints it, not as names are compared"


def test_a_plan_that_is_not_loaded_gives_gaps(district: District) -> None:
    made = skeleton(basis(district))
    assert "2023年计划还没有入库" in text_of(made)
    assert list(made.numbers()) == []
    check(Package.of(as_docx(made)))


def test_word_and_page_hold_the_same_and_hostile_names_stay_words(district: District) -> None:
    made = skeleton(basis(loaded(district)))
    page = report_page(made)
    assert "<img" not in page
    assert "&lt;img src=x onerror=" in page
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    for number in made.numbers():
        assert f">{number.text}<" in page or number.text in page
    for anchor in {number.anchor for number in made.numbers() if number.anchor}:
        assert page.count(f'id="{anchor}"') == 1
    read = docx.Document(io.BytesIO(as_docx(made)))
    assert any(HOSTILE in paragraph.text for paragraph in read.paragraphs)


def test_every_note_on_the_page_is_reached_and_exists(district: District) -> None:
    page = report_page(skeleton(basis(loaded(district))))
    links = re.findall(r'href="#([^"]+)"', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert {each for each in ids if re.fullmatch(r"n\d+", each)} <= set(links)


def _target(place: int, section: str) -> Target:
    promised = promise(GROWTH, begins=place, ends=place + 1, section=section)
    return Target(target_id=f"T{place}", revision=1, file=1, plan="2023", withdrawn=False, promised=promised)


@pytest.mark.parametrize(
    ("sections", "titles"),
    [
        (["二、任务 > （一）甲 > 1", "二、任务 > （二）乙 > 2", "二、任务 > （三）丙"], ["甲", "乙", "丙"]),
        (["一、甲 > （一）x", "二、乙", "三、丙 > （一）y", "三、丙 > （二）z"], ["甲", "乙", "丙"]),
        (["第一章 甲 > 第一节 x", "第一章 甲 > 第二节 y"], ["x", "y"]),
        (["任务", "任务"], ["任务"]),
        (["", ""], ["其他目标"]),
        (["二、任务 > （一）甲", "", "二、任务 > （二）乙"], ["甲", "其他目标", "乙"]),
    ],
)
def test_aspects_are_the_headings_of_any_report(sections: list[str], titles: list[str]) -> None:
    found = aspects([_target(place, section) for place, section in enumerate(sections)])
    assert [each.title for each in found] == titles
    assert sum(len(each.targets) for each in found) == len(sections)
