"""Writes the documents that are made from the code: `make docs`. With `--check`, only says which are not current (exit 1).

Made are the JSON Schema of policy files, the reference of commands, the registers that `benefits` reads, and the list of
commands in both READMEs (between two comment lines).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from yunnao.catalogue.loader import district_parameters, load_scenario
from yunnao.catalogue.publishing import policy_schema
from yunnao.cli.main import _COMMANDS, root
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.storage.files import make_folder, write_atomically

REPOSITORY = Path(__file__).resolve().parents[1]
WIDTH = 110
_LIST = re.compile(r"(?<=<!-- commands: made by `make docs` -->\n).*?(?=<!-- end of commands -->)", re.DOTALL)
_MADE = "<!-- Made by `make docs` from the code; do not edit. -->"
_TYPES = {
    FactType.KEY: "名称或编号 key",
    FactType.CODE: "代码 code",
    FactType.TEXT: "文字 text",
    FactType.BOOLEAN: "是/否 yes or no",
    FactType.INTEGER: "整数 whole number",
    FactType.MONEY: "金额 money",
    FactType.SHARE: "比例 share",
    FactType.DATE: "日期 date",
}


def documents() -> dict[Path, str]:
    """Path -> text, of every document that is made."""
    made = {
        REPOSITORY / "docs" / "schema" / "policy.json": policy_schema() + "\n",
        REPOSITORY / "docs" / "commands.md": _commands(),
        REPOSITORY / "docs" / "registers.md": _registers(),
    }
    for name, language in (("README.md", 1), ("README.zh.md", 0)):
        path = REPOSITORY / name
        made[path] = with_commands(path.read_text(encoding="utf-8"), language, name)
    return made


def with_commands(text: str, language: int, name: str) -> str:
    """A README with its list of commands made anew; ``language``: 0 for Chinese, 1 for English.

    Raises:
        YunnaoError: the README has no place for the list.
    """
    if not _LIST.search(text):
        raise YunnaoError(f"{name} 里没有放命令清单的地方；请补上 commands 的两行注释")
    rows = [f"| `yunnao {id_}` | {title.split('  ')[language]} |" for id_, title in _COMMANDS.items()]
    listed = "\n".join([("| 命令 | 作用 |", "| command | what it does |")[language], "| --- | --- |", *rows])
    return _LIST.sub(lambda _: listed + "\n", text)


def _commands() -> str:
    sections = [
        "# 命令 Commands",
        _MADE,
        "Exit codes: 0 done; 2 refused, nothing changed, one sentence says what to do; 3 done, but some rows of a register were "
        "refused. `replay` and `audit verify` exit 1 where something differs.",
        "Environment: `YUNNAO_DATABASE_URL` and `YUNNAO_ENGINE` take the place of the two settings in `district.yaml`; `YUNNAO_NOW` "
        "(an ISO time) fixes the clock.",
    ]
    top = click.Context(root, info_name="yunnao", **root.context_settings)
    for name in root.list_commands(top):
        for title, text in _help(root.get_command(top, name), name, top):
            sections.append(f"## {title}\n\n```text\n{text}\n```")
    return "\n\n".join(sections) + "\n"


def _help(command: click.Command | None, name: str, above: click.Context) -> Iterator[tuple[str, str]]:
    if command is None:
        raise YunnaoError(f"没有命令 {name}")
    context = click.Context(command, info_name=name, parent=above, terminal_width=WIDTH, max_content_width=WIDTH)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield context.command_path, text
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            yield from _help(command.get_command(context, inner), inner, context)


def _registers() -> str:
    scenario = load_scenario("yunnao.scenarios.benefits", district=district_parameters({"city": "青岛"}))
    sections = [
        "# 名册 Registers of `benefits`",
        _MADE,
        "`enterprises` says which enterprises there are; the other registers may follow in any order, or never: what they would "
        "say is unknown then. A header may be the fact's id, its title, or the office's own wording of it; a unit in the header "
        "(万元, %) is converted, and so is one in a cell (1.5万元, 30人, ¥100) where the header names no other. 可缺: the column may "
        "be absent from the file.",
    ]
    for register in scenario.registers.values():
        owner = scenario.departments[register.department].zh
        rows = "一户一行 one row an enterprise" if register.one_row_a_subject else "一户多行 many rows an enterprise"
        sections.append(f"## `{register.id}` {register.title.zh}\n\n{register.title.en}; {owner}; {rows}.")
        lines = ["| id | 列名 column | 类型 type | 单位 unit | |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(fact, register) for fact in register.facts]
        sections.append("\n".join(lines))
    return "\n\n".join(sections) + "\n"


def _row(fact: FactDefinition, register: Register) -> str:
    marks = [
        *(["主键 key"] if fact.id in register.key else []),
        *(["可缺 optional"] if fact.id in register.optional else []),
        *(["个人信息 personal"] if fact.personal else []),
    ]
    return f"| `{fact.id}` | {fact.title.zh} | {_TYPES[fact.type]} | {fact.unit} | {'、'.join(marks)} |"


def main(arguments: list[str]) -> int:
    """Write what is not current, or only say so with `--check`."""
    stale = {
        path: text
        for path, text in documents().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        click.echo(path.relative_to(REPOSITORY))
        if "--check" not in arguments:
            make_folder(path.parent)
            write_atomically(path, text.encode())
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
