"""What a statement says about its run: number, period, the rules in force with their citations; and the name of its file."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yunnao.kernel.text import Language
from yunnao.scenarios.drg.reporting.statement import Source
from yunnao.scenarios.drg.reporting.statement_words import RULES, statement_words
from yunnao.scenarios.drg.reporting.words import unpublished_words
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.runs import Manifest, Run

_DIGEST = 12
_UNSAFE = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "_"))


def source_of(run: Run, language: Language = "zh") -> Source:
    """The source of the statements of ``run``.

    Raises:
        YunnaoError: the run's rules are damaged.
    """
    manifest, rules = run.manifest, run.rules
    mark = manifest.example_in(language)
    example = (f"（{mark}）" if language == "zh" else f" ({mark})") if mark else ""
    return Source(
        run=manifest.number,
        kind=manifest.kind,
        period=manifest.period,
        as_of=dt.date.fromisoformat(manifest.as_of),
        title=f"{manifest.policy_in(language)}{example}",
        lines=tuple(
            (title.in_(language), f"{rules.origins[name].in_(language)}{_table(name, rules, manifest, language)}")
            for name, title in RULES.items()
            if name in rules.origins
        ),
        language=language,
    )


def _table(name: str, rules: Rules, manifest: Manifest, language: Language) -> str:
    """The published table that a rule is used with, and what becomes of groups that it leaves out; "" without one."""
    points, coefficients = rules.base_points.table, rules.coefficients.table
    file = (
        points.file
        if name == "base_points" and points is not None
        else coefficients
        if name == "coefficients"
        else None
    )
    if file is None:
        return ""
    told: str = statement_words(language).from_table.format(
        file=file, digest=manifest.published.get(file, "")[:_DIGEST]
    )
    if name == "base_points" and points is not None and manifest.unpublished:
        told += statement_words(language).chart_join + unpublished_words(manifest.unpublished, points, language)
    return told


def file_name(account: Mapping[str, Any], source: Source) -> str:
    """``H001 示例医院 2023 第7次.docx``, without signs that a file's name may not hold."""
    run = f"第{source.run}次" if source.language == "zh" else f"run {source.run}"
    name = f"{account['hospital_id']} {account['name'] or ''} {source.period} {run}".replace("  ", " ")
    return f"{name.translate(_UNSAFE)}.docx"
