"""Commitments as files: JSON lines or a workbook that an officer reviews, deleting rows and writing who answers for each."""

import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import python_calamine as calamine
from pydantic import TypeAdapter, ValidationError

from yunnao.kernel.errors import FileRefused
from yunnao.kernel.text import Text
from yunnao.scenarios.plan.sheets import Table
from yunnao.scenarios.plan.tracking.commitments import Commitment

TITLES = {
    "start": "起",
    "end": "止",
    "line": "行",
    "action": "事项",
    "due_on": "期限",
    "said": "期限是原文写的",
    "department": "责任单位",
    "period": "计划年度",
    "sentence": "原文",
}
"""Column -> its Chinese head; reading accepts either."""

_COMMITMENT: TypeAdapter[Commitment] = TypeAdapter(Commitment)
_COLUMNS_OF = {title: name for name, title in TITLES.items()}


def commitment_table(found: Sequence[Commitment]) -> Table:
    """One row a commitment."""
    return Table("承诺事项", TITLES, [{**asdict(each), "due_on": each.due_on.isoformat()} for each in found])


def read_commitments(path: Path, departments: Mapping[str, Text]) -> list[Commitment]:
    """The reviewed commitments of a file.

    Args:
        departments: id -> title; the file may name either.

    Raises:
        FileRefused: a row is not usable, or names a department that there is not.
    """
    ids = {title.zh: id_ for id_, title in departments.items()} | {id_: id_ for id_ in departments}
    found = []
    for where, record in _records(path):
        written = str(record.get("department") or "").strip()
        if written and written not in ids:
            known = "、".join(sorted(title.zh for title in departments.values()))
            raise FileRefused(f"{where}：没有责任单位“{written}”；现有：{known}，其他的请先写进 district.yaml")
        try:
            found.append(_COMMITMENT.validate_python({**record, "department": ids.get(written, "")}))
        except ValidationError as error:
            first = error.errors()[0]
            column = str(first["loc"][0]) if first["loc"] else ""
            title = f"{TITLES.get(column, column)}（{column}）"
            raise FileRefused(f"{where}的 {title}：{first['input']!r} 不能用；日期写成 2023-06-30") from None
    return found


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    content = path.read_bytes()
    match path.suffix.lower():
        case ".jsonl":
            for number, line in enumerate(content.decode("utf-8-sig").splitlines(), start=1):
                if line.strip():
                    yield f"{path.name} 第 {number} 行", _object(line, f"{path.name} 第 {number} 行")
        case ".xlsx":
            try:
                table = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
            except Exception:
                raise FileRefused(f"{path.name}：工作簿打不开；请另存为新的 .xlsx 后重试") from None
            heads = [_COLUMNS_OF.get(str(head).strip(), str(head).strip()) for head in table[0]] if table else []
            if missing := [title for name, title in TITLES.items() if name not in heads]:
                raise FileRefused(
                    f"{path.name} 第 1 行：缺少列 {'、'.join(missing)}；请保留 yunnao plan commitments 写的表头"
                )
            for number, cells in enumerate(table[1:], start=2):
                record = {name: _cell(name, cell) for name, cell in zip(heads, cells, strict=False) if name in TITLES}
                if any(value != "" for value in record.values()):
                    yield f"{path.name} 第 {number} 行", record
        case _:
            raise FileRefused(f"{path.name}：承诺事项只读 .xlsx 和 .jsonl；请换成 yunnao plan commitments 写的文件")


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise FileRefused(f"{where}：不是 JSON 对象；请用 yunnao plan commitments 重新生成")
    return {name: value for name, value in record.items() if name in TITLES}


def _cell(name: str, value: Any) -> Any:
    if name in ("start", "end", "line") and isinstance(value, float):
        return int(value)
    if name == "said" and isinstance(value, str):
        return {"是": True, "否": False}.get(value.strip(), value)
    if isinstance(value, dt.datetime):
        return value.date()
    return format(value, ".15g") if isinstance(value, float) else value
