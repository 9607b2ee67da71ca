"""Files of messages as other systems export them: CSV (UTF-8, with or without BOM, GB18030) or Excel, headers in either language."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yunnao.capabilities.classification.model import as_text
from yunnao.capabilities.classification.training import Labelled
from yunnao.capabilities.topics.messages import Message
from yunnao.kernel.errors import FileRefused
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.registry.formats import check_readable, open_sheets
from yunnao.platforms.registry.header import find_header
from yunnao.platforms.registry.spelling import clean
from yunnao.scenarios.appeals.received import received_at

_KEY, _TEXT = FactType.KEY, FactType.TEXT

MESSAGES = Register(
    id="message_file",
    title=Text("诉求文件", "File of messages"),
    department="",
    subject="message",
    subject_key="message_id",
    key=("message_id",),
    facts=(
        FactDefinition(id="message_id", type=_KEY, title=Text("留言编号", "Message"), aliases=("编号", "诉求编号", "工单编号")),
        FactDefinition(id="sender", type=_KEY, title=Text("留言用户", "Sender"), aliases=("用户", "诉求人", "市民")),
        FactDefinition(id="received_at", type=_TEXT, title=Text("留言时间", "Received"), aliases=("时间", "受理时间", "来电时间")),
        FactDefinition(id="title", type=_TEXT, title=Text("留言主题", "Title"), aliases=("标题", "主题")),
        FactDefinition(id="body", type=_TEXT, title=Text("留言详情", "Body"), aliases=("内容", "正文", "诉求内容")),
        FactDefinition(id="words", type=_TEXT, title=Text("分词", "Words")),
        FactDefinition(id="category", type=_TEXT, title=Text("类别", "Category"), aliases=("分类", "一级标签", "一级分类")),
        FactDefinition(id="likes", type=_TEXT, title=Text("点赞数", "Likes"), aliases=("点赞",)),
    ),
    optional=frozenset({"message_id", "sender", "received_at", "title", "body", "words", "category", "likes"}),
)  # fmt: skip
"""The columns that are looked for; which of them a command needs, it says itself."""


@dataclass(frozen=True)
class Skipped:
    """A row that could not be used: file, row as the spreadsheet numbers it, column, and why."""

    file: str
    row: int
    column: str
    reason: str


def read_columns(path: Path, needs: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    """The messages of a file: String columns of `MESSAGES` without nulls ("" where the file has no such column), and `file` and `row`.

    `file` names the worksheet, too, where messages stand in several. Worksheets without any of the columns (a cover, notes) are passed
    over if another has them.

    Args:
        path: of the file.
        needs: of each tuple, the file must have at least one column.

    Raises:
        FileRefused: it cannot be read, or lacks a column.
    """
    check_readable(path)
    found = []
    sheets = [(sheet, find_header(sheet.head(), MESSAGES)) for sheet in open_sheets(path, path.name, MESSAGES)]
    with_columns = [(sheet, header) for sheet, header in sheets if header.columns] or sheets
    for sheet, header in with_columns:
        file = f"{path.name}「{sheet.name}」" if len(with_columns) > 1 else path.name
        places = {column.fact.id: column.index for column in header.columns}
        if header.twice:
            raise FileRefused(f"{file}：{header.twice[0]}；请只留一列后重试")
        for names in needs:
            if not places.keys() & set(names):
                raise FileRefused(f"{file}：没有{_titles(names)}列；请补上这一列，或改正表头后重试")
        body = sheet.rows.with_row_index("row", offset=1).slice(header.last_row + 1)
        columns = [
            pl.col(f"c{places[fact.id]}").alias(fact.id) if fact.id in places else pl.lit("").alias(fact.id)
            for fact in MESSAGES.facts
        ]
        read = body.select(pl.lit(file).alias("file"), pl.col("row").cast(pl.Int64), *columns)
        found.append(read.filter(pl.any_horizontal(pl.exclude("file", "row").str.strip_chars() != "")))
    rows = pl.concat(found) if found else pl.DataFrame()
    if rows.is_empty():
        raise FileRefused(f"{path.name}：没有留言；请检查是不是只有表头")
    return rows


def read_texts(path: Path) -> tuple[list[str], list[str]]:
    """Ids (the row's number where the file has none) and texts of a file to classify.

    Raises:
        FileRefused: see `read_columns`.
    """
    rows = read_columns(path, [("title", "body", "words")])
    ids = [id_.strip() or str(row) for id_, row in rows.select("message_id", "row").iter_rows()]
    return ids, [_text(*parts) for parts in rows.select("title", "body", "words").iter_rows()]


def read_labelled(path: Path) -> tuple[list[Labelled], list[Skipped]]:
    """Labelled texts of a file to learn from, and the rows without a text or a category.

    Raises:
        FileRefused: see `read_columns`.
    """
    labelled, skipped = [], []
    rows = read_columns(path, [("title", "body", "words"), ("category",)])
    for file, row, title, body, words, category in rows.select(
        "file", "row", "title", "body", "words", "category"
    ).iter_rows():
        text, name = _text(title, body, words), clean(category)
        if not text.strip():
            skipped.append(Skipped(file, row, "title、body、words", "没有文字"))
        elif not name:
            skipped.append(Skipped(file, row, "category", "没有类别"))
        else:
            labelled.append(Labelled(text, name))
    return labelled, skipped


def read_messages(path: Path) -> tuple[list[Message], list[Skipped]]:
    """Messages of a file, and the rows without a sender or a day, or whose number came before.

    Raises:
        FileRefused: see `read_columns`.
    """
    messages, skipped, seen = [], [], set()
    rows = read_columns(path, [("message_id",), ("sender",), ("received_at",), ("title", "body")])
    for cells in rows.iter_rows(named=True):
        id_, citizen = cells["message_id"].strip(), cells["sender"].strip()
        at, unread = received_at(cells["received_at"])
        numbered = "没有编号" if not id_ else "编号与前面的一行重复" if id_ in seen else ""
        faults = {"message_id": numbered, "sender": "" if citizen else "没有写明是谁", "received_at": unread}
        fault = next((column for column, reason in faults.items() if reason), None)
        if fault is not None or at is None:
            skipped.append(Skipped(cells["file"], cells["row"], fault or "received_at", faults[fault or "received_at"]))
            continue
        seen.add(id_)
        likes = cells["likes"].strip()
        messages.append(
            Message(
                id=id_,
                citizen=citizen,
                day=at.date(),
                title=cells["title"].strip(),
                body=cells["body"] or cells["words"],
                likes=int(likes) if likes.isdecimal() and len(likes) < 10 else 0,
            )
        )
    return messages, skipped


def _titles(names: Sequence[str]) -> str:
    titles = {fact.id: fact.title.zh for fact in MESSAGES.facts}
    return "或".join(f"“{titles[name]}”（{name}）" for name in names)


def _text(title: str, body: str, words: str) -> str:
    return as_text(title, body) if title or body else words
