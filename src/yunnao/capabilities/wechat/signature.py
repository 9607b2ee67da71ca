"""Signatures of a WeChat service account: SHA-1 over the sorted parts, glued together.

Source: 微信公众平台 开发文档, 接入指南 (signature) and 消息加解密说明 (msg_signature).
The protocol fixes SHA-1; what is secret is the token.
"""

import datetime as dt
import hashlib
import hmac

FRESH_SECONDS = 300
"""How far a request's timestamp may be from our clock; the protocol itself sets no limit."""


def signature(token: str, *parts: str) -> str:
    """The signature of ``parts`` (timestamp, nonce and, for encrypted messages, the ciphertext) under ``token``, in hexadecimal."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, token: str, *parts: str) -> bool:
    """Whether ``given`` is the signature of ``parts``; compared in constant time."""
    return hmac.compare_digest(given.encode(), signature(token, *parts).encode())


def is_fresh(timestamp: str, now: dt.datetime) -> bool:
    """Whether a request's ``timestamp`` (seconds since 1970) is within `FRESH_SECONDS` of ``now``."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(int(timestamp) - now.timestamp()) <= FRESH_SECONDS
