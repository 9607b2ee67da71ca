"""From decisions to the cases they call for: a proposal for each granted one, a request for each fact that is owed."""

import json

import polars as pl

from yunnao.catalogue.inputs import period_of
from yunnao.catalogue.scenario import Scenario
from yunnao.catalogue.sources import owed_registers
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.runs import Manifest, Runs
from yunnao.platforms.decisions.words import test_text

SCHEMA = {
    "flow": pl.String,
    "policy": pl.String,
    "subject": pl.String,
    "period": pl.String,
    "amount": pl.Int64,
    "department": pl.String,
    "basis": pl.String,
    "title": pl.String,
    "waiting": pl.String,
}
_DETERMINED = ("granted", "refused")


def wanted_cases(runs: Runs, manifest: Manifest, scenario: Scenario) -> pl.DataFrame:
    """Every case that the run's decisions call for, with the columns of `SCHEMA`.

    Granted and refused decisions call for the flow that the policy opens; where the amount misses facts, `waiting` names them.
    Undetermined ones, and amounts that miss facts, call for a request to the department that owes the facts: one for each
    subject and register, naming the policies that wait; one for the whole register, if it has never been delivered. A
    request's `policy` is the register's id, its period ``once``.
    """
    frames = [pl.DataFrame(schema=SCHEMA)]
    for id_ in manifest.policies:
        policy = scenario.policies[id_]
        for outcome in _DETERMINED:
            if outcome in policy.opens:
                frames.append(_proposals(runs, manifest, scenario, id_, outcome))
    frames.append(_requests(runs, manifest, scenario))
    return pl.concat(frames)


def decided_scope(manifest: Manifest, scenario: Scenario) -> list[tuple[str, str]]:
    """(policy, period) pairs about which the run speaks: a case outside of them is none of its business."""
    scope = [(id_, period_of(scenario.policies[id_].period, manifest.day)) for id_ in manifest.policies]
    return scope + [(register, "once") for register in scenario.registers]


def lost_reasons(runs: Runs, manifest: Manifest, scenario: Scenario, held: pl.DataFrame) -> pl.DataFrame:
    """Why a matter is no longer called for: policy, subject, reason, for the pairs of (policy, subject) in ``held``."""
    frames = [pl.DataFrame(schema={"policy": pl.String, "subject": pl.String, "reason": pl.String})]
    for id_, part in manifest.policies.items():
        subjects = held.filter(pl.col("policy") == id_).select("subject")
        if subjects.is_empty():
            continue
        rule = scenario.rule(id_)
        sentences = [
            test_text(
                t.written, rule.definitions[str(t.written.fact)], rule.policy, manifest.day, "zh", negated=t.negated
            )
            for t in rule.reading.tests
        ]
        failed = [
            pl.when(pl.col("states") // (1 << (2 * k)) % 4 == 0).then(pl.lit(f"不再符合“{sentence}”"))
            for k, sentence in enumerate(sentences)
        ]
        unknown = pl.lit("缺少作决定所需的信息，暂不能定")
        reason = pl.concat_str(failed, separator="；", ignore_nulls=True)
        frames.append(
            runs.long(manifest, id_)
            .join(subjects.lazy(), on="subject", how="semi")
            .select(
                "policy",
                "subject",
                pl.when(pl.col("outcome") == "refused")
                .then(reason)
                .when(pl.col("outcome") == "granted")
                .then(pl.lit("现已符合全部条件"))
                .otherwise(unknown)
                .alias("reason"),
            )
            .collect()
        )
        assert len(part.conditions) == len(sentences)
    return pl.concat(frames)


def _basis(manifest: Manifest, version: str) -> str:
    document = {
        "run": manifest.number,
        "as_of": manifest.as_of,
        "snapshot": manifest.snapshot,
        "policy_version": version,
    }
    return json.dumps(document, ensure_ascii=False)


def _proposals(runs: Runs, manifest: Manifest, scenario: Scenario, id_: str, outcome: str) -> pl.DataFrame:
    policy = scenario.policies[id_]
    return (
        runs.long(manifest, id_)
        .filter(pl.col("outcome") == outcome)
        .sort("subject")
        .select(
            pl.lit(policy.opens[outcome]).alias("flow"),  # type: ignore[index]  # outcome is one of its keys
            "policy",
            "subject",
            pl.lit(period_of(policy.period, manifest.day)).alias("period"),
            "amount",
            pl.lit(policy.department).alias("department"),
            pl.lit(_basis(manifest, manifest.policies[id_].version)).alias("basis"),
            pl.lit(policy.title.zh).alias("title"),
            _missing_amount(manifest, scenario, id_).alias("waiting"),
        )
        .collect()
    )


def _missing_amount(manifest: Manifest, scenario: Scenario, id_: str) -> pl.Expr:
    """The titles of the facts that an unknown amount misses; empty if it is known, or none is granted."""
    rule = scenario.rule(id_)
    facts = manifest.policies[id_].missable
    known = {f: rule.definitions.get(f) or scenario.registers[rule.registers[f]].fact(f) for f in facts}
    titles = [
        pl.when(pl.col("missing") // (1 << k) % 2 == 1).then(pl.lit(f"“{known[fact].title.zh}”"))
        for k, fact in enumerate(facts)
    ]
    if not titles or scenario.policies[id_].grants.amount is None:
        return pl.lit("")
    return (
        pl.when(pl.col("amount").is_null())
        .then(pl.concat_str(titles, separator="、", ignore_nulls=True))
        .otherwise(pl.lit(""))
    )


def _requests(runs: Runs, manifest: Manifest, scenario: Scenario) -> pl.DataFrame:
    asking = [id_ for id_ in manifest.policies if "undetermined" in scenario.policies[id_].opens]
    flows = sorted({scenario.policies[id_].opens["undetermined"] for id_ in asking})
    frames = [pl.DataFrame(schema=SCHEMA)]
    for flow in flows:
        owed = pl.concat(
            [
                owed_registers(runs, manifest, scenario, id_, amounts=True)
                for id_ in asking
                if scenario.policies[id_].opens["undetermined"] == flow
            ]
        )
        absent = [register for register in scenario.registers if register not in manifest.delivered]
        named = owed.with_columns(
            pl.when(pl.col("register").is_in(absent)).then(pl.lit("*")).otherwise(pl.col("subject")).alias("subject")
        )
        grouped = (
            named.unique()
            .group_by("register", "subject")
            .agg(pl.col("policy").sort())
            .sort("register", "subject")
            .collect()
        )
        departments = {id_: register.department for id_, register in scenario.registers.items()}
        titles = {id_: _request_title(register.title, id_ in absent) for id_, register in scenario.registers.items()}
        frames.append(
            grouped.select(
                pl.lit(flow).alias("flow"),
                pl.col("register").alias("policy"),
                "subject",
                pl.lit("once").alias("period"),
                pl.lit(None, dtype=pl.Int64).alias("amount"),
                pl.col("register").replace_strict(departments, return_dtype=pl.String).alias("department"),
                pl.lit(_basis(manifest, "")).alias("basis"),
                pl.col("register").replace_strict(titles, return_dtype=pl.String).alias("title"),
                pl.col("policy").list.join(" ").alias("waiting"),
            )
        )
    return pl.concat(frames)


def _request_title(title: Text, absent: bool) -> str:
    return f"提供名册“{title.zh}”（尚未交付）" if absent else f"补充“{title.zh}”中的缺项"
