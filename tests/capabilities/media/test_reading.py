"""Recordings are told by how they begin; whatever else comes is a photo or refused."""

import pytest

from tests.capabilities.media.photographs import photo
from yunnao.capabilities.media.medium import NotUsable
from yunnao.capabilities.media.reading import read_medium


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"#!AMR\n" + bytes(50), "audio/amr"),
        (b"#!AMR-WB\n" + bytes(50), "audio/amr"),
        (b"ID3\x04" + bytes(50), "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + bytes(50), "audio/mpeg"),
    ],
)
def test_a_recording_is_kept_as_it_came(content: bytes, media_type: str) -> None:
    medium = read_medium(content)
    assert (medium.content, medium.media_type, medium.width) == (content, media_type, None)


def test_anything_else_is_a_photo_or_refused() -> None:
    assert read_medium(photo()).media_type == "image/jpeg"
    for content in (b"", b"\xff", b"RIFF....WAVE", b'{"errcode": 1}'):
        with pytest.raises(NotUsable):
            read_medium(content)
