"""Typed tables on Parquet, content-addressed: the name of a table is the SHA-256 of its bytes."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.storage.files import sha256_of, write_atomically

STORED: Mapping[FactType, type[pl.DataType]] = {
    FactType.KEY: pl.String,
    FactType.CODE: pl.String,
    FactType.TEXT: pl.String,
    FactType.BOOLEAN: pl.Boolean,
    FactType.INTEGER: pl.Int64,
    FactType.MONEY: pl.Int64,
    FactType.SHARE: pl.Int64,
    FactType.DATE: pl.Date,
}
"""Fact type -> column type (docs/architecture.md, "Stored types")."""

_ROWS_A_GROUP = 32_768  # a look-up by key then reads one group of a sorted table


def schema(facts: Sequence[FactDefinition]) -> pl.Schema:
    """Column types of a table of these facts."""
    return pl.Schema({fact.id: STORED[fact.type]() for fact in facts})


def conform(frame: pl.LazyFrame, facts: Sequence[FactDefinition]) -> pl.LazyFrame:
    """Exactly the columns of ``facts``, in their order; a column the frame lacks is unknown."""
    present = frame.collect_schema()
    return frame.select(
        pl.col(name).cast(kind) if name in present else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema(facts).items()
    )


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as Parquet; equal frames give equal bytes."""
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, compression="zstd", statistics=True, row_group_size=_ROWS_A_GROUP)
    return buffer.getvalue()


class TableStore:
    """A folder of `SHA.parquet`. A table is never changed, only added or, when nobody names it, removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._verified: dict[str, tuple[int, int]] = {}

    def path(self, name: str) -> Path:
        """Where the table called ``name`` is."""
        return self.folder / f"{name}.parquet"

    def add(self, frame: pl.DataFrame) -> str:
        """Keep the frame; return its name.

        Raises:
            YunnaoError: the disk is full or refuses.
        """
        content = parquet_bytes(frame)
        name = hashlib.sha256(content).hexdigest()
        if not self.is_whole(name):
            write_atomically(self.path(name), content)
        return name

    def is_whole(self, name: str) -> bool:
        """Whether the table is there with the bytes its name says; once seen whole, it is trusted until it changes."""
        try:
            status = self.path(name).stat()
            mark = (status.st_size, status.st_mtime_ns)
            if self._verified.get(name) != mark:
                if sha256_of(self.path(name)) != name:
                    return False
                self._verified[name] = mark
        except OSError:
            return False
        return True

    def verified(self, name: str) -> Path:
        """The table's path.

        Raises:
            YunnaoError: it is missing or damaged.
        """
        if not self.is_whole(name):
            raise YunnaoError(
                f"数据表 {self.path(name)} 缺失或已损坏（内容与它的校验值不符）；"
                "请从备份恢复这个文件，或重新导入有关名册"
            )
        return self.path(name)
