"""An officer at the desk over real HTTP: signs in as a browser does, and sends the forms of the pages it was given."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Page

from tests.web.chromium import follow
from tests.web.service.served import Served
from yunnao.access.passwords import FILE
from yunnao.storage.files import write_privately


def password_of(actor: str) -> str:
    """The password that tests give an officer."""
    return f"corr3ct horse {actor[::-1]}"


def give_password(home: Path, actor: str) -> None:
    """As `yunnao password` does, but quick to check: what signs in here does so hundreds of times."""
    path, password = home / FILE, password_of(actor).encode()
    entries = json.loads(path.read_bytes()) if path.exists() else {}
    cost = {"n": 2, "r": 8, "p": 1}
    salt = secrets.token_bytes(16)
    entries[actor] = {**cost, "salt": salt.hex(), "hash": hashlib.scrypt(password, salt=salt, dklen=32, **cost).hex()}
    write_privately(path, json.dumps(entries).encode())


def sign_in(page: Page, address: str, actor: str) -> None:
    """In a real browser, at ``address``, which asks for it first."""
    page.goto(address)
    page.fill("#name", actor)
    page.fill("#password", password_of(actor))
    follow(page.locator("main button"))
    assert "/desk/sign-in" not in page.url


class AtDesk:
    """An officer's browser."""

    def __init__(self, service: Served, actor: str = "") -> None:
        self.service = service
        self.session = requests.Session()
        if actor:
            answer = self.sign_in(actor)
            assert answer.status_code == 303, answer.text

    def get(self, path: str, **more: Any) -> requests.Response:
        """GET ``path``, redirects not followed."""
        return self.session.get(self.service.url + path, timeout=30, allow_redirects=False, **more)

    def post(self, path: str, data: Mapping[str, str], **more: Any) -> requests.Response:
        """POST to ``path`` as it is, redirects not followed."""
        return self.session.post(self.service.url + path, data=dict(data), timeout=30, allow_redirects=False, **more)

    def sign_in(self, actor: str, password: str | None = None, to: str = "") -> requests.Response:
        """Fill in the sign-in form."""
        form = self.get("/desk/sign-in", params={"to": to} if to else {})
        fields = {**hidden(form.text), "name": actor, "password": password or password_of(actor)}
        return self.post("/desk/sign-in", fields)

    def send(self, page: str, to: str, data: Mapping[str, str]) -> requests.Response:
        """Send a form of ``page`` to ``to``, with the token that the page carries."""
        return self.post(to, {"form_token": hidden(self.get(page).text)["form_token"], **data})


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page, the last of each name."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
