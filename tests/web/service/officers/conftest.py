from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.service.officers.desk import give_password
from tests.web.service.served import THURSDAY, Served, make_district, served


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for all tests here, reached by plain http; every officer has a password."""
    home = make_district(tmp_path_factory.mktemp("officers") / "home", public_url="", wrong_passwords_per_hour=1_000)
    with served(home) as service:
        for actor in service.district.actors:
            if actor.id in ("centre", "operator", "ecology.handler", "ecology.reviewer", "health.handler"):
                give_password(home, actor.id)
        yield service


@pytest.fixture
def service(running: Served) -> Served:
    """The service, on Thursday morning again."""
    running.now = THURSDAY
    return running


@pytest.fixture
def home(service: Served) -> Path:
    """Of the district."""
    return service.district.home
