"""The closed list of what is audited, and what each line must say. References and digests, not personal data."""

from enum import StrEnum


class AuditEvent(StrEnum):
    """What happened, in the past tense."""

    HOME_CREATED = "home_created"
    DELIVERY_LOADED = "delivery_loaded"
    POLICY_PUBLISHED = "policy_published"
    RUN_FINISHED = "run_finished"
    DECISIONS_EXPORTED = "decisions_exported"
    CASES_RECONCILED = "cases_reconciled"
    DAY_REACHED = "day_reached"
    STEP_TAKEN = "step_taken"
    STEPS_TAKEN = "steps_taken"
    STEP_REFUSED = "step_refused"
    BATCH_PREPARED = "batch_prepared"
    BATCH_SENT = "batch_sent"
    BATCH_CANCELLED = "batch_cancelled"
    CASES_FILED = "cases_filed"
    FILED_STEPS_TAKEN = "filed_steps_taken"
    WORDS_REDACTED = "words_redacted"
    PASSWORD_SET = "password_set"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PERSON_SHOWN = "person_shown"
    LIST_EXPORTED = "list_exported"
    REMINDERS_WRITTEN = "reminders_written"
    CALENDAR_ADOPTED = "calendar_adopted"
    DEADLINES_MOVED = "deadlines_moved"
    PERSONAL_DATA_ERASED = "personal_data_erased"
    STORE_UPGRADED = "store_upgraded"
    WORDS_SEALED = "words_sealed"
    MESSAGE_DELIVERED = "message_delivered"
    MESSAGES_TRIED_AGAIN = "messages_tried_again"
    TARGETS_LOADED = "targets_loaded"
    TARGET_ASSIGNED = "target_assigned"
    ACTUALS_RECORDED = "actuals_recorded"
    STAY_SHOWN = "stay_shown"
    SETTLEMENT_RUN = "settlement_run"
    STAYS_FORGOTTEN = "stays_forgotten"


FIELDS: dict[AuditEvent, frozenset[str]] = {
    AuditEvent.HOME_CREATED: frozenset({"name"}),
    AuditEvent.DELIVERY_LOADED: frozenset({"delivery", "register", "file", "rows", "refused", "sha256"}),
    AuditEvent.POLICY_PUBLISHED: frozenset({"policy", "version"}),
    AuditEvent.RUN_FINISHED: frozenset({"run", "scenario", "as_of", "known_at", "snapshot", "counts"}),
    AuditEvent.DECISIONS_EXPORTED: frozenset({"run", "rows", "file"}),
    AuditEvent.CASES_RECONCILED: frozenset({"run", "policy", "counts"}),
    AuditEvent.DAY_REACHED: frozenset({"run", "as_of"}),
    AuditEvent.STEP_TAKEN: frozenset({"case", "seq", "step", "to"}),
    AuditEvent.STEPS_TAKEN: frozenset({"step", "to", "count"}),
    AuditEvent.STEP_REFUSED: frozenset({"case", "step", "why"}),
    AuditEvent.BATCH_PREPARED: frozenset({"batch", "policy", "year", "cases", "total_fen", "file_sha256"}),
    AuditEvent.BATCH_SENT: frozenset({"batch", "cases", "total_fen", "file_sha256"}),
    AuditEvent.BATCH_CANCELLED: frozenset({"batch", "reason"}),
    AuditEvent.CASES_FILED: frozenset({"count", "first"}),
    AuditEvent.FILED_STEPS_TAKEN: frozenset({"count"}),
    AuditEvent.WORDS_REDACTED: frozenset({"case", "place", "reason"}),
    AuditEvent.PASSWORD_SET: frozenset({"of"}),
    AuditEvent.SIGNED_IN: frozenset(),
    AuditEvent.SIGN_IN_FAILED: frozenset(),
    AuditEvent.SIGNED_OUT: frozenset({"why"}),
    AuditEvent.PERSON_SHOWN: frozenset({"case", "purpose"}),
    AuditEvent.LIST_EXPORTED: frozenset({"rows"}),
    AuditEvent.REMINDERS_WRITTEN: frozenset({"day", "yellow", "red"}),
    AuditEvent.CALENDAR_ADOPTED: frozenset({"revision", "sha256", "years"}),
    AuditEvent.DEADLINES_MOVED: frozenset({"revision", "moved"}),
    AuditEvent.PERSONAL_DATA_ERASED: frozenset({"cases", "persons", "words", "removed", "reason"}),
    AuditEvent.STORE_UPGRADED: frozenset({"from", "to", "cases"}),
    AuditEvent.WORDS_SEALED: frozenset({"places"}),
    AuditEvent.MESSAGE_DELIVERED: frozenset({"message"}),
    AuditEvent.MESSAGES_TRIED_AGAIN: frozenset({"count"}),
    AuditEvent.TARGETS_LOADED: frozenset({"plan", "file", "sha256", "new", "revised", "withdrawn"}),
    AuditEvent.TARGET_ASSIGNED: frozenset({"target", "department"}),
    AuditEvent.ACTUALS_RECORDED: frozenset({"file", "sha256", "new", "revised", "refused"}),
    AuditEvent.STAY_SHOWN: frozenset({"run", "stay"}),
    AuditEvent.SETTLEMENT_RUN: frozenset(
        {"run", "what", "period", "replaces", "snapshot", "inputs", "hospitals_sha256"}
    ),
    AuditEvent.STAYS_FORGOTTEN: frozenset({"runs", "reason"}),
}
"""Exactly these fields are in a line's details."""
