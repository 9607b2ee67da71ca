"""Messages as WeChat's documentation writes them, read beside `wechatpy`; replies that it understands; XML that would do harm."""

import datetime as dt

import pytest
from wechatpy import parse_message

from yunnao.capabilities.wechat.messages import Message, NotAMessage, read_message
from yunnao.capabilities.wechat.replies import text_reply

HEAD = "<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o-openid]]></FromUserName><CreateTime>1789000000</CreateTime>"
NOW = dt.datetime(2026, 9, 24, 10, tzinfo=dt.UTC)


def xml(kind: str, fields: str, number: str = "<MsgId>23456789012345678</MsgId>") -> bytes:
    """A message as it is sent."""
    return f"<xml>{HEAD}<MsgType><![CDATA[{kind}]]></MsgType>{fields}{number}</xml>".encode()


TEXT = xml("text", "<Content><![CDATA[路灯坏了 <请> 修]]></Content>")
IMAGE = xml("image", "<PicUrl><![CDATA[http://example.org/a.jpg]]></PicUrl><MediaId><![CDATA[m1]]></MediaId>")
VOICE = xml("voice", "<MediaId>m2</MediaId><Format>amr</Format><Recognition><![CDATA[路灯坏了]]></Recognition>")
PLAIN_VOICE = xml("voice", "<MediaId>m2</MediaId><Format>amr</Format>")
VIDEO = xml("video", "<MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>")
SHORT = xml("shortvideo", "<MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>")
LOCATION = xml(
    "location",
    "<Location_X>36.0671</Location_X><Location_Y>120.3826</Location_Y><Scale>20</Scale><Label><![CDATA[示例路 1 号]]></Label>",
)
LINK = xml(
    "link", "<Title><![CDATA[标题]]></Title><Description><![CDATA[说明]]></Description><Url>http://example.org</Url>"
)
SUBSCRIBE = xml("event", "<Event><![CDATA[subscribe]]></Event>", "")
CLICK = xml("event", "<Event>CLICK</Event><EventKey>file</EventKey>", "")


@pytest.mark.parametrize("sent", [TEXT, IMAGE, VOICE, PLAIN_VOICE, VIDEO, SHORT, LOCATION, LINK, SUBSCRIBE, CLICK])
def test_both_read_the_same(sent: bytes) -> None:
    ours, theirs = read_message(sent), parse_message(sent.decode())
    assert (ours.account, ours.openid) == (theirs.target, theirs.source)
    assert ours.created == int(theirs.create_time.replace(tzinfo=dt.timezone(dt.timedelta(hours=8))).timestamp()) or (
        ours.created == int(theirs.create_time.timestamp())
    )
    assert ours.kind == theirs.type
    assert (ours.id or "0") == str(theirs.id)
    for ours_name, theirs_name in (
        ("Content", "content"),
        ("MediaId", "media_id"),
        ("Recognition", "recognition"),
        ("Label", "label"),
        ("Title", "title"),
        ("Url", "url"),
    ):
        if ours_name in ours.fields:
            assert ours.fields[ours_name] == getattr(theirs, theirs_name)
    if ours.kind == "location":
        assert ours.position == tuple(float(part) for part in theirs.location)


def test_a_message_has_one_key_and_events_are_told_apart_by_person_and_second() -> None:
    assert read_message(TEXT).key == "gh_1:23456789012345678" == read_message(IMAGE).key
    assert read_message(SUBSCRIBE).key == "gh_1:o-openid:1789000000:subscribe"
    assert read_message(CLICK).key != read_message(SUBSCRIBE).key


def test_they_understand_our_reply() -> None:
    hostile = "好 ]]> <b>&amp;\x00\x08"
    reply = parse_message(text_reply(read_message(TEXT), hostile, NOW).replace("</xml>", "<MsgId>1</MsgId></xml>"))
    assert (reply.source, reply.target) == ("gh_1", "o-openid")
    assert reply.content == "好 ]]> <b>&amp;"


def test_a_long_reply_is_cut_at_a_whole_sign() -> None:
    reply = text_reply(read_message(TEXT), "字" * 1000, NOW)
    assert reply.count("字") == 682
    assert len(reply.encode()) < 2500


BOMB = b"""<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml>&b;</xml>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>"""


@pytest.mark.parametrize(
    "sent",
    [
        BOMB,
        FILE,
        b'<!DOCTYPE xml SYSTEM "http://example.org/x.dtd"><xml/>',
        b"",
        b"<xml>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="no-such"?><xml/>',
        b"<other/>",
        b"<xml/>",
        b"<xml>" + b"<a/>" * 40_000 + b"</xml>",
        TEXT.replace(b"1789000000", b"soon"),
        TEXT.replace(b"<MsgId>23456789012345678</MsgId>", b""),
    ],
)
def test_what_is_no_message_is_refused_by_one_error(sent: bytes) -> None:
    with pytest.raises(NotAMessage):
        read_message(sent)


@pytest.mark.parametrize("wrong", [b"here", b"91", b"nan", b"inf"])
def test_a_place_that_is_none(wrong: bytes) -> None:
    assert read_message(LOCATION.replace(b"36.0671", wrong)).position is None


def test_an_unknown_kind_is_read_all_the_same() -> None:
    assert read_message(xml("hologram", "")) == Message(
        account="gh_1", openid="o-openid", created=1789000000, kind="hologram", id="23456789012345678"
    )
