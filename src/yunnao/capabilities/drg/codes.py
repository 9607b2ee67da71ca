"""Codes as hospitals write them: several in one cell, in either case, with stray spaces; read alike one by one and by column.

A code is compared without regard to case (``i10.X05`` is ``I10.x05``; no scheme known tells two codes apart by case) and otherwise
letter by letter: ``A17.000+G01*`` (dagger and asterisk) is one code. The first entry is the principal diagnosis or the main
procedure; where it is empty and others follow, the stay has none, and the second is not put in its place.
"""

import re
import unicodedata

import polars as pl

_ODD = r"[^0-9A-Za-z.+*|]"
_SEPARATORS = r"[,;、\n\r\t]"
_QUOTES = "[\"'`“”‘’]"
_AROUND_JOINTS = r"\s*([|+])\s*"
_SPACE = r"\s+"


def split_codes(cell: str | None) -> tuple[str, ...]:
    """The codes of one cell, as written but for what surrounds them; empty entries are kept, and nothing is one empty entry.

    Between codes stands ``|``; ``,`` ``;`` ``、`` and blanks do as well, in full or half width.
    """
    text = cell or ""
    if re.search(_ODD, text):
        text = unicodedata.normalize("NFKC", text)
        text = re.sub(_QUOTES, "", re.sub(_SEPARATORS, "|", text))
        text = re.sub(_SPACE, "|", re.sub(_AROUND_JOINTS, r"\1", text.strip()))
    return tuple(text.split("|"))


def tidy_cells(cells: pl.Series) -> pl.Series:
    """`split_codes` for a String column, but for the last step: ``|`` between codes; null becomes empty."""
    cells = cells.fill_null("")
    odd = cells.str.contains(_ODD)
    if not odd.any():
        return cells
    tidied = (
        cells.filter(odd)
        .str.normalize("NFKC")
        .str.replace_all(_SEPARATORS, "|")
        .str.replace_all(_QUOTES, "")
        .str.strip_chars()
        .str.replace_all(_AROUND_JOINTS, "$1")
        .str.replace_all(_SPACE, "|")
    )
    return cells.scatter(odd.arg_true(), tidied)


def compared(code: str) -> str:
    """The form in which codes are compared."""
    return code.upper()
