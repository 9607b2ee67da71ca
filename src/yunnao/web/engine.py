"""The template engine of every page, and stylesheets for pages that are one file."""

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yunnao.web.tables import columns, even

_TEMPLATES = "templates"


def engine(folder: str = "", finalize: Callable[[Any], Any] | None = None) -> Environment:
    """Templates of ``folder`` below `templates`, and what all pages share there; a name that is missing is an error.

    Args:
        finalize: what every value passes before it is written.
    """
    folders = [f"{_TEMPLATES}/{folder}", _TEMPLATES] if folder else [_TEMPLATES]
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("yunnao.web", each) for each in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
    environment.filters |= {"columns": columns, "even": even}
    return environment


@lru_cache
def asset(name: str) -> str:
    """A stylesheet or script of ours."""
    return files("yunnao.web").joinpath("static", name).read_text(encoding="utf-8")


def inside(*names: str) -> Markup:
    """Stylesheets one after another, for a page that works from a file of its own."""
    return Markup("\n".join(map(asset, names)))
