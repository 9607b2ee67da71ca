"""Compute a district's figures and keep them in its home: ``python -m yunnao.web.figures.computing HOME``.

``HOME/appeals/measures.json`` names the file with the measured cases and is written after it; ``HOME/appeals/topics.json`` holds the
topics. Each is whole, or the one before stays.
"""

import datetime as dt
import io
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from yunnao.app import District
from yunnao.capabilities.topics.hot import hot_topics
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA, instant_text
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.scenarios.appeals.measures import measured_cases
from yunnao.scenarios.appeals.reception import FLOW
from yunnao.scenarios.appeals.topic_places import KEPT, kept, written_from
from yunnao.storage.files import make_folder, write_atomically

FOLDER = "appeals"
MEASURES = "measures.json"
MOST_TOPICS = 50
"""How many are kept."""
_NICE = 10
_FAILED = 3


def compute(district: District) -> None:
    """Compute measures, then topics, which take longer, and keep each; if another process is at it, do nothing.

    Raises:
        YunnaoError: the records cannot be read, or the disk refuses.
    """
    folder = district.home / FOLDER
    make_folder(folder)
    with suppress(Timeout), FileLock(folder / "figures.lock", timeout=0):
        now = district.clock()
        today = now.astimezone(CHINA).date()
        computed = {"computed_at": instant_text(now), "today": today.isoformat()}
        named = _cases(district, now, today)
        _keep(folder / MEASURES, computed | {"cases": named})
        for older in folder.glob("cases-*.parquet"):
            if older.name != named:
                older.unlink(missing_ok=True)
        _keep(district.home / KEPT, computed | _topics(district, today))


def _keep(path: Path, document: dict[str, Any]) -> None:
    write_atomically(path, json.dumps(document, ensure_ascii=False).encode())


def _cases(district: District, now: dt.datetime, today: dt.date) -> str:
    """Measure every case; the name of the file they are in."""
    name = f"cases-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S%f}.parquet"
    flow = district.filed.flows[FLOW]
    buffer = io.BytesIO()
    measured_cases(district.filed.event_frames(FLOW), flow, district.calendar, today).write_parquet(buffer)
    write_atomically(district.home / FOLDER / name, buffer.getvalue())
    return name


def blackened(district: District) -> str:
    """When words were last blacked out or erased in a district; it may never have been (empty)."""
    _ = district.filed  # its tables are there then
    with district.records.read() as connection:
        return rounds.blackened(connection)


def _topics(district: District, today: dt.date) -> dict[str, Any]:
    """Topics, with the mark of the words that they were made from."""
    settings, mark = district.settings.figures, blackened(district)
    since = today - dt.timedelta(days=settings.topic_days)
    rows = district.filed.texts(FLOW, since=since, newest=settings.topic_messages)
    written = {row["case_id"]: written_from(row) for row in rows}
    found = hot_topics([each.message for each in written.values()], top=MOST_TOPICS)
    cut = len(rows) == settings.topic_messages
    oldest = min((each.message.day for each in written.values()), default=since)
    return {
        "since": (oldest if cut else since).isoformat(),
        "cut": cut,
        "blackened": mark,
        "messages": len(rows),
        "topics": kept(found, written),
    }


def main(home: str) -> int:
    """The process: gives way to the doors (niceness), says in one sentence why it failed."""
    os.nice(_NICE)
    try:
        compute(District(Path(home)))
    except YunnaoError as error:
        sys.stderr.write(f"{error}\n")
        return _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
