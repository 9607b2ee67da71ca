"""A plan held to, by commands: reviewed rows in, commitments as cases, monthly sheets, lights; and two reports held against one another."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine

from tests.acceptance.commands import assert_refused, done, yunnao
from tests.scenarios.plan.linking.rows import promised, row
from tests.scenarios.plan.sample_rows import sample_rows
from yunnao.scenarios.plan.quantities import Quantity
from yunnao.scenarios.plan.quantity_files import rows_file
from yunnao.scenarios.plan.sample_plan import ACTUALS, OWNERS, REPORT

JANUARY, JULY = "2023-01-20T09:00:00+08:00", "2023-07-12T09:00:00+08:00"


def written(path: Path, rows: list[Quantity]) -> Path:
    path.write_bytes(rows_file(rows, path.name))
    return path


def loaded(tmp_path: Path) -> Path:
    """A home with the sample's targets, commitments and table of departments."""
    home, rows, pending = tmp_path / "home", written(tmp_path / "目标.xlsx", sample_rows()), tmp_path / "承诺.xlsx"
    done("init", home, now=JANUARY)
    (home / "plan").mkdir()
    (home / "plan" / "owners.yaml").write_bytes(OWNERS.read_bytes())
    done("plan", "commitments", REPORT, "--rows", rows, "-o", pending, now=JANUARY)
    out = done("plan", "load", home, rows, "--report", REPORT, "--commitments", pending, now=JANUARY).out
    assert "新目标 12，改 0，撤 0，未变 0" in out
    assert "新开办件 5（未明确责任单位 2），以前开过 0" in out
    assert "1 个目标还没有责任单位" in out
    again = done("plan", "load", home, rows, "--report", REPORT, "--commitments", pending, now=JANUARY).out
    assert "新目标 0，改 0，撤 0，未变 12" in again
    assert "以前开过 5" in again
    return home


def test_a_plan_is_held_to_through_the_year(tmp_path: Path) -> None:
    home = loaded(tmp_path)
    before = done("plan", "track", home, now=JULY).out
    assert "绿 0，黄 0，红 0，灰 11，另列 1" in before
    assert "新 39，改 0，与以前相同 0，拒绝 0" in done("plan", "actuals", home, ACTUALS, now=JULY).out
    tracked = {
        (each["series"], each["kind"], each["aspirational"]): each
        for each in json.loads(done("plan", "track", home, "--json", now=JULY).out)
    }
    industry = tracked["规模以上工业增加值", "growth_yoy", False]
    assert (industry["light"], industry["state"], industry["owner"]) == ("yellow", "at_risk", "industry_bureau")
    assert industry["band"]["low"] == "7.9"
    assert industry["band"]["high"] == "9.2"
    assert "按以往年份从6月到年底的变动（2021、2022年）" in industry["reason"]
    assert industry["lineage"]["quote"].startswith("规模以上工业增加值增长8")
    assert industry["source"].startswith("sample_actuals.csv 第 ")
    revenue = tracked["一般公共预算收入", "level", False]
    assert (revenue["latest"], revenue["month"]) == ("82.5", 6)
    assert revenue["words"] == "预计能完成"
    assert tracked["固定资产投资", "growth_yoy", False]["light"] == "red"
    assert tracked["空气质量优良天数比例", "share", False]["words"] == "缺数据（过期）"
    assert tracked["地区生产总值", "growth_yoy", False]["words"] == "缺数据"
    assert tracked["货物进出口总额", "growth_yoy", True]["light"] == "aside"
    assert "另有力争 12 %，不作底线：尚未达到" in tracked["货物进出口总额", "growth_yoy", False]["reason"]
    assert tracked["实际使用外资", "level", False]["latest"] == "6.12"
    book = tmp_path / "跟踪.xlsx"
    done("plan", "track", home, "-o", book, now=JULY)
    table = calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert table[0][:3] == ["灯", "状态", "指标"]
    assert len(table) == 13
    assert "完整" in done("audit", "verify", home, now=JULY).out


def test_a_later_sheet_revises_and_a_later_plan_supersedes(tmp_path: Path) -> None:
    home = loaded(tmp_path)
    done("plan", "actuals", home, ACTUALS, now=JULY)
    same = done("plan", "actuals", home, ACTUALS, now=JULY)
    assert "新 0，改 0" in same.out
    revised = tmp_path / "修订.csv"
    revised.write_text(
        "指标,时期,数值,计量单位\n规上工业增加值增速,2023年1-6月,6.1,%\n不存在的,2023年1-6月,1,%\n", encoding="utf-8"
    )
    answer = yunnao("plan", "actuals", home, revised, "--rejects", tmp_path / "拒.csv", now=JULY)
    assert (answer.code, "新 0，改 1" in answer.out) == (3, True)
    assert "没有“不存在的”这个指标的目标" in (tmp_path / "拒.csv").read_text(encoding="utf-8-sig")
    kept = [each for each in sample_rows() if each.indicator != "城镇登记失业率"]
    fewer = [
        replace(each, value=Decimal(7), base_value=Decimal(7)) if each.indicator == "规上工业增加值增速" else each
        for each in kept
    ]
    out = done("plan", "load", home, written(tmp_path / "调整.jsonl", fewer), now=JULY).out
    assert "新目标 0，改 1，撤 1，未变 10" in out
    assert "城镇登记失业率" not in done("plan", "track", home, now=JULY).out
    assert "完整" in done("audit", "verify", home, now=JULY).out


def test_the_next_report_says_how_the_year_ended(tmp_path: Path) -> None:
    home = loaded(tmp_path)
    rows = [
        row("规上工业增加值增速", "7.6", period="2023"),
        row("GDP增速", "5.8", period="2023", comparator="≈"),
        row("单位GDP能耗", "1.5", period="2023", direction="up"),
        row("市场主体总量", "24", "万户", period="2023", comparator=">"),
        row("自贸片区市场主体数", "5", "万户", period="2023"),
    ]
    out = done(
        "plan", "actuals", home, written(tmp_path / "2023年报告.jsonl", rows), now="2024-02-01T09:00:00+08:00"
    ).out
    assert "新 4，改 0" in out
    tracked = {
        each["series"]: each
        for each in json.loads(done("plan", "track", home, "--json", now="2024-02-01T09:00:00+08:00").out)
    }
    assert {
        series: tracked[series]["words"] for series in ("规模以上工业增加值", "市场主体", "单位地区生产总值能耗")
    } == {
        "规模以上工业增加值": "未完成",
        "市场主体": "已完成",
        "单位地区生产总值能耗": "未完成",
    }
    assert tracked["地区生产总值"]["words"] == "看不出"


def test_what_the_district_measures_itself_is_a_result(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=JULY)
    done("sample", home, "--scale", "0.0005", "--seed", "5", now=JULY)
    files = {path.stem: path for path in (home / "sample").rglob("*.*")}
    yunnao("load", home, "enterprises", files["市场主体登记信息"], now=JULY)
    yunnao("load", home, "tax_filings", files["涉税信息"], now=JULY)
    done("run", home, "--as-of", "2023-06-30", now=JULY)
    rows = [promised("在施惠企政策数", "20", "项", period="2023", comparator="≥")]
    done("plan", "load", home, written(tmp_path / "目标.jsonl", rows), now=JULY)
    (home / "plan").mkdir()
    (home / "plan" / "measured.yaml").write_text(
        "- {indicator: 在施惠企政策数, scenario: benefits, measure: policies_in_force, covers: point, unit: 项}\n",
        encoding="utf-8",
    )
    (tracked,) = json.loads(done("plan", "track", home, "--json", now=JULY).out)
    assert tracked["latest"] == "23"
    assert tracked["source"].startswith("第 1 次运行的指标 benefits.policies_in_force（2023-06-30")


def test_owners_are_said_by_an_officer_of_the_centre(tmp_path: Path) -> None:
    home = loaded(tmp_path)
    target = next(
        each["target"]
        for each in json.loads(done("plan", "track", home, "--json", now=JULY).out)
        if each["owner"] is None
    )
    assert_refused(yunnao("plan", "assign", home, target, "market_regulation", "--as", "ecology.handler", now=JULY))
    assert_refused(yunnao("plan", "assign", home, target, "nobody", "--as", "centre", now=JULY))
    done("plan", "assign", home, target, "market_regulation", "--as", "centre", "--reason", "主管部门", now=JULY)
    after = {each["target"]: each for each in json.loads(done("plan", "track", home, "--json", now=JULY).out)}
    assert (after[target]["owner"], after[target]["owner_by"]) == ("market_regulation", "officer")


def test_rows_of_another_report_are_refused_as_a_whole(tmp_path: Path) -> None:
    home, rows = tmp_path / "home", written(tmp_path / "目标.xlsx", sample_rows())
    done("init", home, now=JANUARY)
    other = tmp_path / "别的.txt"
    other.write_text("另一份报告。" + REPORT.read_text(encoding="utf-8"), encoding="utf-8")
    refused = yunnao("plan", "load", home, rows, "--report", other, now=JANUARY)
    assert_refused(refused)
    assert "不是从这份报告读出来的" in refused.err
    assert_refused(yunnao("plan", "track", home, now=JANUARY))


def test_a_report_that_nobody_reviewed_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=JANUARY)
    out = done("plan", "load", home, REPORT, now=JANUARY).out
    assert "没有人核对过" in out
    assert not json.loads(done("plan", "load", home, REPORT, "--json", now=JANUARY).out)["reviewed"]
    page = tmp_path / "报告.html"
    done("plan", "report", home, "--year", "2023", "-o", page, now=JULY)
    assert "未经核对，直接由报告读出" in page.read_text(encoding="utf-8")


def test_two_reports_are_linked_and_assessed(tmp_path: Path) -> None:
    old = written(
        tmp_path / "2022.jsonl", [promised("规上工业增加值增速", 8, comparator="≥"), promised("市场主体", "20", "万户")]
    )
    new = written(tmp_path / "2023.xlsx", sample_rows())
    found = json.loads(done("plan", "link", old, new, "--json").out)
    strengths = {(pair["target"]["series"], pair["relation"], pair["strength"]) for pair in found["pairs"]}
    assert ("规模以上工业增加值", "checks", "exact") in strengths
    assert ("规模以上工业增加值", "continues", "exact") in strengths
    assert all(pair["verdict"] is None for pair in found["pairs"] if pair["strength"] == "related")
    verdicts = {
        each["target"]["series"]: each["verdict"] for each in json.loads(done("plan", "assess", old, new, "--json").out)
    }
    assert verdicts == {"规模以上工业增加值": "missed", "市场主体": "met"}
    out = done("plan", "assess", old, new, "-o", tmp_path / "考核.xlsx").out
    assert "2 个目标：完成 1，未完成 1，不能判断 0，力争，另列 0" in out
    done("plan", "link", old, new, "-o", tmp_path / "对照.csv")
    assert (tmp_path / "对照.csv").read_text(encoding="utf-8-sig").startswith("关系,关联强度,判断")


def test_a_sheet_answers_for_a_report(tmp_path: Path) -> None:
    rows = written(tmp_path / "目标.jsonl", sample_rows())
    sheet = tmp_path / "完成.csv"
    sheet.write_text(
        "指标,时期,数值,计量单位\nGDP增速,2023年,5.7,%\n规上工业增加值增速,2023年1-6月,9,%\n一般公共预算收入,2023年,1600000,万元\n",
        encoding="utf-8",
    )
    answers = {
        (each["target"]["series"], each["target"]["kind"], each["target"]["aspirational"]): each
        for each in json.loads(done("plan", "assess", rows, sheet, "--json").out)
    }
    assert answers["地区生产总值", "growth_yoy", False]["verdict"] == "met"
    assert "软件约定" in answers["地区生产总值", "growth_yoy", False]["reason"]
    half = answers["规模以上工业增加值", "growth_yoy", False]
    assert (half["verdict"], "不是全年数" in half["reason"]) == ("not_assessable", True)
    swapped = yunnao("plan", "assess", sheet, rows)
    assert_refused(swapped)
    assert "是完成情况的表，不是目标" in swapped.err
    reached = written(tmp_path / "完成.jsonl", [row("市场主体", "20", "万户")])
    nothing = yunnao("plan", "assess", reached, sheet)
    assert_refused(nothing)
    assert "没有一行是目标" in nothing.err
    revenue = answers["一般公共预算收入", "level", False]
    assert (revenue["verdict"], revenue["strength"]) == ("missed", "convertible")
    assert answers["货物进出口总额", "growth_yoy", True]["verdict"] is None
    assert answers["空气质量优良天数比例", "share", False]["verdict"] == "not_assessable"


def test_what_does_not_fit_is_asked(tmp_path: Path) -> None:
    rows = [row("实际使用外资", "16.5", "亿元"), row("实际使用外资", "15.9", "万元", period="2021")]
    out = done("plan", "question", written(tmp_path / "a.jsonl", rows)).out
    assert "请核对 1 处" in out
    assert "单位写对了吗？" in out
