"""`yunnao password`: for whom, and for whom not."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from yunnao.access.passwords import FILE, Passwords
from yunnao.cli.init import command as init
from yunnao.cli.password import command as password
from yunnao.kernel.errors import YunnaoError

WORDS = "quiet harbour 2023"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    CliRunner().invoke(init, [str(made)], catch_exceptions=False)
    with (made / "actors.yaml").open("a", encoding="utf-8") as actors:
        actors.write("- {id: h0001, name: 示例医院, roles: [hospital], hospital: H0001}\n")
    return made


@pytest.mark.parametrize("actor", ["centre", "h0001"])
def test_whoever_is_written_down_gets_a_password(actor: str, home: Path) -> None:
    said = CliRunner().invoke(password, [str(home), actor], input=f"{WORDS}\n", catch_exceptions=False)
    assert "密码已设置" in said.output
    assert Passwords(home / FILE).fits(actor, WORDS)


def test_an_enterprise_has_none(home: Path) -> None:
    with pytest.raises(YunnaoError, match="请先在那里登记"):
        CliRunner().invoke(password, [str(home), "91370211MA3C4LXY5X"], input=f"{WORDS}\n", catch_exceptions=False)
