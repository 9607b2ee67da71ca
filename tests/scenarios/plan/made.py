"""Rows of a text, made by hand: for tests of what happens to rows after they were read."""

import re
from typing import Any

from yunnao.scenarios.plan.quantities import QUANTITY, Quantity

TEXT = (
    "一、2022年执行情况\n"
    "全区生产总值增长8%,固定资产投资增长8%。实际利用外资增长11%,新增企业42.5万家。\n"
    "二、2023年目标\n"
    "全区生产总值增长7%左右。实际利用外资增长10%以上。\n"
    "港区实际利用外资增长5%以上,培训8000人。\n"
)


def made(text: str, numeral: str, indicator: str, *, nth: int = 1, **fields: Any) -> Quantity:
    """The row of the ``nth`` place of a numeral that stands by itself; fields not given are those of a plain % growth."""
    places = [*re.finditer(rf"(?<![0-9.]){re.escape(numeral)}(?![0-9.])", text)]
    start, end = places[nth - 1].span()
    clause = max(text.rfind(sign, 0, start) for sign in ",。\n") + 1
    close = min(place for sign in ",。\n" if (place := text.find(sign, end)) >= 0)
    heads: list[str] = re.findall(r"^[一二]、.*$", text[:start], re.MULTILINE)
    known = {
        "start": start,
        "end": end,
        "line": text.count("\n", 0, start) + 1,
        "quote": text[clause:close],
        "sentence": text[clause:close],
        "section": heads[-1] if heads else "",
        "indicator": indicator,
        "value": numeral,
        "unit": "%",
        "base_value": numeral,
        "base_unit": "%",
        "comparator": "=",
        "kind": "growth_yoy",
        "direction": "up",
        "period": "2022",
        "status": "outcome",
        "confidence": 0.9,
    }
    return QUANTITY.validate_python(known | fields)


def rows() -> list[Quantity]:
    """The rows of `TEXT`, without the number of the trained."""
    target: dict[str, Any] = {"status": "target", "period": "2023"}
    level: dict[str, Any] = {
        "kind": "increment",
        "direction": "none",
        "unit": "万家",
        "base_value": 425000,
        "base_unit": "家",
    }
    return [
        made(TEXT, "8", "地区生产总值增速"),
        made(TEXT, "8", "固定资产投资增速", nth=2),
        made(TEXT, "11", "实际利用外资增速"),
        made(TEXT, "42.5", "新增企业数", **level),
        made(TEXT, "7", "地区生产总值增速", comparator="≈", confidence=0.5, **target),
        made(TEXT, "10", "实际利用外资增速", comparator="≥", **target),
        made(TEXT, "5", "实际利用外资增速", comparator="≥", area="港区", **target),
    ]
