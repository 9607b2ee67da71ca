"""The dictionary of a small scenario, written once."""

from pathlib import Path

import pytest

from tests.web.small_scenario import AS_OF, DISTRICT, hostile_policy, scenario
from yunnao.web.dictionary import write_dictionary


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a dictionary with a hostile policy among the others."""
    folder = tmp_path_factory.mktemp("dictionary")
    write_dictionary([scenario(hostile_policy())], folder, as_of=AS_OF, district=DISTRICT)
    return folder
