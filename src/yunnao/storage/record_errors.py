"""What a database says when it cannot go on, as sentences for the person at the keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from yunnao.kernel.errors import HomeBusy, YunnaoError


@dataclass(frozen=True)
class _Trouble:
    """A kind of trouble: words of the driver's message (lower case) or SQLSTATEs that tell it, and what to say."""

    words: tuple[str, ...]
    states: tuple[str, ...]
    sentence: str
    error: type[YunnaoError] = YunnaoError


_TROUBLES = (
    _Trouble(
        ("database is locked", "database table is locked"),
        ("55P03",),
        "正有别的命令在写记录库 {where}，等了一会儿仍未结束；请等它结束后重试",
        HomeBusy,
    ),
    _Trouble(
        ("database or disk is full", "disk i/o error", "no space left"),
        ("53100",),
        "写记录库 {where} 时磁盘已满或读写出错，什么也没有改动；请腾出空间后重试",
    ),
    _Trouble(("unable to open database file",), (), "打不开记录库 {where}；请检查文件夹是否存在、能否写入"),
    _Trouble(("file is not a database", "malformed"), (), "{where} 不是可用的记录库文件，或已损坏；请从备份恢复"),
    _Trouble(("readonly database",), ("25006",), "记录库 {where} 是只读的；请检查文件和文件夹的写权限"),
    _Trouble(
        ("authentication failed",),
        ("28P01", "28000"),
        "登录不了数据库 {where}：用户名或密码不对；请检查 district.yaml 中的数据库地址",
    ),
    _Trouble(("fatal:  database",), ("3D000",), "数据库 {where} 不存在；请先建库，或检查 district.yaml 中的数据库地址"),
    _Trouble(("nul (0x00)", "invalid byte sequence"), ("22021",), "要写入的文字里有不能保存的控制字符；请删去后重试"),
    _Trouble(("too many clients",), ("53300",), "数据库 {where} 的连接数已满；请稍后重试", HomeBusy),
    _Trouble(
        (
            "connection refused",
            "connection failed",
            "could not translate host",
            "failed to resolve",
            "timeout expired",
            "closed the connection",
        ),
        ("57P01", "57P03", "08006"),
        "连不上数据库 {where}；请检查它是否在运行、地址和网络是否正确，然后重试",
    ),
)
"""The first that matches says it."""


@contextmanager
def sentences(where: str) -> Iterator[None]:
    """Raise `YunnaoError` for the troubles listed above; other errors (broken constraints, say) pass as they are."""
    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        said = str(error.orig).lower()
        for trouble in _TROUBLES:
            if state in trouble.states or any(words in said for words in trouble.words):
                raise trouble.error(trouble.sentence.format(where=where)) from error
        raise
