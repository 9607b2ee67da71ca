"""Codes of the industrial classification for national economic activities (国民经济行业分类).

Source: GB/T 4754-2017: sections A to T with their names and the divisions (大类, two digits) that each holds. A code is a
section's letter, alone or before a division, a group (中类, three digits) or a class (小类, four digits).
"""

import re
from collections.abc import Mapping

from yunnao.kernel.text import Text

SECTIONS: Mapping[str, Text] = {
    "A": Text("农、林、牧、渔业", "Agriculture, forestry, animal husbandry and fishery"),
    "B": Text("采矿业", "Mining"),
    "C": Text("制造业", "Manufacturing"),
    "D": Text("电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water supply"),
    "E": Text("建筑业", "Construction"),
    "F": Text("批发和零售业", "Wholesale and retail trade"),
    "G": Text("交通运输、仓储和邮政业", "Transport, storage and post"),
    "H": Text("住宿和餐饮业", "Accommodation and catering"),
    "I": Text("信息传输、软件和信息技术服务业", "Information transmission, software and IT services"),
    "J": Text("金融业", "Finance"),
    "K": Text("房地产业", "Real estate"),
    "L": Text("租赁和商务服务业", "Leasing and business services"),
    "M": Text("科学研究和技术服务业", "Scientific research and technical services"),
    "N": Text("水利、环境和公共设施管理业", "Water conservancy, environment and public facilities"),
    "O": Text("居民服务、修理和其他服务业", "Household services, repair and other services"),
    "P": Text("教育", "Education"),
    "Q": Text("卫生和社会工作", "Health and social work"),
    "R": Text("文化、体育和娱乐业", "Culture, sports and entertainment"),
    "S": Text("公共管理、社会保障和社会组织", "Public administration, social security and social organisations"),
    "T": Text("国际组织", "International organisations"),
}
"""Letter -> name."""

_LAST_DIVISION = dict(
    zip(SECTIONS, (5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97), strict=True)
)
_CODE = re.compile(r"^([A-T])(?:[ -]?(\d{2,4}))?$|^(\d{4}|0\d{1,2})$", re.ASCII)


def industry_code(text: str) -> str | None:
    """A code as people write it -> letter and digits (``c 3511`` -> ``C3511``), None if it is none.

    Digits without a letter are read where they name one section for certain: all four of a class, or beginning with 0. Of
    fewer, a spreadsheet may have dropped the 0 that they began with.
    """
    found = _CODE.match(text.upper())
    if found is None:
        return None
    letter, digits, alone = found.groups()
    if alone is None:
        return f"{letter}{digits or ''}"
    section = section_of(int(alone[:2]))
    return None if section is None else section + alone


def section_of(division: int) -> str | None:
    """The letter of the section that holds a division, None if there is no such division."""
    return (
        next((letter for letter, last in _LAST_DIVISION.items() if division <= last), None) if division >= 1 else None
    )
