"""What click says about a command written wrongly, as a sentence in Chinese."""

import click
from click.exceptions import BadParameter, MissingParameter, NoSuchOption


def usage_sentence(error: click.UsageError) -> str:
    """What is wrong with the command, where, and how to write it."""
    path = error.ctx.command_path if error.ctx else "yunnao"
    return f"{path}：{_wrong(error)}；写法见 {path} --help"


def _wrong(error: click.UsageError) -> str:
    match error:
        case MissingParameter():
            return f"缺少 {_name(error)}"
        case NoSuchOption():
            near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有 {error.option_name} 这个选项{near}"
        case BadParameter():
            return f"{_name(error)} 的值不对：{_value(error)}"
    said = error.format_message()
    if said.startswith("No such command"):
        return f"没有 {said.split(chr(39))[1]} 这个命令"
    if "unexpected extra argument" in said:
        return f"多写了 {said[said.find('(') + 1 : said.rfind(')')]}"
    if "requires an argument" in said:
        return f"{said.split(chr(39))[1]} 后面要写一个值"
    return said


def _name(error: BadParameter) -> str:
    hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param and error.ctx else "参数")
    return ("、".join(hint) if not isinstance(hint, str) else hint).replace("'", "")


def _value(error: BadParameter) -> str:
    kind = error.param.type if error.param else None
    wrong = error.message.split("'")[1] if error.message.count("'") > 1 else ""
    match kind:
        case click.Choice():
            return f"{wrong!r}；只能是 {'、'.join(map(str, kind.choices))}"
        case click.types.IntParamType():
            return f"{wrong!r} 不是整数"
        case click.types.FloatParamType():
            return f"{wrong!r} 不是数"
    return error.message
