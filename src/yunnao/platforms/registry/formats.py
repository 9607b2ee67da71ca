"""What kind of file was delivered, told by its bytes (names lie), and its sheets."""

import re
from pathlib import Path

from yunnao.kernel.errors import FileRefused
from yunnao.kernel.register import Register
from yunnao.platforms.registry.columnar import read_columnar
from yunnao.platforms.registry.delimited import read_delimited
from yunnao.platforms.registry.header import find_header
from yunnao.platforms.registry.sheets import Sheet

_ZIP, _OLE, _PARQUET = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(r"^\s*<(?:!doctype|html|head|body|table|meta|style|script|\?xml|!--|\w+[\s>:])", re.IGNORECASE)
_MOST_BYTES = 4 << 30


def check_readable(path: Path) -> None:
    """Refuse what is no readable file.

    Raises:
        FileRefused: it is missing, a folder, a device, empty, too large, or not ours to read.
    """
    try:
        if not path.exists():
            raise FileRefused(f"{path}：没有这个文件；请检查路径")
        if path.is_dir():
            raise FileRefused(f"{path}：是一个文件夹，不是文件；请给出其中的文件")
        if not path.is_file():
            raise FileRefused(f"{path}：不是普通文件；请先存成文件再导入")
        size = path.stat().st_size
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise FileRefused(f"{path}：读不了（{error.strerror or error}）；请检查权限和磁盘") from None
    except ValueError:
        raise FileRefused(f"{str(path)!r}：不是可用的路径；请检查") from None
    if not size:
        raise FileRefused(f"{path}：是空文件；请重新导出")
    if size > _MOST_BYTES:
        raise FileRefused(f"{path}：超过 {_MOST_BYTES >> 30} GB，太大；请拆分后分次导入")


def _workbook(path: Path, name: str) -> list[Sheet]:
    from yunnao.platforms.registry.workbook import read_workbook  # what it stands on takes a while to import

    return read_workbook(path, name)


def open_sheets(path: Path, name: str, register: Register) -> list[Sheet]:
    """The sheets of a file that hold anything.

    Raises:
        FileRefused: the bytes are no CSV, .xlsx, .xls or Parquet, or are damaged or hostile.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(_ZIP):
        return _workbook(path, name)
    if start.startswith(_PARQUET):
        return [read_columnar(path, name)]
    if start.startswith(_OLE):
        if _contains(path, _ENCRYPTED):
            raise FileRefused(f"{name}：文件有密码；请去掉密码后另存再试")
        return _workbook(path, name)
    if _MARKUP.match(start.decode("utf-8-sig", errors="replace")):
        raise FileRefused(
            f"{name}：内容其实是网页（HTML 或 XML），只是扩展名写成了 {Path(name).suffix or '别的'}；"
            "请用表格软件打开它，另存为「Excel 工作簿（.xlsx）」后重试"
        )

    def facts_named(head: list[list[str]]) -> int:
        return len(find_header(head, register).columns)

    sheet = read_delimited(path, name, lambda head: facts_named([list(row) for row in head]))
    return [sheet] if sheet.rows.height else []


def _contains(path: Path, wanted: bytes) -> bool:
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            if wanted in rest + chunk:
                return True
            rest = chunk[-len(wanted) :]
    return False
