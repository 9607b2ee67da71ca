"""The labels fit their texts, the score counts as it says, and the reader holds its bars on reports in five styles."""

import json
from pathlib import Path
from typing import Any

import pytest
from bench.plan.labelling import LabelError, of_list, of_marked_text
from bench.plan.score import Score, indicator_overlap, read, score

from yunnao.scenarios.plan.quantity_files import as_jsonl
from yunnao.scenarios.plan.reading.reader import read as read_document
from yunnao.scenarios.plan.report_files import from_report_file

HERE = Path(__file__).parent
COMPOSED = sorted((HERE / "reports").glob("*.txt"))
REAL = HERE.parents[2] / ".." / "shared" / "data" / "plan" / "report_2022.txt"


def scored(report: Path, labels: Path) -> Score:
    document = from_report_file(report)
    rows = [json.loads(line) for line in as_jsonl(read_document(document).rows).decode().splitlines()]
    return score(rows, read(labels), document.text)


@pytest.mark.parametrize("report", COMPOSED, ids=lambda path: path.stem)
def test_labels_stand_on_their_numerals(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    labels = read(report.with_suffix(".jsonl"))
    assert [label["start"] for label in labels] == sorted(label["start"] for label in labels)
    for label in labels:
        numeral = text[label["start"] : label["end"]]
        assert numeral.strip()
        if "mark" not in label and numeral.lstrip("-").replace(".", "").isdigit():
            assert abs(float(numeral)) == label["value"]


def test_composed_reports() -> None:
    whole = Score()
    for report in COMPOSED:
        whole.add(scored(report, report.with_suffix(".jsonl")))
    assert whole.labels > 350
    assert whole.recall >= 0.93, whole.disagreements
    assert whole.precision >= 0.90, whole.disagreements
    bars = {"kind": 0.80, "status": 0.90, "period": 0.90, "comparator": 0.95, "direction": 0.95, "indicator": 0.80}
    assert {name: whole.accuracy(name) for name, bar in bars.items() if whole.accuracy(name) < bar} == {}


@pytest.mark.skipif(not REAL.exists(), reason="the real report is not beside the repository")
def test_the_real_report() -> None:
    whole = scored(REAL, HERE / "labels" / "report_2022.jsonl")
    assert whole.labels == 315
    assert whole.recall >= 0.97, whole.disagreements
    assert whole.precision >= 0.95, whole.disagreements
    bars = {"kind": 0.90, "status": 0.97, "period": 0.95, "comparator": 0.95, "direction": 0.95, "indicator": 0.80}
    assert {name: whole.accuracy(name) for name, bar in bars.items() if whole.accuracy(name) < bar} == {}


def test_both_forms_of_labels_say_the_same() -> None:
    marked = "⟦@target 2023⟧\n产值增长⟦8|%|g ≥|产值增速⟧%以上,力争⟦10|%|g asp|产值增速⟧%;⟦-712⟧所签约⟦三|家|l/i|签约数⟧家。\n"
    text, labels = of_marked_text(marked)
    assert text == "产值增长8%以上,力争10%;712所签约三家。\n"
    listed = "@1 target 2023\n8|%|g ≥|产值增速\n10|%|g asp|产值增速\n-712\n三|家|l/i|签约数\n"
    assert of_list(text, listed) == labels
    base, striven, name, signed = labels
    assert (base["aspirational"], striven["optional"], name["mark"], signed["value"]) == (10, True, "no_quantity", 3)
    with pytest.raises(LabelError, match="not by 个"):
        of_marked_text("签约⟦3|个|l|签约数⟧家")


def test_what_counts_as_right() -> None:
    def row(start: int, value: Any, unit: str = "家", **more: Any) -> dict[str, Any]:
        known = {"start": start, "end": start + 1, "value": value, "unit": unit, "base_value": value, "base_unit": unit}
        return known | {"kind": "level", "status": "outcome", "period": "2022", "indicator": "企业数"} | more

    labels = [row(0, 5), row(5, 6, also={"kind": ["increment"]}), {"start": 9, "end": 10, "mark": "either_way"}]
    found = score([row(0, "5"), row(5, 6, kind="increment"), row(9, 1), row(12, 7)], labels)
    assert (found.labels, found.rows, found.neutral, found.matched) == (2, 4, 1, 2)
    assert (found.recall, round(found.precision, 2)) == (1.0, 0.67)
    assert (found.right["kind"], found.first["kind"]) == (2, 1)
    assert score([row(0, 4)], labels).matched == 0
    assert score([row(0, 5, "个")], labels).matched == 0
    assert indicator_overlap("引进亿元以上项目数", "亿元以上引进项目数") == 1.0
    assert indicator_overlap("企业数", "面积") == 0.0
