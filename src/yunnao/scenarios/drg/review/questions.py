"""Questions to a reviewer: every count in words, with what it is compared with, from where on it is asked, and what may well explain it.

Nothing here is a verdict: no stay is changed, no point taken off, nobody put in an order. Rows are by question and hospital code.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from yunnao.kernel.numbers import plain
from yunnao.kernel.text import Language, Text
from yunnao.scenarios.drg.review import counting
from yunnao.scenarios.drg.review.definitions import Definitions, Kind, QuestionDefinition

PENDING = Text("待核", "to be verified")
_NO_REVIEWS = pl.DataFrame(schema={"stay": pl.String})
_SHOWS: Mapping[Kind, Text] = {
    "coding_mix": Text(
        "尾号 {subject} 的 {observed:,} 例，占可分档病例 {out_of:,} 例的 {share}；按本院前期各 ADRG 的比例应为 {expected:,.0f} 例；"
        "比前期高 {rise:+.1f} 个百分点，同级其他医院同期 {level_rise:+.1f}",
        "{observed:,} stays end in {subject}, {share} of {out_of:,} in ADRGs that split; {expected:,.0f} at the hospital's own earlier "
        "shares; {rise:+.1f} points against before, other hospitals of the level {level_rise:+.1f}",
    ),
    "split_stays": Text(
        "{observed:,} 次（出院病例 {out_of:,} 例）；按其他医院同样 ADRG 的比例应为 {expected:,.1f} 次",
        "{observed:,} times in {out_of:,} stays; {expected:,.1f} at the other hospitals' shares in the same ADRGs",
    ),
    "low_cliff": Text(
        "线两侧共 {out_of:,} 例，刚过线的 {observed:,} 例（{share}）；预期 {expected:,.1f} 例",
        "{observed:,} of {out_of:,} stays around the line lie just above it ({share}); {expected:,.1f} expected",
    ),
    "readmission": Text(
        "{observed:,} 次（入组病例 {out_of:,} 例）；按其他医院同样 ADRG 的比例应为 {expected:,.1f} 次",
        "{observed:,} times in {out_of:,} grouped stays; {expected:,.1f} at the other hospitals' shares in the same ADRGs",
    ),
    "high_multiples": Text(
        "高倍率 {observed:,} 例，占 {out_of:,} 例的 {share}；5% 合 {expected:,.1f} 例",
        "{observed:,} high multiples, {share} of {out_of:,} stays; the limit is {expected:,.1f}",
    ),
    "ungrouped": Text(
        "{observed:,} 例，占 {out_of:,} 例的 {share}；按同级其他医院的比例应为 {expected:,.1f} 例",
        "{observed:,} of {out_of:,} stays ({share}); {expected:,.1f} at the share of the other hospitals of the level",
    ),
    "review_share": Text(
        "申请 {observed:,} 例，占结算病例 {out_of:,} 例的 {share}；界限 {expected:,.1f} 例",
        "{observed:,} asked for, {share} of {out_of:,} settled stays; the limit is {expected:,.1f}",
    ),
}
_COMPARES: Mapping[Kind, Text] = {
    "coding_mix": Text(
        "分 ADRG 的比例之差（Mantel–Haenszel），减去同级其他医院同样 ADRG 的变化；单侧 z 检验，偶然的机会 {chance}",
        "difference of shares over ADRGs (Mantel–Haenszel) less that of the level's other hospitals; one-sided z test, chance {chance}",
    ),
    "split_stays": Text(
        "按 ADRG 间接标化，泊松分布，偶然达到的机会 {chance}",
        "indirect standardisation by ADRG, Poisson; chance alone: {chance}",
    ),
    "low_cliff": Text(
        "预期取其他医院的比例与两侧平滑过线的比例中较大的；二项分布，偶然的机会 {chance}",
        "expected: the greater of the other hospitals' share and a straight density across the line; binomial, chance {chance}",
    ),
    "readmission": Text(
        "按 ADRG 间接标化，泊松分布，偶然达到的机会 {chance}",
        "indirect standardisation by ADRG, Poisson; chance alone: {chance}",
    ),
    "high_multiples": Text("只与界限比，不作检验", "held against the limit alone, no test"),
    "ungrouped": Text("二项分布，偶然的机会 {chance}", "binomial, chance {chance}"),
    "review_share": Text("只与界限比，不作检验", "held against the limit alone, no test"),
}
_LIMITS: Mapping[str, Text] = {
    "chance": Text("偶然的机会低于 {value}", "chance below {value}"),
    "least_stays": Text("至少 {value} 例", "{value} stays at least"),
    "least_rise": Text("至少高 {value}", "a rise of {value} at least"),
    "least_found": Text("至少 {value} 次", "{value} times at least"),
    "days": Text("{value} 天内", "within {value} days"),
    "times": Text("至少为预期的 {value} 倍", "{value} times the expected at least"),
    "line": Text("低倍率线 {value}", "low-multiple line {value}"),
    "width": Text("线两侧各 {value}", "{value} on either side"),
    "share": Text("比例的界限 {value}", "limit of the share {value}"),
}
_LEAST_CHANCE = 0.0001


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question in the words of one language.

    Attributes:
        numbers, compares: the numbers behind it, and what they are held against by which test.
        innocent: proper reasons that may explain it.
        limits: from where on it is asked, each with its source.
        cases: some of the stays (or pairs of stays) that it is about.
    """

    kind: Kind
    title: str
    asks: str
    hospital_id: str
    hospital: str
    numbers: str
    compares: str
    innocent: tuple[str, ...]
    limits: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted of every hospital.

    Attributes:
        measures: `counting.COUNTED` with ``kind``, ``rise`` and ``level_rise``; every hospital, asked about or not.
        now_from: where the earlier period ends, if the stays themselves were parted.
    """

    measures: pl.DataFrame
    now_from: dt.date | None


def counted(
    stays: pl.DataFrame,
    definitions: Definitions,
    *,
    earlier: pl.DataFrame | None = None,
    reviews: pl.DataFrame | None = None,
    exempt: tuple[str, ...] = (),
) -> Counted:
    """Count everything that the questions of ``definitions`` need.

    Args:
        stays: priced stays with the columns of `counting.NEEDED`.
        earlier: those of an earlier period, for the change in codes; without them the stays are parted in the middle of their period.
        reviews: special-case reviews that were asked for (column ``stay``).
        exempt: beginnings of groups whose readmissions are planned.
    """
    priced = stays.select(counting.NEEDED)
    before, now, now_from = counting.halves(priced)
    if earlier is not None:
        before, now, now_from = earlier.select(counting.NEEDED), priced, None
    asked = _NO_REVIEWS if reviews is None else reviews
    found = []
    for kind, asks in definitions.items():
        match kind:
            case "coding_mix":
                rows = counting.coding_mix(before, now, asks)
            case "split_stays":
                rows = counting.split_stays(priced, asks, exempt)
            case "low_cliff":
                rows = counting.low_cliff(priced, asks)
            case "readmission":
                rows = counting.readmissions(priced, asks, exempt)
            case "high_multiples":
                rows = counting.high_multiples(priced, asks)
            case "ungrouped":
                rows = counting.ungrouped(priced, asks)
            case "review_share":
                rows = counting.review_share(priced, asked, asks)
        found.append(rows.select(pl.lit(kind).alias("kind"), pl.all()))
    return Counted(measures=pl.concat(found, how="diagonal"), now_from=now_from)


def questions(
    found: Counted, definitions: Definitions, hospitals: Mapping[str, str], language: Language = "zh"
) -> list[Question]:
    """The questions that are to be asked, by question as written and by hospital code.

    Args:
        hospitals: code -> name.
    """
    asked = found.measures.filter("asked")
    return [_question(row, definitions[row["kind"]], found, hospitals, language) for row in asked.iter_rows(named=True)]


def limit_words(asks: QuestionDefinition, language: Language) -> tuple[str, ...]:
    """From where on a question is asked, each limit with its source."""
    colon, pending = ("：", f"（{PENDING.zh}）") if language == "zh" else (": ", f" ({PENDING.en})")
    words = []
    for name, limit in asks.limits.items():
        mark = "" if limit.evidence in (None, "source") else pending
        words.append(f"{_LIMITS[name].in_(language).format(value=plain(limit.value))}{mark}{colon}{limit.cites}")
    return tuple(words)


def shown_share(observed: int, out_of: int) -> str:
    """Per cent with one decimal; a dash of none."""
    return f"{100 * observed / out_of:.1f}%" if out_of else "—"


def _question(
    row: Mapping[str, object],
    asks: QuestionDefinition,
    found: Counted,
    hospitals: Mapping[str, str],
    language: Language,
) -> Question:
    values = _values(row)
    numbers = _SHOWS[asks.id].in_(language).format(**values)
    if asks.id == "coding_mix" and found.now_from:
        since = Text("（{day} 起为后段）", " (later period from {day})").in_(language)
        numbers += since.format(day=found.now_from)
    hospital, cases = str(row["hospital_id"]), row["cases"]
    title, question = (label.zh if language == "zh" else label.en for label in (asks.title, asks.asks))
    return Question(
        kind=asks.id,
        title=title,
        asks=question,
        hospital_id=hospital,
        hospital=hospitals.get(hospital, hospital),
        numbers=numbers,
        compares=_COMPARES[asks.id].in_(language).format(**values),
        innocent=tuple(label.zh if language == "zh" else label.en for label in asks.innocent),
        limits=limit_words(asks, language),
        cases=tuple(cases) if isinstance(cases, list) else (),
    )


def _values(row: Mapping[str, object]) -> dict[str, object]:
    def number(name: str) -> float:
        value = row.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    observed, out_of, chance = int(number("observed")), int(number("out_of")), number("chance")
    return {
        "subject": row["subject"],
        "observed": observed,
        "out_of": out_of,
        "share": shown_share(observed, out_of),
        "expected": number("expected"),
        "chance": f"< {_LEAST_CHANCE}" if chance < _LEAST_CHANCE else f"{chance:.4f}",
        "rise": 100 * number("rise"),
        "level_rise": 100 * number("level_rise"),
    }
