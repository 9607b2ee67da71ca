"""`yunnao serve` as a command: what it refuses, with a sentence, before it serves."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.web.service.served import make_district
from yunnao.cli.main import root
from yunnao.kernel.errors import YunnaoError
from yunnao.settings import web_keys

KEY = "0123456789abcdef"


def test_keys_come_from_the_environment() -> None:
    keys = web_keys({"YUNNAO_OPEN311_KEYS": f"one:{KEY}, two:{KEY}2", "YUNNAO_WECHAT_TOKEN": "t"})
    assert keys.open311 == {KEY: "one", f"{KEY}2": "two"}
    assert keys.wechat_token == "t"
    assert KEY not in repr(keys)
    assert web_keys({}).open311 == {}


@pytest.mark.parametrize(
    "environment",
    [
        {"YUNNAO_OPEN311_KEYS": "one:short"},
        {"YUNNAO_OPEN311_KEYS": KEY},
        {"YUNNAO_WECHAT_AES_KEY": "A" * 43},
        {"YUNNAO_WECHAT_APPID": "wx"},
    ],
)
def test_a_key_that_is_not_usable_is_said_by_its_name(environment: dict[str, str]) -> None:
    with pytest.raises(YunnaoError, match=next(iter(environment))):
        web_keys(environment)


def test_a_wrong_aes_key_and_a_port_in_use_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(make_district(tmp_path / "home"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = CliRunner().invoke(root, ["serve", home, "--port", port])
        assert isinstance(refused.exception, YunnaoError)
        assert f"127.0.0.1:{port}" in str(refused.exception)
        monkeypatch.setenv("YUNNAO_WECHAT_AES_KEY", "wrong")
        monkeypatch.setenv("YUNNAO_WECHAT_APPID", "wx")
        refused = CliRunner().invoke(root, ["serve", home, "--port", port])
        assert "YUNNAO_WECHAT_AES_KEY" in str(refused.exception)
