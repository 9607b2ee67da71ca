"""Attachments on pages: thumbnails within the page, and the whole file as an answer that nobody keeps."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from yunnao.capabilities.media.medium import AMR, JPEG, MP3, NotUsable
from yunnao.capabilities.media.pictures import thumbnail
from yunnao.kernel.text import Language, Text
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.view import FiledView
from yunnao.web.service.plain import plain

_ENDINGS = {JPEG: "jpg", AMR: "amr", MP3: "mp3"}
_PHOTO, _SOUND = Text("图片 {n}", "Photo {n}"), Text("录音 {n}", "Recording {n}")


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """An attachment on a page; `thumbnail`: the small picture itself (a ``data:`` address), empty where there is none."""

    digest: str
    words: str
    size: str
    thumbnail: str


def shown_files(attachments: Sequence[Attachment], files: KeptFiles, language: Language) -> tuple[ShownFile, ...]:
    """The attachments of a case as a page shows them, in their order."""
    return tuple(
        ShownFile(
            digest=each.sha256,
            words=(_PHOTO if each.is_picture else _SOUND).in_(language).replace("{n}", str(place)),
            size=_size(each.size),
            thumbnail=_thumbnail(each, files),
        )
        for place, each in enumerate(attachments, 1)
    )


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1000, 1)} KB"


def _thumbnail(attachment: Attachment, files: KeptFiles) -> str:
    content = files.content(attachment.sha256) if attachment.is_picture else None
    try:
        small = thumbnail(content) if content is not None else b""
    except NotUsable:
        small = b""
    return f"data:{JPEG};base64,{base64.b64encode(small).decode()}" if small else ""


def file_answer(view: FiledView, files: KeptFiles, digest: str) -> Response:
    """The whole file of an attachment of a case: pictures to be seen, the rest to be downloaded."""
    found = next(((place, each) for place, each in enumerate(view.attachments, 1) if each.sha256 == digest), None)
    if found is None:
        return plain(404, "没有这个附件，或者已经移除", "No such attachment")
    place, attachment = found
    content = files.content(digest)
    if content is None:
        return plain(404, "附件的文件读不到；请联系管理员", "The file cannot be read")
    how = "inline" if attachment.is_picture else "attachment"
    name = f"{view.case.case_id}-{place}.{_ENDINGS.get(attachment.media_type, 'bin')}"
    headers = {"content-disposition": f'{how}; filename="{name}"', "cache-control": "private, no-store"}
    return Response(content, 200, headers, attachment.media_type)
