"""YAML as officers write it, and nothing that can surprise them.

Refused: anchors and aliases (a few lines of them can fill the memory), tags, duplicate or non-text keys, documents larger
than a megabyte or nested deeper than thirty levels. A number with a decimal point stays exact (`Decimal`).
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from yunnao.kernel.errors import DefinitionError

_MAXIMUM_BYTES = 1_000_000
_MAXIMUM_DEPTH = 30


class _Loader(yaml.CSafeLoader):
    """Safe loader with exact decimals and strict mappings."""

    number_keys = False


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if loader.number_keys and type(key) is int:
            key = key_node.value
        if not isinstance(key, str):
            raise _problem(key_node, f"键 {key!r} 不是文字：请加引号")
        if key in result:
            raise _problem(key_node, f"键 {key!r} 写了两次")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node)).replace("_", "")
    try:
        value = Decimal(text)
    except ArithmeticError:
        raise _problem(node, f"{text!r} 不是可用的数") from None
    if not value.is_finite():
        raise _problem(node, f"{text!r} 不是可用的数")
    return value


def _date(loader: _Loader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        raise _problem(node, f"{node.value!r} 不是日历上有的日期：请核对年月日") from None


_PROBLEMS = {
    "mapping values are not allowed": "冒号的位置不对，或一行里有两个冒号",
    "unexpected end of stream": "引号没有配对",
    "cannot start any token": "有不能用在这里的字符，如制表符、@、`",
    "',' or": "括号没有配对，或项之间缺少逗号",
    "expected ':'": "缺少冒号",
    "expected key": "缩进不齐，或缺少冒号",
    "'-' indicator": "缩进不齐，或“-”的位置不对",
    "block sequence entries": "“-”的位置不对",
    "escape": "双引号里的反斜杠不对",
    "control characters": "有看不见的控制字符",
    "directive": "行首不能用 %",
    "constructor": "不允许用 ! 标签",
    "document start": "前面的内容没有写完，或缩进不齐",
}
"""Words of the parser's problems -> what they mean to an officer."""


def _problem_words(problem: str) -> str:
    """A problem of the parser in Chinese, in brackets; nothing where there are no words for it."""
    return next((f"（{words}）" for part, words in _PROBLEMS.items() if part in problem), "")


def _problem(node: yaml.Node, sentence: str) -> DefinitionError:
    mark = node.start_mark
    return DefinitionError(f"第 {mark.line + 1} 行第 {mark.column + 1} 列：{sentence}")


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


class _NumberKeys(_Loader):
    """The same, for documents whose keys may be whole numbers (years): they are read as they are written, as texts."""

    number_keys = True


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def parse(text: str, source: str, *, number_keys: bool = False) -> Any:
    """The document in ``text`` as plain dicts, lists and scalars; ``source`` names it in errors.

    With ``number_keys`` a key may be a whole number, which is read as a text.

    Raises:
        DefinitionError: the document breaks one of this module's rules, or is not YAML.
    """
    if len(text.encode()) > _MAXIMUM_BYTES:
        raise DefinitionError(f"{source}：文件超过 1 MB，不像一份手写的声明；请拆分后重试")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = _line(event)
                raise DefinitionError(f"{source}：第 {line} 行用了锚点或别名（& 或 *），不允许；请把内容写出来")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAXIMUM_DEPTH:
                line = _line(event)
                raise DefinitionError(f"{source}：第 {line} 行嵌套超过 {_MAXIMUM_DEPTH} 层；请简化结构")
        return yaml.load(text, Loader=_NumberKeys if number_keys else _Loader)  # derived from the safe loader
    except DefinitionError as error:
        message = str(error)
        raise DefinitionError(message if message.startswith(source) else f"{source}：{message}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "文件"
        problem = _problem_words(getattr(error, "problem", None) or str(error))
        raise DefinitionError(f"{source}：{where}不是合法的 YAML{problem}；请检查缩进、冒号后的空格和引号") from None
    except (ValueError, RecursionError):
        raise DefinitionError(f"{source}：有读不懂的值；请检查日期和数字（日期写成 2023-03-31）") from None


def read(path: Path, *, number_keys: bool = False) -> Any:
    """`parse` for a file.

    Raises:
        DefinitionError: the file cannot be read as UTF-8 text, or breaks a rule.
    """
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name, number_keys=number_keys)
    except UnicodeDecodeError:
        raise DefinitionError(f"{path.name}：不是 UTF-8 文本；请另存为 UTF-8 后重试") from None
    except OSError as error:
        what = (
            "是一个文件夹，不是文件；请给出其中的文件"
            if path.is_dir()
            else f"读不了（{error.strerror}）；请检查路径和权限"
        )
        raise DefinitionError(f"{path}：{what}") from None
