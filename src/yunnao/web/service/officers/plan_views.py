"""Targets as the desk's page shows them: what is asked for, rows with a small picture of the year, counts of lights."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

from markupsafe import Markup

from yunnao.kernel.numbers import plain
from yunnao.kernel.text import Language, Text
from yunnao.platforms.indicators.targets.tracking import LIGHT_WORDS, Light, Tracked, rounded
from yunnao.scenarios.plan.tracking.track_tables import UNASSIGNED, band, owner, wanted
from yunnao.web.charts.trends import sparkline

_HEIGHT = 1000
_LONGEST = 60
TONES: Mapping[Light, str] = {
    "green": "light-green",
    "yellow": "light-yellow",
    "red": "light-red",
    "grey": "plain",
    "aside": "plain",
}
NOBODY = "nobody"
"""Asks for targets that no department answers for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer asks to see; ``wrong``: the day cannot be read."""

    light: str
    owner: str
    find: str
    day: dt.date
    wrong: bool = False

    def query(self, **changes: str) -> dict[str, str]:
        """As a link's query, with changes."""
        kept = {"light": self.light, "owner": self.owner, "find": self.find, "day": self.day.isoformat()}
        return {name: value for name, value in {**kept, **changes}.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTarget:
    """One row of the page; texts that are Chinese in either language are marked by the template."""

    tracked: Tracked
    tone: str
    light: str
    state: str
    wanted: str
    latest: str
    month: str
    band: str
    progress: str
    share: int | None
    owner: str
    owner_by: str
    picture: Markup


def asked_for(query: Mapping[str, str], today: dt.date) -> Asked:
    """What a query asks for; what makes no sense in it is passed over."""
    light, day, wrong = query.get("light", ""), today, False
    if written := query.get("day", "").strip():
        try:
            day = dt.date.fromisoformat(written)
        except ValueError:
            wrong = True
    return Asked(
        light=light if light in LIGHT_WORDS else "",
        owner=query.get("owner", "")[:_LONGEST],
        find=query.get("find", "").strip()[:_LONGEST],
        day=day,
        wrong=wrong,
    )


def chosen(tracked: Sequence[Tracked], asked: Asked, *, any_light: bool = False) -> list[Tracked]:
    """Those that are asked for; with ``any_light`` whatever their light, for the counts."""
    return [
        each
        for each in tracked
        if (any_light or asked.light in ("", each.light))
        and asked.owner in ("", each.target.owner or NOBODY)
        and (asked.find in each.target.promised.indicator or asked.find in each.target.promised.series)
    ]


def counts(tracked: Sequence[Tracked], language: Language) -> list[tuple[Light, str, str, int]]:
    """Light, its style, its words and how many, of every light."""
    found = Counter(each.light for each in tracked)
    return [(light, TONES[light], words.in_(language), found[light]) for light, words in LIGHT_WORDS.items()]


def owners(tracked: Sequence[Tracked], departments: Mapping[str, Text], language: Language) -> list[tuple[str, str]]:
    """The departments that answer for some target, and that nobody does, with titles."""
    found = {each.target.owner or NOBODY: owner(each, departments).in_(language) for each in tracked}
    return sorted(found.items(), key=lambda item: (item[0] == NOBODY, item[1]))


def seen_target(
    each: Tracked, departments: Mapping[str, Text], said: SimpleNamespace, language: Language
) -> SeenTarget:
    """One target in the page's words."""
    promised = each.target.promised
    year = promised.last_year
    by = {"table": said.by_table, "officer": said.by_officer}.get(each.target.owner_by or "", "")
    return SeenTarget(
        tracked=each,
        tone=TONES[each.light],
        light=LIGHT_WORDS[each.light].in_(language),
        state=each.words.in_(language),
        wanted=wanted(each),
        latest="" if each.value is None else f"{plain(each.value)} {promised.unit}".strip(),
        month=f"{year}-{each.month:02d}" if each.month else "",
        band=f"{band(each)} {promised.unit}".strip() if each.band else "",
        progress="" if each.progress is None else f"{rounded(each.progress, Decimal(100))} %",
        share=None if each.progress is None else max(0, min(100, int(each.progress))),
        owner=owner(each, departments).in_(language) if each.target.owner else UNASSIGNED.in_(language),
        owner_by=by,
        picture=_picture(each, said),
    )


def _picture(each: Tracked, said: SimpleNamespace) -> Markup:
    if len(each.points) < 2:
        return Markup("")
    most = max((abs(value) for _, value in each.points), default=None) or 1
    heights = [max(0, int(value * _HEIGHT / most)) for _, value in each.points]
    values = said.between.join(said.month.format(n=month, value=plain(value)) for month, value in each.points)
    title = said.monthly.format(name=each.target.promised.indicator)
    return sparkline(f"spark-{each.target.target_id}", title, said.so_far.format(values=values), heights)
