"""Two dates of a message, and the working days between them. Sender, title and text are not read: least data."""

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.decisions.model import Constant, Expression, WorkingDayNumber, case

LIMIT_RULE = "山东省政务服务热线管理办法（鲁政办字〔2019〕211号）"

messages = Register(
    id="messages",
    title=Text("群众留言", "Messages"),
    department="hotline_centre",
    subject="message",
    subject_key="message_id",
    key=("message_id",),
    facts=(
        FactDefinition(id="message_id", type=FactType.KEY, title=Text("留言编号", "Message")),
        FactDefinition(
            id="received_at",
            type=FactType.DATE,
            title=Text("收到日期", "Received on"),
            meaning="收到留言的日期，不计时刻",
        ),
        FactDefinition(
            id="replied_at",
            type=FactType.DATE,
            title=Text("答复日期", "Replied on"),
            meaning="答复留言人的日期，不计时刻",
        ),
    ),
    names_subjects=True,
)

message = Facts("message", registers=(messages,))


@message.derived(
    id="reply_working_days",
    type=FactType.INTEGER,
    title=Text("答复用时", "Working days to the reply"),
    unit="working_day",
    cites=LIMIT_RULE,
    evidence="verify",
)
def reply_working_days() -> Expression:
    """收到次日起到答复当日的工作日数；当日答复为 0。答复早于收到的，日期有误，视为不明。"""
    received, replied = message.received_at, message.replied_at
    return case((replied >= received, WorkingDayNumber(replied) - WorkingDayNumber(received)), otherwise=Constant(None))


FACTS = (message,)
