"""Commitments without a number: an action with a deadline (6月底前建成投用……). Proposed from the text; an officer reviews them.

A clause is proposed where it stands in the part of the report that promises, names a deadline and an action, and states no quantity
that the reader has made a row of. Nothing is a commitment until an officer has loaded the reviewed file.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from yunnao.platforms.indicators.targets.target import LAST_MONTH
from yunnao.scenarios.plan.quantities import Quantity

_SENTENCE = re.compile(r"[^。！？；\n\r]+[。！？；]?")
_CLAUSES = re.compile(r"[，,]")
_ACTIONS = re.compile(
    r"建成|投用|投入使用|完成|启动|开工|竣工|出台|设立|实现|通车|开通|投产|挂牌|落地|交付|运营|开放|验收|上线|编制|制定|组建|成立"
)
_PAST = re.compile(r"已经|已于|已建|已完成|去年|上年|顺利完成|圆满完成|全面完成了|了\d")
_SPAN = re.compile(r"十[三四五]五期?间?|五年内|三年内")
_MONTH_END = {"一季度": 3, "第一季度": 3, "上半年": 6, "二季度": 6, "前三季度": 9, "三季度": 9}
_DEADLINE = re.compile(
    r"(?:(?P<year>20\d{2})年|(?P<this>今年|本年))?"
    r"(?:(?P<month>1[0-2]|[1-9])月(?:份|底|末)?(?:之?前)?|(?P<named>第?一季度|上半年|二季度|前三季度|三季度)(?:末|底)?(?:之?前)?|"
    r"(?P<end>年底|年末)(?:之?前)?|(?P<within>年内|内|底前|底))"
)
_CONTEXT = re.compile(r"前|底|末|年内|内|上半年|季度")
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """An action that a plan promises by a day.

    Attributes:
        start, end: its words in characters of the report.
        line: counted from 1.
        action: the clauses that say what is done.
        due_on: the last day.
        period: the year of the plan.
        department: id of who answers for it; an officer writes it, empty until then.
    """

    start: int
    end: int
    line: int
    action: str
    sentence: str
    due_on: dt.date
    period: str
    department: str = ""

    @property
    def key(self) -> str:
        """What makes it the same in a later file: year, day and action."""
        return f"plan:{self.period}:{self.due_on}:{_tight(self.action)}"


def commitments(text: str, rows: Sequence[Quantity], year: int) -> list[Commitment]:
    """What the text commits to without a number, in order.

    Args:
        rows: what the reader made of the same text; a clause that holds one of them is a target, not a commitment.
        year: of the plan.
    """
    begins = _promises_begin(rows)
    taken = sorted((row.start, row.end) for row in rows)
    found = []
    for match in _SENTENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        sentence = match.group()
        if line < begins or _PAST.search(sentence) or any(match.start() <= start < match.end() for start, _ in taken):
            continue
        if (deadline := _deadline(sentence, year)) and _ACTIONS.search(sentence):
            words = sentence.strip().rstrip("。；！")
            start = match.start() + sentence.index(words[0]) if words else match.start()
            found.append(
                Commitment(
                    start=start,
                    end=start + len(words),
                    line=line,
                    action=_action(words),
                    sentence=words,
                    due_on=deadline,
                    period=str(year),
                )
            )
    return found


def plan_year(rows: Sequence[Quantity]) -> int | None:
    """The year that most targets are for; none where there are none."""
    years = [int(row.period) for row in rows if row.status == "target" and row.period.isdecimal()]
    return max(set(years), key=lambda year: (years.count(year), year)) if years else None


def _promises_begin(rows: Sequence[Quantity]) -> int:
    """The line that best parts outcomes from targets: as many outcomes as can be before it, as many targets after."""
    best, begins, balance = 0, 1, 0
    for row in sorted(rows, key=lambda row: row.line):
        balance += 1 if row.status == "outcome" else -1 if row.status == "target" else 0
        if balance > best:
            best, begins = balance, row.line + 1
    return begins


def _deadline(sentence: str, year: int) -> dt.date | None:
    found = []
    for match in _DEADLINE.finditer(sentence):
        words = match.group()
        if not _CONTEXT.search(words) or _SPAN.search(sentence):
            continue
        if match["within"] and not (match["year"] or match["this"] or match["within"] == "年内"):
            continue
        in_year = int(match["year"]) if match["year"] else year
        month = int(match["month"]) if match["month"] else _MONTH_END.get(match["named"] or "", LAST_MONTH)
        found.append(_last_day(in_year, month))
    late = [day for day in found if day.year >= year]
    return max(late) if late else None


def _action(sentence: str) -> str:
    """The clauses from the first that names a deadline or an action on."""
    clauses = _CLAUSES.split(sentence)
    first = next((n for n, clause in enumerate(clauses) if _ACTIONS.search(clause) or _DEADLINE.search(clause)), 0)
    return "，".join(clauses[first:])[:_LONGEST]


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year + month // LAST_MONTH, month % LAST_MONTH + 1, 1) - dt.timedelta(days=1)


def _tight(text: str) -> str:
    return re.sub(r"[\s，,、“”\"]", "", text)
