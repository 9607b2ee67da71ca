"""The JSON interface over real HTTP, and schemathesis over the whole description: no server error, no undocumented answer."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.service.served import KEY, Served

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_file_follow_answer_the_call_back(service: Served) -> None:
    number, code = service.file(
        title="路灯", kind="complaint", place="望海路", latitude="36.0671", longitude="120.3826"
    )
    view = service.district.filed.get(number)
    assert (view.title, view.case.channel) == ("路灯", "api")
    assert view.standing.attributes["coordinates"] == "36.067100,120.382600"
    service.answered(number)
    headers = {"Follow-Up-Code": code}
    seen = service.get(f"/api/v1/appeals/{number}", headers=headers).json()
    assert (seen["state"], seen["department"], seen["steps"]) == ("已答复，待核实", "生态环境分局", ["call_back"])
    assert seen["clocks"][0]["due"] == "2026-10-09"
    assert ["2026-10-01", "法定节假日，不计"] in seen["clocks"][0]["days"]
    step = {"step": "call_back", "given": {"solved": False, "satisfied": "dissatisfied"}, "seen": seen["seen"]}
    after = service.post(f"/api/v1/appeals/{number}/steps", json=step, headers=headers)
    assert after.json()["state"] == "重新办理中"
    assert service.post(f"/api/v1/appeals/{number}/steps", json=step, headers=headers).status_code == 409


def test_the_same_post_again_is_the_same_appeal(service: Served) -> None:
    key = {"Idempotency-Key": "0123456789abcdef"}
    answers = [service.post("/api/v1/appeals", json={"text": "路灯"}, headers=key).json() for _ in range(2)]
    assert (answers[0]["new"], answers[1]["new"]) == (True, False)
    assert {name: answers[0][name] for name in ("number", "code")} == {
        name: answers[1][name] for name in ("number", "code")
    }
    other = service.post("/api/v1/appeals", json={"text": "井盖"}, headers=key).json()
    assert other["number"] != answers[0]["number"]
    assert service.post("/api/v1/appeals", json={"text": "路灯"}, headers={"Idempotency-Key": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"!\xff", 400),
        (b"{}", 422),
        (b'{"text": ""}', 422),
        (b'{"text": "a", "more": 1}', 422),
        (b'{"text": "a", "kind": "magic"}', 422),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "a\\u0000"}', 422),
        (b'{"text": "   "}', 422),
        (b'{"text": "a", "latitude": 91, "longitude": 0}', 422),
        (b'{"text": "a", "latitude": NaN, "longitude": 0}', 422),
    ],
)
def test_what_is_not_usable_is_refused_with_a_sentence(service: Served, content: bytes, status: int) -> None:
    answer = service.post("/api/v1/appeals", content, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.json()["problem"]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({}, "text：缺少这一项"),
        ({"text": "灯", "contact": "1"}, "contact：没有这个键"),
        ({"text": "灯", "title": "灯" * 61}, "title：最多 60 个"),
        ({"text": "灯", "latitude": 91, "longitude": 0}, "latitude：不能大于 90"),
        ({"text": 5}, "text：应是文字"),
    ],
)
def test_a_refusal_says_where_and_what(service: Served, written: dict[str, object], sentence: str) -> None:
    answer = service.post("/api/v1/appeals", json=written)
    assert answer.status_code == 422
    assert answer.json()["problem"].startswith(sentence)


def test_a_number_and_a_wrong_code_are_answered_like_no_number(service: Served) -> None:
    number, _ = service.file()
    wrong = {"Follow-Up-Code": "AAAAAAAA"}
    answers = [service.get(f"/api/v1/appeals/{name}", headers=wrong) for name in (number, "SQ20200101-00001", "x")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, answers[0].json())] * 3
    assert service.get(f"/api/v1/appeals/{number}").status_code == 422


def schemathesis(url: str, folder: Path, examples: int, *more: str) -> str:
    """Put the whole description to the service; what was said, if nothing was found."""
    (folder / "schemathesis.toml").write_text(f'[parameters]\n"query.api_key" = "{KEY}"\n', encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{url}/openapi.json",
        "--checks",
        CHECKS,
        "--max-examples",
        str(examples),
        "--seed",
        "1",
        "--no-color",
        *more,
    ]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr
    return found.stdout


@pytest.mark.timeout(900)
def test_schemathesis_finds_nothing(service: Served, tmp_path: Path) -> None:
    said = schemathesis(service.url, tmp_path, 15)
    assert "✅  Stateful" in said, "an appeal that was filed is followed along the description's links"


@pytest.mark.slow
@pytest.mark.timeout(2 * 3600)
def test_schemathesis_finds_nothing_in_long_runs(service: Served, tmp_path: Path) -> None:
    schemathesis(service.url, tmp_path, 400, "--workers", "2")
