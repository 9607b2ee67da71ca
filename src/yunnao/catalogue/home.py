"""A new district's home."""

from collections.abc import Mapping
from pathlib import Path

from yunnao.access.actors import starter_actors
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed import limits
from yunnao.storage.files import make_folder, write_atomically

SETTINGS_FILE = "district.yaml"


def make_home(home: Path, departments: Mapping[str, str], settings: str, more: Mapping[str, str] | None = None) -> None:
    """Make an empty district: settings, fictitious officers, folders, and what is optional as a file that says nothing yet. The settings
    file comes last: it makes the home.

    Args:
        departments: id -> Chinese title, for the sample officers.
        settings: text of ``district.yaml``.
        more: name -> text of further files.

    Raises:
        YunnaoError: ``home`` is a file, is a district already, or holds something else.
    """
    if home.exists() and not home.is_dir():
        raise YunnaoError(f"{home} 是一个文件，不是目录；请换一个路径")
    if (home / SETTINGS_FILE).exists():
        raise YunnaoError(f"{home} 已经是一个区，没有改动；要新建请换一个路径")
    if home.is_dir() and any(home.iterdir()):
        raise YunnaoError(f"{home} 里已有别的文件，没有改动；请换一个空目录")
    for name in ("registry", "policies", "runs", "rejects"):
        make_folder(home / name)
    write_atomically(home / "actors.yaml", starter_actors(departments).encode())
    for name, text in {limits.FILE: limits.STARTER, **(more or {})}.items():
        write_atomically(home / name, text.encode())
    write_atomically(home / SETTINGS_FILE, settings.encode())
