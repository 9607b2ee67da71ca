from collections.abc import Iterator

import pytest

from tests.web.service.served import THURSDAY, Served, make_district, served


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for all tests here; each test files its own appeals."""
    with served(make_district(tmp_path_factory.mktemp("served") / "home")) as service:
        yield service


@pytest.fixture
def service(running: Served) -> Served:
    """The service, on Thursday morning again."""
    running.now = THURSDAY
    return running
