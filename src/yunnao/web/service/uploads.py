"""Forms with photos: read part by part, every photo made harmless (`capabilities/media`) and kept before it is named by anything."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from yunnao.capabilities.media.medium import NotUsable
from yunnao.capabilities.media.pictures import read_picture
from yunnao.capabilities.open311.documents import Refused
from yunnao.kernel.text import Text
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.rounds.media import keep
from yunnao.web.service.plain import form_pairs

MULTIPART = "multipart/form-data"
FIELDS = ("photo", "media")
"""Under which files come: in our forms, and by Open311."""
_MOST_FILES, _MOST_FIELDS, _MOST_FIELD = 30, 100, 256 * 1024
_DECODERS = ThreadPoolExecutor(2, thread_name_prefix="photos")
"""A photo that is decoded takes some hundred megabytes at worst: no more than two at a time."""


@dataclass(frozen=True)
class PostedForm:
    """A posted form: its fields in order, and the files that were chosen."""

    pairs: list[tuple[str, str]]
    files: tuple[UploadFile, ...] = ()


@asynccontextmanager
async def posted_form(request: Request) -> AsyncIterator[PostedForm]:
    """The form of a request, with or without files; these are there until the end of the block.

    Raises:
        Refused: it is no form (400).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != MULTIPART:
        yield PostedForm(await form_pairs(request))
        return
    try:
        form = await request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_MOST_FIELD)
    except (HTTPException, KeyError, ValueError):  # the parser's own refusals, and what it stumbles over
        raise Refused(400, f"表单读不懂：请用 UTF-8 编码，最多 {_MOST_FIELDS} 项、{_MOST_FILES} 个文件") from None
    try:
        items = form.multi_items()
        files = [value for name, value in items if isinstance(value, UploadFile) and name in FIELDS]
        yield PostedForm(
            [(name, value) for name, value in items if isinstance(value, str)],
            tuple(file for file in files if file.size or file.filename),
        )
    finally:
        await form.close()


async def kept_photos(
    files: KeptFiles, chosen: Sequence[UploadFile], most: int, most_bytes: int
) -> tuple[Attachment, ...]:
    """Keep the photos that were chosen: all of them or, if one is not usable, none.

    Args:
        most: how many there may be; ``most_bytes``: of one.

    Raises:
        NotUsable: there are too many, or one is too large or no photo; it says which.
        YunnaoError: the disk is full or refuses.
    """
    if len(chosen) > most:
        raise NotUsable(
            Text(f"最多 {most} 张图片，现在有 {len(chosen)} 张；请重新选择", f"At most {most} photos, please")
        )
    loop, media = asyncio.get_running_loop(), []
    for place, file in enumerate(chosen, 1):
        if (file.size or 0) > most_bytes:
            megabytes = most_bytes // 1_000_000
            raise NotUsable(
                Text(
                    f"第 {place} 张图片超过 {megabytes} MB；请缩小或截屏后再传",
                    f"Photo {place} is larger than {megabytes} MB",
                )
            )
        content = await file.read()
        try:
            media.append(await loop.run_in_executor(_DECODERS, read_picture, content))
        except NotUsable as error:
            raise NotUsable(Text(f"第 {place} 张：{error.text.zh}", f"Photo {place}: {error.text.en}")) from None
    return tuple([await loop.run_in_executor(_DECODERS, keep, files, medium) for medium in media])
