"""Photos for tests, made with Pillow, with everything beside the pixels that a telephone adds."""

import io
from typing import Any

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300), orientation: int = 1, **more: Any) -> bytes:
    """A photo whose left half is red and whose right half is blue; of JPEG with place, camera and a comment."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    stream = io.BytesIO()
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "SECRET-CAMERA"
        exif.get_ifd(0x8825)[2] = (36.0, 4.0, 1.56)
        more = {"exif": exif, "comment": b"SECRET-COMMENT", "icc_profile": b"SECRET-PROFILE", **more}
    picture.save(stream, kind, **more)
    return stream.getvalue()
