"""An attachment of a filed case, as its event names it; the file itself is kept by its digest (`kept_files`)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

ATTACHED, DETACHED = "attachments", "detached"
"""What stands for them in the row of an event, beside what was given by name."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A photo or a recording: SHA-256 of the file as kept, media type, bytes, and of photos width and height in pixels."""

    sha256: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown, and not only be downloaded."""
        return self.media_type.startswith("image/")


def attachments_from(given: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The attachments that the row of an event names."""
    return tuple(Attachment(**each) for each in given.get(ATTACHED, ()))


def as_given(attachments: Sequence[Attachment], detached: str | None) -> dict[str, Any]:
    """What the row of an event says of attachments: nothing where there are none."""
    found: dict[str, Any] = {ATTACHED: [asdict(each) for each in attachments]} if attachments else {}
    return found | ({DETACHED: detached} if detached else {})
