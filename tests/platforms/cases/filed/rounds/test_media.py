"""WeChat's media fetched over real HTTP from a platform as its documentation describes it: pauses, giving up, expired tokens, kills."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.capabilities.media.photographs import photo
from tests.platforms.cases.filed.desk import OPERATOR, Desk, handler
from tests.platforms.cases.filed.rounds.wechat_platform import Platform
from yunnao.platforms.cases.filed.media import WaitingMedium, media_of
from yunnao.platforms.cases.filed.rounds import media as media_round
from yunnao.platforms.cases.filed.rounds.media import MOST_TRIES, PAUSES, MediaFetching
from yunnao.platforms.cases.filed.rounds.retention import Retention, Terms
from yunnao.platforms.cases.filed.rounds.wechat import WeChatMessages

MOST = 200_000


@pytest.fixture
def platform() -> Iterator[Platform]:
    found = Platform()
    yield found
    found.stop()


def fetching(desk: Desk, platform: Platform) -> MediaFetching:
    return MediaFetching(desk.cases, desk.files, WeChatMessages(platform.url, "wx1", "secret"), MOST)


def sent(desk: Desk, media_id: str = "m1", key: str = "wechat:1") -> str:
    case_id = desk.file(key, channel="wechat", media=(media_id,))
    desk.now += dt.timedelta(seconds=5)
    return case_id


def waits(desk: Desk) -> list[WaitingMedium]:
    with desk.records.read() as connection:
        return media_of(connection)


def test_a_photo_and_a_recording_become_attachments(desk: Desk, platform: Platform) -> None:
    platform.media = {"m1": photo(), "v1": b"#!AMR\n" + bytes(100)}
    case_id, spoken = sent(desk), sent(desk, "v1", "wechat:2")
    assert fetching(desk, platform).round() == {"fetched": 2, "again": 0, "given_up": 0}
    (attachment,) = desk.cases.get(case_id).attachments
    assert (attachment.media_type, attachment.width, attachment.height) == ("image/jpeg", 400, 300)
    assert b"SECRET" not in (desk.files.content(attachment.sha256) or b"SECRET")
    assert [each.media_type for each in desk.cases.get(spoken).attachments] == ["audio/amr"]
    assert desk.cases.get(case_id).events[-1].actor == "yunnao"
    assert waits(desk) == []
    assert (platform.asked, platform.tokens) == (["m1", "v1"], 1)
    assert fetching(desk, platform).round() == {"fetched": 0, "again": 0, "given_up": 0}
    assert desk.audit.verify().broken is None


def test_a_download_that_breaks_off_is_tried_again_and_never_kept_in_part(desk: Desk, platform: Platform) -> None:
    platform.media = {"m1": photo(), "v1": b"#!AMR\n" + bytes(2000)}
    case_id, spoken = sent(desk), sent(desk, "v1", "wechat:2")
    platform.cut_at = 1000
    assert fetching(desk, platform).round() == {"fetched": 0, "again": 2, "given_up": 0}
    platform.cut_at = None
    desk.now += dt.timedelta(minutes=1)
    assert fetching(desk, platform).round() == {"fetched": 2, "again": 0, "given_up": 0}
    assert [each.size for each in desk.cases.get(spoken).attachments] == [2006]
    assert len(desk.cases.get(case_id).attachments) == 1


def test_it_waits_for_the_reception_of_what_is_untouched(desk: Desk, platform: Platform) -> None:
    platform.media = {"m1": photo()}
    desk.file("wechat:1", channel="wechat", media=("m1",))
    assert fetching(desk, platform).round() == {"fetched": 0, "again": 0, "given_up": 0}
    assert platform.asked == []


def test_a_token_that_is_taken_no_more_is_fetched_anew(desk: Desk, platform: Platform) -> None:
    platform.media = {"m1": photo(), "m2": photo("PNG")}
    round_ = fetching(desk, platform)
    sent(desk)
    assert round_.round()["fetched"] == 1
    platform.tokens += 1  # somebody else has fetched one, which ends ours
    sent(desk, "m2", "wechat:2")
    assert round_.round()["fetched"] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "微信素材接口答复 40007"),
        (b"<html>" + bytes(300), "只能用 JPEG、PNG、WebP"),
        (bytes(MOST + 1), "超过"),
        (photo()[:900], "损坏"),
    ],
    ids=["no such", "no photo", "too large", "damaged"],
)
def test_what_can_never_be_had_is_given_up_and_said(
    desk: Desk, platform: Platform, content: bytes | None, words: str
) -> None:
    if content is not None:
        platform.media = {"m1": content}
    case_id = sent(desk)
    assert fetching(desk, platform).round() == {"fetched": 0, "again": 0, "given_up": 1}
    (waiting,) = waits(desk)
    assert (waiting.case_id, waiting.given_up, waiting.tries, words in waiting.problem) == (case_id, True, 1, True)
    desk.now += dt.timedelta(days=1)
    assert fetching(desk, platform).round() == {"fetched": 0, "again": 0, "given_up": 0}


def test_what_fails_is_tried_again_after_growing_pauses_and_given_up_within_three_days(
    desk: Desk, platform: Platform
) -> None:
    platform.answer = lambda _: (503, "text/html", b"busy")
    sent(desk)
    round_, began = fetching(desk, platform), desk.now
    for tries in range(1, MOST_TRIES):
        assert round_.round() == {"fetched": 0, "again": 1, "given_up": 0}
        assert round_.round() == {"fetched": 0, "again": 0, "given_up": 0}  # not before the pause is over
        assert waits(desk)[0].tries == tries
        desk.now += PAUSES[min(tries, len(PAUSES)) - 1]
    assert round_.round() == {"fetched": 0, "again": 0, "given_up": 1}
    assert dt.timedelta(days=2) < desk.now - began < dt.timedelta(days=3)
    assert len(platform.asked) == MOST_TRIES


def test_a_platform_that_is_down_is_left_alone_after_three_failures(desk: Desk, platform: Platform) -> None:
    platform.answer = lambda _: (200, "text/plain", b'{"errcode": -1}')
    for number in range(5):
        sent(desk, f"m{number}", f"wechat:{number}")
    assert fetching(desk, platform).round() == {"fetched": 0, "again": 3, "given_up": 0}


def test_killed_between_the_step_and_its_note_it_is_attached_once(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.media = {"m1": photo()}
    case_id = sent(desk)

    class Killed(Exception):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(media_round, "note_medium", killed)
        with pytest.raises(Killed):
            fetching(desk, platform).round()
    assert len(desk.cases.get(case_id).attachments) == 1
    assert fetching(desk, platform).round()["fetched"] == 1
    assert (len(desk.cases.get(case_id).events), waits(desk)) == (2, [])


def test_a_case_that_has_ended_meanwhile_takes_none(desk: Desk, platform: Platform) -> None:
    platform.media = {"m1": photo()}
    case_id = sent(desk)
    desk.take(case_id, "dispatch", OPERATOR, department="ecology")
    desk.take(case_id, "sign_in", handler("ecology"))
    desk.take(case_id, "answer", handler("ecology"), answer="已修好。")
    assert fetching(desk, platform).round() == {"fetched": 0, "again": 0, "given_up": 1}
    assert "已经答复" in waits(desk)[0].problem
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="satisfied")
    desk.on("2026-12-24")
    Retention(desk.cases, Terms(persons_days=30), desk.files).round()
    assert waits(desk) == []  # its id goes with the person
