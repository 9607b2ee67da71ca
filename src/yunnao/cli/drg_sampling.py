"""The synthetic year of `yunnao drg sample` as files of a home."""

from dataclasses import dataclass
from pathlib import Path

from yunnao.scenarios.drg.sample_budget import is_scaled, scaled_policy
from yunnao.scenarios.drg.sample_year import STAYS, sample_year
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme
from yunnao.scenarios.drg.settlement.policy import OWN, SAMPLE
from yunnao.storage.files import make_folder, replace_with, write_atomically


@dataclass(frozen=True, slots=True)
class WrittenYear:
    """Files of the registers, the folder of the scheme, and the policy with a budget for so many stays, if one was written."""

    registers: tuple[Path, ...]
    scheme: Path
    policy: Path | None


def write_year(home: Path, *, stays: int, hospitals: int, seed: int) -> WrittenYear:
    """Write registers and scheme to ``HOME/sample``; for another size than the shipped policy is for, a policy of that size.

    A district's own policy is left as it is.

    Raises:
        YunnaoError: the disk is full or refuses.
    """
    year = sample_year(load_scheme(SAMPLE_SCHEME), stays=stays, hospitals=hospitals, seed=seed)
    folder = home / "sample"
    make_folder(folder / "scheme")
    for path in sorted(SAMPLE_SCHEME.iterdir()):
        write_atomically(folder / "scheme" / path.name, path.read_bytes())
    registers = []
    for name, frame in (("hospitals", year.hospitals), ("inpatient_stays", year.stays)):
        registers.append(folder / f"{name}.csv")
        replace_with(registers[-1], frame.write_csv)
    return WrittenYear(tuple(registers), folder / "scheme", _policy(home, stays))


def _policy(home: Path, stays: int) -> Path | None:
    own = home / OWN
    before = own.read_text(encoding="utf-8") if own.exists() else None
    kept = stays == STAYS if before is None else not is_scaled(before)
    if kept:
        return None
    make_folder(own.parent)
    write_atomically(own, scaled_policy(SAMPLE.read_text(encoding="utf-8"), stays).encode())
    return own
