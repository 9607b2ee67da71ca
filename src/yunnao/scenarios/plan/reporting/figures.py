"""Numbers of the store as a report shows them: to the last digit, in the unit of the promise, each with the note of its lineage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yunnao.kernel.text import Text
from yunnao.platforms.indicators.report.document import Number, Spans
from yunnao.platforms.indicators.targets.comparing import EXACT, SIGN_WORDS, Sign
from yunnao.platforms.indicators.targets.target import COVERS_WORDS, LAST_MONTH, Actual, Promised, Target
from yunnao.platforms.indicators.targets.tracking import Tracked
from yunnao.scenarios.plan.linking.arithmetic import KIND_WORDS

_HASH = 12
UNASSIGNED = "责任单位未明确"


@dataclass(frozen=True, slots=True)
class Lineage:
    """What notes are made from.

    Attributes:
        files: number -> reviewed file, as `Targets.files` has them.
        actuals: what officers' sheets said.
        departments: id -> title.
    """

    files: Mapping[int, Mapping[str, Any]]
    actuals: Sequence[Actual]
    departments: Mapping[str, Text]

    def owner(self, target: Target) -> str:
        """Who answers for a target, in words."""
        if target.owner is None:
            return UNASSIGNED
        title = self.departments.get(target.owner)
        return title.zh if title else target.owner

    def of_target(self, target: Target, *, stretch: bool = False) -> str:
        """Where a target, or what is striven for beside it, was promised, and how it came into the store."""
        promised, file = target.promised, self.files.get(target.file, {})
        report = file.get("report") or "报告（入库时没有写明文件）"
        reviewed = _reviewed(file)
        loaded = f"，{file['loaded_at']} 由 {file['actor']} 入库" if file else ""
        value = promised.base_stretch if stretch and promised.base_stretch is not None else promised.base_value
        stored = f"库中的{'力争值' if stretch else '值'} {_plain(value)} {promised.base_unit}".strip()
        return (
            f"目标 {target.target_id} 第 {target.revision} 次修订；{stored}；"
            f"出处 {report} 第 {promised.text_line} 行（第 {promised.begins}—{promised.ends} 字）：“{promised.quote}”；{reviewed}{loaded}"
        )

    def of_result(self, tracked: Tracked) -> str:
        """Where a result comes from, and when it was told."""
        promised, said = tracked.target.promised, self.actual(tracked)
        stored, told, how = "", "", ""
        if said is not None:
            added = said.covers == "month" and said.month > 1
            stored = f"；库中的值 {_plain(said.base_value)} {said.base_unit}".rstrip()
            how = f"（{COVERS_WORDS[said.covers]}{'，各月相加得出' if added else ''}）"
            told = f"，第 {said.revision} 次修订，{said.known_at} 记录" if said.known_at else ""
        return (
            f"目标 {tracked.target.target_id} 的完成数，截至 {promised.last_year} 年 {tracked.month} 月{stored}{how}；"
            f"来源 {tracked.source}{told}"
        )

    def actual(self, tracked: Tracked) -> Actual | None:
        """What was said that a result rests on, of a sum its last month; none where a run has measured it."""
        promised = tracked.target.promised
        wanted = (promised.series, promised.area, promised.kind, promised.base_unit, promised.last_year, tracked.month)
        for each in self.actuals:
            found = (each.series, each.area, each.kind, each.base_unit, each.year, each.month)
            if found == wanted and each.source == tracked.source:
                return each
        return None


def _reviewed(file: Mapping[str, Any]) -> str:
    """The file that was loaded: a reviewed table, or the report itself, which nobody had reviewed."""
    if not file:
        return "核对表不详"
    digest = f"（SHA-256 {file['sha256'][:_HASH]}）"
    read = file["sha256"] == file.get("report_sha256")
    return f"未经核对，直接由报告读出{digest}" if read else f"核对表 {file['name']}{digest}"


def target_text(promised: Promised) -> str:
    """The promised number as printed, to the last digit; both ends of a range."""
    low = _plain(promised.value)
    return low if promised.value_high is None else f"{low}—{_plain(promised.value_high)}"


def target_spans(target: Target, lineage: Lineage, *, keeps: bool = False) -> Spans:
    """A target in words: ``不低于 8%``. With ``keeps`` it is the place that others refer to."""
    promised, name = target.promised, f"t_{target.target_id}"
    number = Number(
        text=target_text(promised),
        note=lineage.of_target(target),
        anchor=name if keeps else "",
        refers="" if keeps else name,
    )
    plain_sign = promised.value_high is not None or promised.sign in ("=", "≈")
    before = "" if plain_sign else f"{SIGN_WORDS[promised.sign]}"
    after = "左右" if promised.sign == "≈" and promised.value_high is None else ""
    return (*((before,) if before else ()), number, f"{promised.unit}{after}")


def stretch_spans(target: Target, lineage: Lineage) -> Spans:
    """What is striven for beside a target (力争); nothing where there is none."""
    stretch = target.promised.base_stretch
    if stretch is None:
        return ()
    value = EXACT.divide(stretch, target.promised.factor)
    return ("，力争", Number(text=_plain(value), note=lineage.of_target(target, stretch=True)), target.promised.unit)


def result_spans(tracked: Tracked, lineage: Lineage, *, keeps: bool = False) -> Spans:
    """A result with its unit and the words around it: ``超过 560 家（预计）``; nothing where there is none."""
    if tracked.value is None:
        return ()
    name, unit, said = f"r_{tracked.target.target_id}", tracked.target.promised.unit, lineage.actual(tracked)
    sign: Sign = "=" if said is None else said.sign
    as_said = said is not None and (said.unit, said.value) == (unit, tracked.value)
    number = Number(
        text=_plain(said.value if said is not None and as_said else tracked.value),
        note=lineage.of_result(tracked),
        anchor=name if keeps else "",
        refers="" if keeps else name,
    )
    before = "" if sign in ("=", "≈") else SIGN_WORDS[sign]
    after = ("左右" if sign == "≈" else "") + ("（预计）" if tracked.source.endswith("（预计）") else "")
    return (*((before,) if before else ()), number, f"{unit}{after}")


def until(tracked: Tracked) -> str:
    """Up to when a result counts, in words."""
    year = tracked.target.promised.last_year
    return f"{year}年全年" if tracked.month == LAST_MONTH else f"截至{year}年{tracked.month}月"


def name_of_target(target: Target) -> str:
    """What a target is called in a report: indicator, and area where it is not the whole district."""
    promised = target.promised
    fall = "（下降）" if promised.direction == "down" else ""
    area = f"（{promised.area}）" if promised.area and promised.area not in promised.indicator else ""
    return f"{promised.indicator}{fall}{area}"


def kind_of_target(target: Target) -> str:
    """What sort of number it is, in words."""
    return KIND_WORDS.get(target.promised.kind, target.promised.kind)


def _plain(value: Decimal) -> str:
    """As it is kept, trailing zeros included."""
    return format(value, "f")
