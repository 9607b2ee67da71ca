"""SVG as text, escaped once; and the round numbers that axes are labelled with."""

from collections.abc import Iterable
from itertools import count

from markupsafe import Markup, escape

FONT = 12
"""Height of words in pixels."""


def element(name: str, *content: Markup | str, **attributes: str | float) -> Markup:
    """An SVG element. Words are escaped; ``Markup`` is put in as it is. ``class_`` is class, ``text_anchor`` is text-anchor."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"' for key, value in attributes.items()
    )
    inside = "".join(escape(each) for each in content)
    return Markup(f"<{name}{written}>{inside}</{name}>" if content else f"<{name}{written}/>")


def joined(marks: Iterable[Markup]) -> Markup:
    """Marks one after another."""
    return Markup("").join(marks)


def picture(
    id_: str, title: str, description: str, marks: Iterable[Markup], *, links: bool = False, **attributes: str | float
) -> Markup:
    """An SVG document that a screen reader announces by its title and description.

    Args:
        id_: unique in the page.
        links: whether there are links in it, which an image could not have.
    """
    head = [element("title", title, id=f"{id_}-title"), element("desc", description, id=f"{id_}-description")]
    named = {
        "role": "group" if links else "img",
        "aria_labelledby": f"{id_}-title",
        "aria_describedby": f"{id_}-description",
    }
    return element("svg", *head, *marks, xmlns="http://www.w3.org/2000/svg", **named, **attributes)


def round_up(value: float) -> float:
    """The least of 1, 2, 5, 10, 20, 50 ... (and their tenths, hundredths ...) that is not below ``value`` (> 0)."""
    power = 1.0
    while power > value:
        power /= 10
    for _ in count():
        for factor in (1, 2, 5):
            if factor * power >= value * (1 - 1e-9):
                return factor * power
        power *= 10
    raise AssertionError


def width_of(text: str) -> float:
    """About how wide words are, in pixels: ideographs are square, other signs a little more than half as wide."""
    return sum(FONT if ord(sign) > 0x2E7F else FONT * 0.58 for sign in text)


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
