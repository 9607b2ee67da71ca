"""What people wrote with a case or a step, set apart from the event that it came with, so that it can be erased."""

from collections.abc import Mapping
from typing import Any

from yunnao.capabilities.personal_data import masked
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent


def legible(flow: FiledFlow, attributes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Attributes as history keeps them for good, with personal data masked, and place -> the words of those that held any.

    The words can be erased; an event cannot.
    """
    texts = {name: value for name, value in attributes.items() if flow.attributes[name].kind == "text"}
    shown = {name: masked(value) for name, value in texts.items()}
    return {**attributes, **shown}, {f"1.{name}": clean(texts[name]) for name in texts if shown[name] != texts[name]}


def texts_of(flow: FiledFlow, event: FiledEvent) -> dict[str, str]:
    """Place -> text of what an event brought in words."""
    step = flow.step(event.step)
    fields = {} if step is None else step.gives
    texts = {
        f"{event.seq}.{name}": clean(str(value)) for name, value in event.given.items() if fields[name].kind == "text"
    }
    return texts | ({f"{event.seq}.reason": clean(event.reason)} if event.reason else {})


def clean(text: str) -> str:
    """Without signs that no person writes, line ends alike."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or ord(sign) >= 32).strip()
