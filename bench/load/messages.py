"""A stream of WeChat messages, sealed and signed as the platform does, in which some are delivered again."""

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from wechatpy.crypto import WeChatCrypto

from bench.kills.doors import WECHAT_APPID, WECHAT_KEY, WECHAT_TOKEN, sealed

_AGAIN = 0.2
"""Share of messages that are delivered a second time: at once, or some messages later."""
_LATER = 60


def write_messages(path: Path, many: int, seed: int) -> int:
    """Write ``many`` deliveries, a line each; how many different messages they are."""
    crypto, numbers = WeChatCrypto(WECHAT_TOKEN, WECHAT_KEY, WECHAT_APPID), list(_numbers(many, random.Random(seed)))
    with path.open("w", encoding="utf-8") as file:
        for number in numbers:
            body, query = sealed(crypto, _message(number))
            file.write(f"{urlencode(query)}\t{' '.join(body.split())}\n")
    return len(set(numbers))


def _numbers(many: int, chance: random.Random) -> Iterator[int]:
    """The message ids in the order of delivery."""
    later: dict[int, int] = {}
    next_id, place = 23_456_789_000_000_000 + chance.randrange(10**9) * 10**6, 0
    while place < many:
        again = later.pop(place, None)
        if again is None:
            again = next_id = next_id + 1
            if chance.random() < _AGAIN:
                at = place + chance.choice((1, _LATER))
                while at in later:
                    at += 1
                later[at] = again
        yield again
        place += 1


def _message(number: int) -> str:
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>o-{number % 5000}</FromUserName><CreateTime>1789000000</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[路灯不亮，已经第三天了。{number}]]></Content><MsgId>{number}</MsgId></xml>"
    )
