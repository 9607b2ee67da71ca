"""What the classifier proposes on the page of an appeal that waits, and how it is dispatched from there; over real HTTP."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.web.service.officers.desk import AtDesk, give_password, hidden
from tests.web.service.served import make_district, served
from tests.web.service.test_citizen_pages import checked
from yunnao.cli.appeals import command as appeals
from yunnao.scenarios.appeals.sample_messages import SAMPLE


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with a model learned from the sample."""
    home = make_district(tmp_path_factory.mktemp("proposals") / "home", public_url="")
    trained = CliRunner().invoke(appeals, ["train", str(SAMPLE), "--model", str(home / "model.zip")])
    assert trained.exit_code == 0, trained.output
    settings = home / "district.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('model: ""', "model: model.zip"), encoding="utf-8")
    give_password(home, "operator")
    return home


def test_three_categories_with_their_words_and_a_way_to_dispatch(home: Path, tmp_path: Path) -> None:
    with served(home) as service:
        operator = AtDesk(service, "operator")
        number, _ = service.file(text="搅拌站夜间施工噪音扰民，灰尘大，电话13812345678。", title="搅拌站噪音")
        where = f"/desk/cases/{number}"
        page = checked(operator.get(where).text, tmp_path)
        block = page.source.split('id="proposals"')[1].split("</section>")[0]
        assert block.count("<li>") == 3
        assert "依据的词" in block
        assert "13812345678" not in page.source
        assert block.index("环境保护") < block.index("分派给生态环境分局")
        first = block.split("<li>")[1]
        done = operator.post(f"{where}/dispatch", hidden(first))
        assert done.status_code == 303
        view = service.district.filed.get(number)
        assert (view.standing.state, view.standing.department) == ("dispatched", "ecology")
        assert view.standing.attributes["category"] == "环境保护"
        assert 1 <= int(view.standing.attributes["confidence"]) <= 1000


def test_a_model_that_cannot_be_read_is_said_and_the_page_still_works(home: Path) -> None:
    (home / "model.zip").write_bytes(b"no model")
    with served(home) as service:
        number, _ = service.file()
        page = AtDesk(service, "operator").get(f"/desk/cases/{number}")
        assert page.status_code == 200
        assert "不是模型文件" in page.text
