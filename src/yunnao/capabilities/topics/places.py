"""Names of places, estates, roads and schools in Chinese text, by the generic words that such names end with.

No gazetteer: ``"A市万家花园小区"`` holds a place because ``小区`` ends one. Where its name begins is not marked in Chinese, so a
find is a few characters too long at the left; what several messages share is the name.
"""

import re
from collections import Counter
from collections.abc import Sequence

ENDINGS = (
    "小区", "花园", "家园", "公寓", "广场", "新城", "山庄", "公馆", "大道", "社区", "小学", "中学", "幼儿园", "大学",
    "学院", "学校", "医院", "酒店", "市场", "大厦", "苑", "路", "街", "村", "城", "站", "园", "湾", "府", "郡",
    "庭", "线", "桥",
)  # fmt: skip
"""Generic last words of names; longer ones first. Not those of jurisdictions (街道, 镇, 乡): what shares one is not one event."""

_LETTERS = r"[\u4e00-\u9fff0-9A-Za-z]"
_PLACE = re.compile(f"{_LETTERS}{{2,4}}(?:{'|'.join(ENDINGS)})")
_SHORTEST = 3
_LONGEST_NAME = 10
_NEARLY = 0.8
_BEFORE = re.compile(r"[\u4e00-\u9fff](?<![省市区县的在])")
_DIVISION = re.compile("^.*?[省市区县](?=.{3})")
_GENERIC = re.compile(
    f"^(?:.?(?:我们|我|们|本|该|这个|这|那|某|各|全|在|到|从|对|的|个|新|老|大|小|住|家|附近|周边|旁边|旁|边|建|门口|居民|业主)+)?(?:{'|'.join(ENDINGS)})+$"
)


def places(text: str) -> list[str]:
    """Every stretch of ``text`` that ends like a name, with two to four characters before the ending."""
    return _PLACE.findall(text)


def shared_name(texts: Sequence[str], *, share: float = 0.5) -> str:
    """The name that most of ``texts`` hold, or ``""`` where no name is in a ``share`` of them.

    Among names in nearly as many texts the longest is taken, and administrative divisions before it are left out.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_endings_of(text))
    least = max(share * len(texts), 1)
    often = {name: count for name, count in counts.items() if count >= least}
    if not often:
        return ""
    most = max(often.values())
    near = [name for name, count in often.items() if count >= _NEARLY * most]
    found = _extended(max(near, key=lambda name: (len(name), often[name], name)), texts)
    return "" if is_generic(found) else found


def _extended(name: str, texts: Sequence[str]) -> str:
    """``name`` with what nearly always stands before it, up to a division (省市区县) or a mark."""
    while len(name) < _LONGEST_NAME:
        holding = [text for text in texts if name in text]
        before = Counter(text[place - 1] for text in holding if (place := text.find(name)))
        character, count = before.most_common(1)[0] if before else ("", 0)
        if len(holding) < 2 or count < _NEARLY * len(holding) or not _BEFORE.match(character):
            break
        name = character + name
    return name


def _endings_of(text: str) -> set[str]:
    """Every tail of three characters or more of every place in ``text`` that says more than a kind of place."""
    found: set[str] = set()
    for place in places(text):
        name = _DIVISION.sub("", place)
        found.update(name[start:] for start in range(max(len(name) - _SHORTEST + 1, 0)))
    return {name for name in found if not is_generic(name)}


def is_generic(name: str) -> bool:
    """Whether a name says no more than a kind of place, or whose it is: ``我们小区``."""
    return _GENERIC.match(name) is not None
