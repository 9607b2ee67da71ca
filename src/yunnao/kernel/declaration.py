"""What every declared file shares: strict models, titles in both languages, and validation problems as sentences."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from yunnao.kernel.errors import DefinitionError

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
Words = Annotated[str, Field(min_length=1, max_length=2000)]


def one_or_more(value: Any) -> Any:
    """A lone value as a list of one; for declarations that allow both."""
    return [value] if isinstance(value, str) else value


Ids = Annotated[list[Id], BeforeValidator(one_or_more), Field(min_length=1)]


class Strict(BaseModel):
    """A declaration: unknown keys are errors, and it does not change once read."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class Label(Strict):
    """A title in Chinese and English."""

    zh: Words
    en: Words


_PROBLEMS = {
    "extra_forbidden": "没有这个键，请检查拼写",
    "missing": "缺少这一项",
    "literal_error": "值不在允许的范围内：{expected}",
    "enum": "值不在允许的范围内：{expected}",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}",
    "string_type": "应是文字（数字请加引号）",
    "int_type": "应是整数",
    "bool_type": "应是 true 或 false",
    "list_type": "应是列表",
    "dict_type": "应是“键: 值”的形式",
    "model_type": "应是“键: 值”的形式",
    "too_short": "不能为空",
    "too_long": "最多 {max_length} 个，请减少",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字，请缩短",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "finite_number": "应是一个有限的数",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "json_invalid": "不是有效的 JSON",
    "greater_than": "应大于 {gt}",
    "less_than": "应小于 {lt}",
    "decimal_type": "应是数字",
    "decimal_parsing": "应是数字",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "bool_parsing": "应是 true 或 false",
    "date_type": "应是日期，如 2023-03-31",
    "date_parsing": "应是日期，如 2023-03-31",
    "date_from_datetime_parsing": "应是日期，如 2023-03-31",
    "date_from_datetime_inexact": "应是日期，不带时间",
    "dataclass_type": "写法不对，请照样例改正",
    "tuple_type": "应是列表",
    "set_type": "应是列表",
    "none_required": "应为空",
    "union_tag_invalid": "{tag} 不是能用的 {discriminator}；可以是 {expected_tags}",
    "union_tag_not_found": "缺少 {discriminator}",
}
_CHINESE = re.compile("[\u4e00-\u9fff]")


def problem_words(problem: Mapping[str, Any]) -> str:
    """What is wrong, of one of pydantic's errors (`ValidationError.errors`), in Chinese."""
    what = _PROBLEMS.get(problem["type"], "").format_map(_Known(problem.get("ctx", {}))).replace(" or ", " 或 ")
    said = str(problem["msg"]).removeprefix("Value error, ")
    return what or (said if _CHINESE.search(said) else f"值不符合要求（{problem['type']}）")


def problem_sentence(error: ValidationError, document: Any) -> str:
    """The first problem of ``error`` as a Chinese sentence that names the place in ``document`` by ids where it can."""
    problem = error.errors(include_url=False)[0]
    return f"{_place(problem['loc'], document)}：{problem_words(problem)}"


def validated(adapter: TypeAdapter[Any], document: Any, source: str) -> Any:
    """``document`` as what ``adapter`` makes of it; ``source`` names it in errors.

    Raises:
        DefinitionError: it is not as declared; the message names the place.
    """
    try:
        return adapter.validate_python(document)
    except ValidationError as error:
        raise DefinitionError(f"{source}：{problem_sentence(error, document)}") from None


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _place(location: tuple[int | str, ...], document: Any) -> str:
    words, here = [], document
    for part in location:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(part, int):
            name = here.get("id") if isinstance(here, dict) else None
            words.append(str(name) if name else f"第 {part + 1} 项")
        else:
            words.append(part)
    return " → ".join(words) or "整个文件"
