"""What every declared file shares: strict models, titles in both languages, and validation problems as sentences."""

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
    "string_type": "应是文字",
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
}


def problem_words(problem: Mapping[str, Any]) -> str:
    """What is wrong, of one of pydantic's errors (`ValidationError.errors`), in Chinese where we have words for it."""
    what = _PROBLEMS.get(problem["type"], "").format_map(_Known(problem.get("ctx", {})))
    return what or str(problem["msg"]).removeprefix("Value error, ")


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
