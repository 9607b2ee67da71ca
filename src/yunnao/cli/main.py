"""`yunnao`: one command a noun, each in its own module, loaded only when it is called, so that help is instant."""

import gc
import sys
from importlib import import_module
from pathlib import Path

import click

from yunnao.kernel.errors import YunnaoError

_COMMANDS = {
    "init": "建立一个空的区  an empty district",
    "sample": "合成的样例名册（只写文件）  synthetic registers as files",
    "load": "导入名册  load a register's files",
    "run": "决定、开办件、算指标  decisions, cases, indicators",
    "decisions": "导出决定  export decisions",
    "explain": "解释一个决定  explain one decision",
    "simulate": "参数若改变，谁得谁失  what if a parameter changed",
    "dictionary": "惠企政策词典（网页与 Excel）  the policy dictionary",
    "cases": "办件清单  list cases",
    "case": "看一个办件，或办一个环节  one case, or a step on it",
    "payments": "拨付批次  payment batches",
    "indicators": "指标及其来历  indicators and their lineage",
    "policy": "检查、发布政策文件  check or publish a policy file",
    "replay": "重做一次过去的运行并比对  repeat a past run and compare",
    "audit": "核验审计日志  verify the audit log",
    "calendar": "采用新的工作日历  adopt a holiday table",
    "upkeep": "预警、送出消息、到期清除  reminders, delivery, retention",
    "erase": "应要求清除个人信息  erase personal data on request",
    "redact": "遮盖办件里的文字  black out words in a case",
    "serve": "网上受理：页面、微信、Open311  citizens' pages, WeChat, Open311",
    "password": "设置工作人员的登录密码  set an officer's password",
    "appeals": "市民诉求：训练、分类、导入、受理、清单、热点、指标  appeals: train, classify, import, receive, inbox, topics, measures",
    "assessment": "考核：算分、摘星、夺旗、名次有多稳  assessment: scores, stars, flags, how firm each rank is",
    "plan": "计划报告：读数、对照、入库、跟踪、写报告  plan reports: read, link, assess, load, track, report",
    "drg": "DRG 点数付费：分组、计点、月预拨、年清算  DRG points: group stays, price, prepay, settle",
    "new-scenario": "新场景的骨架  scaffold a scenario",
    "demo": "在合成的区里走完全程  the whole way on a synthetic district",
}


_OBJECTS_UNTIL_COLLECTED = 100_000
"""Between collections of cyclic garbage, of which importing and reading definitions leave none: a tenth of a short command's time."""


class _Lazy(click.Group):
    """Commands named in `_COMMANDS`; module `yunnao.cli.NAME` holds `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"yunnao.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="yunnao")
def root() -> None:
    """云脑 Yunnao: registers and published rules in; explained decisions, cases with deadlines and indicators out.

    HOME is the folder of one district. Exit codes: 0 done; 2 refused, nothing changed, the message says what to do; 3 done, but
    some rows of a register were refused.
    """


def main() -> None:
    """Run the command; a refusal is one sentence on standard error and exit code 2."""
    gc.set_threshold(_OBJECTS_UNTIL_COLLECTED)
    try:
        sys.exit(root(prog_name="yunnao", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as error:
        from yunnao.cli.usage import usage_sentence

        click.echo(f"✗ {usage_sentence(error)}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("✗ 已中断；可以再运行一次", err=True)
        sys.exit(1)
    except YunnaoError as error:
        click.echo(f"✗ {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        from yunnao.storage.files import disk_error

        click.echo(f"✗ {disk_error(error, Path(str(error.filename or '文件')))}", err=True)
        sys.exit(2)
    except MemoryError:
        click.echo("✗ 内存不够；请关闭其他程序，或在内存更大的机器上运行", err=True)
        sys.exit(2)
    finally:
        if heads := sys.modules.get("yunnao.audit.heads"):  # imported by commands that write
            heads.keep()
