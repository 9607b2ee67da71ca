"""The door of a WeChat service account: checks every signature, files what people send, answers within five seconds.

An answer before the commit would acknowledge what a crash may lose. So where the commit does not come in time, the answer is 503:
WeChat delivers again, up to three times, and the same MsgId is the same matter.
"""

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from yunnao.capabilities.coordinates import wgs84_from_gcj02
from yunnao.capabilities.wechat.cipher import NotDecrypted, decrypted, key_from
from yunnao.capabilities.wechat.messages import Message, NotAMessage, read_fields, read_message
from yunnao.capabilities.wechat.replies import NOTHING, encrypted_reply, text_reply
from yunnao.capabilities.wechat.signature import is_fresh, is_signed
from yunnao.kernel.errors import HomeBusy, YunnaoError
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.web.service.description import body_of, query_parameter, says
from yunnao.web.service.desk import FLOW, Desk, coordinates_text, title_of
from yunnao.web.service.plain import plain

_ANSWER_SECONDS = 4.0
"""Within WeChat's five, the way back included."""
_ASKS = re.compile(r"^(?:查询|进度|查)\s*(?P<number>[A-Za-z]{1,4}\d{8}-\d{5,})?\s*(?P<code>[0-9A-Za-z]{8})?$")
_HELP = "您好！请直接发来要反映的事（时间、地点、情况、希望怎样解决），即为受理。查询进度：发送“查询 编号 查询码”。"
_GREETING = re.compile(
    r"(?:您好|你好|早上好|上午好|下午好|晚上好|在吗|在么|有人吗|请问|谢谢|谢谢您|谢谢你|感谢|多谢|好的|收到|嗯|哦|hi|hello|测试)+",
    re.IGNORECASE,
)
_NO_WORDS = re.compile(r"[\s\W_]+")
"""What is between words."""
_WORDLESS = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "shortvideo": "短视频",
    "link": "链接",
    "location": "位置",
}


_FETCHED = ("image", "voice")
_REFUSALS = {403: "wrong or stale signature", 503: "closed, or not committed in time"}


@dataclass(frozen=True)
class _Query:
    signature: str
    timestamp: str
    nonce: str
    msg_signature: str


class WeChat:
    """The handlers of this door; without a token it is closed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._token = desk.keys.wechat_token
        self._appid = desk.keys.wechat_appid
        try:
            self._key = key_from(desk.keys.wechat_aes_key) if desk.keys.wechat_aes_key else None
        except ValueError as error:
            raise YunnaoError(f"环境变量 YUNNAO_WECHAT_AES_KEY 不可用：{error}") from None

    def add_to(self, app: FastAPI) -> None:
        """The one address that the platform is told, for both methods."""
        query = [query_parameter(name) for name in ("signature", "timestamp", "nonce", "msg_signature", "echostr")]
        refusals: dict[int | str, dict[str, Any]] = {
            status: says(what, "text/plain") for status, what in _REFUSALS.items()
        }
        app.add_api_route(
            "/wechat",
            self.check,
            response_class=PlainTextResponse,
            responses={200: says("the text of echostr", "text/plain"), **refusals},
            openapi_extra={"parameters": query},
            tags=["wechat"],
        )
        app.add_api_route(
            "/wechat",
            self.receive,
            methods=["POST"],
            response_class=PlainTextResponse,
            responses={
                200: says("a reply, or the word success", "text/xml", "text/plain"),
                400: says("not a message", "text/plain"),
                **refusals,
            },
            openapi_extra={"parameters": query, "requestBody": body_of("text/xml", {"type": "string"})},
            tags=["wechat"],
        )

    def _query(self, request: Request) -> _Query | Response:
        """The signed query, or why it is refused."""
        if not self._token:
            return plain(503, "没有设置环境变量 YUNNAO_WECHAT_TOKEN，微信入口未开启", "The WeChat door is closed")
        given = request.query_params
        query = _Query(*(given.get(name, "") for name in ("signature", "timestamp", "nonce", "msg_signature")))
        if not is_fresh(query.timestamp, self._desk.district.clock()):
            return plain(403, "请求的时间与本机相差太多；请核对服务器时间", "Stale timestamp")
        return query

    async def check(self, request: Request) -> Response:
        """The check of the address: the text that was sent, if the signature is right."""
        query = self._query(request)
        if isinstance(query, Response):
            return query
        if not is_signed(query.signature, self._token, query.timestamp, query.nonce):
            return plain(403, "签名不对；请核对 YUNNAO_WECHAT_TOKEN", "Wrong signature")
        return PlainTextResponse(request.query_params.get("echostr", ""))

    async def receive(self, request: Request) -> Response:
        """A message or an event."""
        query = self._query(request)
        if isinstance(query, Response):
            return query
        try:
            message = self._message(query, await request.body())
        except (NotAMessage, NotDecrypted):
            return plain(400, "读不懂这条消息", "Not a message")
        if message is None:
            return plain(403, "签名不对；请核对 YUNNAO_WECHAT_TOKEN", "Wrong signature")
        try:
            said = await asyncio.wait_for(self._said(message), _ANSWER_SECONDS)
        except (TimeoutError, HomeBusy):
            return plain(503, "还没有受理；请再投递一次", "Not committed yet")
        return self._reply(message, said)

    def _message(self, query: _Query, body: bytes) -> Message | None:
        """The message, or none where it is not signed; with a key, what is not encrypted is not read.

        Raises:
            NotAMessage, NotDecrypted: it cannot be read.
        """
        if self._key is None:
            signed = is_signed(query.signature, self._token, query.timestamp, query.nonce)
            return read_message(body) if signed else None
        ciphertext = read_fields(body).get("Encrypt", "")
        if not is_signed(query.msg_signature, self._token, query.timestamp, query.nonce, ciphertext):
            return None
        return read_message(decrypted(ciphertext, self._key, self._appid))

    def _reply(self, message: Message, said: str) -> Response:
        if not said:
            return PlainTextResponse(NOTHING)
        now = self._desk.district.clock()
        xml = text_reply(message, said, now)
        if self._key is not None:
            xml = encrypted_reply(xml, self._token, self._key, self._appid, now, secrets.token_bytes(16))
        return Response(xml, media_type="text/xml; charset=utf-8")

    async def _said(self, message: Message) -> str:
        """What is answered; nothing to most events."""
        if message.kind == "event":
            return _HELP if message.fields.get("Event", "").lower() == "subscribe" else ""
        if message.kind == "text" and _is_greeting(message.fields.get("Content", "")):
            return _HELP
        asks = _ASKS.match(message.fields.get("Content", "").strip()) if message.kind == "text" else None
        try:
            if asks is not None:
                return await self._standing(message, asks["number"], asks["code"])
            filed = await self._desk.intake.file(
                filing_of(message, fetches=bool(self._desk.district.settings.messages.wechat_api))
            )
        except HomeBusy:
            raise
        except YunnaoError as error:
            return f"没有受理：{error}"
        link = self._desk.district.settings.web.public_url
        where = f"，或打开 {link}/follow" if link else ""
        return f"已受理。编号 {filed.case_id}，查询码 {filed.code}。查询进度：发送“查询 编号 查询码”{where}。"

    async def _standing(self, message: Message, number: str | None, code: str | None) -> str:
        if not number or not code:
            return _HELP
        view = await self._desk.opened(number, code, f"wechat:{message.openid}")
        state = view.flow.states[view.standing.state].citizen.zh
        department = self._desk.district.departments.get(view.standing.department or "")
        with_whom = f"承办部门：{department.zh}。" if department else ""
        told = {step.id for step in view.flow.steps if step.citizen is not None}  # what co-handlers write is not
        answers = [str(e.given["answer"]) for e in view.events if "answer" in e.given and e.step in told]
        return f"{view.case.case_id}：{state}。{with_whom}{f'答复：{answers[-1]}' if answers else ''}"


def filing_of(message: Message, *, fetches: bool = False) -> Filing:
    """The filing that a message makes; a place comes in GCJ-02 and is kept in WGS84.

    Args:
        fetches: whether photos and recordings are fetched afterwards.
    """
    media = message.fields.get("MediaId", "") if fetches and message.kind in _FETCHED else ""
    attributes = {}
    body = message.fields.get("Content") or message.fields.get("Recognition") or _wordless(message)
    if message.position is not None:
        attributes["coordinates"] = coordinates_text(*wgs84_from_gcj02(*message.position))
        if message.fields.get("Label"):
            attributes["place"] = message.fields["Label"][:200]
    return Filing(
        flow=FLOW,
        channel="wechat",
        key=f"wechat:{message.key}",
        title=title_of("", body),
        body=body[:8000],
        person=Person(contact=message.openid),
        attributes=attributes,
        repeatable=True,
        media=(media,) if media else (),
    )


def _is_greeting(text: str) -> bool:
    """Whether there is nothing in it but greetings and thanks, of which an appeal would be made that nobody can answer."""
    return _GREETING.fullmatch(_NO_WORDS.sub("", text)) is not None


def _wordless(message: Message) -> str:
    """What stands for a message without words, so that an officer can fetch what it brings."""
    what = _WORDLESS.get(message.kind, message.kind)
    parts = [message.fields.get(name, "") for name in ("Title", "Description", "Url", "Label")]
    if message.fields.get("MediaId"):
        parts.append(f"素材号 {message.fields['MediaId']}")
    return f"市民发来一条{what}消息：{'，'.join(part for part in parts if part) or '没有文字'}"
