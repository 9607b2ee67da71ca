"""The WeChat door over real HTTP, with `wechatpy` as the platform's side: plain and encrypted, retries, refusals."""

import base64
import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from tests.web.service.served import THURSDAY, Served, make_district, served
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.settings import WebKeys

APPID, TOKEN = "wx1234567890abcdef", "token"
ENCODING_KEY = base64.b64encode(bytes(range(32))).decode()[:43]
numbers = itertools.count(23456789012345678)


def message(kind: str, fields: str, number: str | None = None, openid: str = "o-1") -> str:
    """A message as the platform sends it."""
    id_ = f"<MsgId>{number or next(numbers)}</MsgId>" if kind != "event" else ""
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>1789000000</CreateTime>"
        f"<MsgType>{kind}</MsgType>{fields}{id_}</xml>"
    )


def text(words: str, number: str | None = None, openid: str = "o-1") -> str:
    return message("text", f"<Content><![CDATA[{words}]]></Content>", number, openid)


def signed(timestamp: str = str(int(THURSDAY.timestamp())), token: str = TOKEN, **more: str) -> str:
    """A query that is signed as the platform does."""
    signer = WeChatSigner()
    signer.add_data(token, timestamp, "nonce")
    return "?" + urlencode({"signature": signer.signature, "timestamp": timestamp, "nonce": "nonce", **more})


def send(service: Served, xml: str, query: str | None = None) -> requests.Response:
    return service.post("/wechat" + (query or signed()), xml.encode(), headers={"content-type": "text/xml"})


def said(answer: requests.Response) -> str:
    assert answer.status_code == 200, answer.text
    return str(parse_message(answer.text.replace("</xml>", "<MsgId>1</MsgId></xml>")).content)


def test_the_address_is_checked(service: Served) -> None:
    assert service.get("/wechat" + signed(echostr="42")).text == "42"
    assert service.get("/wechat" + signed(token="another", echostr="42")).status_code == 403
    assert service.get("/wechat").status_code == 403
    assert service.get("/wechat" + signed(timestamp=str(int(THURSDAY.timestamp()) - 301))).status_code == 403


def test_a_text_is_an_appeal_and_its_retries_are_the_same_one(service: Served) -> None:
    xml = text("小区路灯坏了")
    first = said(send(service, xml))
    number, code = first.split("编号 ")[1][:16], first.split("查询码 ")[1][:8]
    assert number.startswith("SQ20260924-")
    assert [said(send(service, xml)) for _ in range(2)] == [first, first]
    view = service.district.filed.get(number)
    assert (view.body, view.case.channel, view.person.contact) == ("小区路灯坏了", "wechat", "o-1")
    assert "已受理" in said(send(service, text(f"查询 {number} {code.lower()}")))
    assert "不对" in said(send(service, text(f"查询 {number} AAAAAAAA")))
    service.answered(number)
    assert "生态环境分局" in said(send(service, text(f"查询{number} {code}")))
    assert "已修好" in said(send(service, text(f"查询 {number} {code}")))
    assert "查询 编号 查询码" in said(send(service, text("查询")))


@pytest.mark.parametrize(
    ("xml", "body"),
    [
        (message("image", "<PicUrl>http://example.org/a</PicUrl><MediaId>m1</MediaId>"), "素材号 m1"),
        (message("voice", "<MediaId>m2</MediaId><Format>amr</Format>"), "语音"),
        (message("voice", "<MediaId>m2</MediaId><Recognition>路灯坏了</Recognition>"), "路灯坏了"),
        (message("video", "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId>"), "视频"),
        (message("link", "<Title>标题</Title><Description>说明</Description><Url>http://e.org</Url>"), "http://e.org"),
    ],
)
def test_other_messages_are_appeals_too(service: Served, xml: str, body: str) -> None:
    number = said(send(service, xml)).split("编号 ")[1][:16]
    assert body in service.district.filed.get(number).body


def test_what_a_co_handler_wrote_is_no_answer(service: Served) -> None:
    first = said(send(service, text("路灯不亮", "77")))
    number, code = first.split("编号 ")[1][:16], first.split("查询码 ")[1][:8].rstrip("。")
    handler = Actor("t", "示例", frozenset({Role.HANDLER}), "health")
    service.take(number, "dispatch", department="ecology")
    service.take(number, "ask_co_handler", reason="x", department="health", working_days=2)
    service.take(number, "co_answer", handler, answer="这是给主办的话")
    shown = said(send(service, text(f"查询 {number} {code}")))
    assert "已分派" in shown
    assert "这是给主办的话" not in shown


def test_a_place_is_kept_in_wgs84(service: Served) -> None:
    fields = (
        "<Location_X>36.067100</Location_X><Location_Y>120.382600</Location_Y><Scale>20</Scale><Label>示例路</Label>"
    )
    number = said(send(service, message("location", fields))).split("编号 ")[1][:16]
    attributes = service.district.filed.get(number).standing.attributes
    latitude, longitude = (float(part) for part in str(attributes["coordinates"]).split(","))
    assert attributes["place"] == "示例路"
    assert 0.0001 < abs(latitude - 36.0671) < 0.01
    assert 0.0001 < abs(longitude - 120.3826) < 0.01


def test_events_make_no_appeal(service: Served) -> None:
    before = len(service.district.filed.inbox(limit=10_000))
    assert "查询 编号 查询码" in said(send(service, message("event", "<Event>subscribe</Event>")))
    assert send(service, message("event", "<Event>unsubscribe</Event>")).text == "success"
    assert len(service.district.filed.inbox(limit=10_000)) == before


BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><xml>&b;</xml>'


def test_what_is_not_signed_or_no_message_is_refused(service: Served) -> None:
    assert send(service, text("x"), signed(token="another")).status_code == 403
    assert send(service, text("x"), signed(timestamp="0")).status_code == 403
    assert send(service, BOMB).status_code == 400
    assert send(service, "").status_code == 400


@pytest.fixture(scope="module")
def encrypting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    keys = WebKeys(wechat_token=TOKEN, wechat_aes_key=ENCODING_KEY, wechat_appid=APPID)
    with served(make_district(tmp_path_factory.mktemp("wechat") / "home"), keys) as service:
        yield service


def encrypted(xml: str, appid: str = APPID) -> tuple[str, str]:
    """A message in encrypted mode, and the query it comes with."""
    stamp = str(int(THURSDAY.timestamp()))
    wrapped = WeChatCrypto(TOKEN, ENCODING_KEY, appid).encrypt_message(xml, "nonce", stamp)
    signature = wrapped.split("<MsgSignature><![CDATA[")[1].split("]")[0]
    return wrapped, signed(encrypt_type="aes", msg_signature=signature)


def test_encrypted_both_ways(encrypting: Served) -> None:
    xml, query = encrypted(text("加密的诉求"))
    answer = send(encrypting, xml, query)
    fields = {
        name: answer.text.split(f"<{name}>")[1].split(f"</{name}>")[0]
        for name in ("TimeStamp", "Nonce", "MsgSignature")
    }
    nonce, signature = (
        fields[name].removeprefix("<![CDATA[").removesuffix("]]>") for name in ("Nonce", "MsgSignature")
    )
    incoming = answer.text.replace("<xml>", "<xml><ToUserName>gh_1</ToUserName>")
    plain = WeChatCrypto(TOKEN, ENCODING_KEY, APPID).decrypt_message(incoming, signature, fields["TimeStamp"], nonce)
    plain = plain.decode() if isinstance(plain, bytes) else plain
    assert "已受理。编号 SQ" in plain


def test_where_a_key_is_set_plain_messages_are_not_read(encrypting: Served) -> None:
    assert send(encrypting, text("明文"), signed()).status_code == 403
    both = text("明文").replace("</xml>", encrypted(text("密文"))[0][5:])
    xml, query = both, encrypted(text("密文"))[1]
    assert send(encrypting, xml, query).status_code == 403  # another ciphertext than the one signed


def test_for_another_account_or_tampered(encrypting: Served) -> None:
    assert send(encrypting, *encrypted(text("x"), "wx-another")).status_code == 400
    xml, query = encrypted(text("x"))
    assert send(encrypting, xml.replace("<Encrypt><![CDATA[", "<Encrypt><![CDATA[AAAA"), query).status_code == 403


def test_without_a_token_the_door_is_closed(tmp_path: Path) -> None:
    with served(make_district(tmp_path / "home"), WebKeys()) as service:
        answer = service.get("/wechat" + signed(echostr="42"))
        assert answer.status_code == 503
        assert "YUNNAO_WECHAT_TOKEN" in answer.text
        answer = service.post("/open311/v2/requests.json", {"api_key": "x", "service_code": "help"})
        assert (answer.status_code, answer.json()[0]["code"]) == (403, 403)


@pytest.mark.parametrize("words", ["你好", "您好！", "在吗？", "谢谢，谢谢您", "Hello"])
def test_a_greeting_is_answered_and_makes_no_appeal(service: Served, words: str) -> None:
    assert "请直接发来要反映的事" in said(send(service, text(words)))


@pytest.mark.parametrize("words", ["你好，路灯不亮", "谢谢，已修好的路灯又坏了", "灯"])
def test_whatever_says_more_than_a_greeting_is_an_appeal(service: Served, words: str) -> None:
    assert "已受理" in said(send(service, text(words)))
