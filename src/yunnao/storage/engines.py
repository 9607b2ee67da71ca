"""Where set-wise work runs: embedded (Polars), or a Spark cluster. Both read and write Parquet; callers see Narwhals."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.storage.files import make_folder, replace_with


class Engine(Protocol):
    """A place for set-wise work; frames are the library's own lazy frames."""

    name: str

    def scan(self, paths: Sequence[Path]) -> Any:
        """The rows of Parquet files, or of folders of them."""
        ...

    def lift(self, frame: pl.DataFrame) -> Any:
        """A small table made here, as a frame of this engine."""
        ...

    def collect(self, frame: Any) -> pl.DataFrame:
        """All rows, here."""
        ...

    def write(self, frame: Any, path: Path) -> None:
        """Put the rows at ``path``, whole or not at all."""
        ...


class Embedded:
    """Polars in this process."""

    name = "embedded"

    def scan(self, paths: Sequence[Path]) -> pl.LazyFrame:
        """See `Engine`."""
        return pl.scan_parquet(_files(paths))

    def lift(self, frame: pl.DataFrame) -> pl.LazyFrame:
        """See `Engine`."""
        return frame.lazy()

    def collect(self, frame: Any) -> pl.DataFrame:
        """See `Engine`."""
        collected: pl.DataFrame = frame.collect()
        return collected

    def write(self, frame: Any, path: Path) -> None:
        """See `Engine`."""
        make_folder(path.parent)
        replace_with(
            path, lambda temporary: frame.collect().write_parquet(temporary, compression="zstd", compression_level=1)
        )


class Spark:
    """A Spark session; needs the extra ``yunnao[spark]`` and Java 17.

    Args:
        master: such as ``local[2]`` or ``spark://host:7077``.
    """

    name = "spark"

    def __init__(self, master: str) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise YunnaoError("没有装 Spark：请用 pip install 'yunnao[spark]' 安装，并装好 Java 17") from None
        self.session = (
            SparkSession.builder.master(master)
            .appName("yunnao")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.sql.session.timeZone", "Asia/Shanghai")
            .config("spark.ui.enabled", "false")
            .getOrCreate()
        )

    def scan(self, paths: Sequence[Path]) -> Any:
        """See `Engine`."""
        return self.session.read.parquet(*[str(path) for path in _files(paths)])

    def lift(self, frame: pl.DataFrame) -> Any:
        """See `Engine`."""
        return self.session.createDataFrame(frame.rows(), schema=frame.columns)

    def collect(self, frame: Any) -> pl.DataFrame:
        """See `Engine`."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "rows.parquet"
            self.write(frame, path)
            return pl.read_parquet(path)

    def write(self, frame: Any, path: Path) -> None:
        """See `Engine`; the result is one file, as the embedded engine's."""
        make_folder(path.parent)

        def collect(temporary: Path) -> None:
            parts = temporary.with_suffix(".parts")
            frame.write.mode("overwrite").parquet(str(parts))
            pl.read_parquet(sorted(parts.glob("*.parquet"))).write_parquet(temporary, compression="zstd")
            for part in parts.iterdir():
                part.unlink()
            parts.rmdir()

        replace_with(path, collect)


def engine_for(url: str) -> Engine:
    """The engine a setting names: ``embedded``, or a Spark master URL.

    Raises:
        YunnaoError: neither.
    """
    if url == "embedded":
        return Embedded()
    if url.startswith(("local", "spark://")):
        return Spark(url)
    raise YunnaoError(f"不认识的计算引擎 {url!r}；可用：embedded、local[N]、spark://主机:端口")


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("*.parquet")) if path.is_dir() else [path])]
