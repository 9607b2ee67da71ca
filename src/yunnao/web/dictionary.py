"""The policy dictionary (惠企政策词典): a static site that works from a file with no network, and an Excel workbook.

Every page exists twice, in Chinese and (under ``en/``) in English; the list is complete without JavaScript, which only
adds search and filters.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.declaration import Label
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.text import Language
from yunnao.storage.files import make_folder, write_atomically
from yunnao.web import dictionary_words as words
from yunnao.web.dictionary_entries import policy_view
from yunnao.web.dictionary_facts import fact_groups
from yunnao.web.dictionary_labels import labels
from yunnao.web.dictionary_views import PolicyView
from yunnao.web.dictionary_workbook import write_workbook
from yunnao.web.engine import asset, engine
from yunnao.web.languages import LANGUAGE_TAG, language_of

_LISTING = ".yunnao-dictionary.json"
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def write_dictionary(scenarios: Sequence[Scenario], folder: Path, *, as_of: dt.date, district: Label) -> list[Path]:
    """Write the site and ``dictionary.xlsx`` into ``folder``; pages that only an earlier dictionary had go.

    Args:
        scenarios: their policies appear in this order.
        folder: made if absent; other files in it stay.
        as_of: the day that decides which policies are shown as in force.
        district: what it calls itself.

    Returns:
        Every file written, ``index.html`` first.

    Raises:
        DefinitionError: ``folder`` is a file, or two policies would share a page.
        YunnaoError: the folder cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise DefinitionError(f"{folder} 不是文件夹，词典没有写；请换一个输出位置")
    pages: dict[str, str] = {}
    for language in ("zh", "en"):
        pages |= _site(scenarios, language, as_of, district.zh if language == "zh" else district.en)
    for name in ("dictionary.css", "dictionary.js"):
        pages[name] = asset(name)
    make_folder(folder / "en")
    for name, text in pages.items():
        write_atomically(folder / name, text.encode())
    workbook = folder / "dictionary.xlsx"
    write_workbook(scenarios, workbook, as_of=as_of, district_title=district.zh)
    made = [*pages, workbook.name]
    _forget_earlier(folder, made)
    return [folder / name for name in made]


def _site(scenarios: Sequence[Scenario], language: Language, as_of: dt.date, district: str) -> dict[str, str]:
    """Every page in one language: path below the folder -> text."""
    views = [
        policy_view(scenario, policy, language, as_of)
        for scenario in scenarios
        for policy in scenario.policies.values()
    ]
    if len({view.page for view in views}) < len(views):
        raise DefinitionError("有两条政策编号相同，词典没有写；请给其中一条换一个 id")
    environment = _environment(language)
    shared = {"as_of": as_of.isoformat(), "district": district, "contact": ""}
    prefix = "" if language == "zh" else "en/"

    def page(template: str, here: str, **context: Any) -> str:
        return environment.get_template(template).render(here=here, **shared, **context)

    data = f"window.yunnaoPolicies = {script_json(search_data(views, language))};\n"
    site = {
        "index.html": page(
            "index.html",
            "index.html",
            views=views,
            figures=_figures(views, language),
            choices=_choices(views, language),
        ),
        "facts.html": page("facts.html", "facts.html", groups=list(fact_groups(scenarios, language, as_of))),
        "search-data.js": data,
    }
    for view in views:
        site[view.page] = page("policy.html", view.page, view=view)
    return {prefix + name: text for name, text in site.items()}


def _environment(language: Language) -> Environment:
    environment = engine(finalize=_visible)
    environment.globals |= {
        "t": labels(language),
        "lang": LANGUAGE_TAG[language],
        "other_lang": LANGUAGE_TAG["en" if language == "zh" else "zh"],
        "root": "" if language == "zh" else "../",
        "twin": "en/" if language == "zh" else "../",
        "language_of": language_of,
    }
    return environment


def _visible(value: Any) -> Any:
    """Without control and direction-changing characters, which no title needs and HTML forbids."""
    return _INVISIBLE.sub("", value) if type(value) is str else value


def script_json(value: Any) -> str:
    """JSON that may stand in a script: nothing in it can end the script or the line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return _INVISIBLE.sub("", text)


def search_data(views: Sequence[PolicyView], language: Language) -> dict[str, Any]:
    """What the page's script searches and filters by, in the order of the list."""
    t = labels(language)
    return {
        "words": {name: getattr(t, name) for name in ("hits", "hits_all", "hits_near", "hits_none")},
        "policies": [
            {
                "text": view.search,
                "from": view.policy.valid.from_.isoformat(),
                "to": view.policy.valid.to.isoformat() if view.policy.valid.to else "",
                "delivery": view.policy.delivery,
                "region": view.policy.region,
                "department": view.policy.department,
                "kind": view.policy.grants.kind,
                "uncertain": "yes" if view.uncertain else "no",
                "scenario": view.scenario,
            }
            for view in views
        ],
    }


@dataclass(frozen=True)
class Choice:
    """A filter: (value, words) of every option that occurs."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]


def _choices(views: Sequence[PolicyView], language: Language) -> Iterator[Choice]:
    t = labels(language)

    def options(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(dict(pairs).items())

    deliveries: dict[str, str] = {view.policy.delivery: view.delivery for view in views}
    kinds: dict[str, str] = {view.policy.grants.kind: view.kind for view in views}
    yield Choice("delivery", t.filter_delivery, options((d, deliveries[d]) for d in words.DELIVERY if d in deliveries))
    yield Choice("region", t.filter_region, options((v.policy.region, v.policy.region) for v in views))
    yield Choice("department", t.filter_department, options((v.policy.department, v.department) for v in views))
    yield Choice("kind", t.filter_kind, options((id_, kinds[id_]) for id_ in words.KIND if id_ in kinds))
    yield Choice("uncertain", t.filter_uncertain, (("yes", t.only_uncertain), ("no", t.only_certain)))
    scenarios = options((v.scenario, v.scenario) for v in views)
    if len(scenarios) > 1:
        yield Choice("scenario", t.filter_scenario, scenarios)


def _figures(views: Sequence[PolicyView], language: Language) -> list[tuple[int, str]]:
    t = labels(language)
    live = [view for view in views if view.status_id == "in_force" and view.conditions is not None]
    return [
        (len(views), t.count_policies),
        (len(live), t.count_in_force),
        (sum(view.policy.delivery == "automatic" for view in live), t.count_automatic),
        (sum(view.uncertain for view in views), t.count_uncertain),
    ]


def _forget_earlier(folder: Path, made: Sequence[str]) -> None:
    """Remove pages that an earlier run made here and this one did not; remember what this one made."""
    listing = folder / _LISTING
    try:
        earlier = json.loads(listing.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        earlier = []
    for name in earlier if isinstance(earlier, list) else []:
        if isinstance(name, str) and re.fullmatch(r"(en/)?[a-z0-9_-]+\.html", name) and name not in made:
            (folder / name).unlink(missing_ok=True)
    write_atomically(listing, json.dumps(sorted(made), ensure_ascii=False).encode())
