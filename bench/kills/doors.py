"""The doors that citizens file at, each as its own clients use it: a delivery is repeated until it is acknowledged."""

import base64
import io
import re
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import requests
from defusedxml import ElementTree
from PIL import Image
from wechatpy.crypto import WeChatCrypto

from bench.kills.gateway import KEY as GATEWAY_KEY
from bench.kills.ledger import Receipt

WECHAT_TOKEN, WECHAT_APPID = "bench-token", "wx1234567890abcdef"
WECHAT_KEY = base64.b64encode(bytes(range(32))).decode()[:43]
OPEN311_KEY = "bench-key-of-a-partner"
ENVIRONMENT: Mapping[str, str] = {
    "YUNNAO_WECHAT_TOKEN": WECHAT_TOKEN,
    "YUNNAO_WECHAT_AES_KEY": WECHAT_KEY,
    "YUNNAO_WECHAT_APPID": WECHAT_APPID,
    "YUNNAO_OPEN311_KEYS": f"partner:{OPEN311_KEY}",
    "YUNNAO_GATEWAY_KEY": GATEWAY_KEY,
}
"""The keys with which the service is started."""
WITH_PHOTO = "见照片。"
_TIMEOUT = 10
_NUMBER = re.compile(r"[A-Z]{1,4}\d{8}-\d{5,}")
_CODE = re.compile(r"(?:查询码 ?|id=\"code\">)([0-9A-Z]{8})\b")
_TOKEN = re.compile(r'name="token" value="([A-Za-z0-9_-]+)"')


class Delivery(ABC):
    """One appeal on its way in; `send` may be called again and again, and is always the same appeal.

    Args:
        words: what the citizen writes.
    """

    door: ClassVar[str]

    def __init__(self, url: str, session: requests.Session, words: str) -> None:
        self.url = url
        self.session = session
        self.words = words

    @abstractmethod
    def send(self) -> Receipt | None:
        """Deliver once; none if it was not acknowledged.

        Raises:
            requests.RequestException: the line broke.
        """


class FormDelivery(Delivery):
    """The web form; its token comes with the page. Every other appeal has a photo, which the words say (`WITH_PHOTO`)."""

    door = "web form"
    _token = ""

    def __init__(self, url: str, session: requests.Session, words: str) -> None:
        super().__init__(url, session, words)
        self._photo = _photo() if secrets.randbits(1) else b""
        if self._photo:
            self.words = f"{WITH_PHOTO}{words}"

    def send(self) -> Receipt | None:
        """See `Delivery.send`."""
        if not self._token:
            page = self.session.get(f"{self.url}/", timeout=_TIMEOUT)
            found = _TOKEN.search(page.text)
            if found is None:
                return None
            self._token = found[1]
        form = {"token": self._token, "body": self.words, "place": "示例路 1 号"}
        files = {"photo": ("photo.jpg", self._photo, "image/jpeg")} if self._photo else None
        answer = self.session.post(f"{self.url}/appeals", data=form, files=files, timeout=_TIMEOUT)
        return receipt_in(answer.text) if answer.status_code == 200 else None


class JsonDelivery(Delivery):
    """The JSON interface, with a key of the client's own."""

    door = "JSON"

    def __init__(self, url: str, session: requests.Session, words: str) -> None:
        super().__init__(url, session, words)
        self._headers = {"Idempotency-Key": secrets.token_hex(16)}

    def send(self) -> Receipt | None:
        """See `Delivery.send`."""
        url, body = f"{self.url}/api/v1/appeals", {"text": self.words}
        answer = self.session.post(url, json=body, headers=self._headers, timeout=_TIMEOUT)
        if answer.status_code != 201:
            return None
        said = answer.json()
        return Receipt(said["number"], said["code"])


class WeChatDelivery(Delivery):
    """An encrypted message of the WeChat platform, signed and sealed anew each time, with the same MsgId."""

    door = "WeChat"
    _crypto = WeChatCrypto(WECHAT_TOKEN, WECHAT_KEY, WECHAT_APPID)

    def __init__(self, url: str, session: requests.Session, words: str) -> None:
        super().__init__(url, session, words)
        self._xml = (
            "<xml><ToUserName>gh_1</ToUserName><FromUserName>o-bench</FromUserName>"
            f"<CreateTime>{int(time.time())}</CreateTime><MsgType>text</MsgType>"
            f"<Content><![CDATA[{words}]]></Content><MsgId>{secrets.randbits(60)}</MsgId></xml>"
        )

    def send(self) -> Receipt | None:
        """See `Delivery.send`."""
        body, query = sealed(self._crypto, self._xml)
        answer = self.session.post(
            f"{self.url}/wechat", body.encode(), params=query, headers={"content-type": "text/xml"}, timeout=_TIMEOUT
        )
        if answer.status_code != 200:
            return None
        reply = ElementTree.fromstring(answer.text)
        said = {child.tag: child.text or "" for child in reply}
        return receipt_in(
            self._crypto.decrypt_message(answer.text, said["MsgSignature"], said["TimeStamp"], said["Nonce"])
        )


class Open311Delivery(Delivery):
    """A request that another system posts by Open311."""

    door = "Open311"

    def __init__(self, url: str, session: requests.Session, words: str) -> None:
        super().__init__(url, session, words)
        self._headers = {"Idempotency-Key": secrets.token_hex(16)}

    def send(self) -> Receipt | None:
        """See `Delivery.send`."""
        form = {
            "api_key": OPEN311_KEY,
            "service_code": "complaint",
            "description": self.words,
            "address_string": "示例路",
        }
        url = f"{self.url}/open311/v2/requests.json"
        answer = self.session.post(url, data=form, headers=self._headers, timeout=_TIMEOUT)
        return receipt_in(answer.text) if answer.status_code == 200 else None


DELIVERIES: tuple[type[Delivery], ...] = (FormDelivery, JsonDelivery, WeChatDelivery, Open311Delivery)


def sealed(crypto: WeChatCrypto, xml: str) -> tuple[str, dict[str, str]]:
    """A message as the platform sends it in encrypted mode: the body, and the query with its signatures."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(6)
    body: str = crypto.encrypt_message(xml, nonce, timestamp)
    signature = ElementTree.fromstring(body).findtext("MsgSignature") or ""
    return body, {"timestamp": timestamp, "nonce": nonce, "encrypt_type": "aes", "msg_signature": signature}


def _photo() -> bytes:
    """A small photo like no other."""
    stream = io.BytesIO()
    Image.frombytes("RGB", (16, 16), secrets.token_bytes(16 * 16 * 3)).save(stream, "JPEG")
    return stream.getvalue()


def receipt_in(text: str) -> Receipt | None:
    """The number and the follow-up code in an answer for people."""
    number = _NUMBER.search(text)
    code = _CODE.search(text)
    return Receipt(number[0], code[1]) if number and code else None
