"""Commitments without a number: an action by a day (6月底前建成投用……), or a promise by comparison. An officer reviews what is proposed.

A clause that names a deadline, with those after it, is proposed where it stands in the part of the report that promises, names an
action, and states no quantity. A clause that says that something is finished (建成, 投用, 通车) without a day is proposed for the end of
the plan's year, and says so; and so is one that promises by comparison (与经济增长同步, 高于全市平均, 完成上级下达任务). Nothing is a
commitment until an officer has loaded the reviewed file.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yunnao.platforms.indicators.targets.target import LAST_MONTH
from yunnao.scenarios.plan.quantities import Quantity

_SENTENCE = re.compile(r"[^。！？；\n\r]+[。！？；]?")
_CLAUSE = re.compile(r"[^，,]+[，,]?")
_COUNTED = re.compile(r"\d[\d.]*\s*(?:%|％|万|亿|余|多|个|家|户|人|名|公里|千米|亩|平方|所|项|条|座|套|处|张|吨|元)")
_ACTIONS = re.compile(
    r"建成|投用|投入使用|完成|启动|开工|竣工|出台|设立|实现|通车|开通|投产|挂牌|落地|交付|运营|开放|验收|上线|编制|制定|组建|成立"
)
_FINISHED = re.compile(
    r"(?<!创)建成|投用|投入使用|启用|竣工|通车|投产|开通运营|建成运营|交付使用|完成主体|主体完工|开工建设|开工"
)
_BY_COMPARISON = re.compile(
    r"(?:与|和|同|跟)[^，。；]{2,14}?(?:基本)?同步"
    r"|(?:高于|快于|优于|好于|低于|不低于|不高于)(?:全[国省市区县]|周边|同期|经济|地区生产总值|gdp|GDP|上年|去年|城镇|农民|居民|财政|国家|省|市)[^，。；\d]{0,14}(?:平均|水平|增速|增长|增幅|目标|要求|标准|同期|线)?"
    r"|完成[^，。；\d]{0,8}(?:上级|国家|省|市|区|县)[^，。；\d]{0,6}(?:下达|任务|目标|要求)|(?:上级|省|市)[^，。；\d]{0,4}下达[^，。；\d]{0,6}(?:以内|范围|任务|目标)"
    r"|保持(?:基本)?(?:稳定|平衡)$|(?:动态)?清零|零增长|只增不减|只降不升"
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
_QUOTED = re.compile(r"[“\"「『][^”\"」』]*[”\"」』]")
_AFTER_THE_LAST = 3
"""Lines after the last target that may still promise; what follows are notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """An action that a plan promises by a day.

    Attributes:
        start, end: the action in characters of the report.
        line: counted from 1.
        action: the clauses that say what is done, and by when.
        due_on: the last day.
        period: the year of the plan.
        said: whether the report names the day; else it is the end of the plan's year.
        department: id of who answers for it; an officer writes it, empty until then.
    """

    start: int
    end: int
    line: int
    action: str
    sentence: str
    due_on: dt.date
    period: str
    said: bool = True
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
    begins, ends = _promises_begin(rows), max((row.line for row in rows if row.status == "target"), default=0)
    taken = [row.start for row in rows]
    found = []
    for match in _SENTENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if not begins <= line <= ends + _AFTER_THE_LAST or _PAST.search(match.group()) or _SPAN.search(match.group()):
            continue
        dated = [(*each, True) for each in _dated(match, year) if _ACTIONS.search(each[1])]
        for start, words, due_on, said in dated or [(*each, False) for each in _finished(match, year)]:
            end = start + len(words)
            if not _COUNTED.search(words) and not any(start <= place < end for place in taken):
                found.append(
                    Commitment(
                        start=start,
                        end=end,
                        line=line,
                        action=words[:_LONGEST],
                        sentence=match.group().strip(),
                        due_on=due_on,
                        period=str(year),
                        said=said,
                    )
                )
    return found


def _dated(sentence: re.Match[str], year: int) -> Iterator[tuple[int, str, dt.date]]:
    """The parts of a sentence that begin with a clause which names a deadline: where, the words, and the day."""
    text, parts = sentence.group(), list[tuple[int, dt.date]]()
    for clause in _CLAUSE.finditer(text):
        if day := _deadline(clause.group(), year):
            parts.append((clause.start(), day))
    for number, (start, day) in enumerate(parts):
        stop = parts[number + 1][0] if number + 1 < len(parts) else len(text)
        yield *_trimmed(sentence, start, stop), day


def _finished(sentence: re.Match[str], year: int) -> Iterator[tuple[int, str, dt.date]]:
    """The clauses of a sentence without a day that say that something will be finished or begun, or that promise by comparison."""
    for clause in _CLAUSE.finditer(sentence.group()):
        words = _QUOTED.sub("", clause.group()).rstrip("，,。；！？")
        if _FINISHED.search(words) or _BY_COMPARISON.search(words):
            yield *_trimmed(sentence, clause.start(), clause.end()), _last_day(year, LAST_MONTH)


def _trimmed(sentence: re.Match[str], start: int, stop: int) -> tuple[int, str]:
    words = sentence.group()[start:stop].rstrip(" 。；！，,;!\n\r\t")
    return sentence.start() + start + len(words) - len(words.lstrip()), words.strip()


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


def _deadline(clause: str, year: int) -> dt.date | None:
    """The last day that a clause names, of the plan's year or a later one."""
    found = []
    for match in _DEADLINE.finditer(clause):
        if not _CONTEXT.search(match.group()):
            continue
        if match["within"] and not (match["year"] or match["this"] or match["within"] == "年内"):
            continue
        in_year = int(match["year"]) if match["year"] else year
        month = int(match["month"]) if match["month"] else _MONTH_END.get(match["named"] or "", LAST_MONTH)
        found.append(_last_day(in_year, month))
    late = [day for day in found if day.year >= year]
    return max(late) if late else None


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year + month // LAST_MONTH, month % LAST_MONTH + 1, 1) - dt.timedelta(days=1)


def _tight(text: str) -> str:
    return re.sub(r"[\s，,、“”\"]", "", text)
