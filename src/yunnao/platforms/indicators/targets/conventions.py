"""Software conventions by which targets are judged: dated, cited as what they are, and a district's own where it has any."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Strict, Words, validated
from yunnao.kernel.errors import DefinitionError

FILE = "plan/conventions.yaml"
"""Where a district's own conventions are, in its home."""

_SHIPPED = Path(__file__).with_name("conventions.yaml")
_Tolerance = Annotated[Decimal, Field(ge=0)]


class Conventions(Strict):
    """What words mean that no published rule gives a number to.

    Attributes:
        from_: they hold for targets whose period ends on this day or later.
        near_percentage_points: how far a percentage may lie on the wrong side of 左右 and still keep it.
        near_relative: the same for other units, as a share of the target; none where nobody has said.
        hedged_relative: how far a result that is itself said with 左右 or 近 may lie from what is printed.
        stale_months: a result older than so many months is missing.
        cites: where they come from.
    """

    from_: dt.date = Field(alias="from")
    near_percentage_points: _Tolerance
    near_relative: _Tolerance | None
    hedged_relative: _Tolerance
    stale_months: Annotated[int, Field(ge=1, le=12)]
    cites: Words


_LINES: TypeAdapter[list[Conventions]] = TypeAdapter(Annotated[list[Conventions], Field(min_length=1)])


def load_conventions(home: Path | None = None, file: Path | None = None) -> tuple[Conventions, ...]:
    """The conventions in a ``file``, of the district in ``home``, or those that are shipped, in the order of their days.

    Raises:
        DefinitionError: the file is not as declared, or its lines are out of order.
    """
    if file is not None:
        return _read(file)
    own = home / FILE if home else None
    return _read(own) if own and own.exists() else _shipped()


def on(conventions: Sequence[Conventions], day: dt.date) -> Conventions:
    """Those that hold for targets whose period ends on ``day``; the first ones for earlier days."""
    return next((each for each in reversed(conventions) if each.from_ <= day), conventions[0])


@cache
def _shipped() -> tuple[Conventions, ...]:
    return _read(_SHIPPED)


def _read(path: Path) -> tuple[Conventions, ...]:
    lines: list[Conventions] = validated(_LINES, strict_yaml.read(path), path.name)
    for earlier, later in pairwise(line.from_ for line in lines):
        if later <= earlier:
            raise DefinitionError(f"{path.name}：{later} 写在 {earlier} 之后；请按 from 从早到晚写，同一天只写一行")
    return tuple(lines)
