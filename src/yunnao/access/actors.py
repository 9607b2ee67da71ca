"""Actors (操作人): the people who may act in a district, from `actors.yaml` in its home."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from yunnao.access.roles import TITLES, Role
from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Strict, Words, problem_sentence
from yunnao.kernel.errors import DefinitionError, YunnaoError

HOUSE = frozenset({"centre", "finance"})
"""Where the centre, the desk and the cashiers are; no case goes there, so no scenario lists them."""

_NEAREST = 3
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts.

    Attributes:
        id: an officer's id, or the credit code of an enterprise that acts for itself.
        roles: what they may be asked to do.
        department: id of their department; none for an enterprise or a hospital.
        hospital: id of the hospital that they act for, as the register of hospitals has it; none for everybody else.
    """

    id: str
    name: str
    roles: frozenset[Role]
    department: str | None
    hospital: str | None = None


class _Written(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,60}$")]
    name: Words
    roles: list[Role] = Field(min_length=1)
    department: Id | None = None
    hospital: Annotated[str, Field(pattern=r"^[^\s/]{1,60}$")] | None = None


_WRITTEN = TypeAdapter(list[_Written])


class Actors:
    """Everybody who may act; an enterprise needs no entry, it acts under its own credit code."""

    def __init__(self, officers: Mapping[str, Actor]) -> None:
        self._officers = dict(officers)

    @classmethod
    def load(cls, path: Path, departments: Collection[str] | None = None) -> "Actors":
        """The actors written in ``path``.

        Args:
            departments: ids of the district's; each actor is of one of them, or of the house's own. Not checked if absent.

        Raises:
            DefinitionError: the file cannot be read, something in it is not as declared, two actors share an id, or one is of a department
                that there is not.
        """
        document = strict_yaml.read(path)
        if not isinstance(document, list):
            raise DefinitionError(f"{path.name}：应是一个列表，每项一个操作人（以“- id:”开头）")
        try:
            written = _WRITTEN.validate_python(document)
        except ValidationError as error:
            raise DefinitionError(f"{path.name}：{problem_sentence(error, document)}") from None
        for entry in written:
            if misfit := _misfit(entry) or _astray(entry, departments):
                raise DefinitionError(f"{path.name}：{entry.id} {misfit}")
        officers = {
            entry.id: Actor(entry.id, entry.name, frozenset(entry.roles), entry.department, entry.hospital)
            for entry in written
        }
        if len(officers) != len(written):
            raise DefinitionError(f"{path.name}：有两个操作人用了同一个 id；请改名")
        return cls(officers)

    def actor(self, id_: str) -> Actor:
        """The officer called ``id_``, or the enterprise whose credit code it is, in capitals or small letters.

        Raises:
            YunnaoError: it is neither.
        """
        if id_ in self._officers:
            return self._officers[id_]
        code = id_.upper()
        if _CREDIT_CODE.fullmatch(code):
            return Actor(code, code, frozenset({Role.ENTERPRISE}), None)
        near = "、".join(get_close_matches(id_, self._officers, n=_NEAREST))
        like = f"；相近的有：{near}" if near else ""
        raise YunnaoError(f"没有叫 {id_!r} 的操作人{like}；请在 actors.yaml 中登记，企业用自己的统一社会信用代码")

    def officer(self, id_: str) -> Actor | None:
        """The officer called ``id_``, if there is one."""
        return self._officers.get(id_)

    def __iter__(self) -> Iterator[Actor]:
        return iter(self._officers.values())


def _misfit(entry: _Written) -> str | None:
    """What does not fit together in one entry, as the end of a Chinese sentence. A hospital's people are of no department and have
    no other role: nothing of the district's own work opens to them by a second role."""
    if Role.CITIZEN in entry.roles:
        return "不能有 citizen 角色：市民凭编号和查询码办理"
    if Role.ENTERPRISE in entry.roles:
        return "不能有 enterprise 角色：企业用自己的统一社会信用代码办理"
    if Role.HOSPITAL not in entry.roles:
        if entry.hospital is not None:
            return "→ hospital：只有 hospital 角色的人才写医院编号；请删去这一项，或改角色"
        return None if entry.department else "→ department：缺少这一项"
    if set(entry.roles) != {Role.HOSPITAL} or entry.department is not None:
        return "是医院的人：只能有 hospital 一个角色，也不属于部门；请删去其他角色和 department"
    return None if entry.hospital else "→ hospital：缺少这一项；请写这家医院在名册里的编号"


def _astray(entry: _Written, departments: Collection[str] | None) -> str | None:
    """That the department of an entry is none of these, as the end of a Chinese sentence."""
    if departments is None or entry.department is None or entry.department in {*departments, *HOUSE}:
        return None
    near = "、".join(get_close_matches(entry.department, departments, n=_NEAREST))
    like = f"（相近的有：{near}）" if near else ""
    return (
        f"→ department：本区没有部门 {entry.department}{like}；请改用各场景 scenario.yaml 里的部门，"
        "或先在 district.yaml 的 departments 中登记它"
    )


_STARTER_HEADER = """# 操作人：谁、有哪些角色、属于哪个部门。下面是虚构的示例，请换成本区的人员。
# 角色：{roles}
# 医院的人只看本院的 DRG 结算，写医院编号，不写部门，如 - {{id: h0001, name: 示例医院, roles: [hospital], hospital: H0001}}
"""


def starter_actors(departments: Mapping[str, str] | None = None) -> str:
    """The text of a first ``actors.yaml``: clearly fictitious officers, for `yunnao init`.

    Args:
        departments: department id -> Chinese title; each gets an officer for every role that acts within a department.
            The cashier is of `finance` and the centre's officer of `centre`.
    """
    elsewhere = (Role.ENTERPRISE, Role.CITIZEN, Role.CASHIER, Role.CENTRE, Role.OPERATOR, Role.HOSPITAL)
    within = [role for role in Role if role not in elsewhere]
    lines = [_STARTER_HEADER.format(roles="、".join(f"{role} {TITLES[role].zh}" for role in Role if role in TITLES))]
    for department, title in (departments or {"example_department": "示例部门"}).items():
        lines += [
            _entry(f"{department}.{role}", f"示例{TITLES[role].zh}（{title}）", role, department) for role in within
        ]
    for number in (1, 2):
        name = f"示例{TITLES[Role.CASHIER].zh}{'甲乙'[number - 1]}"
        lines.append(_entry(f"{Role.CASHIER}{number}", name, Role.CASHIER, "finance"))
    for role in (Role.CENTRE, Role.OPERATOR):
        lines.append(_entry(str(role), f"示例{TITLES[role].zh}工作人员", role, "centre"))
    return "".join(lines)


def _entry(id_: str, name: str, role: Role, department: str) -> str:
    return f"- {{id: {id_}, name: {json.dumps(name, ensure_ascii=False)}, roles: [{role}], department: {department}}}\n"
