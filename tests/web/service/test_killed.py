"""kill -9 of the server while citizens and officers work: nothing acknowledged is lost, nothing is doubled, the audit chain is whole.

The same rounds as `python -m bench.kills`, a few of them; many are run by its command.
"""

from pathlib import Path

import pytest
from bench.kills.checks import check
from bench.kills.gateway import gateway
from bench.kills.rounds import killed
from bench.service.databases import DATABASES, Database, database
from bench.service.homes import measured_home


def killed_and_checked(kind: Database, folder: Path, kills: int, seed: int, database_rounds: int = 20) -> None:
    with database(kind) as (url, postgres), gateway(seed) as receiver:
        home = measured_home(folder / "home", url, gateway_url=receiver.url, model=True)
        rounds, ledger = killed(home, kills, seed, receiver, postgres, database_rounds=database_rounds)
        assert rounds.kills == kills
        assert rounds.database_kills == (kills // database_rounds if postgres else 0)
        assert len(ledger.appeals) > kills
        assert set(ledger.doors) == {"web form", "JSON", "WeChat", "Open311"}
        assert ledger.steps
        found = list(check(home, ledger, receiver))
        assert [each for each in found if each.wrong] == []
        assert [each.what for each in found if not each.looked_at] == []


@pytest.mark.timeout(900)
def test_killed_at_any_moment_while_everybody_works(tmp_path: Path) -> None:
    killed_and_checked("postgres", tmp_path, kills=2, seed=20260924, database_rounds=2)


@pytest.mark.slow
@pytest.mark.timeout(3 * 3600)
@pytest.mark.parametrize("kind", DATABASES)
def test_killed_two_hundred_times(kind: Database, tmp_path: Path) -> None:
    killed_and_checked(kind, tmp_path, kills=200, seed=1)
