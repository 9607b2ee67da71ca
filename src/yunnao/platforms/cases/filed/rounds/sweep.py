"""The sweep: files that nobody names a day after they were written, as an upload that was cut off leaves them, are removed."""

import time
from collections.abc import Mapping

from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.named_files import remove_unnamed
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.platforms.cases.filed.rounds.task import Going, always
from yunnao.platforms.cases.filed.service import FiledCases

_DAY = 86_400 * 1_000_000_000
"""In nanoseconds."""
_ROUND = "sweep"


class Sweep:
    """The sweep of one district."""

    def __init__(self, cases: FiledCases, files: KeptFiles) -> None:
        self._cases = cases
        self._files = files

    def round(self, going: Going = always) -> Mapping[str, int]:
        """Look once a day; how many files were removed (`swept`)."""
        today = str(self._cases.clock().astimezone(CHINA).date())
        with self._cases.records.read() as connection:
            if rounds.progress(connection, _ROUND) == today:
                return {"swept": 0}
        before = time.time_ns() - _DAY
        self._files.remove_leftovers(before)
        stamps = ((digest, self._files.stamp(digest)) for digest in self._files.digests())
        count = remove_unnamed(
            self._cases.records, self._files, [digest for digest, stamp in stamps if stamp and stamp.changed < before]
        )
        if going():
            with self._cases.records.write() as connection:
                rounds.note_progress(connection, _ROUND, today)
        return {"swept": count}
