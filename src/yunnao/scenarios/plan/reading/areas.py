"""Which functional zone, town or department a sentence is about, where it begins with its name."""

import re
from functools import cache

from yunnao.scenarios.plan.reading.lexicon import table


@cache
def _pattern() -> re.Pattern[str]:
    kinds = table("areas")
    named = rf"(?!{kinds['not_at_start']})[\u4e00-\u9fff]{{2,10}}?(?:{kinds['zones']}|{kinds['offices']})"
    return re.compile(
        rf"^[ ]*(?:[一二三四五六七八九十]+是|（[^）]{{1,3}}）|支持|推动)?(?P<area>{named})"
        rf"(?:（[^）]{{2,16}}）)?(?!{kinds['not_after']})"
    )


def area_of(sentence: str) -> str:
    """The zone, town or department that ``sentence`` begins with; empty where it begins with none."""
    match = _pattern().match(sentence)
    return match["area"] if match else ""
