"""What a fact is: a typed value about a subject, from one register, with bounds that keep arithmetic exact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yunnao.kernel.numbers import MONEY_BOUND, SHARE_BASE
from yunnao.kernel.text import Text


class FactType(StrEnum):
    """How a fact is stored. Every type has one more value: unknown (null)."""

    KEY = "key"  # text that names a subject or a row
    CODE = "code"  # text from a list, closed where the definition gives `values`
    TEXT = "text"  # free text, never decided upon
    BOOLEAN = "boolean"
    INTEGER = "integer"  # int64
    MONEY = "money"  # int64 fen
    SHARE = "share"  # int64 over SHARE_BASE
    DATE = "date"


NUMBERS = frozenset({FactType.INTEGER, FactType.MONEY, FactType.SHARE})

_BOUNDS = {
    FactType.INTEGER: (0, 10**9),
    FactType.MONEY: (0, MONEY_BOUND),
    FactType.SHARE: (0, SHARE_BASE),
}


@dataclass(frozen=True, slots=True)
class CodeForm:
    """How the values of an open CODE are written.

    Attributes:
        read: trimmed text, NFKC -> stored code, None if it is none.
        allowed: what may be written, for whoever wrote something else.
    """

    read: Callable[[str], str | None]
    allowed: str


@dataclass(frozen=True, kw_only=True)
class FactDefinition:
    """One column of a register, or one derived value.

    Attributes:
        id: snake_case name, the same everywhere.
        type: how it is stored.
        title: what people call it; the Chinese title is also a header that intake knows.
        unit: the fact's own unit (元, person, month ...), used for a header that names none.
        minimum, maximum: inclusive bounds in stored units (fen, SHARE_BASE-ths, plain integers).
        values: for a closed CODE, stored code -> label; labels and codes are both read.
        aliases: other headers under which offices export it.
        value_aliases: other spellings of a coded value -> stored code.
        form: of an open CODE whose values have a form; others take any text.
        personal: personal data, masked unless a role needs it.
        meaning: one sentence for the data dictionary.
    """

    id: str
    type: FactType
    title: Text
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    values: Mapping[str, Text] | None = None
    aliases: tuple[str, ...] = ()
    value_aliases: Mapping[str, str] = field(default_factory=dict)
    form: CodeForm | None = None
    personal: bool = False
    meaning: str = ""

    @property
    def bounds(self) -> tuple[int, int]:
        """Inclusive bounds of a number, in stored units.

        Raises:
            KeyError: the fact is not a number.
        """
        low, high = _BOUNDS[self.type]
        return (low if self.minimum is None else self.minimum, high if self.maximum is None else self.maximum)
