"""One dated settlement policy as its owner writes it (YAML), and the rules in force for a year.

A settlement is of a calendar year, so a value begins on 1 January and ends on 31 December; changing it is a new dated line. Every
value says what it cites and on what evidence; what rests on memory or is an example is shown as 待核 or 示例.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, TypeAdapter, model_validator

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Label, Strict, Words, validated
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.kernel.text import Language, Text
from yunnao.scenarios.drg.settlement.terms import (
    ALL,
    BasePoints,
    BedDays,
    Bond,
    ByCost,
    Coefficients,
    High,
    Low,
    Outside,
    Pool,
    Prepayment,
    Questions,
    Readmission,
    Share,
    Stability,
    Trimming,
)

SAMPLE = Path(__file__).parents[1] / "sample_policy.yaml"
OWN = Path("drg") / "policy.yaml"
"""Where a district keeps its own, in its home."""

Evidence = Literal["source", "partly", "knowledge", "not_found", "example"]
"""The text itself was seen; parts of it; from memory; looked for and not found; an invented example."""

EVIDENCE_TEXTS: Mapping[str, Text] = {
    "source": Text("有依据", "seen"),
    "partly": Text("待核：只见到部分原文", "to be verified: only parts of the text were seen"),
    "knowledge": Text("待核：凭业内通行做法，未见原文", "to be verified: common practice, text not seen"),
    "not_found": Text("待核：没有找到依据", "to be verified: no source was found"),
    "example": Text("本区示例", "an example of this district"),
}
EVIDENCE_WORDS: Mapping[str, str] = {name: text.zh for name, text in EVIDENCE_TEXTS.items()}

Scale = Annotated[int, Field(ge=1, le=100_000)]
Budget = Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=2, allow_inf_nan=False)]
Budgets = Annotated[dict[Pool, Budget], Field(min_length=1)]
PointValue = Literal["fund_only", "all_in"]
T = TypeVar("T")


class Dated(Strict, Generic[T]):
    """A value with the years it is in force and where it comes from."""

    from_: dt.date = Field(alias="from")
    to: dt.date | None = None
    value: T
    cites: Words
    evidence: Evidence
    note: Words | None = None

    @model_validator(mode="after")
    def _whole_years(self) -> "Dated[T]":
        ends = self.to is None or (self.to.month, self.to.day) == (12, 31)
        if (self.from_.month, self.from_.day) != (1, 1) or not ends:
            raise ValueError("清算按自然年：from 写某年 1 月 1 日，to 写某年 12 月 31 日或不写")
        if self.to is not None and self.to < self.from_:
            raise ValueError(f"止日 {self.to} 早于起日 {self.from_}")
        return self

    def holds(self, year: int) -> bool:
        """Whether it is in force in ``year``."""
        return self.from_.year <= year and (self.to is None or year <= self.to.year)


class Origin(Strict):
    """Where a value in force comes from."""

    cites: Words
    evidence: Evidence
    note: Words | None = None

    @property
    def pending(self) -> bool:
        """Whether it has to be checked before it is used for real."""
        return self.evidence != "source"

    @property
    def words(self) -> str:
        """The citation with its mark, for people."""
        return self.in_("zh")

    def in_(self, language: Language) -> str:
        """`words` with the mark in a language; the citation is a text's name and stays as it is."""
        mark = EVIDENCE_TEXTS[self.evidence].in_(language)
        if not self.pending:
            return self.cites
        return f"{self.cites}（{mark}）" if language == "zh" else f"{self.cites} ({mark})"


class Parameters(Strict):
    """Every parameter, as dated lines; see `terms` for what they mean."""

    scale: list[Dated[Scale]]
    trimming: list[Dated[Trimming]]
    base_points: list[Dated[BasePoints]]
    coefficients: list[Dated[Coefficients]]
    stability: list[Dated[Stability]]
    high: list[Dated[High | None]]
    low: list[Dated[Low | None]]
    bed_days: list[Dated[BedDays]]
    readmission: list[Dated[Readmission | None]]
    unstable: list[Dated[ByCost]]
    ungrouped: list[Dated[ByCost]]
    ambiguous: list[Dated[ByCost]]
    reviewed: list[Dated[ByCost]]
    outside: list[Dated[Outside | None]]
    budgets: list[Dated[Budgets]]
    adjustment: list[Dated[Share]]
    prepayment: list[Dated[Prepayment]]
    bond: list[Dated[Bond]]
    point_value: list[Dated[PointValue]]
    questions: list[Dated[Questions]]

    @model_validator(mode="after")
    def _apart(self) -> "Parameters":
        for name in type(self).model_fields:
            starts = [line.from_ for line in getattr(self, name)]
            if not starts:
                raise ValueError(f"{name} 不能为空")
            if len(set(starts)) != len(starts):
                raise ValueError(f"{name} 有两行从同一天起")
        return self


class Rules(Strict):
    """The values in force for one year.

    Attributes:
        reviewed: how a stay is paid whose special-case review was supported though its class has no rule for that.
        budgets: pool -> the fund's budget in yuan; the pool ``all`` means that everybody is settled together.
        adjustment: share of the budget kept as adjustment fund (调剂金).
        origins: parameter -> where its value comes from.
    """

    year: int
    scale: Scale
    trimming: Trimming
    base_points: BasePoints
    coefficients: Coefficients
    stability: Stability
    high: High | None
    low: Low | None
    bed_days: BedDays
    readmission: Readmission | None
    unstable: ByCost
    ungrouped: ByCost
    ambiguous: ByCost
    reviewed: ByCost
    outside: Outside | None
    budgets: Budgets
    adjustment: Share
    prepayment: Prepayment
    bond: Bond
    point_value: PointValue
    questions: Questions
    origins: dict[str, Origin] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _pools(self) -> "Rules":
        if ALL in self.budgets and len(self.budgets) > 1:
            raise ValueError("budgets：写了 all（不分险种）就不能再写职工、居民")
        if ALL in self.budgets and self.base_points.by_pool:
            raise ValueError("budgets 不分险种时，base_points 不能 by_pool")
        published = any(part.of == "published" for part in self.coefficients.parts)
        if published and self.base_points.table is None and self.coefficients.table is None:
            raise ValueError(
                "coefficients 的 of: published 要有公布的表：coefficients.table，或 base_points.table 里的系数列"
            )
        return self

    @property
    def together(self) -> bool:
        """Whether all pools are settled as one."""
        return ALL in self.budgets

    @property
    def pools(self) -> list[str]:
        """The pools that are settled, sorted."""
        return sorted(self.budgets)


class Policy(Strict):
    """One settlement policy.

    Attributes:
        example: words that mark it as an example wherever a result is shown; absent for one that is in force.
    """

    id: Id
    title: Label
    issuer: Words
    cites: Words
    example: Label | None = None
    parameters: Parameters

    def rules(self, year: int) -> Rules:
        """The values in force in ``year``.

        Raises:
            YunnaoError: some parameter has no value in that year, or they do not fit together.
        """
        chosen: dict[str, Dated[Any]] = {}
        for name in Parameters.model_fields:
            live = [line for line in getattr(self.parameters, name) if line.holds(year)]
            if not live:
                raise YunnaoError(
                    f"政策 {self.id}：{year} 年没有 {name} 的值；请在政策文件里补一行（from: {year}-01-01）"
                )
            chosen[name] = max(live, key=lambda line: line.from_)
        values = {name: line.value for name, line in chosen.items()}
        origins = {
            name: Origin(cites=line.cites, evidence=line.evidence, note=line.note) for name, line in chosen.items()
        }
        rules: Rules = validated(
            TypeAdapter(Rules), {"year": year, **values, "origins": origins}, f"政策 {self.id} {year} 年"
        )
        return rules

    @property
    def starts(self) -> list[int]:
        """Years from which on some value is another, beginning with the first for which every parameter has one."""
        lines = [getattr(self.parameters, name) for name in Parameters.model_fields]
        first = max(min(line.from_.year for line in each) for each in lines)
        return sorted({max(line.from_.year, first) for each in lines for line in each})

    @property
    def pending(self) -> list[tuple[str, Dated[Any]]]:
        """Dated lines that are not backed by a text that was seen, with their parameters."""
        lines = [(name, line) for name in Parameters.model_fields for line in getattr(self.parameters, name)]
        return [(name, line) for name, line in lines if line.evidence != "source"]


def load_policy(path: Path) -> Policy:
    """The policy in a file.

    Raises:
        DefinitionError: something in it is not as declared here; the message names the place.
    """
    document = strict_yaml.read(path)
    if not isinstance(document, dict):
        raise DefinitionError(f"{path.name}：应是“键: 值”的形式")
    policy: Policy = validated(TypeAdapter(Policy), document, path.name)
    return policy


def policy_of(home: Path) -> Policy:
    """The district's own policy, or the sample that ships.

    Raises:
        DefinitionError: it is not as declared.
    """
    own = home / OWN
    return load_policy(own if own.exists() else SAMPLE)
