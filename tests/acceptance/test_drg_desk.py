"""`yunnao drg review`, `reviews`, `questions`, `statements`, `workbook` as whole commands: a review changes what is settled next."""

import json
import re
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest

from tests.acceptance.commands import Called, console, yunnao
from tests.platforms.indicators.report.audit import complaints

OFFICERS = """
- {id: insurance.a, name: 示例医保甲, roles: [handler], department: medical_insurance}
- {id: insurance.b, name: 示例医保乙, roles: [handler], department: medical_insurance}
- {id: insurance.cashier, name: 示例出纳, roles: [cashier], department: medical_insurance}
- {id: hospital.one, name: 示例医院, roles: [hospital], hospital: H0001}
"""


def done(called: Called) -> str:
    assert called.code == 0, called
    return called.out


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic year, loaded and cleared."""
    home = tmp_path_factory.mktemp("drg") / "home"
    done(yunnao("init", home))
    actors = home / "actors.yaml"
    actors.write_text(actors.read_text(encoding="utf-8") + OFFICERS, encoding="utf-8")
    done(yunnao("drg", "sample", home, "--stays", 3_000, "--hospitals", 9))
    for register in ("hospitals", "inpatient_stays"):
        done(yunnao("load", home, register, home / "sample" / f"{register}.csv"))
    done(yunnao("drg", "settle", home, "--year", 2023))
    return home


def frame(home: Path, run: int, name: str) -> pl.DataFrame:
    return pl.read_parquet(home / "drg" / "runs" / str(run) / f"{name}.parquet")


def test_a_special_case_review_goes_from_the_hospital_to_the_next_settlement(home: Path, tmp_path: Path) -> None:
    stay = frame(home, 1, "stays").filter(pl.col("class") == "high").sort("total_cost")["case_id"][-1]
    asked = ("drg", "review", home, stay, "--kind", "special", "--ground", "high_cost", "--reason", "重症，治疗合理")
    out = done(yunnao(*asked))
    number = re.findall(r"DY\d{8}-\d{5}", out)[0]
    assert "特病单议申请 1 件" in out
    assert "某省 DRG 付费管理办法" in out
    assert number in done(yunnao(*asked))
    assert "以前开过" in done(yunnao(*asked))
    file = tmp_path / "评议.csv"
    assert "0 个认定" in done(yunnao("drg", "reviews", home, "-o", file))
    case = ("case", home, number)
    done(yunnao(*case, "accept", "--as", "insurance.a"))
    done(
        yunnao(*case, "opine", "--as", "insurance.a", "--give", "treatment=partly", "--give", "opinion=有 1 万元不合理")
    )
    decide = ("--give", "supported=true", "--give", "unreasonable_cost_fen=1000000", "--reason", "依专家意见")
    assert yunnao(*case, "decide", "--as", "insurance.a", *decide).code == 2  # who gave the opinion
    done(yunnao(*case, "decide", "--as", "insurance.b", *decide))
    assert "1 个认定" in done(yunnao("drg", "reviews", home, "-o", file))
    done(yunnao("load", home, "stay_reviews", file))
    done(yunnao("drg", "settle", home, "--year", 2023))
    before, after = (frame(home, run, "stays").filter(case_id=stay).row(0, named=True) for run in (1, 2))
    assert (after["class"], after["review"], after["removed_cost"]) == ("high", number, 1_000_000)
    assert after["points"] < before["points"]
    paid = [frame(home, run, "hospitals")["payable"].sum() for run in (1, 2)]
    assert paid[0] == paid[1]
    assert "扣减 10000.00" in done(yunnao("drg", "explain", home, stay))
    done(yunnao("audit", "verify", home))


def test_who_files_has_the_right_that_the_desk_asks_for(home: Path) -> None:
    stays = frame(home, 1, "stays").filter(pl.col("class") == "normal").sort("case_id")
    own, theirs = (stays.filter(hospital_id=hospital)["case_id"][0] for hospital in ("H0001", "H0002"))

    def filed(stay: str, actor: str, ground: str = "other") -> Called:
        kind = "objection" if ground == "readmission" else "special"
        return yunnao("drg", "review", home, stay, "--kind", kind, "--ground", ground, "--reason", "x", "--as", actor)

    told = {filed(stay, "hospital.one").err.replace(stay, "-") for stay in (theirs, "NO-SUCH")}
    assert len(told) == 1  # whether there is such a stay is not told
    assert "医院只能为本院的病案提出" in told.pop()
    for actor in ("ecology.handler", "insurance.cashier"):
        assert filed(own, actor).code == 2
    assert "没有叫 'nobody' 的操作人" in filed(own, "nobody").err
    assert "开办件" in done(filed(own, "hospital.one"))
    assert "以前开过" in done(filed(own, "insurance.b"))
    assert "没有病案 'NO-SUCH'" in filed("NO-SUCH", "insurance.a").err


def test_what_cannot_be_reviewed_is_said_in_words(home: Path) -> None:
    called = yunnao("drg", "review", home, "NO-SUCH", "--kind", "objection", "--reason", "x")
    assert called.code == 2
    assert "没有病案 'NO-SUCH'" in called.err
    stay = frame(home, 1, "stays")["case_id"][0]
    called = yunnao("drg", "review", home, stay, "--kind", "objection", "--ground", "few_stays", "--reason", "x")
    assert called.code == 2
    assert "对什么有异议" in called.err
    called = yunnao("drg", "review", home, stay, "--kind", "objection", "--reason", "x", "--run", 99)
    assert called.code == 2
    assert "没有第 99 次" in called.err


def test_statements_sum_to_the_run_and_are_the_same_each_time(home: Path, tmp_path: Path) -> None:
    out = done(console("drg", "statements", home, "--run", 1, "-o", tmp_path / "once"))
    assert "9 份结算单" in out
    done(yunnao("drg", "statements", home, "--run", 1, "-o", tmp_path / "twice"))
    files = sorted((tmp_path / "once").iterdir())
    assert len(files) == 9
    accounts = frame(home, 1, "hospitals")
    whole = Decimal(0)
    for path in files:
        assert path.read_bytes() == (tmp_path / "twice" / path.name).read_bytes()
        own = accounts.filter(pl.col("hospital_id") == path.name.split(" ")[0])
        rows = [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[2].rows]
        paid = [Decimal(row[5].replace(",", "")) for row in rows[1:]]
        assert sum(paid[:-1]) == paid[-1] == Decimal(own["payable"].sum()) / 100
        whole += paid[-1]
    assert whole * 100 == accounts["payable"].sum()
    assert complaints(files[0].read_bytes(), tmp_path / "checked.docx") == []
    one = done(yunnao("drg", "statements", home, "--run", 1, "-o", tmp_path / "one", "--hospital", "H0002"))
    assert "1 份结算单" in one
    assert yunnao("drg", "statements", home, "-o", tmp_path / "none", "--hospital", "nowhere").code == 2
    assert not (tmp_path / "none").exists()


def test_the_workbook_has_every_sheet_and_the_stays_only_if_wanted(home: Path, tmp_path: Path) -> None:
    done(yunnao("drg", "workbook", home, "--run", 1, "-o", tmp_path / "run.xlsx"))
    whole = ["医院", "医院收支", "各月点值", "病组", "病例类别", "医院与病组"]
    assert openpyxl.load_workbook(tmp_path / "run.xlsx").sheetnames == whole
    done(yunnao("drg", "workbook", home, "--run", 1, "-o", tmp_path / "all.xlsx", "--stays"))
    book = openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True)
    assert book["病例"].max_row == frame(home, 1, "stays").height + 1
    assert yunnao("drg", "workbook", home, "-o", tmp_path / "run.csv").code == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_questions_are_written_in_every_form_and_say_that_they_are_questions(
    home: Path, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"questions.{ending}"
    out = done(yunnao("drg", "questions", home, "--run", 1, "-o", path))
    assert "提问不是结论" in out
    count = int(re.findall(r"(\d+) 个提问", out)[0])
    if ending == "json":
        assert len(json.loads(path.read_text(encoding="utf-8"))) == count
    if ending == "xlsx":
        assert openpyxl.load_workbook(path)["提问"].max_row == count + 1
    assert f"{count} 个提问" in done(yunnao("drg", "questions", home, "--run", 1))
    assert yunnao("drg", "questions", home, "--run", 1, "-o", tmp_path / "x.pdf").code == 2


def test_questions_of_the_district_go_before_those_that_are_shipped(home: Path) -> None:
    own = home / "drg" / "questions.yaml"
    own.write_text("- id: high_multiples\n  title: {zh: 高, en: h}\n", encoding="utf-8")
    try:
        called = yunnao("drg", "questions", home, "--run", 1)
        assert called.code == 2
        assert "questions.yaml" in called.err
    finally:
        own.unlink()
