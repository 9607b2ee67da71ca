"""Where a run's measured values are kept: one file beside the run, written whole."""

from collections.abc import Sequence
from pathlib import Path

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.indicators.export import Write, as_json, from_json
from yunnao.platforms.indicators.measure import Measured
from yunnao.storage.files import write_atomically

FILE = "indicators.json"


def keep(run_folder: Path, measured: Sequence[Measured], write: Write = write_atomically) -> Path:
    """Keep the values of a run in ``run_folder``, whole or not at all; answers the file.

    Raises:
        YunnaoError: the disk is full or refuses.
    """
    path = run_folder / FILE
    write(path, as_json(measured))
    return path


def kept(run_folder: Path) -> list[Measured]:
    """The values of a run, as they were measured.

    Raises:
        YunnaoError: the run has none, or the file is damaged.
    """
    try:
        content = (run_folder / FILE).read_bytes()
    except FileNotFoundError:
        raise YunnaoError(f"{run_folder} 还没有指标；请先运行 yunnao run") from None
    return from_json(content)
