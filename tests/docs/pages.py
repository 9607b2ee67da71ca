"""The pages of the repository, and what is in them.

A fenced block marked ``sh`` holds commands as a reader types them, one a line, with comments: its `yunnao` commands are run by
`test_commands_run.py`. Blocks marked otherwise are not run.
"""

import importlib.util
import re
import shlex
from functools import cache
from pathlib import Path
from types import ModuleType

REPOSITORY = Path(__file__).resolve().parents[2]
READMES = (REPOSITORY / "README.md", REPOSITORY / "README.zh.md")
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def pages() -> list[Path]:
    """Every Markdown page that people read."""
    folders = ("docs", "src", "examples", "bench")
    return [
        *sorted(REPOSITORY.glob("*.md")),
        *(page for folder in folders for page in sorted((REPOSITORY / folder).rglob("*.md"))),
    ]


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page that are marked ``language``."""
    return [text for marked, text in _FENCED.findall(page.read_text(encoding="utf-8")) if marked == language]


def commands(page: Path) -> list[list[str]]:
    """The words of every command in a page, without comments."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [words for words in (shlex.split(line, comments=True) for line in lines) if words]


def links(page: Path) -> list[str]:
    """The targets of a page's links, outside of fenced blocks."""
    return _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))


@cache
def generator() -> ModuleType:
    """`docs/generate.py` as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
