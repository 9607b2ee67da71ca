"""An assessment as its owner writes it: boards, indicators, weights, methods and rules, each with where it comes from.

Methods and rules are named choices of closed sets; nothing is parsed as a formula. Weights are relative: only their ratios count.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Label, Strict, Words, validated
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.indicators.assessment.periods import Period, PeriodKind, PeriodText

Evidence = Literal["published", "not_published", "example"]
TieRule = Literal["higher", "lower", "mean"]
MissingRule = Literal["not_assessable", "rescale", "last"]
Publishes = Literal["ranks", "bands"]
Of = Literal["value", "growth", "change"]
Method = Literal["rank", "completion", "linear", "spread"]

METHODS: tuple[Method, ...] = ("rank", "completion", "linear", "spread")
FULL = 100
"""A full score of an indicator or a board."""

Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24)]
Weight = Annotated[Decimal, Field(gt=0, le=10**6, allow_inf_nan=False)]
Points = Annotated[Decimal, Field(ge=0, le=FULL, allow_inf_nan=False)]


class Sourced(Strict):
    """Something that rests on a document, or says that it does not.

    Attributes:
        cites: document and place; of an example, why it is as it is.
        evidence: ``published`` as it stands; ``not_published``: a choice made because the document is silent; ``example``.
    """

    cites: Words
    evidence: Evidence = "published"


class Dated(Sourced):
    """In force from a period to a period, both included; open where absent. What changes is a new dated entry of the same id."""

    id: Id
    title: Label
    from_: PeriodText | None = Field(None, alias="from")
    to: PeriodText | None = None

    def holds(self, period: Period) -> bool:
        """Whether it is in force in ``period``."""
        return (self.from_ is None or self.from_ <= period) and (self.to is None or period <= self.to)


class RankMethod(Strict):
    """100 for the first of those that have a value, ``lowest`` for the last, equal steps between; equal values share the better place."""

    lowest: Points = Decimal(0)


class SpreadMethod(Strict):
    """100 for the best value, ``lowest`` for the worst, in proportion between (功效系数法)."""

    lowest: Points = Decimal(0)


class CompletionMethod(Strict):
    """Value over target x 100 (of an indicator that should fall: target over value), at least 0, at most ``most``.

    Attributes:
        target: one for all, one a unit, or ``given``: the values' own column.
    """

    target: Number | dict[Id, Number] | Literal["given"]
    most: Annotated[Decimal, Field(gt=0, le=1000)] = Decimal(FULL)

    @model_validator(mode="after")
    def _positive(self) -> "CompletionMethod":
        targets = self.target.values() if isinstance(self.target, dict) else [self.target]
        if any(isinstance(target, Decimal) and target <= 0 for target in targets):
            raise ValueError("完成率的目标要大于 0；目标可能为零或负的指标请用 linear")
        return self


class LinearMethod(Strict):
    """0 at ``baseline``, 100 at ``full``, in proportion between, no less and no more outside."""

    baseline: Number
    full: Number


class Part(Strict):
    """One way to score, and its weight among the parts of an indicator's score; exactly one method.

    Attributes:
        of: what is scored: the value itself, its growth in % or its change over the same period of the year before.
    """

    of: Of = "value"
    weight: Weight = Decimal(1)
    rank: RankMethod | None = None
    completion: CompletionMethod | None = None
    linear: LinearMethod | None = None
    spread: SpreadMethod | None = None

    @model_validator(mode="after")
    def _one_method(self) -> "Part":
        if len([name for name in METHODS if getattr(self, name) is not None]) != 1:
            raise ValueError(f"每一部分必须且只能写一种算分方法：{'、'.join(METHODS)}（没有参数的写成 rank: {{}}）")
        return self

    @property
    def method(self) -> Method:
        """Which of `METHODS`."""
        return next(name for name in METHODS if getattr(self, name) is not None)


def _parts(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Parts = Annotated[list[Part], BeforeValidator(_parts), Field(min_length=1)]


class Exclusion(Sourced):
    """A unit that is not assessed: on an indicator, or on a board."""

    unit: Id
    reason: Words
    from_: PeriodText | None = Field(None, alias="from")
    to: PeriodText | None = None

    def holds(self, unit: str, period: Period) -> bool:
        """Whether it is about ``unit`` in ``period``."""
        after, until = self.from_ is None or self.from_ <= period, self.to is None or period <= self.to
        return self.unit == unit and after and until


class Missing(Sourced):
    """What becomes of a unit on a board when a value is missing; a missing value is never zero.

    Attributes:
        rule: ``not_assessable``: no score there; ``rescale``: the weights of what is there count in full; ``last``: no score, behind all
            that have one.
        least: of ``rescale``: at least so many per cent of the board's weight must be there, else it is not assessable.
    """

    rule: MissingRule
    least: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(50)


class AssessedIndicator(Dated):
    """One indicator of a board.

    Attributes:
        unit: of its values, in words (%, 亿元, 个).
        direction: which way is better.
        score: how a value becomes 0 to 100 (completion: up to its ``most``): the weighted mean of its parts.
        excluded: units that it is not asked of; their other weights count in full.
    """

    unit: Words
    direction: Literal["up", "down"]
    weight: Weight
    score: Parts
    excluded: list[Exclusion] = Field(default_factory=list)
    note: Words | None = None

    @model_validator(mode="after")
    def _directed(self) -> "AssessedIndicator":
        for part in self.score:
            linear = part.linear
            if linear and (
                linear.full <= linear.baseline if self.direction == "up" else linear.full >= linear.baseline
            ):
                raise ValueError("linear：越大越好的，full 要大于 baseline；越小越好的，full 要小于 baseline")
            if part.completion and part.of != "value":
                raise ValueError("完成率只按值本身算：completion 不能与 of: growth 或 change 同写")
        return self


class Board(Dated):
    """Indicators that are scored and placed together (板块).

    Attributes:
        weight: in the total.
        publishes: ranks and stars, or bands alone.
        excluded: units that are not assessed on it; the total is then of their other boards.
    """

    weight: Weight
    publishes: Publishes = "bands"
    indicators: Annotated[list[AssessedIndicator], Field(min_length=1)]
    excluded: list[Exclusion] = Field(default_factory=list)
    missing: Missing | None = None


class Bonus(Dated):
    """Points on top of the total: ``most`` x score / 100.

    Attributes:
        missing: without a value there is no bonus (which is said), or no total.
    """

    unit: Words
    direction: Literal["up", "down"]
    most: Annotated[Decimal, Field(gt=0, le=100)]
    score: Parts
    missing: Literal["no_bonus", "not_assessable"]


class Flag(Sourced):
    """A distinction (旗): the first so many of the total, or a total rank better by so many places than in the period before."""

    id: Id
    title: Label
    first: Annotated[int, Field(ge=1)] | None = None
    rise: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> "Flag":
        if (self.first is None) == (self.rise is None):
            raise ValueError("旗必须且只能写一种：first（综合前几位）或 rise（综合位次较上期提升几个及以上）")
        return self


class Ties(Sourced):
    """Equal scores: all get the ``higher`` of their places, the ``lower``, or their ``mean``."""

    rule: TieRule


class Stars(Sourced):
    """Stars of a board: the first gets ``first`` (as many as there are units, if absent), each place further one less, never below 0."""

    first: Annotated[int, Field(ge=1)] | None = None


class Total(Sourced):
    """The total: of scores or of stars, by the boards' weights, plus bonuses."""

    of: Literal["scores", "stars"]
    publishes: Publishes = "bands"


class Band(Strict):
    """Scores from some on; the tone is the colour beside the words."""

    from_: Annotated[Decimal, Field(ge=0, alias="from")]
    title: Label
    tone: Literal["good", "fair", "attention"]


class Sensitivity(Strict):
    """Every weight moves by up to ``percent`` either way; besides exact bounds, ``draws`` drawn with ``seed``."""

    percent: Annotated[Decimal, Field(gt=0, lt=100)] = Decimal(10)
    draws: Annotated[int, Field(ge=1, le=100_000)] = 1000
    seed: int = 1


class Assessment(Sourced):
    """One assessment (考核).

    Attributes:
        example: words that mark it as an example wherever a result is shown; absent for one that is in force.
        units: who is assessed, in the order in which they are listed.
        bands: from the highest down, the last from 0.
    """

    id: Id
    title: Label
    issuer: Words
    example: Label | None = None
    period: PeriodKind
    units: Annotated[dict[Id, Label], Field(min_length=2)]
    boards: Annotated[list[Board], Field(min_length=1)]
    bonus: list[Bonus] = Field(default_factory=list)
    total: Total
    stars: Stars
    ties: Ties
    missing: Missing
    flags: list[Flag] = Field(default_factory=list)
    bands: Annotated[list[Band], Field(min_length=1)]
    sensitivity: Sensitivity = Field(default_factory=Sensitivity)

    @model_validator(mode="after")
    def _whole(self) -> "Assessment":
        if any(one.from_ <= other.from_ for one, other in pairwise(self.bands)) or self.bands[-1].from_ != 0:
            raise ValueError("bands（分档）要从高到低写，最后一档从 0 起")
        if self.flags and self.total.publishes != "ranks":
            raise ValueError("flags（旗）按综合位次授予，要写 total 的 publishes: ranks")
        if self.total.of == "stars" and any(board.publishes != "ranks" for board in self.boards):
            raise ValueError("综合按星数算时，每个板块都要写 publishes: ranks")
        if self.total.of == "stars" and self.total.publishes != "ranks":
            raise ValueError("综合按星数算时没有分档可言，要写 total 的 publishes: ranks")
        _apart(self.boards, "板块")
        _apart(self.asked, "指标")
        for place in self._excluding:
            for exclusion in place.excluded:
                self._known(exclusion.unit, f"{place.id} 的 excluded")
        for each in self.asked:
            for part in each.score:
                if part.completion and isinstance(part.completion.target, dict):
                    for unit in part.completion.target:
                        self._known(unit, f"{each.id} 的 target")
        self._kinds()
        return self

    @property
    def asked(self) -> list["AssessedIndicator | Bonus"]:
        """Every indicator and bonus that values are asked of, whenever."""
        return [*(indicator for board in self.boards for indicator in board.indicators), *self.bonus]

    @property
    def _excluding(self) -> list["Board | AssessedIndicator"]:
        return [*self.boards, *(indicator for board in self.boards for indicator in board.indicators)]

    def _known(self, unit: str, where: str) -> None:
        if unit not in self.units:
            raise ValueError(f"{where} 里的 {unit} 不在 units 中")

    def _kinds(self) -> None:
        dated: list[Dated] = [*self.boards, *self.asked]
        ends = [(each.id, end) for each in dated for end in (each.from_, each.to)]
        ends += [(place.id, end) for place in self._excluding for x in place.excluded for end in (x.from_, x.to)]
        for id_, end in ends:
            if end is not None and end.kind != self.period:
                raise ValueError(f"{id_} 的 from、to（{end}）与 period: {self.period} 不是同一种时期")

    def boards_in(self, period: Period) -> list[Board]:
        """The boards in force in ``period``, each with its indicators in force; without any, a board is absent."""
        found = []
        for board in self.boards:
            indicators = [indicator for indicator in board.indicators if indicator.holds(period)]
            if board.holds(period) and indicators:
                found.append(board.model_copy(update={"indicators": indicators}))
        return found

    def band(self, score: Any) -> Band:
        """The band of a score (a number >= 0)."""
        return next(band for band in self.bands if score >= band.from_)

    @cached_property
    def stars_of_first(self) -> int:
        """Stars of the first of a board."""
        return self.stars.first or len(self.units)


def _apart(dated: Sequence[Dated], what: str) -> None:
    """Refuse entries of one id that are in force together."""
    for number, one in enumerate(dated):
        for other in dated[:number]:
            ordered = (one.to is not None and other.from_ is not None and one.to < other.from_) or (
                other.to is not None and one.from_ is not None and other.to < one.from_
            )
            if one.id == other.id and not ordered:
                raise ValueError(f"两个{what}都叫 {one.id}，而且同时有效；请改名，或用 from、to 分开")


def load_assessment(path: Path) -> Assessment:
    """The assessment in a file.

    Raises:
        DefinitionError: something in it is not as declared here; the message names the place.
    """
    return read_assessment(strict_yaml.read(path), path.name)


def read_assessment(document: Any, source: str) -> Assessment:
    """The assessment of a parsed document; ``source`` names it in errors.

    Raises:
        DefinitionError: something in it is not as declared here.
    """
    if not isinstance(document, dict):
        raise DefinitionError(f"{source}：应是“键: 值”的形式")
    assessment: Assessment = validated(TypeAdapter(Assessment), document, source)
    return assessment
