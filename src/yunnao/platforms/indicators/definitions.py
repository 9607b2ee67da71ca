"""An indicator as its owner writes it: one measure of a closed set over one source; nothing in it is parsed as code.

```yaml
- id: take_up
  title: {zh: 应享尽享率, en: Take-up}
  unit: share
  direction: up
  share:
    of: {decisions: {outcome: granted}}
    counting: {cases: {flow: enjoy_policy, reached: confirmed, period: current}}
  by: policy
  target: {at_least: 0.98, by: 2026-12-31, cites: 区政府工作要点}
```
"""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Ids, Label, Strict, Words, one_or_more, problem_sentence
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.numbers import FEN_PER_YUAN, SHARE_BASE

Exact = bool | int | Decimal | dt.date | str
Unit = Literal["count", "person", "CNY", "share", "day", "working_day", "month", "year"]
How = Literal["count", "sum", "share", "median", "mean"]
SourceKind = Literal["policies", "decisions", "subjects", "cases"]
Outcome = Literal["granted", "refused", "undetermined"]

KINDS: tuple[SourceKind, ...] = ("policies", "decisions", "subjects", "cases")
COMPARISONS = ("is_", "is_not", "at_least", "at_most", "more_than", "less_than", "in_")
_HOW: tuple[How, ...] = ("count", "sum", "share", "median", "mean")
_STORED = {"CNY": FEN_PER_YUAN, "share": SHARE_BASE}
_BREAKDOWNS: dict[SourceKind, frozenset[str]] = {
    "policies": frozenset(),
    "decisions": frozenset({"policy", "outcome", "register"}),
    "subjects": frozenset(),
    "cases": frozenset({"policy", "department", "state", "period"}),
}


class FactTest(Strict):
    """A test on one fact of a subject; unknown where the fact is.

    Attributes:
        unit: CNY for a fact of money (values in yuan), share for a fact that is a share (0.05); otherwise none.
    """

    fact: Id
    is_: Exact | None = Field(None, alias="is")
    is_not: Exact | None = None
    at_least: Exact | None = None
    at_most: Exact | None = None
    more_than: Exact | None = None
    less_than: Exact | None = None
    in_: list[Exact] | None = Field(None, alias="in", min_length=1)
    unit: Literal["CNY", "share"] | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> "FactTest":
        if len([name for name in COMPARISONS if getattr(self, name) is not None]) != 1:
            words = "、".join(name.rstrip("_") for name in COMPARISONS)
            raise ValueError(f"事实 {self.fact} 的条件必须且只能写一种比较：{words}")
        _ = self.values
        return self

    @property
    def comparison(self) -> str:
        """Which of `COMPARISONS` it is."""
        return next(name for name in COMPARISONS if getattr(self, name) is not None)

    @property
    def values(self) -> list[bool | int | dt.date | str]:
        """The values compared with, as stored (fen, SHARE_BASE-ths)."""
        written = getattr(self, self.comparison)
        return [self._stored(value) for value in (written if isinstance(written, list) else [written])]

    def _stored(self, value: Exact) -> bool | int | dt.date | str:
        if self.unit is None and not isinstance(value, Decimal):
            return value
        if isinstance(value, bool | dt.date | str):
            raise ValueError(f"事实 {self.fact}：写了 unit 时，比较的值要是数，不是 {value!r}")
        stored = Fraction(value) * (_STORED[self.unit] if self.unit else 1)
        if stored.denominator != 1:
            raise ValueError(f"事实 {self.fact}：{value} 的小数位太多，或缺少 unit（CNY 或 share）")
        return int(stored)


class OfPolicies(Strict):
    """Policies in force."""


class OfDecisions(Strict):
    """Decisions of the run. `conditions` (condition -> state) needs exactly one policy."""

    policy: Ids | None = None
    outcome: Annotated[list[Outcome], BeforeValidator(one_or_more), Field(min_length=1)] | None = None
    conditions: dict[Id, Literal["met", "not_met", "unknown"]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_policy(self) -> "OfDecisions":
        if self.conditions and len(self.policy or []) != 1:
            raise ValueError("写 conditions 时必须写且只写一个 policy：条件属于某一项政策")
        return self


class OfSubjects(Strict):
    """Subjects of a kind for which every test holds."""

    kind: Id
    where: list[FactTest] = Field(default_factory=list)


class OfCases(Strict):
    """Cases. `reached`: was ever in one of these states; `period: current`: of the period of the run's day."""

    flow: Ids | None = None
    policy: Ids | None = None
    state: Ids | None = None
    reached: Ids | None = None
    period: Literal["current"] | None = None


class Source(Strict):
    """What is measured: exactly one kind of rows, filtered."""

    policies: OfPolicies | None = None
    decisions: OfDecisions | None = None
    subjects: OfSubjects | None = None
    cases: OfCases | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Source":
        if len([kind for kind in KINDS if getattr(self, kind) is not None]) != 1:
            raise ValueError(f"来源必须且只能写一种：{'、'.join(KINDS)}")
        return self

    @property
    def kind(self) -> SourceKind:
        """Which rows."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)


class Counted(Source):
    """Rows to count; with `distinct: subject`, the subjects they are about."""

    distinct: Literal["subject"] | None = None

    @model_validator(mode="after")
    def _has_subjects(self) -> "Counted":
        if self.distinct and self.kind not in ("decisions", "cases"):
            raise ValueError("distinct: subject 只用于 decisions 和 cases")
        return self


class Duration(Strict):
    """Days from the first to the second of two moments of a case: `opened`, or a state reached."""

    from_: Id = Field(alias="from")
    to: Id


class Quantity(Source):
    """Rows with a number: `amount` of a decision or case, a duration of a case, a fact of a subject."""

    of: Duration | Id

    @model_validator(mode="after")
    def _has_number(self) -> "Quantity":
        allowed = {
            "policies": False,
            "decisions": self.of == "amount",
            "subjects": isinstance(self.of, str),
            "cases": self.of == "amount" or isinstance(self.of, Duration),
        }
        if not allowed[self.kind]:
            raise ValueError(
                f"{self.kind} 的 of 写错了：decisions 用 amount，cases 用 amount 或 {{from, to}}，subjects 用事实名"
            )
        return self


class Share(Strict):
    """The part of the rows `of` that is also in `counting`: rows of one kind, or decisions that have such a case."""

    of: Source
    counting: Source

    @model_validator(mode="after")
    def _comparable(self) -> "Share":
        if self.of.kind != self.counting.kind and (self.of.kind, self.counting.kind) != ("decisions", "cases"):
            raise ValueError("share 的 of 与 counting 要是同一种来源，或者 of 是 decisions、counting 是 cases")
        if self.of.subjects and self.counting.subjects and self.of.subjects.kind != self.counting.subjects.kind:
            raise ValueError("share 的 of 与 counting 要是同一种主体")
        return self


class ByFact(Strict):
    """Broken down by a coded fact of the subjects of kind `of`."""

    fact: Id
    of: Id


class Target(Strict):
    """What was promised, in the indicator's unit (yuan, 0.98, days), until when, and where that is written."""

    at_least: int | Decimal | None = None
    at_most: int | Decimal | None = None
    by: dt.date
    cites: Words

    @model_validator(mode="after")
    def _one_bound(self) -> "Target":
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("目标必须且只能写 at_least 或 at_most 中的一种")
        return self

    def is_met_by(self, value: Fraction) -> bool:
        """Whether ``value``, in the indicator's unit, keeps the promise."""
        if self.at_least is not None:
            return value >= Fraction(self.at_least)
        return value <= Fraction(self.at_most or 0)


class Indicator(Strict):
    """One number that is measured after every run.

    Attributes:
        unit: of the value; money is printed in yuan, a share as a decimal.
        direction: which way is better.
        count, sum, share, median, mean: exactly one of them says what is measured.
        by: an optional breakdown beside the total.
    """

    id: Id
    title: Label
    unit: Unit
    direction: Literal["up", "down", "none"]
    count: Counted | None = None
    sum: Quantity | None = None
    share: Share | None = None
    median: Quantity | None = None
    mean: Quantity | None = None
    by: Literal["policy", "outcome", "register", "department", "state", "period"] | ByFact | None = None
    target: Target | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Indicator":
        if len([how for how in _HOW if getattr(self, how) is not None]) != 1:
            raise ValueError(f"必须且只能写一种算法：{'、'.join(_HOW)}")
        kind = self.rows_of.kind
        if isinstance(self.by, str) and self.by not in _BREAKDOWNS[kind]:
            raise ValueError(
                f"{kind} 不能按 {self.by} 分组；可用：{'、'.join(sorted(_BREAKDOWNS[kind])) or '按事实分组'}"
            )
        if isinstance(self.by, ByFact):
            subjects = self.rows_of.subjects
            if kind == "policies" or (subjects is not None and subjects.kind != self.by.of):
                raise ValueError("by 的 of 要是所统计的主体种类")
        self._check_unit()
        return self

    def _check_unit(self) -> None:
        quantity = self.quantity
        if quantity is None:
            suits = (self.unit == "share") == (self.how == "share") and self.unit not in ("CNY", "day", "working_day")
        elif isinstance(quantity.of, Duration):
            suits = self.unit in ("day", "working_day")
        elif quantity.of == "amount" and quantity.kind != "subjects":
            suits = self.unit == "CNY"
        else:
            suits = self.how != "sum" or self.unit != "share"
        if not suits:
            raise ValueError(
                f"单位 {self.unit} 与算法 {self.how} 不相称：比例用 share，金额用 CNY，时长用 day 或 working_day"
            )

    @property
    def how(self) -> How:
        """Which measure it is."""
        return next(how for how in _HOW if getattr(self, how) is not None)

    @property
    def quantity(self) -> Quantity | None:
        """What is summed or averaged, if anything."""
        return self.sum or self.median or self.mean

    @property
    def rows_of(self) -> Source:
        """The rows it rests on; of a share, those of its denominator."""
        source = self.count or self.quantity or (self.share.of if self.share else None)
        assert source is not None  # exactly one measure is present
        return source

    @cached_property
    def definition(self) -> str:
        """16 hexadecimal digits of SHA-256 that name this definition as written."""
        document = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


_INDICATORS = TypeAdapter(list[Indicator])


def read_indicators(document: Any, source: str) -> tuple[Indicator, ...]:
    """The indicators of a parsed document; ``source`` names it in errors.

    Raises:
        DefinitionError: something in it is not as declared here, or two indicators share an id.
    """
    if not isinstance(document, list):
        raise DefinitionError(f"{source}：应是一个列表，每项一个指标（以“- id:”开头）")
    try:
        indicators = _INDICATORS.validate_python(document)
    except ValidationError as error:
        raise DefinitionError(f"{source}：{problem_sentence(error, document)}") from None
    ids = [indicator.id for indicator in indicators]
    for id_ in ids:
        if ids.count(id_) > 1:
            raise DefinitionError(f"{source}：有两个指标都叫 {id_}；请改名")
    return tuple(indicators)


def load_indicators(path: Path) -> tuple[Indicator, ...]:
    """The indicators of a scenario's ``indicators.yaml``, in written order.

    Raises:
        DefinitionError: as `read_indicators`, or the file cannot be read.
    """
    return read_indicators(strict_yaml.read(path), path.name)
