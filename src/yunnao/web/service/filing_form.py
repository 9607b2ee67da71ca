"""The form by which a citizen files an appeal: what was written, what is wrong with it, and the filing it makes."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yunnao.capabilities.coordinates import wgs84_from_gcj02
from yunnao.kernel.text import Text
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.web.service.desk import FLOW, coordinates_text, key_of, title_of

FIELDS = ("body", "place", "kind", "coordinates", "system", "title", "name", "telephone")
_MOST = {
    "title": 60,
    "body": 8000,
    "place": 200,
    "name": 60,
    "telephone": 20,
    "coordinates": 40,
    "system": 5,
    "kind": 40,
}
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TELEPHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}")
_COORDINATES = re.compile(r"(-?\d{1,3}(?:\.\d{1,12})?)\s*[,， ]\s*(-?\d{1,3}(?:\.\d{1,12})?)")


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it was written.

    Attributes:
        token: hidden in the form; with the words it is the filing's key.
        problems: field -> what is wrong with it.
        photos: digests of the photos that came with it, where the same form is sent once more without them.
    """

    token: str
    written: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Text] = field(default_factory=dict)
    photos: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.written.get(name, "")


def empty_form() -> Form:
    """A form that nobody has written in yet."""
    return Form(token=secrets.token_urlsafe(18))


def read_form(pairs: Sequence[tuple[str, str]], flow: FiledFlow) -> Form:
    """What was written, with what is wrong with it; fields that are not ours are passed over."""
    given = dict(pairs)
    token = given.get("token", "")
    written = {name: given.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    form_token = token if _TOKEN.fullmatch(token) else secrets.token_urlsafe(18)
    photos = tuple(each for each in given.get("photos", "").split(",") if _DIGEST.fullmatch(each))
    return Form(token=form_token, written=written, problems=_problems(written, flow), photos=photos)


def _problems(written: Mapping[str, str], flow: FiledFlow) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for name, most in _MOST.items():
        text = written[name]
        if len(text) > most:
            found[name] = Text(f"最多 {most} 个字，现在有 {len(text)} 个；请缩短", f"At most {most} characters, please")
        elif any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            found[name] = Text("有不能保存的控制字符；请删去", "Please remove control characters")
    if not written["body"]:
        found["body"] = Text("请写明什么事", "Please say what happened")
    if written["kind"] and written["kind"] not in flow.attributes["kind"].values:
        found["kind"] = Text("请从列出的类型中选一个", "Please choose one of the kinds")
    if written["telephone"] and not _TELEPHONE.fullmatch(written["telephone"]):
        found["telephone"] = Text(
            "电话只能有数字、空格和短横，如 0532-12345678", "Digits, blanks and hyphens only, please"
        )
    if written["coordinates"] and _position(written) is None:
        found["coordinates"] = Text(
            "请写成“纬度,经度”，如 36.0671,120.3826", "Please write latitude,longitude, such as 36.0671,120.3826"
        )
    return found


def _position(written: Mapping[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude in WGS84."""
    match = _COORDINATES.fullmatch(written["coordinates"])
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return (latitude, longitude) if written["system"] == "wgs84" else wgs84_from_gcj02(latitude, longitude)


def filing_from(form: Form, channel: str = "web", attachments: Sequence[Attachment] = ()) -> Filing:
    """The filing that a form without problems makes; with other photos, the same words are another matter."""
    photos = tuple(each.sha256 for each in attachments) or form.photos
    attributes = {name: form[name] for name in ("kind", "place") if form[name]}
    position = _position(form.written) if form["coordinates"] else None
    if position is not None:
        attributes["coordinates"] = coordinates_text(*position)
    return Filing(
        flow=FLOW,
        channel=channel,
        key=key_of(channel, form.token, {**form.written, **({"photos": ",".join(photos)} if photos else {})}),
        title=title_of(form["title"], form["body"]),
        body=form["body"],
        person=Person(name=form["name"] or None, contact=form["telephone"] or None),
        attributes=attributes,
        repeatable=True,
        attachments=tuple(attachments),
    )
