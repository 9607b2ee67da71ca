"""Photos with appeals over real HTTP: kept, seen by their citizen alone, refused with a sentence, bounded, and the same matter twice."""

import base64
import io
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from tests.capabilities.media.photographs import photo
from tests.web.service.served import KEY, Served, make_district, served
from tests.web.service.test_citizen_pages import WRITTEN, follow, receipt, token

Photo = tuple[str, tuple[str, bytes, str]]


def part(content: bytes, name: str = "IMG_0001.jpg", kind: str = "image/jpeg", field: str = "photo") -> Photo:
    return field, (name, content, kind)


def send(service: Served, *photos: Photo, to: str = "/appeals", **more: str) -> requests.Response:
    fields = {**WRITTEN, "token": token(service), **more} if to == "/appeals" else more
    return service.post(to, fields, files=list(photos) or [("photo", ("", b"", "application/octet-stream"))])


def thumbnails(text: str) -> list[Image.Image]:
    found = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', text)
    return [Image.open(io.BytesIO(base64.b64decode(each))) for each in found]


def digests(text: str) -> list[str]:
    return re.findall(r'name="attachment" value="([0-9a-f]{64})"', text)


def test_photos_are_filed_seen_by_their_citizen_and_by_nobody_else(service: Served) -> None:
    answer = send(service, part(photo(orientation=6)), part(photo("PNG"), "../../etc/passwd", "text/html"))
    assert answer.status_code == 200
    assert "附上了 2 张图片" in answer.text
    number, code = receipt(answer)
    view = service.district.filed.get(number)
    assert [(each.media_type, each.width, each.height) for each in view.attachments] == [
        ("image/jpeg", 300, 400),
        ("image/jpeg", 400, 300),
    ]
    page = follow(service, number, code)
    assert [each.size for each in thumbnails(page.text)] == [(240, 320), (320, 240)]
    first, _ = digests(page.text)
    whole = service.post("/follow/attachment", {"number": number, "code": code, "attachment": first})
    assert whole.content == service.district.attachments.content(first)
    assert b"SECRET" not in whole.content
    shown = ("content-type", "content-disposition", "cache-control", "x-content-type-options")
    assert [whole.headers[name] for name in shown] == [
        "image/jpeg",
        f'inline; filename="{number}-1.jpg"',
        "private, no-store",
        "nosniff",
    ]
    assert "default-src 'none'" in whole.headers["content-security-policy"]
    other, other_code = service.file()
    for keys, status in (
        ({"number": number, "code": "AAAAAAAA"}, 404),
        ({"number": other, "code": other_code}, 404),
        ({"number": number, "code": code, "attachment": "../" * 8 + "etc/passwd"}, 404),
        ({}, 404),
    ):
        refused = service.post("/follow/attachment", {"attachment": first, **keys})
        assert (refused.status_code, refused.headers["content-type"][:5]) == (status, "text/")
    assert service.post(
        "/follow/attachment", {"number": number}, headers={"sec-fetch-site": "cross-site"}
    ).status_code == 403  # fmt: skip
    assert service.district.audit.verify().broken is None


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        ([part(b"<html><script>alert(1)</script>")], "第 1 张：只能用 JPEG、PNG、WebP 图片"),
        ([part(photo()), part(photo()[:900])], "第 2 张：图片损坏"),
        ([part(b"\0\0\0\x18ftypheic" + bytes(99), "IMG.HEIC", "image/heic")], "HEIC"),
        ([part(photo())] * 4, "最多 3 张图片"),
        ([part(b"\xff\xd8" + bytes(10_000_001))], "第 1 张图片超过 10 MB"),
        ([part(b"")], "只能用 JPEG、PNG、WebP 图片"),
    ],
    ids=["html", "cut", "heic", "four", "large", "empty"],
)
def test_what_cannot_be_kept_is_refused_and_the_words_stay(service: Served, photos: list[Photo], words: str) -> None:
    before = sorted(service.district.attachments.digests())
    answer = send(service, *photos)
    assert answer.status_code == 422
    assert words in answer.text
    assert WRITTEN["body"] in answer.text
    assert f'value="{WRITTEN["place"]}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert sorted(service.district.attachments.digests()) == before
    english = send(service, *photos, to="/appeals", lang="en")
    assert english.status_code == 422


def test_chosen_photos_are_asked_for_again_where_something_else_is_wrong(service: Served) -> None:
    answer = send(service, part(photo()), body="")
    assert answer.status_code == 422
    assert "图片要重新选择" in answer.text


def test_the_same_form_is_one_appeal_and_with_other_photos_another(service: Served) -> None:
    same = {"token": token(service)}
    first = send(service, part(photo()), **same)
    again = send(service, part(photo()), **same)
    assert receipt(first) == receipt(again)
    assert receipt(send(service, part(photo(size=(200, 200))), **same)) != receipt(first)
    assert receipt(send(service, **same)) != receipt(first)
    switch = dict(
        re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">', first.text.split("</header>")[0])
    )
    english = service.post(
        "/appeals?lang=en", switch
    )  # the page in the other language: the form once more, without its files
    assert receipt(english) == receipt(first)
    assert "With 1 photo" in english.text


def test_a_citizen_adds_a_photo_later(service: Served) -> None:
    number, code = service.file()
    page = follow(service, number, code).text
    assert 'name="photo"' in page
    fields = {"number": number, "code": code, "step": "attach"}
    added = send(service, part(photo()), to="/follow/step", seen="1", **fields)
    assert "已收到，谢谢。" in added.text
    assert len(thumbnails(added.text)) == 1
    assert service.district.filed.get(number).events[-1].step == "attach"
    for photos, seen, status, words in (
        ([part(b"GIF89a")], "2", 422, "第 1 张：只能用"),
        ([], "2", 409, "没有图片"),
        ([part(photo(size=(99, 99)))], "1", 409, "已有变动"),
    ):
        answer = send(service, *photos, to="/follow/step", seen=seen, **fields)
        assert (answer.status_code, words in answer.text) == (status, True)
    service.answered(number)
    assert 'name="photo"' not in follow(service, number, code).text
    headers = {"Follow-Up-Code": code}
    told = service.get(f"/api/v1/appeals/{number}", headers=headers).json()
    assert (told["attachments"], told["steps"]) == (1, ["call_back"])


def test_open311_takes_media_and_never_fetches_what_media_url_points_at(service: Served) -> None:
    request = {"api_key": KEY, "service_code": "help", "address_string": "示例路", "description": "路灯不亮"}
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.5)
        url = f"http://127.0.0.1:{trap.getsockname()[1]}/a.jpg"
        sent = {**request, "media_url": url}
        answer = service.post("/open311/v2/requests.json", sent, files=[part(photo(), field="media")])
        assert answer.status_code == 200, answer.text
        number = answer.json()[0]["service_request_id"]
        assert len(service.district.filed.get(number).attachments) == 1
        assert url in service.district.filed.get(number).body
        with pytest.raises(TimeoutError):
            trap.accept()
    told = service.get(f"/open311/v2/requests/{number}.json?api_key={KEY}").json()
    assert told[0]["media_url"] is None
    refused = service.post("/open311/v2/requests.json", request, files=[part(b"x", field="media")])
    assert (refused.status_code, "第 1 张" in refused.json()[0]["description"]) == (400, True)
    keyless = service.post(
        "/open311/v2/requests.json", {**request, "api_key": ""}, files=[part(photo(), field="media")]
    )
    assert keyless.status_code == 403


def test_a_form_that_is_too_large_is_cut_off(service: Served) -> None:
    parts = urlsplit(service.url)
    head = (
        "POST /appeals HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as line:
        line.sendall(head.encode())
        opening = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        line.sendall(b"%x\r\n%s\r\n" % (len(opening), opening))
        piece = bytes(1_000_000)
        answer = b""
        for _ in range(40):
            try:
                line.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            except OSError:
                break
        try:
            answer = line.recv(100)
        except OSError:
            answer = b"HTTP/1.1 413"  # the line was cut before the answer could be read
    assert answer.startswith(b"HTTP/1.1 413")
    assert service.get("/").status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"--x", b"--b\r\n\r\n--b--", b"\xff" * 500, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"],
)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "multipart/form-data"])
def test_what_is_no_form_is_no_error_of_ours(service: Served, body: bytes, kind: str) -> None:
    for path in ("/appeals", "/follow/step", "/open311/v2/requests.json"):
        answer = service.post(path, body, headers={"content-type": kind})
        assert answer.status_code in (400, 403, 404, 422), (path, answer.text)


def test_photos_for_an_appeal_that_is_there_are_counted_like_filings(tmp_path: Path) -> None:
    with served(make_district(tmp_path / "home", posts_per_minute=3)) as service:
        number, code = service.file()
        fields = {"number": number, "code": code, "step": "attach", "seen": "9"}
        sent = [send(service, part(photo(size=(40 + n, 30))), to="/follow/step", **fields) for n in range(3)]
        assert [each.status_code for each in sent] == [409, 409, 429]
        assert "提交得太频繁" in sent[-1].text
        assert len(list(service.district.attachments.digests())) == 2
        assert follow(service, number, code).status_code == 200
