"""Periods as officers write them: 2023年4月, 2023年1-4月, 2023年上半年, 202304, 2023Q1, 2023."""

import re
import unicodedata
from dataclasses import dataclass

from yunnao.platforms.indicators.targets.target import LAST_MONTH, Covers

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_TO = r"[-–—~至到]"
_FORMS: tuple[tuple[re.Pattern[str], Covers | None], ...] = (
    (re.compile(rf"{_YEAR}[-/.年]?0?1月?{_TO}{_MONTH}月(?:份)?(?:累计)?"), "to_date"),
    (re.compile(rf"{_YEAR}年?前{_MONTH}个?月"), "to_date"),
    (re.compile(rf"{_YEAR}[-/.年]{_MONTH}月?(?:份)?(?:[-/.]\d{{1,2}}日?(?: 00:00:00)?)?"), None),
    (re.compile(rf"{_YEAR}(?P<month>0[1-9]|1[0-2])"), None),
)
_NAMED = {"q1": 3, "一季度": 3, "1季度": 3, "第一季度": 3, "上半年": 6, "前三季度": 9, "全年": 12, "年": 12, "": 12}
_QUARTER = re.compile(rf"{_YEAR}年?(?P<name>[^\d].*|1季度|)")
COVERS: dict[str, Covers] = {
    "当月": "month",
    "本月": "month",
    "单月": "month",
    "累计": "to_date",
    "本年累计": "to_date",
    "年初至今": "to_date",
    "时点": "point",
    "期末": "point",
    "月末": "point",
    "年末": "point",
}
"""What an officer writes in the column 口径 -> what a figure covers."""


@dataclass(frozen=True, slots=True)
class Written:
    """A period: its year, its last month, what the writing itself says that the figure covers, and whether it names a year alone."""

    year: int
    month: int
    covers: Covers | None
    whole_year: bool = False

    @property
    def text(self) -> str:
        """As it is kept: ``2023-04``."""
        return f"{self.year}-{self.month:02d}"


def read_period(text: str) -> Written | None:
    """The period that ``text`` means; none if it is no month, quarter or year that ends with a whole one."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    tight = plain if plain.endswith("00:00:00") else plain.replace(" ", "")
    for form, covers in _FORMS:
        if found := form.fullmatch(tight):
            return Written(int(found["year"]), int(found["month"]), covers)
    found = _QUARTER.fullmatch(tight)
    if found and (month := _NAMED.get(found["name"])):
        whole = month == LAST_MONTH
        return Written(int(found["year"]), month, None if whole else "to_date", whole_year=whole)
    return None
