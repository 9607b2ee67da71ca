"""A result as tables of words and numbers, for a workbook, a page or a terminal.

A board that publishes bands is listed in the order of its units, with bands and without ranks, stars or scores; what each unit's
own score rests on is in the explained sheet, for that unit to check.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from yunnao.kernel.text import Language
from yunnao.platforms.indicators.assessment import words
from yunnao.platforms.indicators.assessment.definition import Assessment, Publishes
from yunnao.platforms.indicators.assessment.placing import Place
from yunnao.platforms.indicators.assessment.scoring import IndicatorScore, Scored, weight_of
from yunnao.platforms.indicators.assessment.sensitivity import Firmness, Stability
from yunnao.platforms.indicators.assessment.service import BoardResult, Result

Cell = str | Decimal

_MOST_TITLE = 31  # of a worksheet's name, in Excel
_NOT_IN_TITLES = str.maketrans(dict.fromkeys(r"[]:*?/\\", "·"))


@dataclass(frozen=True)
class Sheet:
    """A table: its name, sentences above it, the header, and rows as long as the header."""

    title: str
    notes: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(
    result: Result,
    stability: Stability,
    language: Language = "zh",
    unused: Sequence[str] = (),
    *,
    explained: bool = True,
) -> tuple[Sheet, ...]:
    """Every table of a result: total, each board, moves, sensitivity, how each score came about, the method, rows not used.

    Args:
        explained: with how each score came about, which shows every unit's scores.
    """
    say = _Saying(result, stability, language)
    found = [say.total(), *(say.board(each) for each in result.boards), say.moves(), say.sensitivity()]
    found += [say.explained()] * explained + [say.method()]
    if unused:
        found.append(
            Sheet(say.say("没有用上的行", "Rows not used"), (), (say.say("说明", "Why"),), tuple((w,) for w in unused))
        )
    return tuple(_named_apart(found))


def _named_apart(found: Sequence[Sheet]) -> Iterator[Sheet]:
    """Boards may be called anything; a workbook wants names that differ."""
    used: set[str] = set()
    for each in found:
        title, number = each.title, 2
        while title.lower() in used:
            title, number = f"{each.title[: _MOST_TITLE - 4]} ({number})", number + 1
        used.add(title.lower())
        yield replace(each, title=title)


def sheet_title(text: str) -> str:
    """A name that Excel accepts for a worksheet."""
    return text.translate(_NOT_IN_TITLES).strip("'")[:_MOST_TITLE] or "—"


class _Saying:
    """One result in one language."""

    def __init__(self, result: Result, stability: Stability, language: Language) -> None:
        self._result = result
        self._stability = stability
        self._language: Language = language

    def say(self, zh: str, en: str) -> str:
        return zh if self._language == "zh" else en

    @property
    def _assessment(self) -> Assessment:
        return self._result.assessment

    def _unit(self, unit: str) -> str:
        label = self._assessment.units[unit]
        return self.say(label.zh, label.en)

    def _notes(self) -> tuple[str, ...]:
        period = self._result.period.in_words(self._language)
        title = self.say(self._assessment.title.zh, self._assessment.title.en)
        example = self._assessment.example
        return (f"{title}（{period}）", *([self.say(example.zh, example.en)] if example else []))

    def _order(self, publishes: Publishes, places: dict[str, Place] | object) -> list[str]:
        """Units by place where ranks are published, those without one behind; else as they are listed."""
        listed = list(self._assessment.units)
        if publishes == "bands" or not isinstance(places, dict):
            return listed
        return sorted(listed, key=lambda unit: (unit not in places, places[unit].rank if unit in places else 0))

    def _rank(self, place: Place | None) -> Cell:
        return "—" if place is None else words.shown(place.rank)

    def _score(self, scored: Scored) -> Cell:
        return words.why_words(scored, self._language) if scored.score is None else words.shown(scored.score)

    def _band(self, scored: Scored) -> str:
        if scored.score is None:
            return words.why_words(scored, self._language)
        band = self._assessment.band(scored.score)
        return self.say(band.title.zh, band.title.en)

    def _move(self, move: Fraction | None) -> Cell:
        if move is None:
            return self.say("无上期位次", "no rank before")
        steps = words.shown(abs(move))
        if move == 0:
            return self.say("持平", "same")
        return self.say(f"升 {steps} 位", f"up {steps}") if move > 0 else self.say(f"降 {steps} 位", f"down {steps}")

    def total(self) -> Sheet:
        result, total = self._result, self._assessment.total
        ranked = total.publishes == "ranks"
        starred = [each for each in result.boards if each.board.publishes == "ranks"]
        header = [self.say("综合位次", "Rank")] * ranked + [self.say("对象", "Unit")]
        header += [self.say("综合成绩", "Total") if ranked else self.say("档", "Band")]
        header += [self.say("加分", "Bonus")] if ranked and self._assessment.bonus else []
        header += [self.say(f"{b.board.title.zh} 星", f"{b.board.title.en} stars") for b in starred]
        header += [self.say("星数合计", "Stars")] if starred else []
        header += [self.say("旗", "Flags"), self.say("位次变动", "Move")] * ranked
        rows = (self._total_row(unit, ranked, starred) for unit in self._order(total.publishes, dict(result.places)))
        return Sheet(self.say("综合", "Total"), self._notes(), tuple(header), tuple(rows))

    def _total_row(self, unit: str, ranked: bool, starred: Sequence[BoardResult]) -> tuple[Cell, ...]:
        result, scored = self._result, self._result.total[unit]
        row: list[Cell] = [self._rank(result.places.get(unit))] * ranked + [self._unit(unit)]
        row += [self._score(scored) if ranked else self._band(scored)]
        if ranked and self._assessment.bonus:
            row.append(self._bonus(unit))
        row += [words.shown(each.stars[unit]) if unit in each.stars else "—" for each in starred]
        if starred:
            row.append(words.shown(sum((each.stars.get(unit, Fraction(0)) for each in starred), Fraction(0))))
        if ranked:
            titles = [self.say(flag.title.zh, flag.title.en) for flag in result.flags[unit]]
            row += [self.say("、", ", ").join(titles), self._move(result.move(unit))]
        return tuple(row)

    def _bonus(self, unit: str) -> Cell:
        """The points; where a value is missing, the words that say so instead of a bare zero."""
        own, points = self._result.bonus[unit]
        lacking = next((each for each in own if each.score is None), None)
        if lacking is None:
            return words.shown(points)
        why = words.why_words(lacking, self._language)
        return self.say(f"{words.shown(points)}（{why}）", f"{words.shown(points)} ({why})")

    def board(self, each: BoardResult) -> Sheet:
        board, ranked = each.board, each.board.publishes == "ranks"
        header = [self.say("位次", "Rank")] * ranked + [self.say("对象", "Unit")]
        header += [self.say("得分", "Score"), self.say("星", "Stars"), self.say("位次变动", "Move")] if ranked else []
        header += [] if ranked else [self.say("档", "Band")]
        header += [self.say(i.title.zh, i.title.en) for i in board.indicators] if ranked else []
        rows: list[tuple[Cell, ...]] = []
        for unit in self._order(board.publishes, dict(each.places)):
            scored = each.scores[unit]
            if not ranked:
                rows.append((self._unit(unit), self._band(scored)))
                continue
            stars: Cell = words.shown(each.stars[unit]) if unit in each.stars else "—"
            row: list[Cell] = [self._rank(each.places.get(unit)), self._unit(unit), self._score(scored), stars]
            by_id = {own.indicator.id: own for own in scored.indicators}
            row.append(self._move(self._result.move(unit, board.id)))
            row += [self._own(by_id.get(indicator.id)) for indicator in board.indicators]
            rows.append(tuple(row))
        title = sheet_title(self.say(board.title.zh, board.title.en))
        return Sheet(title, self._notes(), tuple(header), tuple(rows))

    def _own(self, own: IndicatorScore | None) -> Cell:
        if own is None:
            return "—"
        return words.why_words(own, self._language) if own.score is None else words.shown(own.score)

    def _ranked(self) -> Iterator[tuple[str | None, str]]:
        """Boards that publish ranks, and the total if it does: id (None for the total) and title."""
        if self._assessment.total.publishes == "ranks":
            yield None, self.say("综合", "Total")
        for each in self._result.boards:
            if each.board.publishes == "ranks":
                yield each.board.id, self.say(each.board.title.zh, each.board.title.en)

    def moves(self) -> Sheet:
        result, before = self._result, self._result.before
        notes = list(self._notes())
        if before is None:
            notes.append(
                self.say(f"没有 {result.period.before} 的值，看不出变动", f"no values of {result.period.before}")
            )
        header = [self.say("对象", "Unit"), self.say("板块", "Board")]
        header += [str(result.period.before), str(result.period), self.say("变动", "Move")]
        rows: list[tuple[Cell, ...]] = []
        for unit in self._assessment.units:
            for board, title in self._ranked():
                now = _place(result, board, unit)
                then = _place(before, board, unit) if before else None
                rows.append(
                    (self._unit(unit), title, self._rank(then), self._rank(now), self._move(result.move(unit, board)))
                )
        return Sheet(self.say("位次变动", "Moves"), tuple(notes), tuple(header), tuple(rows))

    def sensitivity(self) -> Sheet:
        settings = self._assessment.sensitivity
        percent = words.shown(settings.percent)
        note = self.say(
            f"每个权重各自变动不超过 ±{percent}%。最好、最差位次是对所有权重成立的界限（不一定能同时取到）；"
            f"“保持”是随机取 {settings.draws} 组权重（种子 {settings.seed}，结果可重复）中位次不变的组数；"
            f"“易位”是权重至少变动百分之几，才会有别的对象与它得分相同，只在计分指标相同的对象之间比（缺数据的指标不计分）",
            f"Every weight moves by up to ±{percent} % on its own. Best and worst bound the rank for all weights (not always reached); "
            f"'kept' counts {settings.draws} drawn weightings (seed {settings.seed}) with the same rank; 'level at' is the least movement, "
            f"in per cent, at which another unit with the same indicators draws level (one that lacks a value is asked fewer)",
        )
        header = (
            self.say("板块", "Board"),
            self.say("对象", "Unit"),
            self.say("位次", "Rank"),
            self.say("最好", "Best"),
            self.say("最差", "Worst"),
            self.say("稳固", "Firm"),
            self.say("保持", "Kept"),
            self.say("抽到的位次", "Drawn ranks"),
            self.say("易位 %", "Level at %"),
        )
        rows = []
        for board, title in self._ranked():
            firmness = self._stability.total if board is None else self._stability.boards[board]
            for unit in sorted(firmness, key=lambda unit: firmness[unit].rank):
                rows.append((title, self._unit(unit), *self._firmness(firmness[unit])))
        return Sheet(self.say("敏感性", "Sensitivity"), (*self._notes(), note), header, tuple(rows))

    def _firmness(self, firmness: Firmness) -> tuple[Cell, ...]:
        best, worst = words.shown(firmness.seen_best), words.shown(firmness.seen_worst)
        return (
            words.shown(firmness.rank),
            words.shown(firmness.best),
            words.shown(firmness.worst),
            self.say("是", "yes") if firmness.firm else self.say("否", "no"),
            Decimal(firmness.held),
            str(best) if best == worst else f"{best}–{worst}",
            "—" if firmness.tips_at is None else words.shown(firmness.tips_at, 2),
        )

    def explained(self) -> Sheet:
        header = (
            self.say("对象", "Unit"),
            self.say("板块", "Board"),
            self.say("指标", "Indicator"),
            self.say("值", "Value"),
            self.say("单位", "Measured in"),
            self.say("怎样算出", "How it came about"),
            self.say("得分", "Score"),
            self.say("权重", "Weight"),
            self.say("占板块 %", "Share of board %"),
            self.say("计入", "Points"),
            self.say("出处", "Source"),
        )
        rows: list[tuple[Cell, ...]] = []
        for unit in self._assessment.units:
            for each in self._result.boards:
                title = self.say(each.board.title.zh, each.board.title.en)
                scored = each.scores[unit]
                if not scored.indicators:
                    why = words.why_words(scored, self._language)
                    rows.append((self._unit(unit), title, "—", "", "", why, *[""] * 5))
                rows += [self._explained(unit, title, own) for own in scored.indicators]
            bonus = self.say("加分", "Bonus")
            rows += [self._explained(unit, bonus, own) for own in self._result.bonus[unit][0]]
        return Sheet(self.say("明细", "Explained"), self._notes(), header, tuple(rows))

    def _explained(self, unit: str, title: str, own: IndicatorScore) -> tuple[Cell, ...]:
        indicator, value = own.indicator, own.value
        known: Cell = "" if value is None or value.value is None else value.value
        scored: tuple[Cell, ...] = ("", words.shown(weight_of(indicator)), "", "")
        if own.score is not None:
            points, share = words.shown(own.points), words.shown(own.share * 100)
            scored = (words.shown(own.score), words.shown(weight_of(indicator)), share, points)
        return (
            self._unit(unit),
            title,
            self.say(indicator.title.zh, indicator.title.en),
            known,
            indicator.unit,
            words.explanation(own, self._language),
            *scored,
            value.source if value else "",
        )

    def method(self) -> Sheet:
        header = (
            self.say("项目", "What"),
            self.say("怎样算", "Rule"),
            self.say("依据", "Rests on"),
            self.say("性质", "Evidence"),
        )
        rows = tuple(
            (title, rule, sourced.cites, words.EVIDENCE[sourced.evidence].in_(self._language))
            for title, rule, sourced in words.rules(self._assessment, self._language)
        )
        exact = self.say(
            f"得分用精确的分数计算和比较，只在显示时取 {words.DIGITS} 位小数；权重只看相互比例",
            f"Scores are exact fractions, shown with {words.DIGITS} decimals; of weights only the ratios count",
        )
        return Sheet(self.say("口径", "Method"), (*self._notes(), exact), header, rows)


def _place(result: Result, board: str | None, unit: str) -> Place | None:
    if board is None:
        return result.places.get(unit)
    return next((each.places.get(unit) for each in result.boards if each.board.id == board), None)
