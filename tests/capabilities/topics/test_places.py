"""Names of places, and the phrases that groups share."""

import pytest

from yunnao.capabilities.topics.phrases import phrase_counts, telling_phrases
from yunnao.capabilities.topics.places import is_generic, places, shared_name


def test_places_by_their_endings() -> None:
    assert [place[-2:] for place in places("反映云溪花园，青禾路，明德小学")] == ["花园", "禾路", "小学"]
    assert places("没有名字") == []


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["云溪花园油烟", "在云溪花园旁边施工", "请管云溪花园"], "云溪花园"),
        (["A市A3区明德小学收费", "A3区明德小学补课"], "明德小学"),
        (["我们小区很吵", "我们小区漏水"], ""),
        (["公交太少", "班车停运"], ""),
        ([], ""),
    ],
)
def test_the_name_that_texts_share(texts: list[str], name: str) -> None:
    assert shared_name(texts) == name


def test_generic_names() -> None:
    assert is_generic("我们小区")
    assert not is_generic("明德小学")


def test_phrases_that_set_a_group_apart() -> None:
    group = ["槐荫里烧烤店油烟", "投诉槐荫里烧烤店", "槐荫里烧烤店太吵"]
    titles = [*group, *(f"投诉第{n}路公交" for n in range(20))]
    found = telling_phrases(group, phrase_counts(titles), len(titles))
    assert found[0] == "槐荫里烧烤店"
    assert "投诉" not in found[:1]
