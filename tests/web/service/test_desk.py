"""Titles that are made of texts."""

import pytest

from yunnao.capabilities.personal_data import masked
from yunnao.web.service.desk import title_of


@pytest.mark.parametrize("before", range(0, 40))
def test_no_title_ends_within_a_telephone_number(before: int) -> None:
    body = f"{'路灯不亮请快修' * 6}"[:before] + "13800138000，请尽快回电，" + "谢谢" * 10
    title = title_of("", body)
    assert title
    assert "13800138" not in masked(title)


def test_a_title_is_what_was_given_or_how_the_text_begins() -> None:
    assert title_of("路灯", "长江路的灯不亮") == "路灯"
    assert title_of("", "长江路的灯不亮\n请修") == "长江路的灯不亮"
    assert title_of("", "灯" * 100).endswith("灯…")
