"""What all delivered text has in common, whatever it means: width, white space, and characters that nobody sees."""

import re
import unicodedata

INVISIBLE = "[\u200b-\u200f\u2060\ufeff]"
"""Pattern of characters that are not shown; they travel with text that was copied from a page."""

WHITE_SPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What `str.isspace` calls white space."""

_INVISIBLE = re.compile(INVISIBLE)


def visible(text: str) -> str:
    """NFKC, without invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def clean(text: str) -> str:
    """`visible`, trimmed."""
    return visible(text).strip(WHITE_SPACE)
