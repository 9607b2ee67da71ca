"""Words that people read, in Chinese first and English beside it."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One label in both languages."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The label in ``language``."""
        return self.zh if language == "zh" else self.en
