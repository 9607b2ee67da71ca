"""The sweep removes what nobody names, a day after it was written, and nothing else."""

import os
import time
from pathlib import Path

from tests.platforms.cases.filed.desk import Desk
from yunnao.platforms.cases.filed.rounds.sweep import Sweep


def aged(folder: Path, digest: str, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(folder / digest[:2] / digest, (then, then))


def test_unnamed_files_go_after_a_day(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "attachments"
    named, old, fresh = (desk.photo(each).sha256 for each in (b"named", b"old", b"fresh"))
    desk.file(attachments=(desk.photo(b"named"),))
    for digest, days in ((named, 3.0), (old, 1.1), (fresh, 0.9)):
        aged(folder, digest, days)
    sweep = Sweep(desk.cases, desk.files)
    assert sweep.round(lambda: False) == {"swept": 1}
    assert [desk.files.there(each) for each in (named, old, fresh)] == [True, False, True]
    assert sweep.round() == {"swept": 0}
    aged(folder, fresh, 2)
    assert sweep.round() == {"swept": 0}  # it has looked today
    desk.on("2026-09-25")
    assert sweep.round() == {"swept": 1}
    assert desk.audit.verify().broken is None


def test_a_disk_without_photos_needs_nothing(desk: Desk) -> None:
    assert Sweep(desk.cases, desk.files).round() == {"swept": 0}
