"""Passive replies (被动回复): what a WeChat service account answers to a message, plain or encrypted.

Source: 微信公众平台 开发文档, 被动回复用户消息 and 消息加解密说明. `NOTHING` tells WeChat that the message has arrived and nothing is said.
"""

import datetime as dt
import hashlib

from yunnao.capabilities.wechat.cipher import encrypted
from yunnao.capabilities.wechat.messages import Message
from yunnao.capabilities.wechat.signature import signature

NOTHING = "success"
_MOST_BYTES = 2048
"""Of a text reply; what is longer is cut at a whole sign."""


def text_reply(message: Message, text: str, now: dt.datetime) -> str:
    """The XML that answers ``message`` with ``text``: sender and receiver change places."""
    said = text.encode()[:_MOST_BYTES].decode(errors="ignore")
    return (
        f"<xml><ToUserName>{_data(message.openid)}</ToUserName><FromUserName>{_data(message.account)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType>{_data('text')}</MsgType>"
        f"<Content>{_data(said)}</Content></xml>"
    )


def encrypted_reply(xml: str, token: str, key: bytes, appid: str, now: dt.datetime, random: bytes) -> str:
    """A reply wrapped for encrypted mode; ``random``: 16 fresh random bytes, of whose digest the nonce is made."""
    timestamp, nonce = str(int(now.timestamp())), hashlib.sha256(random).hexdigest()[:10]
    ciphertext = encrypted(xml.encode(), key, appid, random)
    signed = signature(token, timestamp, nonce, ciphertext)
    return (
        f"<xml><Encrypt>{_data(ciphertext)}</Encrypt><MsgSignature>{_data(signed)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_data(nonce)}</Nonce></xml>"
    )


def _data(text: str) -> str:
    """``text`` as a CDATA section, without the signs that XML forbids."""
    allowed = "".join(
        sign for sign in text if sign in "\n\t" or (ord(sign) >= 32 and ord(sign) not in (0xFFFE, 0xFFFF))
    )
    return "<![CDATA[" + allowed.replace("]]>", "]]]]><![CDATA[>") + "]]>"
