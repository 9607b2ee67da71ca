"""Whether what is given with a step or a filing suits the fields that were declared for it."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from yunnao.kernel.numbers import MONEY_BOUND
from yunnao.platforms.cases.filed.definitions import GivenField


def checked(
    fields: Mapping[str, GivenField],
    given: Mapping[str, Any],
    departments: Mapping[str, Any],
    cases: Collection[str] = (),
) -> str | None:
    """Why ``given`` does not suit ``fields``, as a Chinese sentence; none if it does.

    Args:
        cases: numbers of cases of the same flow that are known to exist, those that are given among them.
    """
    for name in given:
        if name not in fields:
            allowed = "、".join(f"{id_}（{field.title.zh}）" for id_, field in fields.items()) or "无"
            return f"没有叫 {name} 的一项；可以给：{allowed}"
    for name, field in fields.items():
        value = given.get(name)
        if value is None or value == "":
            if field.required:
                return f"缺少“{field.title.zh}”（{name}）；请补上"
            continue
        problem = _unsuited(field, value, departments, cases)
        if problem:
            return f"“{field.title.zh}”（{name}）{problem}"
    return None


def _unsuited(field: GivenField, value: Any, departments: Mapping[str, Any], cases: Collection[str]) -> str | None:
    match field.kind:
        case "truth":
            return None if isinstance(value, bool) else "只能是 true 或 false"
        case "number":
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                return "要是一个正整数"
            too_large = field.at_most is not None and value > field.at_most
            return f"最多 {field.at_most}，现在是 {value}" if too_large else None
        case "money":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MONEY_BOUND:
                return "要是金额：不小于 0，最多两位小数，不写单位"
            return None
        case "choice":
            options = "、".join(f"{id_}（{title.zh}）" for id_, title in field.values.items())
            return None if value in field.values else f"没有 {value!r} 这个选项；可选：{options}"
        case "department":
            return None if value in departments else f"没有部门 {value!r}；现有：{'、'.join(sorted(departments))}"
        case "case":
            return None if value in cases else f"没有编号为 {value!r} 的同类办件；请核对编号"
        case "date":
            return None if _is_date(value) else f"{value!r} 不是日期；请写成 2026-01-31"
    most = field.at_most or 2000
    if not isinstance(value, str):
        return "要是文字"
    if len(value) > most:
        return f"最多 {most} 个字，现在有 {len(value)} 个；请缩短"
    return "不能有控制字符" if any(ord(sign) < 32 and sign not in "\n\t" for sign in value) else None


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False
