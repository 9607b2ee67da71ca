"""Figures as pages ask for them: what is kept is answered at once, and computed anew in a process beside if it is too old.

The doors never wait for it: the process has a lower priority and no lock that filing needs.
"""

import asyncio
import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from yunnao.app import District
from yunnao.kernel.moment import instant_text, parse_instant
from yunnao.scenarios.appeals.topic_places import KEPT
from yunnao.web.figures.computing import FOLDER, MEASURES, blackened

_LOG = logging.getLogger("yunnao.web")
_MOST_SECONDS = 1800
_RETRY_SECONDS = 60
_DAMAGED = (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError)


@dataclass(frozen=True, kw_only=True)
class KeptTopics:
    """Topics that were computed.

    Attributes:
        since: they are of appeals received from that day on; ``cut``: because there are more than are compared.
        messages: how many were compared.
        blackened: when words had last been blacked out or erased before they were compared.
        topics: as `topic_places.kept`, by rank.
    """

    computed_at: dt.datetime
    since: dt.date
    cut: bool
    messages: int
    blackened: str
    topics: Sequence[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class KeptMeasures:
    """Cases that were measured for ``today`` (columns of `case_table`)."""

    computed_at: dt.datetime
    today: dt.date
    cases: pl.DataFrame


@lru_cache(1)
def _cases(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path)


def read_topics(home: Path) -> KeptTopics | None:
    """The topics kept in a home; none if there are none, or if they are damaged: they can be computed again."""
    with suppress(*_DAMAGED):
        document = json.loads((home / KEPT).read_bytes())
        return KeptTopics(
            computed_at=parse_instant(document["computed_at"]),
            since=dt.date.fromisoformat(document["since"]),
            cut=document["cut"],
            messages=document["messages"],
            blackened=document["blackened"],
            topics=document["topics"],
        )
    return None


def read_measures(home: Path) -> KeptMeasures | None:
    """The measured cases kept in a home; none if there are none, or if they are damaged."""
    with suppress(*_DAMAGED):
        document = json.loads((home / FOLDER / MEASURES).read_bytes())
        return KeptMeasures(
            computed_at=parse_instant(document["computed_at"]),
            today=dt.date.fromisoformat(document["today"]),
            cases=_cases(home / FOLDER / str(document["cases"])),
        )
    return None


class Keeper:
    """The figures of one district, kept up to date on demand."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._task: asyncio.Task[None] | None = None
        self._tried: dt.datetime | None = None
        self.problem = ""
        """Why the last attempt failed, as a sentence; empty if it did not."""

    @property
    def computing(self) -> bool:
        """Whether a process is at it."""
        return self._task is not None and not self._task.done()

    async def topics(self) -> KeptTopics | None:
        """What is kept, at once; too old or absent, it is being computed when this returns."""
        found = await asyncio.to_thread(self._kept_topics)
        self._refresh(found.computed_at if found else None)
        return found

    def _kept_topics(self) -> KeptTopics | None:
        """Those that were made from words of which none was blacked out or erased since."""
        found = read_topics(self._district.home)
        return found if found is None or found.blackened == blackened(self._district) else None

    async def measures(self) -> KeptMeasures | None:
        """What is kept, at once; too old or absent, it is being computed when this returns."""
        found = await asyncio.to_thread(read_measures, self._district.home)
        self._refresh(found.computed_at if found else None)
        return found

    def _refresh(self, computed_at: dt.datetime | None) -> None:
        now = self._district.clock()
        limit = dt.timedelta(minutes=self._district.settings.figures.refresh_minutes)
        fresh = computed_at is not None and dt.timedelta(0) <= now - computed_at < limit
        if not fresh and not self.computing and self._may_try(now):
            self._tried = now
            self._task = asyncio.create_task(self._compute(now))

    def _may_try(self, now: dt.datetime) -> bool:
        return not self.problem or self._tried is None or (now - self._tried).total_seconds() >= _RETRY_SECONDS

    async def _compute(self, now: dt.datetime) -> None:
        district = self._district
        surroundings = os.environ | {
            "YUNNAO_NOW": instant_text(now),
            "YUNNAO_DATABASE_URL": district.settings.records_url(district.home),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "yunnao.web.figures.computing",
            str(district.home),
            env=surroundings,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), _MOST_SECONDS)
            lines = said.decode(errors="replace").strip().splitlines()
            self.problem = "" if process.returncode == 0 else (lines or ["没有说明原因"])[-1]
        except TimeoutError:
            self.problem = f"算了 {_MOST_SECONDS // 60} 分钟还没有算完，已停止；请调小 district.yaml 的 figures"
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if self.problem:
            _LOG.warning("figures: %s", self.problem)

    async def stop(self) -> None:
        """End the process, if one is at it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
