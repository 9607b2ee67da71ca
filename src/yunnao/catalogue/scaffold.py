"""A new scenario's folder, ready to be filled in: a package of its own, with a rule, a flow, a number, examples and a test."""

import keyword
import re
import sys
from pathlib import Path

from yunnao.catalogue.cards import installed_scenarios
from yunnao.kernel.errors import YunnaoError
from yunnao.storage.files import make_folder, write_atomically

_TEMPLATES = Path(__file__).with_name("scaffold_files")
_ID = re.compile(r"[a-z][a-z0-9_]{1,60}")


def new_scenario(folder: Path, id_: str) -> list[Path]:
    """Write a working scenario called ``id_`` as an installable package into ``folder``; the files written.

    Raises:
        YunnaoError: the id is not snake_case or is taken, or the folder is not empty.
    """
    if keyword.iskeyword(id_) or id_ in sys.stdlib_module_names or id_ == "yunnao":
        raise YunnaoError(f"{id_!r} 是 Python 或云脑自己的名字，用作场景的 id 会相互遮盖；请换一个")
    if not _ID.fullmatch(id_):
        raise YunnaoError(f"{id_!r} 不能作场景的 id：请用小写英文字母开头，只含小写字母、数字和下划线")
    if id_ in installed_scenarios():
        raise YunnaoError(f"已经装有叫 {id_} 的场景，再装一个会相互遮盖；请换一个")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise YunnaoError(f"{folder} 已存在且不是空目录，没有改动；请换一个路径")
    written = []
    for template in sorted(_TEMPLATES.rglob("*.template")):
        name = str(template.relative_to(_TEMPLATES)).removesuffix(".template").replace("SCENARIO", id_)
        path = folder / name
        make_folder(path.parent)
        write_atomically(path, template.read_text(encoding="utf-8").replace("SCENARIO", id_).encode())
        written.append(path)
    return written
