"""How a district reads its measures: bands, the order of rows, and weights of a composite score that there is only if it wants one.

Bands rather than ranks (国办函〔2025〕66号: 不片面追求排名, 鼓励分档分类评价).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, field_validator

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Label, Strict, Words, validated
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.appeals.rates import EVERYBODY, MEASURES_BY_ID, Rate

SHIPPED = Path(__file__).with_name("measures.yaml")
FILE = "measures.yaml"

_STARTER = """\
# 本区看指标的口径：分档、顺序、综合分。下面是自带的，每行前面有 #，没有写的按自带的；要改，去掉各行开头的“# ”再改（说明的行不用去）。
# How this district reads its measures. Below is what ships, commented out: it holds as long as nothing else is written here.
# To change it, take the leading "# " from the lines that are no explanations; the figures are examples.
"""


class Band(Strict):
    """Rates from some per cent on.

    Attributes:
        from_: per cent.
        tone: which colour stands beside the words.
    """

    from_: Annotated[int, Field(ge=0, le=100, alias="from")]
    title: Label
    tone: Literal["good", "fair", "attention"]


Bands = Annotated[list[Band], Field(min_length=1)]


class MeasureSettings(Strict):
    """One revision of a district's ``measures.yaml``.

    Attributes:
        order: of the rows: departments as the catalogue lists them, or everything by title.
        least: a denominator smaller than this is in no band.
        bands: measure -> bands, the highest first.
        weights: measure -> weight in the composite score; none, no score.
    """

    revision: Annotated[int, Field(ge=1)]
    cites: Words
    order: Literal["catalogue", "name"] = "catalogue"
    least: Annotated[int, Field(ge=1)] = 10
    bands: dict[str, Bands] = Field(default_factory=dict)
    weights: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)

    @field_validator("bands", "weights")
    @classmethod
    def _measures(cls, value: Mapping[str, object]) -> Mapping[str, object]:
        for name in value:
            if name not in MEASURES_BY_ID:
                known = "、".join(f"{id_}（{measure.title.zh}）" for id_, measure in MEASURES_BY_ID.items())
                raise ValueError(f"没有叫 {name} 的指标；可用：{known}")
        return value

    @field_validator("bands")
    @classmethod
    def _descending(cls, value: Mapping[str, Sequence[Band]]) -> Mapping[str, Sequence[Band]]:
        for name, bands in value.items():
            if any(one.from_ <= other.from_ for one, other in pairwise(bands)) or bands[-1].from_ != 0:
                raise ValueError(f"{name} 的分档要从高到低写，最后一档从 0 起")
        return value

    def band(self, rate: Rate) -> Band | None:
        """The band of a rate; none where its measure has no bands, or its denominator is too small to tell."""
        share = rate.thousandths
        if share is None or rate.denominator < self.least or rate.measure not in self.bands:
            return None
        return next(band for band in self.bands[rate.measure] if share >= band.from_ * 10)

    def score(self, rates: Sequence[Rate]) -> int | None:
        """The composite score of a group in thousandths, rounded half up; low rates count as what is left to 100 %.

        None without weights, and where a weighted measure has too small a denominator.
        """
        by_measure = {rate.measure: rate for rate in rates}
        total, weight = 0, sum(self.weights.values())
        for name, part in self.weights.items():
            share = by_measure[name].thousandths
            if share is None or by_measure[name].denominator < self.least:
                return None
            total += part * (share if MEASURES_BY_ID[name].high else 1000 - share)
        return (2 * total + weight) // (2 * weight) if weight else None


def load_measure_settings(path: Path) -> MeasureSettings:
    """The settings in a file.

    Raises:
        DefinitionError: something in it is not as declared.
    """
    settings: MeasureSettings = validated(TypeAdapter(MeasureSettings), strict_yaml.read(path), path.name)
    return settings


def measure_settings(home: Path) -> MeasureSettings:
    """The district's own settings, or those that ship where its file says nothing or is not there.

    Raises:
        DefinitionError: something in the district's file is not as declared.
    """
    own = home / FILE
    return load_measure_settings(own if own.exists() and strict_yaml.read(own) is not None else SHIPPED)


def starter_measures() -> str:
    """The text of a first ``measures.yaml``: what ships, every line a comment, so that nothing is changed by it."""
    shipped = SHIPPED.read_text(encoding="utf-8").splitlines()
    return _STARTER + "".join(f"# {line}\n" if not line.startswith("#") else f"{line}\n" for line in shipped[2:])


def ranked(
    table: Mapping[str | None, Sequence[Rate]], settings: MeasureSettings, by: str
) -> list[tuple[int | None, str | None]]:
    """Rank and group, the best first, equal values with equal ranks. All together come first; those without a value have no rank.

    Args:
        by: a measure, or ``score``.

    Raises:
        YunnaoError: there is no such measure, or no weights to make a score with.
    """
    if by != "score" and by not in MEASURES_BY_ID:
        raise YunnaoError(f"没有叫 {by} 的指标；可用：{'、'.join(MEASURES_BY_ID)}、score（综合分）")
    if by == "score" and not settings.weights:
        raise YunnaoError(f"没有设综合分的权重，不能按综合分排名；请在 {FILE} 的 weights 中写明，或用 --ranked 指标")

    def value(group: str | None) -> int | None:
        if group is None:
            return None
        if by == "score":
            return settings.score(table[group])
        rate = next(rate for rate in table[group] if rate.measure == by)
        if rate.thousandths is None or rate.denominator < settings.least:
            return None
        return rate.thousandths if MEASURES_BY_ID[by].high else 1000 - rate.thousandths

    values = {group: value(group) for group in table if group != EVERYBODY}
    known = sorted((-found, group or "") for group, found in values.items() if found is not None)
    firsts: dict[int, int] = {}
    for place, (negative, _) in enumerate(known, start=1):
        firsts.setdefault(negative, place)
    rest = [group for group, found in values.items() if found is None]
    return [
        (None, EVERYBODY),
        *((firsts[negative], group) for negative, group in known),
        *((None, each) for each in rest),
    ]
