"""The skeleton of the next report in the structure of the genre: how the year's plan was carried out, problems, the next year, annexes.

All sentences are our own; headings of aspects are those of the loaded plans. What an officer has to write stands as a gap, what has no data
is said to have none. Structure: rules/G_plan.yaml, `report_skeleton`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yunnao.platforms.indicators.report.document import (
    Block,
    Chart,
    Gap,
    Heading,
    Number,
    Paragraph,
    Report,
    Series,
    Span,
    Spans,
    Table,
    Tone,
)
from yunnao.platforms.indicators.targets.target import Target
from yunnao.platforms.indicators.targets.tracking import Light, Tracked
from yunnao.scenarios.plan.reporting.aspects import Aspect, aspects
from yunnao.scenarios.plan.reporting.figures import (
    Lineage,
    kind_of_target,
    name_of_target,
    result_spans,
    stretch_spans,
    target_spans,
    until,
)
from yunnao.scenarios.plan.reporting.main_indicators import main_indicators

_LIGHTS: Mapping[Light, tuple[str, Tone]] = {
    "green": ("已完成、能完成", "good"),
    "yellow": ("有风险、看不出", "fair"),
    "red": ("未完成、完不成", "attention"),
    "grey": ("缺数据", "none"),
    "aside": ("力争值", "plain"),
}
_MOST_RATES = 12
_MOST_NAMED = 20
_CLAUSE = re.compile("[，,；;]")
_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a report is made from.

    Attributes:
        district: what the district is called.
        year: whose plan was carried out.
        tracked: where every target of that year's plan stands on `as_of`.
        following: the targets of the next year's plan, as far as they are loaded.
    """

    district: str
    year: int
    as_of: dt.date
    tracked: Sequence[Tracked]
    following: Sequence[Target]
    lineage: Lineage


def skeleton(basis: Basis) -> Report:
    """The report."""
    return Report(
        title=f"关于{basis.district}{basis.year}年国民经济和社会发展计划执行情况与{basis.year + 1}年计划草案的报告",
        subtitle=f"（初稿：数取自指标库，截至{_day(basis.as_of)}；【】内由承办人填写，数的来历见批注）",
        as_of=basis.as_of,
        blocks=tuple(_Writing(basis).blocks()),
    )


class _Writing:
    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self._lineage = basis.lineage
        self._by_id = {each.target.target_id: each for each in basis.tracked}
        self._aspects = aspects([each.target for each in basis.tracked])
        self._ahead = aspects(basis.following)
        self._aspect_of = {
            target.target_id: aspect.title for aspect in (*self._aspects, *self._ahead) for target in aspect.targets
        }

    def blocks(self) -> Iterator[Block]:
        year = self._basis.year
        yield Heading(1, f"一、{year}年国民经济和社会发展计划执行情况")
        yield from self._summary()
        yield from self._rates()
        for number, aspect in enumerate(self._aspects, start=1):
            yield Heading(2, f"（{_numeral(number)}）{aspect.title}")
            yield from self._carried_out(aspect)
        yield Heading(1, "二、存在的困难和问题")
        yield from self._problems()
        yield Heading(1, f"三、{year + 1}年总体要求和主要预期目标")
        yield from self._expected()
        yield Heading(1, f"四、{year + 1}年主要任务和措施")
        yield from self._tasks()
        yield Heading(1, "附件")
        yield self._main_table()
        yield self._annex()
        yield Paragraph((Gap("附件3：名词解释，由承办人逐条填写"),))

    # ------------------------------------------------------------------ how the plan was carried out

    def _summary(self) -> Iterator[Block]:
        tracked = self._basis.tracked
        if not tracked:
            yield Paragraph(
                (Gap(f"{self._basis.year}年计划还没有入库：先用 yunnao plan load 导入核对过的目标，再重新生成"),)
            )
            return
        spans: list[Span] = [f"截至{_day(self._basis.as_of)}，{self._basis.year}年计划共有目标"]
        spans += [self._count(tracked, "全部"), "个，其中"]
        shown = [light for light in _LIGHTS if self._lit(tracked, light)]
        for place, light in enumerate(shown):
            lit = self._lit(tracked, light)
            spans += [f"{_LIGHTS[light][0]}的", self._count(lit, _LIGHTS[light][0])]
            spans.append("个。" if place == len(shown) - 1 else "个，")
        yield Paragraph((*spans, Gap("一两句总的评价")))
        rows = [
            (aspect.title, [self._by_id[target.target_id] for target in aspect.targets]) for aspect in self._aspects
        ]
        base = [light for light in _LIGHTS if light != "aside"]
        yield Chart(
            title="各方面目标完成情况",
            description="；".join(
                f"{title}："
                + "，".join(f"{_LIGHTS[light][0]} {len(lit)} 个" for light in base if (lit := self._lit(own, light)))
                for title, own in rows
            ),
            categories=tuple(
                _CLAUSE.split(title)[0] for title, _ in rows
            ),  # a label has little room; the table has all of it
            series=tuple(
                Series(
                    _LIGHTS[light][0], _LIGHTS[light][1], tuple(Decimal(len(self._lit(own, light))) for _, own in rows)
                )
                for light in base
            ),
            stacked=True,
            unit="个",
        )
        header = ("方面", "目标数", *(words for words, _ in _LIGHTS.values()))
        table: list[tuple[Spans, ...]] = []
        for title, own in (*rows, ("合计", list(tracked))):
            counts = [self._count(self._lit(own, light), f"{title}，{_LIGHTS[light][0]}") for light in _LIGHTS]
            table.append(((title,), (self._count(own, title),), *((count,) for count in counts)))
        yield Table(
            title="各方面目标完成情况（个）", header=header, rows=tuple(table), figures=frozenset(range(1, len(header)))
        )

    def _lit(self, tracked: Sequence[Tracked], light: Light) -> list[Tracked]:
        return [each for each in tracked if each.light == light]

    def _count(self, tracked: Sequence[Tracked], what: str) -> Number:
        ids = "、".join(each.target.target_id for each in tracked[:_MOST_NAMED])
        more = f" 等 {len(tracked)} 个" if len(tracked) > _MOST_NAMED else ""
        rows = f"：{ids}{more}" if tracked else "，没有"
        note = f"附件2 中“{what}”的行数，{self._basis.as_of} 的状态{rows}"
        return Number(text=str(len(tracked)), note=note)

    def _rates(self) -> Iterator[Block]:
        """Growth rates, planned and reached, side by side."""
        order = {series: place for place, series in enumerate(main_indicators())}
        rates = [
            each
            for each in self._basis.tracked
            if (each.target.promised.kind, each.target.promised.base_unit) == ("growth_yoy", "%")
            and not each.target.promised.aspirational
            and each.target.promised.value_high is None
        ]
        rates.sort(key=lambda each: order.get(each.target.promised.series, len(order)))
        shown = rates[:_MOST_RATES]
        if not shown:
            return
        names = tuple(name_of_target(each.target) for each in shown)
        described = (
            f"{name}计划 {each.target.promised.value:f}%，"
            + ("没有完成数" if each.value is None else f"完成 {each.value:f}%")
            for name, each in zip(names, shown, strict=True)
        )
        yield Chart(
            title="增速类指标：计划与完成",
            description="；".join(described),
            categories=names,
            series=(
                Series("计划", "second", tuple(each.target.promised.value for each in shown)),
                Series("完成", "plain", tuple(each.value for each in shown)),
            ),
            stacked=False,
            unit="%",
        )
        rows = tuple(
            ((name,), target_spans(each.target, self._lineage), self._result(each), (each.words.zh,))
            for name, each in zip(names, shown, strict=True)
        )
        left = f"（共 {len(rates)} 个，列前 {_MOST_RATES} 个，其余见附件2）" if len(rates) > len(shown) else ""
        header = ("指标", "计划", "完成", "状态")
        yield Table(title=f"增速类指标：计划与完成{left}", header=header, rows=rows, figures=frozenset({1, 2}))

    def _result(self, each: Tracked) -> Spans:
        spans = result_spans(each, self._lineage)
        return spans if spans else ("缺数据",)

    def _carried_out(self, aspect: Aspect) -> Iterator[Block]:
        for target in aspect.targets:
            yield Paragraph(self._sentence(self._by_id[target.target_id]))
        owners = list(dict.fromkeys(self._lineage.owner(target) for target in aspect.targets))
        yield Paragraph((Gap(f"主要做法和事例；{'、'.join(owners)}"),))

    def _sentence(self, each: Tracked) -> Spans:
        target = each.target
        promised = target.promised
        due = "" if promised.period == str(self._basis.year) else f"（{promised.period}）"
        lead = "力争" if promised.aspirational else "计划"
        spans: Spans = (f"{name_of_target(target)}{due}{lead}", *target_spans(target, self._lineage))
        spans += stretch_spans(target, self._lineage)
        if each.value is None:
            return (*spans, f"；没有完成数（{each.reason}）。", Gap(f"补报完成数；{self._lineage.owner(target)}"))
        return (*spans, f"，{until(each)}完成", *result_spans(each, self._lineage), f"；状态：{each.words.zh}。")

    # ------------------------------------------------------------------ problems

    def _problems(self) -> Iterator[Block]:
        tracked = self._basis.tracked
        for each in (*self._lit(tracked, "red"), *self._lit(tracked, "yellow")):
            if each.value is not None:
                note = f"{self._lineage.of_result(each)}；{self._lineage.of_target(each.target)}"
                reason = Number(text=each.reason, note=note)
                yield Paragraph(
                    (f"{name_of_target(each.target)}（{each.words.zh}）：", reason, "。", Gap("原因和对策"))
                )
        if lacking := self._lit(tracked, "grey"):
            named = "、".join(
                f"{name_of_target(each.target)}（{self._lineage.owner(each.target)}）" for each in lacking
            )
            yield Paragraph(
                (
                    "有",
                    self._count(lacking, _LIGHTS["grey"][0]),
                    f"个目标缺数据、不按年度考核或同名目标不一致，不能判断：{named}。",
                )
            )
        yield Paragraph((Gap("其他困难和问题"),))

    # ------------------------------------------------------------------ the next year

    def _expected(self) -> Iterator[Block]:
        following = self._basis.following
        yield Paragraph((Gap("总体要求"),))
        if not following:
            yield Paragraph(
                (Gap(f"{self._basis.year + 1}年的目标还没有入库：核对后用 yunnao plan load 导入，再重新生成"),)
            )
            return
        main = [each for each in following if each.promised.series in main_indicators() and not each.promised.area]
        if not main:
            yield Paragraph((Gap("入库的目标里没有主要指标，请补充"),))
        for each in main:
            yield Paragraph(self._promise(each))

    def _promise(self, target: Target) -> Spans:
        lead = "力争" if target.promised.aspirational else ""
        spans = target_spans(target, self._lineage)
        return (f"{name_of_target(target)}{lead}", *spans, *stretch_spans(target, self._lineage), "。")

    def _tasks(self) -> Iterator[Block]:
        following = bool(self._ahead)
        for number, aspect in enumerate(self._ahead or self._aspects, start=1):
            yield Heading(2, f"（{_numeral(number)}）{aspect.title}")
            for target in aspect.targets if following else ():
                yield Paragraph(self._promise(target))
            yield Paragraph((Gap("任务和措施" if following else "任务、措施和目标；标题沿用上年，可改"),))

    # ------------------------------------------------------------------ annexes

    def _main_table(self) -> Table:
        year = self._basis.year
        rows = []
        for series, (title, attribute) in main_indicators().items():
            now = [each for each in self._basis.tracked if _is_main(each.target, series)]
            then = [each for each in self._basis.following if _is_main(each, series)]
            keys = list(dict.fromkeys(_key(each) for each in (*(own.target for own in now), *then)))
            for key in keys:
                tracked = next((each for each in now if _key(each.target) == key), None)
                ahead = next((each for each in then if _key(each) == key), None)
                rows.append(self._main_row(tracked, ahead, attribute))
            if not keys:
                rows.append(((title,), *((Gap("没有入库"),),) * 6, (attribute,)))
        return Table(
            title="附件1：主要指标完成情况及计划",
            header=("指标", "性质", "单位", f"{year}年计划", f"{year}年完成", "结果", f"{year + 1}年计划", "属性"),
            rows=tuple(rows),
            figures=frozenset({3, 4, 6}),
        )

    def _main_row(self, tracked: Tracked | None, ahead: Target | None, attribute: str) -> tuple[Spans, ...]:
        target = tracked.target if tracked else ahead
        assert target is not None  # a row stands for a target of one of the two years
        return (
            (name_of_target(target),),
            (kind_of_target(target),),
            (target.promised.unit or "—",),
            target_spans(tracked.target, self._lineage) if tracked else ("没有目标",),
            self._result(tracked) if tracked else ("—",),
            (tracked.words.zh if tracked else "—",),
            target_spans(ahead, self._lineage) if ahead else (Gap("没有入库"),),
            (attribute,),
        )

    def _annex(self) -> Table:
        """Every target with its result: the place that all other numbers refer to."""
        rows = [self._annex_row(each) for each in self._basis.tracked]
        rows += [self._annex_ahead(each) for each in self._basis.following]
        return Table(
            title=f"附件2：全部目标及结果（{self._basis.as_of}）",
            header=("编号", "方面", "指标", "性质", "期限", "目标", "完成", "截至", "状态", "理由", "责任单位", "出处"),
            rows=tuple(rows),
            wide=True,
            figures=frozenset({5, 6}),
        )

    def _annex_row(self, each: Tracked) -> tuple[Spans, ...]:
        target = each.target
        result = result_spans(each, self._lineage, keeps=True)
        note = self._lineage.of_result(each) if result else self._lineage.of_target(target)
        return (
            *self._annex_lead(target),
            result or ("缺数据",),
            (until(each) if result else "—",),
            (each.words.zh,),
            (Number(text=each.reason, note=note),),
            (self._lineage.owner(target),),
            (self._where(target) + (f"；{each.source}" if each.source else ""),),
        )

    def _annex_ahead(self, target: Target) -> tuple[Spans, ...]:
        owner = self._lineage.owner(target)
        return (*self._annex_lead(target), ("—",), ("—",), ("下一年的目标",), ("—",), (owner,), (self._where(target),))

    def _annex_lead(self, target: Target) -> tuple[Spans, ...]:
        lead = "力争 " if target.promised.aspirational else ""
        return (
            (target.target_id,),
            (self._aspect_of[target.target_id],),
            (name_of_target(target),),
            (kind_of_target(target),),
            (target.promised.period,),
            (*((lead,) if lead else ()), *target_spans(target, self._lineage, keeps=True)),
        )

    def _where(self, target: Target) -> str:
        file = self._lineage.files.get(target.file, {})
        return f"{file.get('report') or '报告'} 第 {target.promised.text_line} 行，第 {target.revision} 次修订"


def _is_main(target: Target, series: str) -> bool:
    promised = target.promised
    return promised.series == series and not promised.area and not promised.aspirational


def _key(target: Target) -> tuple[str, str, str]:
    return target.promised.kind, target.promised.base_unit, target.promised.direction


def _numeral(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    lead = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return f"{lead}{_DIGITS[ones] if ones else ''}"


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
