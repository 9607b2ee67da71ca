"""What the house does with filed cases by itself, put together from a district's settings: tasks for `yunnao serve` and `yunnao upkeep`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from yunnao.access.actors import Actor
from yunnao.app import District
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA, instant_text
from yunnao.kernel.working_days import SHIPPED_TABLE
from yunnao.platforms.cases.filed.media import WaitingMedium, media_of, note_medium
from yunnao.platforms.cases.filed.rounds.calendars import Calendars
from yunnao.platforms.cases.filed.rounds.channels import Channel
from yunnao.platforms.cases.filed.rounds.delivery import Delivery
from yunnao.platforms.cases.filed.rounds.gateway import Gateway
from yunnao.platforms.cases.filed.rounds.media import MediaFetching
from yunnao.platforms.cases.filed.rounds.reminders import Reminders
from yunnao.platforms.cases.filed.rounds.retention import Retention, Terms
from yunnao.platforms.cases.filed.rounds.sweep import Sweep
from yunnao.platforms.cases.filed.rounds.task import Going, Task, always
from yunnao.platforms.cases.filed.rounds.undelivered import Undelivered
from yunnao.platforms.cases.filed.rounds.untouched import untouched
from yunnao.platforms.cases.filed.rounds.wechat import WeChatMessages
from yunnao.platforms.cases.filed.upkeep import Upkeep
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.scenarios.appeals.models import load_model
from yunnao.scenarios.appeals.reception import Reception
from yunnao.scenarios.appeals.topic_places import KEPT
from yunnao.settings import message_keys
from yunnao.storage.rereading import Rereading


class House:
    """The house of one district.

    Raises:
        YunnaoError: a channel is set whose key is missing.
    """

    def __init__(self, district: District) -> None:
        self._district = district
        self._counted_by = district.calendar
        self._cases = district.filed
        channels = self._channels()
        self._wechat = next((each for each in channels if isinstance(each, WeChatMessages)), None)
        self.delivery = Delivery(district.records, district.audit, channels, district.clock, self._since())
        self.undelivered = Undelivered(district.records, district.audit, district.clock)

    @cached_property
    def calendars(self) -> Calendars:
        """Revisions of the calendar."""
        return Calendars(self._cases, self._district.calendar_file, SHIPPED_TABLE)

    @cached_property
    def retention(self) -> Retention:
        """Retention of personal data."""
        terms = self._district.settings.retention
        known = Terms(persons_days=terms.persons_days, words_days=terms.words_days)
        return Retention(self._cases, known, self._district.attachments)

    @cached_property
    def reception(self) -> Reception:
        """Reception of appeals that nobody has touched; needs a model."""
        district = self._district
        model = district.model_file or district.home
        return Reception(
            self._cases,
            lambda flow, limit, after: untouched(district.records, flow, limit, after),
            model=Rereading(model, load_model),
            responsibilities=district.in_force.catalogue,
            clock=district.clock,
            streets=district.settings.appeals.streets,
        )

    @cached_property
    def fetching(self) -> MediaFetching:
        """Fetching of what citizens sent by WeChat; needs its interface."""
        assert self._wechat is not None
        most = self._district.settings.web.photo_bytes
        return MediaFetching(self._cases, self._district.attachments, self._wechat, most)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Everything, in the order of one round of `yunnao upkeep`."""
        reminders = Reminders(self._cases)
        reception = [Task(name="reception", title="受理", every=1, run=self.reception.round)]
        return (
            Task(name="calendar", title="工作日历", every=2, run=self.follow_calendar),
            *(reception if self._district.model_file else ()),
            Task(name="reminders", title="预警", every=60, run=reminders.round),
            Task(name="delivery", title="送出消息", every=2, run=self.delivery.round),
            *(
                [Task(name="media", title="取回微信图片和语音", every=2, run=self.fetching.round)]
                if self._wechat is not None
                else ()
            ),
            Task(name="retention", title="清除个人信息", every=600, run=self.retain),
            Task(
                name="sweep",
                title="清扫没有用上的图片",
                every=3600,
                run=Sweep(self._cases, self._district.attachments).round,
            ),
        )

    def retain(self, going: Going = always) -> Mapping[str, int]:
        """A round of retention; topics that were made from words that are gone now, go too."""
        counts = self.retention.round(going)
        if any(counts.values()):
            self._forget_topics()
        return counts

    def erase(self, case_id: str, actor: Actor, reason: str) -> None:
        """Erase the personal data of a closed case and of what was made from it.

        Raises:
            YunnaoError: as `Retention.erase`.
        """
        self.retention.erase(case_id, actor, reason)
        self._forget_topics()

    def redact(self, case_id: str, place: str, wanted: str, actor: Actor, reason: str) -> None:
        """Black out words, in copies and in what was made from them, too.

        Raises:
            YunnaoError: as `Upkeep.redact`.
        """
        Upkeep(self._cases).redact(case_id, place, wanted, actor, reason)
        self._forget_topics()

    def remove_attachment(self, case_id: str, number: str, actor: Actor, reason: str) -> None:
        """Remove one attachment of a case, the ``number``-th from 1 on, for good.

        Raises:
            YunnaoError: there is none, or the step is refused.
        """
        view = self._cases.get(case_id)
        known = {str(place): each.sha256 for place, each in enumerate(view.attachments, 1)}
        step = next((each.id for each in view.flow.steps if each.detaches), None)
        if number not in known or step is None:
            raise YunnaoError(f"办件 {case_id} 没有附件 {number!r}；有 {len(known)} 个，用 yunnao case 查看")
        asked = Asked(step=step, actor=actor, at=self._district.clock(), reason=reason, detach=known[number])
        self._cases.take(case_id, asked)

    def media_given_up(self) -> list[WaitingMedium]:
        """What WeChat would not hand out, and is tried no more."""
        with self._district.records.read() as connection:
            return [each for each in media_of(connection) if each.given_up]

    def fetch_again(self) -> int:
        """Try again what was given up; how many there were."""
        with self._district.records.write() as connection:
            again = [each for each in media_of(connection) if each.given_up]
            for each in again:
                due = instant_text(self._district.clock())
                note_medium(connection, replace(each, given_up=False, tries=0, due_at=due), done=False)
        return len(again)

    def _forget_topics(self) -> None:
        """They are computed anew when they are next asked for."""
        (self._district.home / KEPT).unlink(missing_ok=True)

    def follow_calendar(self, _going: Going = always) -> Mapping[str, int]:
        """Finish an adoption that was cut off, and count by the district's table if it has changed since this process read it."""
        moved = self.calendars.finish()
        calendar, projected = self._district.calendar, 0
        if calendar is not self._counted_by:
            self._cases.go_by(self._cases.flows, calendar)
            projected = Upkeep(self._cases).rebuild(running=True)
            self._counted_by = calendar
        return {"moved": moved, "projected": projected}

    def _channels(self) -> list[Channel]:
        settings = self._district.settings.messages
        keys = message_keys(settings, self._district.environment)
        channels: list[Channel] = []
        if settings.wechat_api:
            channels.append(WeChatMessages(settings.wechat_api, keys.wechat_appid, keys.wechat_appsecret))
        if settings.gateway_url:
            clock = self._district.clock
            channels.append(Gateway(settings.gateway_url, keys.gateway.encode(), lambda: clock().timestamp()))
        return channels

    def _since(self) -> dt.datetime | None:
        day = self._district.settings.messages.since
        return dt.datetime.combine(day, dt.time(), CHINA) if day else None
