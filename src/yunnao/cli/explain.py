"""`yunnao explain`: one decision, condition by condition."""

import datetime as dt
import json
from pathlib import Path

import click

from yunnao.cli.terminal import as_of_option, home_argument


@click.command("explain")
@home_argument
@click.argument("policy")
@click.argument("subject")
@as_of_option
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 language")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 输出 print as JSON")
def command(home: Path, policy: str, subject: str, as_of: dt.date | None, lang: str, as_json: bool) -> None:
    """解释一个决定：逐条条件、依据、缺什么、由谁提供。Explain POLICY for SUBJECT (a credit code).

    The day is that of the last run, if none is given.
    """
    from yunnao.app import District
    from yunnao.catalogue.asking import explain_one
    from yunnao.kernel.text import Language
    from yunnao.platforms.decisions.explanation import as_lines

    district = District(home)
    scenario = district.scenario_of_policy(policy)
    deciding = district.asking(scenario)
    if as_of is None:
        last = deciding.runs.latest(scenario.id)
        as_of = last.day if last else district.clock().date()
    language: Language = "en" if lang == "en" else "zh"
    explanation = explain_one(deciding, scenario, policy, subject, as_of, language)
    if as_json:
        click.echo(json.dumps(explanation.to_json(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(as_lines(explanation, language)))
