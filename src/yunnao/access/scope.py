"""Scope (范围): whether an actor may do something in a role on a department's case about a subject."""

from collections.abc import Collection

from yunnao.access.actors import Actor
from yunnao.access.roles import TITLES, Role


def refusal(
    actor: Actor, roles: Collection[Role], *, subject: str, department: str, any_department: bool = False
) -> str | None:
    """Why ``actor`` may not act, as a Chinese sentence; none if they may.

    Args:
        roles: any one of these is enough.
        subject: the subject of the case; an enterprise acts only on its own cases.
        department: the department the case belongs to; an officer acts only on their own department's cases.
        any_department: the step is open to officers of every department.
    """
    held = actor.roles & set(roles)
    if not held:
        wanted = "、".join(TITLES[role].zh for role in roles)
        return f"{actor.name} 没有“{wanted}”角色；请由有这个角色的人办理"
    if Role.ENTERPRISE in held:
        return None if actor.id == subject else f"企业 {actor.id} 只能办理自己的办件；这个办件属于 {subject}"
    if any_department or actor.department == department:
        return None
    return f"{actor.name} 属于部门 {actor.department}，这个办件属于部门 {department}；请由该部门办理"


EVERYWHERE = frozenset({Role.CENTRE, Role.OPERATOR})
"""Roles that see the cases of every department."""


def sees_everything(actor: Actor) -> bool:
    """Whether ``actor`` may open the cases of every department, also those that nobody has yet."""
    return bool(actor.roles & EVERYWHERE)


def may_see(actor: Actor, departments: Collection[str]) -> bool:
    """Whether ``actor`` may open a case that these departments have."""
    return sees_everything(actor) or actor.department in departments
