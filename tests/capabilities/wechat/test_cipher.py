"""Encryption and signatures, both ways against `wechatpy`, which was written by others."""

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from yunnao.capabilities.wechat.cipher import NotDecrypted, decrypted, encrypted, key_from
from yunnao.capabilities.wechat.messages import read_fields
from yunnao.capabilities.wechat.replies import encrypted_reply
from yunnao.capabilities.wechat.signature import is_fresh, is_signed, signature

TOKEN, APPID = "a-token", "wx1234567890abcdef"
ENCODING_KEY = base64.b64encode(bytes(range(32))).decode()[:43]
KEY = key_from(ENCODING_KEY)
RANDOM = b"0123456789abcdef"
NOW = dt.datetime(2026, 9, 24, 10, tzinfo=dt.UTC)


def test_a_signature_of_theirs_is_accepted_and_ours_by_them() -> None:
    ours = signature(TOKEN, "1789000000", "n1")
    check_signature(TOKEN, ours, "1789000000", "n1")
    assert is_signed(ours, TOKEN, "1789000000", "n1")
    assert not is_signed(ours, "another", "1789000000", "n1")
    assert not is_signed("", TOKEN, "1789000000", "n1")
    assert not is_signed("签名", TOKEN, "1789000000", "n1")


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="￾￿"), max_size=300))
def test_what_they_encrypt_we_read(text: str) -> None:
    wrapped = WeChatCrypto(TOKEN, ENCODING_KEY, APPID).encrypt_message(text, "nonce", "1789000000")
    fields = read_fields(wrapped.encode())
    assert is_signed(fields["MsgSignature"], TOKEN, "1789000000", "nonce", fields["Encrypt"])
    assert decrypted(fields["Encrypt"], KEY, APPID).decode() == text


@given(st.text(min_size=1, max_size=300))
def test_what_we_encrypt_they_read(text: str) -> None:
    inner = f"<xml><Content>{len(text)}</Content></xml>"
    xml = encrypted_reply(inner, TOKEN, KEY, APPID, NOW, RANDOM)
    fields = read_fields(xml.encode())
    crypto = WeChatCrypto(TOKEN, ENCODING_KEY, APPID)
    incoming = f"<xml><ToUserName>a</ToUserName><Encrypt>{fields['Encrypt']}</Encrypt></xml>"
    read = crypto.decrypt_message(incoming, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    assert (read.decode() if isinstance(read, bytes) else read) == inner
    with pytest.raises(InvalidSignatureException):
        crypto.decrypt_message(incoming, "0" * 40, fields["TimeStamp"], fields["Nonce"])


@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16))
def test_round_trip(message: bytes, random: bytes) -> None:
    assert decrypted(encrypted(message, KEY, APPID, random), KEY, APPID) == message


def test_a_message_for_another_account_or_key_is_refused() -> None:
    ciphertext = encrypted(b"<xml/>", KEY, APPID, RANDOM)
    with pytest.raises(NotDecrypted):
        decrypted(ciphertext, KEY, "wx-another")
    with pytest.raises(NotDecrypted):
        decrypted(ciphertext, bytes(32), APPID)


@given(st.binary(max_size=120))
def test_noise_is_refused_by_one_error(noise: bytes) -> None:
    with pytest.raises(NotDecrypted):
        decrypted(base64.b64encode(noise).decode(), KEY, APPID)


@pytest.mark.parametrize("ciphertext", ["", "!", "AAAA", "非", "A" * 44])
def test_no_ciphertext(ciphertext: str) -> None:
    with pytest.raises(NotDecrypted):
        decrypted(ciphertext, KEY, APPID)


@pytest.mark.parametrize("wrong", ["", "short", "A" * 44, "*" * 43, "键" * 43])
def test_a_wrong_key_says_where_to_find_the_right_one(wrong: str) -> None:
    with pytest.raises(ValueError, match="公众平台"):
        key_from(wrong)


def test_only_sixteen_random_bytes() -> None:
    with pytest.raises(ValueError, match="16"):
        encrypted(b"", KEY, APPID, b"")


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_old_requests_are_not_fresh(seconds: int, fresh: bool) -> None:
    assert is_fresh(str(int(NOW.timestamp()) + seconds), NOW) is fresh


@pytest.mark.parametrize("timestamp", ["", "x", "-1", "1e9", "９", "9" * 400])
def test_no_timestamp(timestamp: str) -> None:
    assert not is_fresh(timestamp, NOW)
