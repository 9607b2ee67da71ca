"""WeChat's encrypted mode (安全模式): AES-256-CBC over random ‖ length ‖ message ‖ appid, padded to blocks of 32 bytes.

Source: 微信公众平台 开发文档, 消息加解密说明: key = Base64 of EncodingAESKey + "=", IV = its first 16 bytes, 16 random bytes, 4 bytes of
length in network order, the message, the appid; PKCS#7 with a block of 32.
"""

import base64
import binascii
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_KEY_LENGTH = 43
_BLOCK = 32
_RANDOM = 16
_HEAD = _RANDOM + 4


class NotDecrypted(ValueError):
    """What came cannot be decrypted with this key for this account."""


def key_from(encoding_aes_key: str) -> bytes:
    """The key that an EncodingAESKey (43 signs) stands for.

    Raises:
        ValueError: it is not one.
    """
    try:
        key = base64.b64decode(encoding_aes_key + "=", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(encoding_aes_key) != _KEY_LENGTH or len(key) != _BLOCK:
        raise ValueError("EncodingAESKey 应是 43 个字母或数字；请从公众平台“基本配置”页复制")
    return key


def encrypted(message: bytes, key: bytes, appid: str, random: bytes) -> str:
    """``message`` encrypted for the account ``appid``, as Base64; ``random``: 16 fresh random bytes.

    Raises:
        ValueError: ``random`` has another length.
    """
    if len(random) != _RANDOM:
        raise ValueError("16 random bytes are needed")
    plain = random + struct.pack(">I", len(message)) + message + appid.encode()
    padding = _BLOCK - len(plain) % _BLOCK
    encryptor = _cipher(key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def decrypted(ciphertext: str, key: bytes, appid: str) -> bytes:
    """The message in ``ciphertext`` (Base64).

    Raises:
        NotDecrypted: it is damaged, made with another key, or meant for another account.
    """
    try:
        raw = base64.b64decode(ciphertext, validate=True)
    except (binascii.Error, ValueError):
        raise NotDecrypted("not Base64") from None
    if not raw or len(raw) % 16:
        raise NotDecrypted("not whole blocks")
    decryptor = _cipher(key).decryptor()
    plain = decryptor.update(raw) + decryptor.finalize()
    padding = plain[-1]
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise NotDecrypted("wrong padding")
    plain = plain[:-padding]
    if len(plain) < _HEAD:
        raise NotDecrypted("too short")
    (length,) = struct.unpack(">I", plain[_RANDOM:_HEAD])
    message, meant_for = plain[_HEAD : _HEAD + length], plain[_HEAD + length :]
    if len(message) != length or not hmac.compare_digest(meant_for, appid.encode()):
        raise NotDecrypted("for another account")
    return message


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
