"""Photos: told by their content, decoded, and encoded anew, so that nothing of the file as it came is kept.

Name and media type that a sender gives are not looked at. Whatever is beside the pixels goes: EXIF with the place and the camera,
comments, profiles, further frames, bytes behind the end. Orientation is applied first.
"""

import io

from PIL import Image, UnidentifiedImageError

from yunnao.capabilities.media.jpeg_scans import scans
from yunnao.capabilities.media.medium import JPEG, Medium, NotUsable
from yunnao.kernel.text import Text

LONGEST_SIDE = 2560
"""Pixels of what is kept: a house number across the street stays legible, and it is a megabyte or so."""
_MOST_PIXELS = {"JPEG": 51_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""Before decoding; a telephone's JPEG with a second one behind it (MPO) counts as a JPEG. A JPEG is decoded at a
fraction of its size; of the others every pixel is in memory, four bytes each."""
_MOST_SCANS = 100
"""Of a JPEG: each is a way through the whole picture, and takes a few bytes of the file; encoders write ten or so."""
_QUALITY = 85
_THUMBNAIL = 320
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Orientation, as EXIF has it -> what turns a picture upright."""

_FORMATS = Text(
    "只能用 JPEG、PNG、WebP 图片；请换一张，或截屏后再传", "JPEG, PNG or WebP, please; a screenshot will do"
)
_HEIC_WORDS = Text(
    "是 HEIC 格式，这里打不开；请在手机“设置”→“相机”→“格式”里选“兼容性最佳”后重拍，或截屏后再传",
    "This is HEIC, which cannot be opened here; a screenshot of it will do",
)
_BROKEN = Text("图片损坏或不完整，打不开；请换一张，或截屏后再传", "The picture is damaged; please choose another")
_TOO_MANY_SCANS = Text("图片分的层次太多，打不开；请截屏后再传", "Too many scans; a screenshot will do")
_TOO_MANY_PIXELS = Text("图片的像素太多；请截屏或缩小后再传", "Too many pixels; please make the picture smaller")


def read_picture(content: bytes) -> Medium:
    """A photo as it may be kept: a JPEG of at most `LONGEST_SIDE` pixels a side, of nothing but the pixels of ``content``.

    Raises:
        NotUsable: it is no JPEG, PNG or WebP, is damaged, or has too many pixels or scans.
    """
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise NotUsable(_HEIC_WORDS)
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_MOST_PIXELS)) as picture:
            if picture.width * picture.height > _MOST_PIXELS.get(str(picture.format), _MOST_PIXELS["JPEG"]):
                raise NotUsable(_TOO_MANY_PIXELS)
            if scans(content) > _MOST_SCANS:
                raise NotUsable(_TOO_MANY_SCANS)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = _on_white(_upright(picture))
    except UnidentifiedImageError:
        raise NotUsable(_FORMATS) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotUsable(_TOO_MANY_PIXELS) from None
    except NotUsable:
        raise
    except Exception:  # a decoder fed with hostile bytes may raise anything; none of it is a photo
        raise NotUsable(_BROKEN) from None
    return Medium(content=_encoded(plain, _QUALITY), media_type=JPEG, width=plain.width, height=plain.height)


def thumbnail(content: bytes) -> bytes:
    """A small JPEG of a photo that is kept.

    Raises:
        NotUsable: it is none.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            picture.draft("RGB", (_THUMBNAIL, _THUMBNAIL))
            picture.thumbnail((_THUMBNAIL, _THUMBNAIL))
            return _encoded(_on_white(picture), _QUALITY)
    except Exception:  # as above
        raise NotUsable(_BROKEN) from None


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF says; as it is where that cannot be read, for what else EXIF holds is none of our business."""
    try:
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # as above
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _on_white(picture: Image.Image) -> Image.Image:
    """The pixels alone, on white where they are transparent, in a picture without anything beside them."""
    if picture.mode.startswith("I;16"):  # grey of 16 bits would be cut off at the 255th shade
        picture = picture.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
    colours = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(colours, mask=colours.getchannel("A") if colours.mode == "RGBA" else None)
    return plain


def _encoded(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()
