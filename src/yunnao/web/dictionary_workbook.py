"""The policy dictionary as an Excel workbook: policies, conditions, parameters, worked examples, facts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from yunnao.catalogue.scenario import Scenario
from yunnao.storage.files import replace_with
from yunnao.web.dictionary_entries import policy_view
from yunnao.web.dictionary_facts import fact_groups
from yunnao.web.dictionary_views import ConditionView, PolicyView

_LONGEST = 32_000  # an Excel cell holds 32,767 characters
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # equal dictionaries are equal files

Row = tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A worksheet: title, (header, width in characters) of every column, rows of text."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Row]


def write_workbook(scenarios: Sequence[Scenario], path: Path, *, as_of: dt.date, district_title: str) -> None:
    """Write the workbook to ``path``, whole or not at all; every cell is text, nothing in it is a formula or a link.

    Raises:
        YunnaoError: the file cannot be written.
    """

    def write(temporary: Path) -> None:
        book = xlsxwriter.Workbook(str(temporary))
        title = f"{district_title}惠企政策词典"
        book.set_properties({"title": title, "created": _CREATED, "comments": f"状态截至 {as_of}"})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE9F5", "border": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in workbook_sheets(scenarios, as_of):
            page = book.add_worksheet(sheet.title)
            for column, (heading, width) in enumerate(sheet.columns):
                page.set_column(column, column, width)
                page.write_string(0, column, heading, head)
            for number, row in enumerate(sheet.rows, start=1):
                for column, text in enumerate(row):
                    if text:
                        page.write_string(number, column, text[:_LONGEST], cell)
            page.freeze_panes(1, 1)
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        book.close()

    replace_with(path, write)


def workbook_sheets(scenarios: Sequence[Scenario], as_of: dt.date) -> Iterator[Sheet]:
    """The sheets, in order."""
    zh = [policy_view(s, p, "zh", as_of) for s in scenarios for p in s.policies.values()]
    yield Sheet(
        "政策目录",
        (
            *(("政策编号", 24), ("政策名称", 34), ("英文名称", 34), ("状态", 10), ("待核", 8), ("兑现方式", 10)),
            *(
                ("优惠形式", 10),
                ("给什么", 44),
                ("金额算法", 60),
                ("发文机关", 28),
                ("文号", 40),
                ("有效期", 24),
                ("适用地区", 10),
            ),
            *(("主管部门", 20), ("享受次数", 10), ("不能同时享受", 28), ("应用场景", 14), ("来源", 40), ("说明", 40)),
        ),
        [_policy_row(view) for view in zh],
    )
    yield Sheet(
        "条件",
        (
            *(("政策编号", 24), ("政策名称", 34), ("序号", 8), ("所在条件组", 40), ("数据项", 26), ("比较", 16)),
            *(("标准", 24), ("依据", 40), ("待核", 20), ("仅适用于", 24), ("说明", 40), ("数据项代号", 28)),
        ),
        [row for view in zh if view.conditions for row in _condition_rows(view, view.conditions)],
    )
    yield Sheet(
        "参数",
        (
            *(("政策编号", 24), ("政策名称", 34), ("参数", 28), ("参数名称", 30), ("执行期间", 26), ("数值", 18)),
            *(("现行", 8), ("依据", 40), ("待核", 20), ("说明", 40)),
        ),
        [
            (
                *(view.policy.id, view.title, row.id, row.title, row.days, row.value),
                *("是" if row.now else "否", row.cites, row.uncertain, row.note),
            )
            for view in zh
            for row in view.parameters
        ],
    )
    yield Sheet(
        "示例",
        (
            *(("政策编号", 24), ("政策名称", 34), ("情形", 44), ("日期", 12), ("已知", 60)),
            *(("结果", 16), ("金额", 18), ("缺少的数据项", 30)),
        ),
        [
            (
                *(
                    view.policy.id,
                    view.title,
                    row.sentence,
                    row.as_of,
                    "\n".join("：".join(pair) for pair in row.given),
                ),
                *(row.outcome, row.amount, "、".join(row.missing)),
            )
            for view in zh
            for row in view.examples
        ],
    )
    yield Sheet(
        "事实",
        (
            *(("名册或类别", 24), ("主管部门", 20), ("数据项", 30), ("代号", 32), ("类型", 10), ("单位", 10)),
            *(("含义", 50), ("算法", 60), ("取值", 40), ("依据", 40), ("待核", 20), ("用到它的政策", 50)),
        ),
        [
            (
                *(group.title, group.department, fact.title, fact.id, fact.type, fact.unit, fact.meaning, fact.formula),
                *("、".join(fact.values), fact.cites, fact.uncertain, "、".join(title for title, _ in fact.used_by)),
            )
            for group in fact_groups(scenarios, "zh", as_of)
            for fact in group.facts
        ],
    )


def _policy_row(view: PolicyView) -> Row:
    policy = view.policy
    return (
        *(policy.id, view.title, view.other_title, view.status, "待核" if view.uncertain else "", view.delivery),
        *(view.kind, view.terms, view.amount.formula if view.amount else ""),
        *("、".join(policy.issuer), "\n".join(policy.cites), view.days, policy.region),
        *(view.department, view.period, "、".join(title for title, _ in view.exclusions), view.scenario),
        *("\n".join(policy.source), policy.note or ""),
    )


def _condition_rows(view: PolicyView, root: ConditionView) -> Iterator[Row]:
    for number, (path, test) in enumerate(_tests(root, ()), start=1):
        yield (
            *(view.policy.id, view.title, str(number), " → ".join(path), test.title, test.comparison.rstrip("：")),
            *(test.threshold or "、".join(test.choices), test.cites, test.uncertain, test.days, test.note, test.fact),
        )


def _tests(node: ConditionView, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ConditionView]]:
    if node.fact:
        yield path, node
    for item in node.items:
        yield from _tests(item, (*path, node.heading))
