"""A photo sent by WeChat, from the signed message to the citizen's page and the desk, with the house's own rounds."""

import time
from pathlib import Path

import pytest

from tests.capabilities.media.photographs import photo
from tests.platforms.cases.filed.rounds.wechat_platform import Platform
from tests.web.service.served import make_district, served
from tests.web.service.test_citizen_pages import follow
from tests.web.service.test_uploads import thumbnails
from tests.web.service.test_wechat import TOKEN, message, said, send, signed
from yunnao.app import District
from yunnao.house import House
from yunnao.kernel.moment import system_clock
from yunnao.settings import WebKeys

KEYS = {"YUNNAO_WECHAT_APPID": "wx1", "YUNNAO_WECHAT_APPSECRET": "secret"}


@pytest.mark.timeout(120)
def test_a_photo_sent_by_wechat_is_seen_by_its_citizen(tmp_path: Path) -> None:
    platform = Platform()
    platform.media = {"m1": photo(orientation=6)}
    home = make_district(tmp_path / "home")
    settings = home / "district.yaml"
    settings.write_text(settings.read_text("utf-8").replace('wechat_api: ""', f'wechat_api: "{platform.url}"'), "utf-8")
    tasks = House(District(home, system_clock, KEYS)).tasks
    try:
        with served(
            home, WebKeys(wechat_token=TOKEN), KEYS, [task for task in tasks if task.name == "media"]
        ) as service:
            service.now = system_clock()
            began = time.monotonic()
            xml = message("image", "<PicUrl>http://127.0.0.1:9/a</PicUrl><MediaId>m1</MediaId>")
            first = said(send(service, xml, signed(str(int(service.now.timestamp())))))
            assert time.monotonic() - began < 20
            number, code = first.split("编号 ")[1].split("，")[0], first.split("查询码 ")[1][:8]
            while not service.district.filed.get(number).attachments:
                assert time.monotonic() - began < 60, "it was not fetched"
                time.sleep(0.2)
            assert [each.size for each in thumbnails(follow(service, number, code).text)] == [(240, 320)]
            assert platform.asked == ["m1"]
    finally:
        platform.stop()


def test_without_the_interface_nothing_waits(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home")
    with served(home, WebKeys(wechat_token=TOKEN)) as service:
        xml = message("image", "<PicUrl>http://127.0.0.1:9/a</PicUrl><MediaId>m1</MediaId>")
        number = said(send(service, xml)).split("编号 ")[1][:16]
        assert "素材号 m1" in service.district.filed.get(number).body
        assert House(service.district).media_given_up() == []
        assert [task.name for task in House(service.district).tasks if task.name == "media"] == []
