"""The example package as `pip install` would leave it, without a build backend: module and entry points on a path."""

import csv
import datetime as dt
import shutil
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "examples" / "reply_times"
REPLIES = REPOSITORY.parent / "shared" / "data" / "appeals" / "replies.csv"


def install(target: Path) -> Path:
    """Put the package into the folder ``target``, which then goes on the path; answers it."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(PACKAGE / "reply_times", target / "reply_times", ignore=shutil.ignore_patterns("__pycache__"))
    metadata = target / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def read_replies() -> list[dict[str, str]]:
    """The real messages, as text."""
    with REPLIES.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_replies(rows: list[dict[str, str]], path: Path) -> Path:
    """The rows as the same kind of file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def working_days(row: dict[str, str]) -> int | None:
    """Working days after the day of receipt up to the day of the reply, counted day by day by another library."""
    import chinese_calendar

    if not row["received_at"] or not row["replied_at"]:
        return None
    day, end = dt.date.fromisoformat(row["received_at"][:10]), dt.date.fromisoformat(row["replied_at"][:10])
    if end < day:
        return None
    count = 0
    while day < end:
        day += dt.timedelta(days=1)
        count += chinese_calendar.is_workday(day)
    return count
