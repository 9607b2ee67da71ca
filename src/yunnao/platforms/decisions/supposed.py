"""What a person may suppose about a parameter, for `simulate`."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.numbers import FEN_PER_YUAN, MONEY_BOUND, plain
from yunnao.platforms.decisions.definitions import Exact, Unit

_LARGEST: Mapping[Unit, int] = {"CNY": MONEY_BOUND // FEN_PER_YUAN, "share": 1000}
_LARGEST_COUNT = 10**9


def supposed_value(text: str, unit: Unit, where: str) -> Exact:
    """What a person typed as another value of a parameter, in its unit; ``5.5%`` is a share, too.

    Raises:
        DefinitionError: it is no number, negative, part of a whole thing, or too large; ``where`` names the parameter.
    """
    if unit in ("code", "date"):
        return text
    percent = unit == "share" and text.endswith(("%", "％"))
    try:
        value = Decimal(text[:-1]).scaleb(-2) if percent else Decimal(text)
    except InvalidOperation:
        example = "0.055 或 5.5%" if unit == "share" else "300"
        raise DefinitionError(f"{where}：{text} 不是数；请写成 {example} 这样的数") from None
    largest = _LARGEST.get(unit, _LARGEST_COUNT)
    if value.is_nan() or value < 0:
        raise DefinitionError(f"{where}：{text} 不能用，这个参数不能为负；请写 0 或更大的数")
    if value > largest:
        raise DefinitionError(f"{where}：{text} 太大，这个参数最大 {largest:,}；请换一个小一些的值")
    if unit not in _LARGEST and value != value.to_integral_value():
        raise DefinitionError(f"{where}：{text} 不是整数；人数、月数、次数等请写整数")
    return plain(value)
