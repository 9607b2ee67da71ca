"""Who may see DRG payment at the desk: the insurance office everything, a hospital what is its own."""

from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.scenarios.drg.review.filings import DEPARTMENT
from yunnao.web.service.officers.drg_views import HOSPITAL, STAY, path

ROLES = frozenset({Role.HANDLER, Role.CENTRE, Role.REVIEWER, Role.SECOND_REVIEWER})
WITH_HOSPITALS = ROLES | {Role.HOSPITAL}


def may_see_drg(actor: Actor) -> bool:
    """Whether ``actor`` may see every hospital's money and stays: the medical insurance office, and the city brain's centre."""
    return bool(actor.roles & ROLES) and (actor.department == DEPARTMENT or Role.CENTRE in actor.roles)


def may_see_hospital(actor: Actor, hospital: str) -> bool:
    """Whether ``actor`` may see the money and stays of ``hospital``: who may see every one, and the hospital itself."""
    return may_see_drg(actor) or (Role.HOSPITAL in actor.roles and actor.hospital == hospital)


def own_page(actor: Actor) -> str:
    """Where an actor of a hospital begins, their hospital's page; "" for everybody else."""
    return path(HOSPITAL, actor.hospital) if Role.HOSPITAL in actor.roles else ""


def landing(actor: Actor, to: str) -> str:
    """Where ``actor`` goes after signing in: ``to``, but a hospital to its own page unless ``to`` may be open to it."""
    own = own_page(actor)
    return to if not own or to.startswith((f"{HOSPITAL}/", f"{STAY}/")) else own
