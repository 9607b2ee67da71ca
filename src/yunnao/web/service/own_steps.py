"""Steps that a citizen may take on their own appeal, as questions of a form, and what a filled-in form gives."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yunnao.kernel.numbers import fen_from_yuan
from yunnao.kernel.text import Language
from yunnao.platforms.cases.filed.definitions import FiledStep, GivenField
from yunnao.web.service.words import labels

_YUAN = re.compile(r"\d{1,13}(\.\d{1,2})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that a step asks: `options` (value, words) where one is chosen."""

    name: str
    title: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    most: int = 2000


@dataclass(frozen=True, kw_only=True)
class OwnStep:
    """A step that the citizen may take now; `attaches`: whether it brings photos."""

    id: str
    title: str
    needs_reason: bool
    questions: tuple[Question, ...]
    attaches: bool = False


def own_step(step: FiledStep, language: Language) -> OwnStep:
    """A step as the citizen is asked for it."""
    t = labels(language)
    title = step.title.zh if language == "zh" else step.title.en
    return OwnStep(
        id=step.id,
        title=getattr(t, f"do_{step.id}", title),
        needs_reason=step.needs_reason,
        questions=tuple(_question(name, field, language) for name, field in step.gives.items()),
        attaches=step.attaches,
    )


def _question(name: str, field: GivenField, language: Language) -> Question:
    t = labels(language)
    options: tuple[tuple[str, str], ...] = ()
    if field.kind == "truth":
        options = (("true", t.yes), ("false", t.no))
    elif field.kind == "choice":
        options = tuple((id_, label.zh if language == "zh" else label.en) for id_, label in field.values.items())
    title = field.title.zh if language == "zh" else field.title.en
    return Question(name=name, title=title, required=field.required, options=options, most=field.at_most or 2000)


def given_from(step: FiledStep, written: Mapping[str, str]) -> dict[str, Any]:
    """What a form gives with a step, each as its kind; what is not usable stays as written, and the step refuses it."""
    given: dict[str, Any] = {}
    for name, field in step.gives.items():
        text = written.get(name, "").replace("\r\n", "\n").strip()
        if not text:
            continue
        if field.kind == "truth":
            given[name] = {"true": True, "false": False}.get(text, text)
        elif field.kind == "number" and text.isascii() and text.isdigit() and len(text) < 10:
            given[name] = int(text)
        elif field.kind == "money":
            given[name] = fen_of(text)
        else:
            given[name] = text
    return given


def fen_of(text: str) -> int | str:
    """Yuan as somebody writes them (``1,234.50``), in fen; what is no amount with two decimals at most stays as written."""
    figure = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    return fen_from_yuan(figure) if _YUAN.fullmatch(figure) else text
