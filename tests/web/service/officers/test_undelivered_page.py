"""Undeliverable messages over real HTTP: who sees them, why they failed, and sending them again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platforms.cases.filed.rounds.receivers import receiver
from tests.web.service.officers.desk import AtDesk, give_password
from tests.web.service.served import Served, make_district, served
from tests.web.service.test_citizen_pages import checked
from yunnao.platforms.cases.filed.rounds.delivery import Delivery
from yunnao.platforms.cases.filed.rounds.gateway import Gateway

PAGE = "/desk/messages/undeliverable"
KEY = b"a key of sixteen"


@pytest.fixture
def failed(tmp_path: Path) -> Iterator[tuple[Served, Delivery, str]]:
    """A service whose gateway has refused every message of a case, and takes them from now on."""
    home = make_district(tmp_path / "home", public_url="")
    with served(home) as service, receiver(lambda _asked: (400, {})) as gateway:
        for actor in ("operator", "centre", "ecology.handler"):
            give_password(home, actor)
        number, _ = service.file(text="路灯不亮", telephone="13812345678")
        service.answered(number)
        district = service.district
        channel = Gateway(f"{gateway.url}/messages", KEY, lambda: district.clock().timestamp())
        delivery = Delivery(district.records, district.audit, [channel], lambda: district.clock())
        assert delivery.round()["undeliverable"] == 4
        gateway.answer = lambda _asked: (200, {})
        yield service, delivery, number


def test_they_are_listed_with_the_cause_and_sent_again(failed: tuple[Served, Delivery, str], tmp_path: Path) -> None:
    service, delivery, number = failed
    operator, centre = AtDesk(service, "operator"), AtDesk(service, "centre")
    assert "4 条消息送不出去" in operator.get("/desk").text
    for lang, tag in (("", "zh-CN"), ("?lang=en", "en")):
        page = checked(operator.get(PAGE + lang).text, tmp_path, tag).source
        assert page.count("消息网关答复 400") == 4
        assert page.count(f'href="/desk/cases/{number}') == 4
        assert "13812345678" not in page
    one = f"{number}:2:citizen"
    assert one in page
    answer = operator.send(PAGE, PAGE, {"message": one})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?again=1")
    assert "1 条已放回" in operator.get(answer.headers["location"]).text
    assert one not in operator.get(PAGE).text
    assert delivery.round()["delivered"] == 1
    assert centre.send(PAGE, PAGE, {"message": "every"}).headers["location"] == f"{PAGE}?again=3"
    assert delivery.round()["delivered"] == 3
    assert "没有送不出去的消息" in centre.get(PAGE).text
    assert "送不出去" not in operator.get("/desk").text
    assert service.district.audit.verify().broken is None


def test_only_operator_and_centre_and_only_their_own_form(failed: tuple[Served, Delivery, str]) -> None:
    service, delivery, number = failed
    handler, operator = AtDesk(service, "ecology.handler"), AtDesk(service, "operator")
    assert handler.get(PAGE).status_code == 403
    assert "送不出去" not in handler.get("/desk").text
    assert handler.send("/desk", PAGE, {"message": "every"}).status_code == 403
    assert AtDesk(service).get(PAGE).status_code == 303
    assert operator.post(PAGE, {"message": "every"}).status_code == 403
    assert operator.send(PAGE, PAGE, {}).status_code == 400
    assert operator.send(PAGE, PAGE, {"message": f"{number}:99:citizen"}).headers["location"] == f"{PAGE}?again=0"
    assert operator.get(PAGE, params={"again": "x"}).status_code == 200
    assert sum(delivery.round().values()) == 0
