"""Recordings: AMR and MP3, told by how they begin, kept as they came; they are only ever downloaded, never played or run by us.

Source: AMR files begin with ``#!AMR`` (RFC 4867, 5.1); an MP3 with an ID3 tag or with a frame whose first eleven bits are set.
"""

from yunnao.capabilities.media.medium import AMR, MP3, Medium, NotUsable
from yunnao.kernel.text import Text

_UNKNOWN = Text("不是 AMR 或 MP3 录音", "Neither an AMR nor an MP3 recording")


def read_sound(content: bytes) -> Medium:
    """A recording as it may be kept.

    Raises:
        NotUsable: it is none of the two kinds.
    """
    if content.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return Medium(content=content, media_type=AMR)
    if content.startswith(b"ID3") or (len(content) > 4 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0):
        return Medium(content=content, media_type=MP3)
    raise NotUsable(_UNKNOWN)
