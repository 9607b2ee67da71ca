"""Writing the sample district's files, for `sample` and `demo`."""

from collections.abc import Callable
from pathlib import Path

from yunnao.catalogue.cards import installed_departments
from yunnao.catalogue.sample_files import OfficeFile, write_office_files
from yunnao.scenarios.benefits.facts import FACTS
from yunnao.scenarios.benefits.sample import about, sample
from yunnao.storage.files import make_folder


def write_sample(home: Path, scale: float, seed: int, progress: Callable[[str, float], None]) -> list[OfficeFile]:
    """Write every register of the benefits scenario under ``home/sample``.

    Raises:
        YunnaoError: the scale or seed is out of range, or the folder cannot be written.
    """
    registers = {id_: register for facts in FACTS for id_, register in facts.registers.items()}
    done: dict[str, None] = {}

    def advance(title: str, rows: int, total: int) -> None:
        done.setdefault(title)
        progress(title, min(1.0, (len(done) - 1 + rows / max(total, 1)) / len(registers)))

    folder = home / "sample"
    make_folder(folder)
    return write_office_files(
        sample(scale, seed),
        registers,
        folder,
        advance,
        seed=seed,
        departments=installed_departments(),
        about=about(scale, seed),
    )
