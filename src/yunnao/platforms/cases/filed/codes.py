"""Follow-up codes: signs of which none is read as another."""

import hmac
import secrets

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8


def new_code() -> str:
    """A code that nobody can tell."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def code_for(secret: bytes, key: str) -> str:
    """The code of a filing that may come again: the same one each time, which nobody can tell without the district's secret."""
    number = int.from_bytes(hmac.digest(secret, f"code:{key}".encode(), "sha256"))
    return "".join(_SIGNS[number // len(_SIGNS) ** place % len(_SIGNS)] for place in range(_LENGTH))
