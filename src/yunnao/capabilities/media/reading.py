"""A file of either kind: a recording by how it begins, else a photo."""

from yunnao.capabilities.media.medium import Medium, NotUsable
from yunnao.capabilities.media.pictures import read_picture
from yunnao.capabilities.media.sounds import read_sound


def read_medium(content: bytes) -> Medium:
    """A photo or a recording as it may be kept.

    Raises:
        NotUsable: it is neither.
    """
    try:
        return read_sound(content)
    except NotUsable:
        return read_picture(content)
