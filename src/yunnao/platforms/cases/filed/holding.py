"""Which of many cases a department has a part in."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.platforms.cases.filed import store

_AT_A_TIME = 500


def held(connection: Connection, department: str, numbers: Collection[str]) -> set[str]:
    """Those of these cases that a department has or co-handles now: the ones that its officers may open."""
    found: set[str] = set()
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _AT_A_TIME):
        for table in (store.NOW, store.SHARES):
            own = table.c.case_id.in_(wanted[start : start + _AT_A_TIME]), table.c.department == department
            found.update(connection.execute(sa.select(table.c.case_id).where(*own)).scalars())
    return found
