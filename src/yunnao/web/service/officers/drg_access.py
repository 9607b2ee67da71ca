"""Who may see DRG payment at the desk."""

from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.scenarios.drg.review.filings import DEPARTMENT

ROLES = frozenset({Role.HANDLER, Role.CENTRE, Role.REVIEWER, Role.SECOND_REVIEWER})


def may_see_drg(actor: Actor) -> bool:
    """Whether ``actor`` may see hospitals' money and stays: the medical insurance office, and the city brain's centre."""
    return bool(actor.roles & ROLES) and (actor.department == DEPARTMENT or Role.CENTRE in actor.roles)
