"""The questions about a kept run: thresholds that the policy itself says come from the rules that the run was settled by."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from yunnao.kernel.text import Language
from yunnao.scenarios.drg.review.decisions import Handled, asked_for
from yunnao.scenarios.drg.review.definitions import Definitions, Kind, Limit, load_questions
from yunnao.scenarios.drg.review.questions import Counted, Question, counted, questions
from yunnao.scenarios.drg.settlement.policy import Origin, Rules
from yunnao.scenarios.drg.settlement.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked about a run, and what was counted for it."""

    definitions: Definitions
    counted: Counted
    questions: list[Question]


def asked_of(run: Run, home: Path, cases: Iterable[Handled], language: Language, earlier: Run | None = None) -> Asked:
    """The questions about ``run``.

    Args:
        home: of the district, which may have questions of its own.
        cases: special-case reviews and objections that were filed.
        earlier: the run of an earlier period, for changes in codes.

    Raises:
        YunnaoError: the run is damaged, or the district's questions are not usable.
    """
    rules = run.rules
    definitions = with_policy(load_questions(home), rules)
    found = counted(
        run.stays.collect(),
        definitions,
        earlier=earlier.stays.collect() if earlier else None,
        reviews=asked_for(cases),
        exempt=tuple(rules.readmission.exempt_adrgs) if rules.readmission else (),
    )
    names = {
        str(row["hospital_id"]): str(row["name"] or row["hospital_id"])
        for row in run.hospitals.select("hospital_id", "name").collect().iter_rows(named=True)
    }
    return Asked(definitions=definitions, counted=found, questions=questions(found, definitions, names, language))


def with_policy(definitions: Definitions, rules: Rules) -> Definitions:
    """The definitions with the policy's own low-multiple line, days of readmission and share of high multiples."""
    said: dict[tuple[Kind, str], tuple[str, Decimal]] = {
        ("high_multiples", "share"): ("questions", rules.questions.high_share)
    }
    if rules.low is not None:
        said["low_cliff", "line"] = ("low", rules.low.below)
    if rules.readmission is not None:
        said["readmission", "days"] = ("readmission", Decimal(rules.readmission.days))
    found = dict(definitions)
    for (kind, name), (parameter, value) in said.items():
        if kind in found and value > 0:
            limits = found[kind].limits | {name: _limit(value, rules.origins.get(parameter))}
            found[kind] = found[kind].model_copy(update={"limits": limits})
    return found


def _limit(value: Decimal, origin: Origin | None) -> Limit:
    if origin is None:
        return Limit(value=value, cites="本期政策", evidence="knowledge")
    marks = {"source": "source", "partly": "partly"}
    return Limit.model_validate(
        {"value": value, "cites": f"本期政策：{origin.cites}", "evidence": marks.get(origin.evidence, "knowledge")}
    )
