"""Pages say what is there: links resolve, both READMEs agree, what is made from the code is current, ADRs are in order."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from tests.docs.pages import READMES, REPOSITORY, blocks, commands, generator, links, pages
from yunnao.catalogue.loader import read_policy
from yunnao.cli.main import _COMMANDS

ADRS = sorted((REPOSITORY / "docs" / "adr").glob("*.md"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_resolve(page: Path) -> None:
    for link in links(page):
        if re.match(r"https?://", link):
            continue
        target = (page.parent / link.partition("#")[0]).resolve()
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(REPOSITORY), f"{page.name}: {link} leads out of the repository"


def test_made_documents_are_current() -> None:
    """`make docs` would change nothing; asked as it asks, because commands remember how they were called in this process."""
    asked = [sys.executable, str(REPOSITORY / "docs" / "generate.py"), "--check"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, ""), f"run `make docs`: {found.stdout}{found.stderr}"


def test_a_stale_document_is_noticed(tmp_path: Path) -> None:
    text = READMES[0].read_text(encoding="utf-8")
    assert generator().with_commands(text.replace("| `yunnao load` |", "| `yunnao laod` |"), 1, "README.md") == text
    with pytest.raises(Exception, match="命令清单"):
        generator().with_commands("no list", 1, "README.md")


@pytest.mark.parametrize("readme", READMES, ids=lambda page: page.name)
def test_readme_lists_every_command(readme: Path) -> None:
    listed = re.findall(r"^\| `yunnao ([a-z-]+)` \| \S", readme.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == list(_COMMANDS)


def test_both_readmes_have_the_same_commands_and_pictures() -> None:
    english, chinese = READMES
    assert commands(english) == commands(chinese)
    assert len(commands(english)) >= 12
    assert set(links(english)) - {"README.zh.md"} == set(links(chinese)) - {"README.md"}


def test_readme_names_targets_that_make_knows() -> None:
    known = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for page in pages():
        for words in commands(page):
            assert words[0] in ("make", "yunnao", "pip", "sed"), f"{page.name}: {' '.join(words)}"
            assert words[0] != "make" or words[1] in known, f"{page.name}: {' '.join(words)}"
    assert ["make", "test"] in commands(READMES[0])
    assert ["make", "demo"] in commands(READMES[0])


def test_readme_counts_the_policies_that_there_are() -> None:
    count = len(list((REPOSITORY / "src/yunnao/scenarios/benefits/policies").glob("*.yaml")))
    assert f"the {count} policies of `benefits`" in READMES[0].read_text(encoding="utf-8")
    assert f"`benefits` 的 {count} 项政策" in READMES[1].read_text(encoding="utf-8")


def test_pictures_are_small() -> None:
    for picture in (REPOSITORY / "docs").glob("picture.*"):
        assert picture.stat().st_size < 200_000, picture.name


def test_the_schema_accepts_what_the_page_teaches_and_refuses_what_it_forbids() -> None:
    """Against an independent validator; every shipped policy is held to the same in `test_every_policy_fits_the_schema`."""
    validator = _validator()
    (written,) = blocks(REPOSITORY / "docs" / "policies.md", "yaml")
    document = _as_an_editor_reads(written)
    assert list(validator.iter_errors(document)) == []
    damages: list[dict[str, Any]] = [
        {"grant_if": {}},
        {"valid": {"from": "2024-01-01", "until": "2025-01-01"}},
        {"delivery": "maybe"},
    ]
    for damage in damages:
        assert list(validator.iter_errors({**document, **damage})), damage
    assert list(validator.iter_errors({name: part for name, part in document.items() if name != "cites"}))


def test_every_policy_fits_the_schema() -> None:
    validator = _validator()
    for path in sorted((REPOSITORY / "src/yunnao/scenarios/benefits/policies").glob("*.yaml")):
        errors = [
            error.message for error in validator.iter_errors(_as_an_editor_reads(path.read_text(encoding="utf-8")))
        ]
        assert errors == [], path.name


def test_the_example_policy_is_a_policy(tmp_path: Path) -> None:
    (written,) = blocks(REPOSITORY / "docs" / "policies.md", "yaml")
    path = tmp_path / "example_small_employer.yaml"
    path.write_text(written, encoding="utf-8")
    policy = read_policy(path)
    assert policy.id == path.stem
    assert policy.uncertain


def test_adrs_are_numbered_one_by_one_and_have_their_parts() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))
    for path in ADRS:
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {path.name[:4]} \S", text), path.name
        assert re.search(r"^Status: (Accepted|Superseded by \d{4}|Reverted)", text, re.MULTILINE), path.name
        parts = re.findall(r"^## (.*)$", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], path.name
        assert {"- Good:", "- Bad:"} <= set(re.findall(r"^- (?:Good|Bad):", text, re.MULTILINE)), path.name


def test_architecture_names_modules_that_there_are() -> None:
    """Every `name.py` in the architecture and the ADRs is some module."""
    modules = {path.name for path in REPOSITORY.rglob("*.py") if ".venv" not in path.parts}
    for page in (REPOSITORY / "docs" / "architecture.md", *ADRS):
        for name in re.findall(r"([a-z_]+\.py)\b", page.read_text(encoding="utf-8")):
            assert name in modules, f"{page.name}: {name}"


def _validator() -> Any:
    schema = json.loads((REPOSITORY / "docs" / "schema" / "policy.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _as_an_editor_reads(text: str) -> dict[str, object]:
    """A YAML file as JSON data, as editors put it to a schema: dates are text."""
    document = yaml.load(text, Loader=yaml.SafeLoader)
    read: dict[str, object] = json.loads(json.dumps(document, default=str))
    return read
