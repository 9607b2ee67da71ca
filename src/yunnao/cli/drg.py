"""`yunnao drg`: verbs in modules of their own, loaded when they are called."""

from importlib import import_module

import click

_VERBS = {
    "scheme": ("drg_grouping", "分组方案：检查  check a scheme"),
    "group": ("drg_grouping", "逐份分组  group every stay of a file"),
    "sample": ("drg_grouping", "合成的一年  a synthetic year as files"),
    "policy": ("drg_settlement", "清算政策：检查  check a settlement policy"),
    "month": ("drg_settlement", "月度预拨  prepay a month"),
    "settle": ("drg_settlement", "年终清算  clear a year"),
    "difference": ("drg_settlement", "两次之间的差异  what changed between two runs"),
    "simulate": ("drg_settlement", "参数若改变，各机构怎样变  what if a parameter changed"),
    "explain": ("drg_settlement", "一份病案怎样计点  why a stay earns its points"),
    "verify": ("drg_settlement", "核验各次结算的文件  check the files of every run"),
    "review": ("drg_desk", "开特病单议或异议  file a review or an objection"),
    "reviews": ("drg_desk", "导出认定结果  what was decided, as a register"),
    "questions": ("drg_desk", "给复核人的提问  questions to a reviewer"),
    "statements": ("drg_desk", "每家医院的结算单  statements as Word files"),
    "workbook": ("drg_desk", "一次结算的工作簿  a run as a workbook"),
}


class _Verbs(click.Group):
    """Verbs named in `_VERBS`; their module holds a command of that name, ``_`` for ``-``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        module = import_module(f"yunnao.cli.{_VERBS[cmd_name][0]}")
        verb: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return verb

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, title) for name, (_, title) in _VERBS.items()])


@click.group("drg", cls=_Verbs)
def command() -> None:
    """DRG 点数付费：分组、计点、按月预拨、年终清算。DRG points payment: group, price, prepay, settle."""
