"""Photos are told by content, encoded anew with nothing but their pixels, and refused where they are hostile."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.capabilities.media.photographs import BLUE, RED, photo
from yunnao.capabilities.media.medium import NotUsable
from yunnao.capabilities.media.pictures import LONGEST_SIDE, read_picture, thumbnail


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 30 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_a_jpeg_with_the_same_pixels(kind: str) -> None:
    medium = read_picture(photo(kind))
    assert (medium.media_type, medium.width, medium.height) == ("image/jpeg", 400, 300)
    picture = opened(medium.content)
    assert picture.format == "JPEG"
    assert near(picture.getpixel((50, 150)), RED)
    assert near(picture.getpixel((350, 150)), BLUE)


def test_nothing_but_the_pixels_is_kept() -> None:
    original = photo() + b"<script>SECRET-TAIL</script>"
    assert all(word in original for word in (b"SECRET-CAMERA", b"SECRET-COMMENT", b"SECRET-PROFILE", b"SECRET-TAIL"))
    assert opened(original).getexif().get_ifd(0x8825)  # where it was taken
    content = read_picture(original).content
    assert b"SECRET" not in content
    assert b"Exif" not in content
    kept = opened(content)
    assert not kept.getexif()
    assert not {"comment", "icc_profile", "exif"} & set(kept.info)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at", "blue_at"),
    [
        (1, (400, 300), (50, 150), (350, 150)),
        (3, (400, 300), (350, 150), (50, 150)),
        (6, (300, 400), (150, 50), (150, 350)),
        (8, (300, 400), (150, 350), (150, 50)),
    ],
)
def test_orientation_is_applied(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int], blue_at: tuple[int, int]
) -> None:
    picture = opened(read_picture(photo(orientation=orientation)).content)
    assert picture.size == size
    assert near(picture.getpixel(red_at), RED)
    assert near(picture.getpixel(blue_at), BLUE)


def beside(segment: bytes) -> bytes:
    """A photo with one APP1 segment, as given."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), RED).save(stream, "JPEG")
    plain = stream.getvalue()
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def exif(*entries: tuple[int, int, int, int]) -> bytes:
    """An EXIF segment of entries (tag, type, count, value or place), however wrong."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + packed + bytes(4)


@pytest.mark.parametrize(
    ("segment", "size"),
    [
        (b"Exif\0\0garbage", (40, 30)),
        (exif((0x0112, 2, 1, 0x36)), (40, 30)),
        (exif((0x0112, 3, 1, 6), (0x0128, 7, 4, 0x41424344)), (30, 40)),
        (exif((0x0112, 3, 1, 6), (0x0213, 2, 4, 0x41424344)), (30, 40)),
        (exif((0x0112, 3, 1, 6), (0x8825, 2, 3, 0)), (30, 40)),
    ],
    ids=["garbage", "orientation as text", "unit as bytes", "position as text", "place as text"],
)
def test_what_is_wrong_beside_the_pixels_refuses_no_photo(segment: bytes, size: tuple[int, int]) -> None:
    assert opened(read_picture(beside(segment)).content).size == size


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    stream = io.BytesIO()
    Image.frombytes("I;16", (40, 30), struct.pack("<H", 40_000) * 1200).save(stream, "PNG")
    assert near(opened(read_picture(stream.getvalue()).content).getpixel((20, 15)), (156, 156, 156))


def test_a_jpeg_with_scans_without_end_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (80, 60), RED).save(stream, "JPEG", progressive=True)
    progressive = stream.getvalue()
    assert near(opened(read_picture(progressive).content).getpixel((40, 30)), RED)
    scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    for between in (b"", b"\xff\x02\xff\xff", b"\xff\xfe\x00\x04\xff\xd9"):
        with monkeypatch.context() as patched:
            patched.setattr(Image.Image, "thumbnail", lambda *_: pytest.fail("decoded"))
            with pytest.raises(NotUsable, match="截屏"):
                read_picture(progressive[:-2] + (between + scan) * 100 + progressive[-2:])
    embedded = struct.pack(">H", 60_002) + b"\xff\xda" * 30_000  # what a segment holds is no scan
    assert read_picture(progressive[:2] + b"\xff\xe5" + embedded + progressive[2:] + b"\xff\xda" * 1000)


def test_large_ones_are_made_smaller_and_transparent_ones_stand_on_white() -> None:
    medium = read_picture(photo(size=(6000, 3000)))
    assert (medium.width, medium.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    stream = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(stream, "PNG")
    assert near(opened(read_picture(stream.getvalue()).content).getpixel((20, 20)), (255, 255, 255))
    assert max(opened(thumbnail(medium.content)).size) == 320


def test_of_a_telephones_double_photo_the_first_is_kept() -> None:
    stream = io.BytesIO()
    first, second = (Image.new("RGB", (80, 60), colour) for colour in (RED, BLUE))
    first.save(stream, "MPO", save_all=True, append_images=[second])
    assert opened(stream.getvalue()).format == "MPO"
    medium = read_picture(stream.getvalue())
    assert near(opened(medium.content).getpixel((40, 30)), RED)
    assert len(medium.content) < len(stream.getvalue())


def test_the_same_photo_becomes_the_same_bytes() -> None:
    assert read_picture(photo()).content == read_picture(photo()).content


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def gif() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (10, 10)).save(stream, "GIF")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JPEG、PNG、WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "JPEG、PNG、WebP"),
        (b"%PDF-1.7", "JPEG、PNG、WebP"),
        (b"MZ\x90\x00" + bytes(500), "JPEG、PNG、WebP"),
        (gif(), "JPEG、PNG、WebP"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
        (photo()[:2000], "损坏"),
        (photo("PNG")[:300], "损坏"),
        (bomb(5001, 5000), "像素太多"),
        (bomb(60_000, 60_000), "像素太多"),
        (bomb(9_500, 9_500), "像素太多"),
    ],
    ids=["nothing", "svg", "pdf", "program", "gif", "heic", "cut jpeg", "cut png", "25 MP", "3600 MP", "90 MP"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(NotUsable, match=words) as refused:
        read_picture(content)
    assert refused.value.text.en


@settings(max_examples=60)
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_damaged_bytes_are_a_photo_or_refused_and_nothing_else(data: st.DataObject, kind: str) -> None:
    content = bytearray(photo(kind, (64, 48)))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        medium = read_picture(bytes(content))
    except NotUsable:
        return
    assert opened(medium.content).format == "JPEG"
