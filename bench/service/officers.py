"""An officer's browser: signs in at the desk as a person does."""

import re
from pathlib import Path

import requests

from yunnao.access.passwords import FILE, Passwords

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_PASSWORD = "corr3ct horse of the bench"


def give_password(home: Path, actor: str) -> None:
    """As `yunnao password` does."""
    Passwords(home / FILE).set(actor, _PASSWORD)


def signed_in(url: str, actor: str) -> requests.Session:
    """A session of ``actor``, who has the password of `give_password`.

    Raises:
        RuntimeError: the desk does not let them in.
    """
    session = requests.Session()
    form = session.get(f"{url}/desk/sign-in", timeout=60)
    written = dict(_HIDDEN.findall(form.text)) | {"name": actor, "password": _PASSWORD}
    answer = session.post(f"{url}/desk/sign-in", data=written, timeout=60, allow_redirects=False)
    if answer.status_code != 303:
        raise RuntimeError(f"{actor} cannot sign in: {answer.status_code}")
    return session
