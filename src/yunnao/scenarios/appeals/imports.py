"""Appeals from a file of another system: each row a filing, with the instant at which that system received it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.platforms.registry.spelling import clean
from yunnao.scenarios.appeals.message_files import Skipped, read_columns
from yunnao.scenarios.appeals.received import received_at
from yunnao.scenarios.appeals.reception import FLOW

CHANNEL = "import"
_MOST_TITLE, _MOST_BODY = 200, 8000


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a file brings.

    Attributes:
        filings: in the file's order.
        named: filing key -> the category that the file names.
        places: filing key -> (file, row) that it stands in.
        skipped: the rows that cannot be brought.
    """

    filings: list[Filing]
    named: Mapping[str, str]
    places: Mapping[str, tuple[str, int]]
    skipped: list[Skipped]

    def clashes(self, clashing: Mapping[str, str]) -> list[Skipped]:
        """Rows whose number another message was filed under before (filing key -> its case), with what to do about it."""
        return [
            Skipped(
                *self.places[key],
                "message_id",
                f"这个编号以前受理过（{case_id}），内容却不同；若来自另一个系统，请加 --source 名称",
            )
            for key, case_id in clashing.items()
        ]


def read_filings(path: Path, now: dt.datetime, source: str = "") -> Imported:
    """The appeals of a file; a row's filing key is its number, so that the same file again brings nothing new.

    A row without a time of day counts as received when offices open. The sender is the person's contact.

    Args:
        source: the system that the numbers are of, where there are several; each numbers by itself.

    Raises:
        FileRefused: the file cannot be read, or lacks a column.
    """
    filings, skipped = [], []
    named: dict[str, str] = {}
    places: dict[str, tuple[str, int]] = {}
    rows = read_columns(path, [("message_id",), ("received_at",), ("title", "body", "words")])
    for cells in rows.iter_rows(named=True):
        id_, title, body = cells["message_id"].strip(), cells["title"].strip(), cells["body"] or cells["words"]
        at, unread = received_at(cells["received_at"])
        key = f"{CHANNEL}:{source}:{id_}" if source else f"{CHANNEL}:{id_}"
        column, fault = (
            ("message_id", "没有编号") if not id_
            else ("message_id", "编号与前面的一行重复") if key in places
            else ("received_at", unread) if at is None
            else ("received_at", f"受理时间 {at:%Y-%m-%d %H:%M} 还没有到") if at > now
            else ("title、body", "没有内容") if not (title or body).strip()
            else ("title", f"标题超过 {_MOST_TITLE} 个字") if len(title) > _MOST_TITLE
            else ("body", f"内容超过 {_MOST_BODY} 个字") if len(body) > _MOST_BODY
            else ("", "")
        )  # fmt: skip
        if fault:
            skipped.append(Skipped(cells["file"], cells["row"], column, fault))
            continue
        places[key] = (cells["file"], cells["row"])
        if category := clean(cells["category"]):
            named[key] = category
        sender = cells["sender"].strip()
        filings.append(
            Filing(
                flow=FLOW,
                channel=CHANNEL,
                key=key,
                title=title,
                body=body,
                person=Person(contact=sender or None),
                at=at,
            )
        )
    return Imported(filings=filings, named=named, places=places, skipped=skipped)
