"""What all doors share: the district, the intake queue, limits by address, and how a filing is made from what somebody wrote."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from yunnao.access.actors import Actor
from yunnao.access.attempts import Attempts, Counted
from yunnao.access.roles import Role
from yunnao.app import District
from yunnao.capabilities.personal_data import masked, spans
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.service import FiledCases, FiledView
from yunnao.settings import WebKeys, district_secret
from yunnao.web.service.intake import Intake
from yunnao.web.service.limits import Limiter

FLOW = "appeal"
"""The flow of what is filed at these doors."""
CITIZEN = Actor("citizen", "市民", frozenset({Role.CITIZEN}), None)
"""Whoever has a number and its follow-up code."""
_CODES = "code.address"
_TITLE = 30
_SEARCHED = 4 * _TITLE


class TooMany(YunnaoError):
    """An address has done something too often."""


class NotOpened(YunnaoError):
    """A number and a code that do not belong together; which of them is wrong is not said."""


@dataclass
class Desk:
    """The desk behind the doors."""

    district: District
    keys: WebKeys

    def __post_init__(self) -> None:
        limits = self.district.settings.web
        self.intake = Intake(self.cases.file)
        self.posts = Limiter(limits.posts_per_minute, 60)
        secret = district_secret(self.district.home)
        self._wrong = Attempts(
            self.district.records, lambda: self.district.clock(), limits.wrong_codes_per_hour, secret
        )

    @property
    def cases(self) -> FiledCases:
        """Filed cases."""
        return self.district.filed

    @property
    def flow(self) -> FiledFlow:
        """The flow of what is filed here.

        Raises:
            YunnaoError: no scenario has it.
        """
        if FLOW not in self.cases.flows:
            raise YunnaoError(f"没有叫 {FLOW} 的流程：没有安装“诉速办”场景，不能受理；请安装后再启动")
        return self.cases.flows[FLOW]

    def count_post(self, address: str) -> None:
        """Note a post of ``address``.

        Raises:
            TooMany: there were too many within a minute.
        """
        if not self.posts.may(address):
            raise TooMany("您提交得太频繁；请过一分钟再提交")
        self.posts.note(address)

    def may_guess(self, address: str) -> bool:
        """Whether ``address`` may try a code or key: it has not got too many wrong within an hour.

        Raises:
            YunnaoError: the record store cannot be read.
        """
        return self._wrong.may(Counted(_CODES, address))

    def wrong_guess(self, address: str) -> bool:
        """``address`` has got a code or key wrong; false where it was over its limit already, and is to learn no more than that.

        Raises:
            YunnaoError: the record store cannot be written.
        """
        return self._wrong.note(Counted(_CODES, address))

    async def opened(self, number: str, code: str, address: str) -> FiledView:
        """The case that a number and its follow-up code open, with the citizen's own steps.

        Raises:
            TooMany: this address has tried too many wrong ones.
            NotOpened: they do not belong together.
        """
        too_many = TooMany("编号或查询码输错的次数太多；请一小时后再试，或拨打服务热线")
        if not await run_in_threadpool(self.may_guess, address):
            raise too_many
        number, code = number.strip().upper()[:40], "".join(code.split()).upper()[:40]
        if not await run_in_threadpool(self.cases.opens, number, code):
            if not await run_in_threadpool(self.wrong_guess, address):
                raise too_many
            raise NotOpened("编号或查询码不对；请对照提交时得到的编号和查询码再输一次")
        return await run_in_threadpool(self.cases.get, number, CITIZEN)


def key_of(door: str, token: str, content: Mapping[str, Any]) -> str:
    """A filing's key: the same form sent twice is one matter, the same form with other words is another."""
    words = "\x1f".join(f"{name}={content[name]}" for name in sorted(content))
    return f"{door}:{token}:{hashlib.sha256(words.encode(errors='replace')).hexdigest()[:16]}"


def title_of(title: str, body: str) -> str:
    """The title, or the beginning of the text where there is none; it does not end within personal data.

    Half a telephone number would not be known as one any more when it is to be masked.
    """
    if title:
        return title
    first = body.strip().splitlines()[0] if body.strip() else ""
    if len(first) <= _TITLE:
        return first
    cut = next((span.start for span in spans(first[:_SEARCHED]) if span.start < _TITLE < span.end), _TITLE)
    return f"{first[:cut] or masked(first)[:_TITLE]}…"


def coordinates_text(latitude: float, longitude: float) -> str:
    """Coordinates (degrees, WGS84) as the attribute holds them, to a tenth of a metre."""
    return f"{latitude:.6f},{longitude:.6f}"
