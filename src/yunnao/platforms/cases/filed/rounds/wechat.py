"""Customer-service messages (客服消息) of a WeChat service account, to citizens who came by WeChat, and the media that they sent.

Source: developers.weixin.qq.com, 公众号 客服消息 `message/custom/send` and 获取 access_token `cgi-bin/token`; return codes as listed
there (全局返回码); 获取临时素材 `cgi-bin/media/get`,
which hands out the file itself, or a JSON object with errcode where it does not. The window after a citizen's last message is 48 hours.
"""

import json
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yunnao.platforms.cases.filed.messages import CITIZEN
from yunnao.platforms.cases.filed.rounds.channels import Answer, NotFetched, Outgoing, Unreachable, request

_STALE_TOKEN = {40001, 40014, 42001}
_CLOSED = {45015, 45047, 43004, 40003, 45002}
"""This citizen is not reached in this way: 48 hours are over, too many messages, does not follow, no such openid, too long."""
_NO_SUCH_MEDIUM = {40007, 40004}
"""Never was, or is kept no more (three days); not a kind that is handed out."""
_EARLY = 300
"""Seconds before its end at which a token is not used any more."""


class _NoToken(Exception):
    """WeChat gave no token."""


@dataclass
class WeChatMessages:
    """The service account behind `base` (``https://api.weixin.qq.com``).

    The token is kept in memory alone. A token fetched anew ends the one before, so one process sends at a time.
    """

    base: str = field(repr=False)
    appid: str = field(repr=False)
    secret: str = field(repr=False)
    seconds: Callable[[], float] = time.monotonic
    name: str = "微信客服消息"
    _token: str = field(default="", repr=False)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def suits(self, message: Outgoing) -> bool:
        """See `Channel`."""
        return message.recipient == CITIZEN and message.channel == "wechat" and bool(message.contact)

    def send(self, message: Outgoing) -> Answer:
        """See `Channel`; a token that WeChat no longer takes is fetched anew, once."""
        with self._lock:
            try:
                code = self._sent(message)
                if code in _STALE_TOKEN:
                    self._token = ""
                    code = self._sent(message)
            except (Unreachable, _NoToken) as error:
                return Answer(what="later", problem=f"{self.name}没有应答（{error}）")
        if code == 0:
            return Answer(what="delivered")
        problem = f"{self.name}答复 {code}"
        return Answer(what="elsewhere" if code in _CLOSED else "later", problem=problem)

    def fetch(self, media_id: str, most: int) -> bytes:
        """See `media.Source`; only the token is waited for, so that a slow download holds up no message."""
        problem, for_good = "", False
        try:
            for _ in range(2):
                with self._lock:
                    token = self._fresh_token()
                query = urllib.parse.urlencode({"access_token": token, "media_id": media_id})
                status, content = request(f"{self.base}/cgi-bin/media/get?{query}", most=most + 1)
                if status == 200 and not content.startswith(b"{"):
                    if len(content) > most:
                        raise NotFetched(f"文件超过 {most // 1_000_000} MB", for_good=True)
                    return content
                code = _number(_answered(status, content), "errcode", 0)
                problem, for_good = f"微信素材接口答复 {code}", code in _NO_SUCH_MEDIUM
                if code not in _STALE_TOKEN:
                    break
                with self._lock:
                    if self._token == token:
                        self._token = ""
        except (Unreachable, _NoToken) as error:
            problem = f"微信素材接口没有应答（{error}）"
        raise NotFetched(problem, for_good=for_good)

    def _sent(self, message: Outgoing) -> int:
        content = {"touser": message.contact, "msgtype": "text", "text": {"content": message.text}}
        body = json.dumps(content, ensure_ascii=False).encode()
        query = urllib.parse.urlencode({"access_token": self._fresh_token()})
        url = f"{self.base}/cgi-bin/message/custom/send?{query}"
        answer = _answered(*request(url, body, {"Content-Type": "application/json; charset=utf-8"}))
        return _number(answer, "errcode", 0)

    def _fresh_token(self) -> str:
        if not self._token or self.seconds() >= self._until:
            wanted = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
            answer = _answered(*request(f"{self.base}/cgi-bin/token?{urllib.parse.urlencode(wanted)}"))
            if not isinstance(answer.get("access_token"), str):
                raise _NoToken(f"取不到 access_token：{answer.get('errcode')}")
            self._token = answer["access_token"]
            self._until = self.seconds() + max(_number(answer, "expires_in", 7200) - _EARLY, 0)
        return self._token


def _answered(status: int, body: bytes) -> dict[str, Any]:
    """The JSON object that WeChat answered with.

    Raises:
        Unreachable: it is none.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if status != 200 or not isinstance(answer, dict):
        raise Unreachable(f"HTTP {status}")
    return answer


def _number(answer: dict[str, Any], name: str, otherwise: int) -> int:
    """A number of an answer.

    Raises:
        Unreachable: it is none; one such answer must not keep the messages behind it from being sent.
    """
    try:
        return int(answer.get(name, otherwise))
    except (TypeError, ValueError, OverflowError):
        raise Unreachable(f"读不懂的 {name}") from None
