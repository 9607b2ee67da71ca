"""A small desk to test filed cases at: the real flow of appeals, a few officers, a clock that the test sets."""

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import yunnao.scenarios.appeals
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.audit.log import Audit
from yunnao.kernel import strict_yaml
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.named_files import altered_files
from yunnao.platforms.cases.filed.reading import read_filed_flows
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.platforms.cases.filed.service import FiledCases
from yunnao.platforms.cases.filed.upkeep import Upkeep
from yunnao.platforms.cases.filed.word_digests import altered_words
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.storage.records import Records

CASE_YAML = Path(yunnao.scenarios.appeals.__path__[0]) / "case.yaml"
DEPARTMENTS = {"ecology": "生态环境分局", "transport": "交通运输局", "health": "卫生健康局"}
CENTRE = Actor("zhou", "示例周", frozenset({Role.CENTRE}), "centre")
OPERATOR = Actor("desk", "示例台", frozenset({Role.OPERATOR}), "centre")
CITIZEN = Actor("citizen", "市民", frozenset({Role.CITIZEN}), None)


def handler(department: str) -> Actor:
    """The handling officer of a department."""
    return Actor(f"{department}.handler", f"示例{department}", frozenset({Role.HANDLER}), department)


@cache
def appeal_flow() -> FiledFlow:
    """The flow of appeals as it ships."""
    return read_filed_flows(strict_yaml.read(CASE_YAML), CASE_YAML.name)["appeal"]


def filing(key: str, **more: Any) -> Filing:
    """A made-up appeal."""
    given = {
        "title": "夜间施工噪声扰民",
        "body": "小区旁工地凌晨两点仍在施工，请处理。",
        "flow": "appeal",
        "channel": "web",
    }
    return Filing(key=key, person=Person(name="示例市民", contact="13800000000"), **{**given, **more})


class Desk:
    """One district's desk on one record store."""

    def __init__(self, records: Records, flow: FiledFlow | None = None, folder: Path | None = None) -> None:
        self.records = records
        self.files = KeptFiles(folder or Path(tempfile.mkdtemp()))
        self.now = dt.datetime(2026, 9, 24, 10, tzinfo=CHINA)  # a Thursday before the National Day holidays
        checks = (altered_words, altered_files(self.files))
        self.audit = Audit(records, self.clock, (*store.TABLES, *rounds.TABLES), checks=checks)
        self.cases = FiledCases(
            records,
            {"appeal": flow or appeal_flow()},
            DEPARTMENTS,
            shipped_calendar(),
            self.clock,
            self.audit,
            b"secret",
            self.files,
        )
        rounds.create(records)
        self.upkeep = Upkeep(self.cases)

    def clock(self) -> dt.datetime:
        """The instant that the test has set."""
        return self.now

    def on(self, day: str, hour: int = 10) -> "Desk":
        """Go to ``hour`` o'clock on ``day``."""
        self.now = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), CHINA)
        return self

    def file(self, key: str = "web:1", **more: Any) -> str:
        """File an appeal; its number."""
        return self.cases.file([filing(key, **more)])[0].case_id

    def photo(self, content: bytes) -> Attachment:
        """A file that is kept, as an event names it; here it need not be a photo."""
        return Attachment(sha256=self.files.keep(content), media_type="image/jpeg", size=len(content))

    def attach(self, case_id: str, *attachments: Attachment) -> FiledEvent:
        """A citizen adds photos."""
        return self.cases.take(case_id, Asked(step="attach", actor=CITIZEN, at=self.now, attachments=attachments))

    def remove(self, case_id: str, attachment: Attachment, actor: Actor = OPERATOR) -> FiledEvent:
        """An officer removes one."""
        return self.cases.take(
            case_id,
            Asked(step="remove_attachment", actor=actor, at=self.now, reason="拍到了别人", detach=attachment.sha256),
        )

    def take(
        self,
        case_id: str,
        step: str,
        actor: Actor | None,
        reason: str | None = None,
        seen: int | None = None,
        **given: Any,
    ) -> FiledEvent:
        """One step."""
        asked = Asked(step=step, actor=actor, at=self.now, reason=reason, given=given, seen=seen)
        return self.cases.take(case_id, asked)

    def handled(self, key: str = "web:1", **more: Any) -> str:
        """An appeal that the ecology bureau has signed in."""
        case_id = self.file(key, **more)
        self.take(case_id, "dispatch", OPERATOR, department="ecology")
        self.take(case_id, "sign_in", handler("ecology"))
        return case_id

    def state(self, case_id: str) -> str:
        """The present state."""
        return self.cases.get(case_id).standing.state

    def due(self, case_id: str) -> str:
        """When the citizen's clock is due, as of now."""
        from yunnao.platforms.cases.filed.clocks import due

        (run,) = [run for run in self.cases.get(case_id).clocks if run.clock.id == "overall"]
        return due(run, self.now.date(), shipped_calendar()).day.isoformat()
