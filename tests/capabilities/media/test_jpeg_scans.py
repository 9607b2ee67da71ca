"""Scans of a JPEG are counted as they stand in it, whatever is beside them."""

import io
import time

import pytest
from PIL import Image

from tests.capabilities.media.photographs import photo
from yunnao.capabilities.media.jpeg_scans import scans


@pytest.mark.parametrize(("progressive", "count"), [(False, 1), (True, 10)])
def test_scans_of_one_photo_of_either_kind(progressive: bool, count: int) -> None:
    content = photo(progressive=progressive)
    assert scans(content) == count
    assert scans(content + b"\xff\xda" * 9) == count
    assert scans(content.replace(b"SECRET-COMMENT", b"\xff\xda\xff\xd9\xff\xdaCOMMENT!")) == count


def test_one_with_a_photo_within_and_one_with_another_behind() -> None:
    stream = io.BytesIO()
    first, second = (Image.new("RGB", (80, 60), shade) for shade in ("red", "blue"))
    first.save(stream, "MPO", save_all=True, append_images=[second], comment=photo()[:9000])
    assert scans(stream.getvalue()) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", photo("PNG"), b"\xff\xda" * 9]
)
def test_what_is_none_or_is_cut_has_none(content: bytes) -> None:
    assert scans(content) == 0


def test_hostile_ones_are_counted_in_a_moment() -> None:
    began = time.monotonic()
    for filling in (b"\xff", b"\xff\xff\x00", b"\xff\xc1\x00\x00", b"\xff\x02"):
        assert scans(b"\xff\xd8" + filling * (4_000_000 // len(filling)) + b"\x00") == 0
    assert time.monotonic() - began < 10
