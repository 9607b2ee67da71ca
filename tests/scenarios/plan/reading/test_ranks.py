"""Places in an order, with digits and without."""

import pytest

from tests.scenarios.plan.reading.said import rows, values


@pytest.mark.parametrize(
    ("passage", "stated"),
    [
        ("综合实力稳居国家级新区前三强、全国百强区第四名。", ["≤3名", "4名"]),
        ("数量居全市首位，增速位列全省第一。", ["1名", "1名"]),
        ("规模居全市第2位，蝉联考核第一名。", ["2名", "1名"]),
        ("首次入围全国十强。", ["≤10名"]),
        ("增速居全市前三。", ["≤3名"]),
        ("综合考评由全市第七位上升至第四位。", ["7名", "4名"]),
        ("在第一梯队中走在前列，经济首位度提升，把安全放在首位。", []),
        ("入选世界500强，跻身第一方阵。", []),
    ],
)
def test_places(passage: str, stated: list[str]) -> None:
    found = values(passage)
    assert found == stated
    assert all(row.kind == "rank" for row in rows(passage))


def test_a_change_of_place_is_no_place() -> None:
    (row,) = rows("综合实力跃升5个位次。")
    assert (row.kind, row.direction, row.unit) == ("rate_change", "up", "个位次")
