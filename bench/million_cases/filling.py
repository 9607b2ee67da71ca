"""Fill a district's record store with many cases: lives are lived by the hundred a day, and each is given to many citizens.

What differs from citizen to citizen (number, words, person, minute) is made for each; the rest of a life's rows is repeated. The rows go
through the audit log's own door, a few days under one line, so that `yunnao audit verify` and the check of the projection hold.
"""

import datetime as dt
import hashlib
import hmac
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from bench.million_cases.lives import CASE_ID, Desk, Life
from bench.service.homes import DEPARTMENTS
from yunnao.app import District
from yunnao.audit.events import AuditEvent
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.messages import messages_of
from yunnao.platforms.cases.filed.projection import now_row
from yunnao.settings import district_secret
from yunnao.storage.records import insert_frame

DAYS = 540
_LIVES_A_DAY = 40
_DAYS_AT_A_TIME = 10
_CITIZENS = 300_000
_MATTERS = ("路灯不亮", "夜间施工噪声", "道路积水", "垃圾没有清运", "公交改线咨询", "工资拖欠", "占道经营", "供暖不热")
_INSTANT = "%Y-%m-%dT%H:%M:%S%.6fZ"
FOLLOW_UP_CODE = "ABCDEFGH"
"""Opens every case here."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of several lives; `life` numbers them, instants are microseconds since 1970."""

    lives: pl.DataFrame
    events: pl.DataFrame
    words: pl.DataFrame
    messages: pl.DataFrame
    now: pl.DataFrame


def fill(district: District, cases: int, seed: int) -> Iterator[int]:
    """Fill; answers after each piece how many cases there are.

    Args:
        cases: how many; spread evenly over the last `DAYS` days.
    """
    filed, now = district.filed, district.clock()
    desk = Desk(filed.flows["appeal"], filed.around, tuple(DEPARTMENTS), seed)
    chance = random.Random(seed)
    secret = district_secret(district.home)
    last = now.astimezone(CHINA).date() - dt.timedelta(days=1)
    days = [last - dt.timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    numbers = [cases * (n + 1) // DAYS - cases * n // DAYS for n in range(DAYS)]
    done = 0
    for start in range(0, DAYS, _DAYS_AT_A_TIME):
        lives = [[desk.life(day, now) for _ in range(_LIVES_A_DAY)] for day in days[start : start + _DAYS_AT_A_TIME]]
        rows = _rows([life for of_day in lives for life in of_day], desk)
        citizens = pl.concat(
            [
                _citizens(desk.flow.prefix, day, number, n * _LIVES_A_DAY, rows.lives, chance, secret)
                for n, (day, number) in enumerate(
                    zip(days[start : start + _DAYS_AT_A_TIME], numbers[start : start + _DAYS_AT_A_TIME], strict=True)
                )
            ]
        )
        _write(district, rows, citizens)
        done += citizens.height
        yield done


def _micros(at: dt.datetime) -> int:
    return int(at.timestamp()) * 1_000_000


def _rows(lives: Sequence[Life], desk: Desk) -> Rows:
    flow, calendar = desk.flow, desk.around.calendar
    events, words, messages, now, opened = [], [], [], [], []
    for number, life in enumerate(lives):
        opened.append({"life": number, "opened": _micros(life.events[0].at)})
        now.append({"life": number, **now_row(CASE_ID, flow, life.events, calendar)})
        for place, event in enumerate(life.events):
            step = flow.step(event.step)
            fields = {} if step is None else step.gives
            texts = {f"{event.seq}.{n}": str(v) for n, v in event.given.items() if fields[n].kind == "text"}
            texts |= {f"{event.seq}.reason": event.reason} if event.reason else {}
            events.append({"life": number, "micros": _micros(event.at), **store.event_row(CASE_ID, event, texts)})
            words += [{"life": number, "place": at, "text": text} for at, text in texts.items()]
            for message in messages_of(CASE_ID, flow, life.events[: place + 1], desk.around.departments):
                messages.append({"life": number, "micros": _micros(event.at), **message})
    return Rows(
        lives=pl.DataFrame(opened),
        events=pl.DataFrame(events, infer_schema_length=None),
        words=pl.DataFrame(words, infer_schema_length=None),
        messages=pl.DataFrame(messages, infer_schema_length=None),
        now=pl.DataFrame(now, infer_schema_length=None),
    )


def _citizens(
    prefix: str, day: dt.date, number: int, first_life: int, lives: pl.DataFrame, chance: random.Random, secret: bytes
) -> pl.DataFrame:
    """One row for each citizen of a day, numbered in the order in which they came."""
    at = {int(life): int(opened) for life, opened in lives.iter_rows()}
    came = []
    for _ in range(number):
        life, shift = first_life + chance.randrange(_LIVES_A_DAY), chance.randrange(3_500_000_000)
        came.append((at[life] + shift, life, shift))
    rows = []
    for place, (opened, life, shift) in enumerate(sorted(came), start=1):
        case_id = f"{store.number_start(prefix, day)}{place:05d}"
        citizen = chance.randrange(_CITIZENS)
        contact = f"139{citizen:08d}"
        title = f"{chance.choice(_MATTERS)}（示例路{chance.randrange(900)}号）"
        body = f"{title}，已经第 {chance.randrange(90) + 1} 天了，反映过没有结果，请有关部门尽快处理并答复。编号{chance.randrange(10**9)}"
        name, hashed = f"示例市民{citizen}", hmac.new(secret, contact.encode(), hashlib.sha256).hexdigest()
        salt = f"{chance.getrandbits(128):032x}"
        person = {"salt": salt, "name": name, "contact": contact, "contact_sha256": hashed}
        digests = {"title": store.sha256(title), "body": store.sha256(body), store.PERSON: store.person_digest(person)}
        rows.append(
            (
                case_id,
                life,
                shift,
                opened,
                chance.choice(("web", "web", "api", "wechat", "wechat", "open311.partner")),
                f"bench:{chance.randrange(10**18)}:{case_id}",
                store.sha256(f"{case_id}:{FOLLOW_UP_CODE}"),
                name,
                contact,
                hashed,
                salt,
                title,
                body,
                store.canonical(digests),
            )
        )
    names = [
        "case_id",
        "life",
        "shift",
        "opened",
        "channel",
        "filing_key",
        "code_sha256",
        "name",
        "contact",
        "contact_sha256",
        "salt",
        "title",
        "body",
        "opening",
    ]
    return pl.DataFrame(rows, schema=names, orient="row")


def _instant(micros: pl.Expr) -> pl.Expr:
    return pl.from_epoch(micros, "us").dt.to_string(_INSTANT)


def _named(column: str) -> pl.Expr:
    return pl.col(column).str.replace(CASE_ID, pl.col("case_id"), literal=True)


def _write(district: District, rows: Rows, citizens: pl.DataFrame) -> None:
    own = citizens.select("case_id", "life", "shift", "opening")
    at = _instant(pl.col("micros") + pl.col("shift"))
    cases = citizens.with_columns(flow=pl.lit("appeal"), opened_at=_instant(pl.col("opened")))
    events = (
        own.join(rows.events.drop("case_id"), on="life")
        .with_columns(at=at, words=pl.when(pl.col("seq") == 1).then("opening").otherwise("words"))
        .select(store.columns(store.EVENTS))
    )
    messages = own.join(rows.messages.drop("case_id"), on="life").with_columns(
        message_id=_named("message_id"), text=_named("text"), written_at=at
    )
    spoken = [
        own.join(rows.words, on="life").select("case_id", "place", "text"),
        *(citizens.select("case_id", place=pl.lit(place), text=place) for place in ("title", "body")),
    ]
    words = pl.concat(spoken).sort("case_id", "place").with_columns(redacted_at=pl.lit(None, pl.String))
    now = own.join(rows.now.drop("case_id"), on="life")
    with district.audit.writing() as connection:
        changes = {
            store.CASES: cases.select(store.columns(store.CASES)),
            store.EVENTS: events,
            store.OUTBOX: messages.select(store.columns(store.OUTBOX)),
            store.DELIVERIES: messages.select("message_id", delivered_at=pl.col("written_at")),
        }
        details = {"count": cases.height, "first": citizens["case_id"][0]}
        district.audit.append(connection, AuditEvent.CASES_FILED, "bench", details, changes)
        persons = citizens.select("case_id", "name", "contact", "contact_sha256", "salt")
        insert_frame(connection, store.PERSONS, persons)
        insert_frame(connection, store.WORDS, words)
        insert_frame(connection, store.NOW, now.select([column.name for column in store.NOW.columns]))
