"""What is kept of a file from outside, and why one is refused."""

from dataclasses import dataclass, field

from yunnao.kernel.text import Text

JPEG, AMR, MP3 = "image/jpeg", "audio/amr", "audio/mpeg"


@dataclass(frozen=True, kw_only=True)
class Medium:
    """A file as it may be kept: a photo encoded anew, or a recording as it came; width and height in pixels, of photos."""

    content: bytes = field(repr=False)
    media_type: str
    width: int | None = None
    height: int | None = None


class NotUsable(Exception):
    """A file that is not kept; `text` says why, and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text
