"""The expression tree as plain JSON, so that a policy version keeps its exact meaning whatever becomes of the code."""

import datetime as dt
from dataclasses import fields
from decimal import Decimal
from typing import Any

from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.decisions import model

_CLASSES: dict[str, type[model.Expression]] = {
    cls.__name__: cls for cls in vars(model).values() if isinstance(cls, type) and issubclass(cls, model.Expression)
}


def to_json(value: Any) -> Any:
    """An expression (or a tuple or scalar inside one) as JSON-ready lists, dicts and scalars."""
    if isinstance(value, model.Expression):
        return {"is": type(value).__name__} | {f.name: to_json(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return value


def from_json(value: Any) -> Any:
    """The inverse of `to_json`.

    Raises:
        DefinitionError: the document was not written by `to_json`.
    """
    if isinstance(value, list):
        return tuple(from_json(item) for item in value)
    if isinstance(value, dict):
        if "decimal" in value:
            return Decimal(value["decimal"])
        if "date" in value:
            return dt.date.fromisoformat(value["date"])
        try:
            cls = _CLASSES[value["is"]]
            return cls(**{key: from_json(item) for key, item in value.items() if key != "is"})
        except (KeyError, TypeError) as error:
            raise DefinitionError(f"政策版本里有读不懂的表达式：{error}；该文件可能被改动过，请从备份恢复") from None
    return value
