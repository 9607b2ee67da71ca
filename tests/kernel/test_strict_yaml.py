"""YAML as officers write it, and what is refused of it."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError


def test_decimals_stay_exact_and_dates_are_dates() -> None:
    document = strict_yaml.parse("rate: 0.05\nfrom: 2023-01-01\nlist: [1, 是, true]", "x.yaml")
    assert document == {"rate": Decimal("0.05"), "from": dt.date(2023, 1, 1), "list": [1, "是", True]}


BOMB = "a: &a [x, x]\n" + "\n".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]" for i in range(8))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [1", "第 2 行不是合法的 YAML（括号没有配对，或项之间缺少逗号）"),
        ("a: b: c", "第 1 行不是合法的 YAML（冒号的位置不对，或一行里有两个冒号）"),
        ('a: "b', "第 1 行不是合法的 YAML（引号没有配对）"),
        ("a:\n\t- b", "第 2 行不是合法的 YAML（有不能用在这里的字符，如制表符、@、`）"),
        ("a: 1\n b: 2", "第 2 行不是合法的 YAML（冒号的位置不对，或一行里有两个冒号）"),
        ('a: "\\q"', "第 1 行不是合法的 YAML（双引号里的反斜杠不对）"),
        ("a: \x01", "文件不是合法的 YAML（有看不见的控制字符）"),
        ("a: 2023-02-30", "不是日历上有的日期"),
    ],
)
def test_what_is_no_yaml_is_said_in_chinese(text: str, sentence: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        strict_yaml.parse(text, "x.yaml")
    assert sentence in str(caught.value)
    assert not re.search("[A-Za-z]{3,}", str(caught.value).removeprefix("x.yaml").replace("YAML", ""))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMB, "锚点或别名"),
        ("a: 1\na: 2", "写了两次"),
        ("on: 1", "不是文字"),
        ("1: 2", "不是文字"),
        ("a: [1", "不是合法的 YAML"),
        ("b: 1\na: 2023-02-30", "第 2 行第 4 列：'2023-02-30' 不是日历上有的日期"),
        ("a: .inf", "不是可用的数"),
        ("a: .nan", "不是可用的数"),
        ("!!python/object/apply:os.system [true]", "不是合法的 YAML"),
        ("[" * 40 + "]" * 40, "嵌套超过"),
        ("a: " + "x" * 1_000_001, "超过 1 MB"),
    ],
    ids=["bomb", "twice", "boolean key", "number key", "open list", "date", "inf", "nan", "tag", "deep", "large"],
)
def test_what_may_surprise_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DefinitionError, match=sentence) as caught:
        strict_yaml.parse(text, "x.yaml")
    assert str(caught.value).startswith("x.yaml：")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gb.yaml").write_bytes("政策: 一".encode("gb18030"))
    with pytest.raises(DefinitionError, match="不是 UTF-8"):
        strict_yaml.read(tmp_path / "gb.yaml")
    with pytest.raises(DefinitionError, match="是一个文件夹，不是文件"):
        strict_yaml.read(tmp_path)
    with pytest.raises(DefinitionError, match=r"读不了.*请检查路径"):
        strict_yaml.read(tmp_path / "none.yaml")


def test_number_keys_are_texts_where_they_are_allowed() -> None:
    assert strict_yaml.parse("{2023: 1, 08: 2}", "x", number_keys=True) == {"2023": 1, "08": 2}
    for refused in ("{2023: 1}", "{true: 1}", "{1.5: 1}"):
        with pytest.raises(DefinitionError, match="不是文字"):
            strict_yaml.parse(refused, "x", number_keys=refused != "{2023: 1}")
