"""Roles: what a person may be asked to do. A closed list; who has which role is data (`actors.yaml`)."""

from enum import StrEnum

from yunnao.kernel.text import Text


class Role(StrEnum):
    """A role in a case's flow."""

    ENTERPRISE = "enterprise"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    SECOND_REVIEWER = "second_reviewer"
    PUBLISHER = "publisher"
    CASHIER = "cashier"
    REGISTER_KEEPER = "register_keeper"
    CENTRE = "centre"
    OPERATOR = "operator"
    CITIZEN = "citizen"
    HOSPITAL = "hospital"


TITLES: dict[Role, Text] = {
    Role.ENTERPRISE: Text("企业", "enterprise"),
    Role.HANDLER: Text("经办人", "handling officer"),
    Role.REVIEWER: Text("审核人", "reviewer"),
    Role.SECOND_REVIEWER: Text("复核人", "second reviewer"),
    Role.PUBLISHER: Text("公示人", "publisher"),
    Role.CASHIER: Text("拨付人", "cashier"),
    Role.REGISTER_KEEPER: Text("名册管理人", "register keeper"),
    Role.CENTRE: Text("云脑中心", "city brain centre"),
    Role.OPERATOR: Text("受理员", "desk operator"),
    Role.CITIZEN: Text("市民", "citizen"),
    Role.HOSPITAL: Text("医院", "hospital"),
}
