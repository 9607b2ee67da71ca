"""Appeals in a district, by commands: imported, dispatched, handled to the end, measured; on the sample and on real messages."""

import csv
import json
import re
import subprocess
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from bench.appeals.data import MESSAGES, TRAINING, absent

from tests.acceptance.commands import assert_refused, command_line, done, environment, yunnao
from yunnao.access.passwords import Passwords
from yunnao.scenarios.appeals.sample_messages import SAMPLE

real = pytest.mark.skipif(bool(absent()), reason=f"the real appeals are not beside the repository: {absent()}")
NOW = "2024-09-02T10:00:00+08:00"


def inbox(home: Path, *arguments: object) -> list[list[str]]:
    return [
        line.split("\t")
        for line in done("appeals", "inbox", home, *arguments, now=NOW).out.splitlines()
        if "\t" in line
    ]


def test_an_appeal_is_carried_to_the_end_by_commands(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=NOW)
    out = done("appeals", "import", home, SAMPLE, now=NOW).out
    assert "新受理 124 件" in out
    assert "以前受理过 124 件" in done("appeals", "import", home, SAMPLE, now=NOW).out
    ours = inbox(home, "--department", "ecology")
    assert ours
    case_id = ours[0][0]
    done("case", home, case_id, "sign_in", "--as", "ecology.handler", now=NOW)
    assert_refused(yunnao("case", home, case_id, "answer", "--as", "health.handler", "--give", "answer=x", now=NOW))
    assert_refused(yunnao("case", home, case_id, "answer", "--as", "ecology.handler", "--give", "answer", now=NOW))
    done("case", home, case_id, "answer", "--as", "ecology.handler", "--give", "answer=已整改", now=NOW)
    shown = done(
        "case",
        home,
        case_id,
        "call_back",
        "--as",
        "operator",
        "--give",
        "solved=true",
        "--give",
        "satisfied=fair",
        now=NOW,
    ).out
    assert "已办结" in shown
    assert re.search(r"总时限［待核］：.*逾期", shown)
    measured = done("appeals", "measures", home, "-o", tmp_path / "m.csv", now=NOW).out
    assert "解决率\t100.0 %\t1/1" in measured
    assert (tmp_path / "m.csv").read_text(encoding="utf-8-sig").startswith("measure,指标,group")
    done("appeals", "topics", home, "-o", tmp_path / "t.json", now=NOW)
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))[0]["citizens"] >= 5
    assert "完整" in done("audit", "verify", home, now=NOW).out


def test_two_systems_that_number_alike_lose_no_appeal(tmp_path: Path) -> None:
    home, first, second = tmp_path / "home", tmp_path / "a.csv", tmp_path / "b.csv"
    header = "编号,受理时间,内容\n"
    first.write_text(header + "1,2024-08-30,路灯不亮\n", encoding="utf-8")
    second.write_text(header + "1,2024-08-30,夜里施工\n" + ",2024-08-30,没有编号\n" * 7, encoding="utf-8")
    done("init", home, now=NOW)
    done("appeals", "import", home, first, now=NOW)
    clash = yunnao("appeals", "import", home, second, "--rejects", tmp_path / "r.csv", now=NOW)
    assert clash.code == 3
    assert "以前受理过 0 件" in clash.out
    listed = (tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(listed) == 9
    assert "b.csv,2,message_id" in listed[-1]
    assert "SQ20240830-00001" in listed[-1]
    assert "--source" in listed[-1]
    apart = yunnao("appeals", "import", home, second, "--source", "信箱", now=NOW)
    assert "新受理 1 件" in apart.out
    assert "还有 2 行" in apart.err
    assert "以前受理过 1 件" in yunnao("appeals", "import", home, second, "--source", "信箱", now=NOW).out


def test_a_district_adds_a_department_by_its_files_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=NOW)
    settings, actors, catalogue = (
        home / "district.yaml",
        home / "actors.yaml",
        home / "appeals" / "responsibilities.yaml",
    )
    own = "departments: {police: {zh: 区公安分局, en: Police bureau}, ecology: {zh: 区生态环境局, en: Ecology}}"
    settings.write_text(settings.read_text(encoding="utf-8").replace("departments: {}", own, 1), encoding="utf-8")
    with actors.open("a", encoding="utf-8") as file:
        file.write("- {id: police.handler, name: 示例民警, roles: [handler], department: police}\n")
    catalogue.parent.mkdir(exist_ok=True)
    catalogue.write_text(
        "revision: 2\ncites: 本区示例\nautomatic_from: 900\ncategories: {治安: police, 噪声: ecology}\n",
        encoding="utf-8",
    )
    messages = tmp_path / "m.csv"
    messages.write_text(
        "编号,受理时间,内容,类别\n1,2024-08-30,夜里喧哗,治安\n2,2024-08-30,施工,噪声\n", encoding="utf-8"
    )
    assert "机器分派 2" in done("appeals", "import", home, messages, now=NOW).out
    (row,) = inbox(home, "--department", "police")
    assert row[2] == "区公安分局"
    done("case", home, row[0], "sign_in", "--as", "police.handler", now=NOW)
    assert inbox(home, "--department", "ecology")[0][2] == "区生态环境局"


@pytest.mark.parametrize(
    "arguments",
    [
        ("appeals", "inbox", "HOME", "--department", "nowhere"),
        ("case", "HOME", "SQ20240101-00001"),
        ("appeals", "topics", "-o", "t.json"),
        ("appeals", "import", "HOME", "HOME"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done("init", tmp_path / "home", now=NOW)
    assert_refused(yunnao(*[str(tmp_path / "home") if word == "HOME" else word for word in arguments], now=NOW))


@real
@pytest.mark.parametrize(
    ("training", "count"), [(TRAINING[1:], 400), pytest.param(TRAINING, 4326, marks=pytest.mark.slow)]
)
def test_the_real_messages_are_filed_classified_dispatched_and_some_closed(
    training: Sequence[Path], count: int, tmp_path: Path
) -> None:
    home, model, messages = tmp_path / "home", tmp_path / "model", tmp_path / "messages.csv"
    with MESSAGES.open(encoding="utf-8-sig", newline="") as source, messages.open("w", encoding="utf-8") as target:
        csv.writer(target).writerows(islice(csv.reader(source), count + 1))
    done("init", home, now=NOW)
    done("appeals", "train", *training, "--model", model, now=NOW)
    out = done("appeals", "import", home, messages, "--model", model, now=NOW).out
    new, dispatched, waiting = (
        int(n.replace(",", "")) for n in re.findall(r"[\d,]+(?= 件（|，待|）)|(?<=待受理员 )[\d,]+", out)[:3]
    )
    assert new == count == dispatched + waiting
    assert dispatched > count / 5
    for case_id, *_ in inbox(home, "--department", "transport", "--limit", 2):
        done("case", home, case_id, "sign_in", "--as", "transport.handler", now=NOW)
        done("case", home, case_id, "answer", "--as", "transport.handler", "--give", "answer=已处理", now=NOW)
        solved = ("--give", "solved=true", "--give", "satisfied=satisfied")
        done("case", home, case_id, "call_back", "--as", "operator", *solved, now=NOW)
    measured = done("appeals", "measures", home, now=NOW).out
    assert "解决率\t100.0 %\t2/2" in measured
    assert f"共 {count:,} 件" in measured
    assert "完整" in done("audit", "verify", home, now=NOW).out


def test_an_officers_password_is_set_by_command(tmp_path: Path) -> None:
    """Read from standard input where nobody sits at a terminal; the record and the file tell nothing of it."""
    home, secret = tmp_path / "home", "一句好记又够长的话 42"
    done("init", home, now=NOW)

    def password(actor: str, text: str) -> subprocess.CompletedProcess[str]:
        command = [*command_line(), "password", str(home), actor]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False, env=environment(NOW))

    for actor, text, why in (
        ("nobody", secret, "没有叫 'nobody' 的操作人"),
        ("91370200MA3N0XYZ12", secret, "不是 actors.yaml 中的工作人员"),
        ("operator", "short", "密码要有 10 到 200 个字符"),
        ("operator", "", "密码要有 10 到 200 个字符"),
    ):
        refused = password(actor, text)
        assert (refused.returncode, why in refused.stderr) == (2, True), refused
        assert not (home / "passwords").exists()
    assert password("operator", f"{secret}\n").returncode == 0
    assert (home / "passwords").stat().st_mode & 0o777 == 0o600
    assert Passwords(home / "passwords").fits("operator", secret)
    assert secret.encode() not in b"".join(path.read_bytes() for path in home.glob("*") if path.is_file())
    assert "完整" in done("audit", "verify", home, now=NOW).out
