"""`yunnao cases`: the list of cases."""

from pathlib import Path

import click

from yunnao.cli.terminal import home_argument, table


@click.command("cases")
@home_argument
@click.option("--flow", help="流程 flow")
@click.option("--policy", help="政策 policy")
@click.option("--subject", help="主体 subject")
@click.option("--state", help="状态 state")
@click.option("--department", help="部门 department")
@click.option("--overdue", is_flag=True, help="只看超期的 overdue only")
@click.option("--limit", type=int, default=50, show_default=True, help="最多多少条 at most")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="全部写到 .csv 或 .jsonl write all of them")
def command(
    home: Path,
    flow: str | None,
    policy: str | None,
    subject: str | None,
    state: str | None,
    department: str | None,
    overdue: bool,
    limit: int,
    output: Path | None,
) -> None:
    """办件清单，最急的在前。Cases, the most urgent first."""
    import polars as pl

    from yunnao.app import District
    from yunnao.kernel.errors import YunnaoError
    from yunnao.platforms.decisions.export import amount_text
    from yunnao.storage.files import write_atomically

    if output is not None and output.suffix not in (".csv", ".jsonl"):
        raise YunnaoError(f"{output}：办件只能导出为 .csv 或 .jsonl；请改文件名的后缀")
    district = District(home)
    found = district.cases.list(
        flow=flow,
        policy=policy,
        subject=subject,
        state=state,
        department=department,
        overdue=overdue or None,
        limit=None if output else limit,
    ).with_columns(amount_text(pl.col("amount")).alias("amount"))
    if output is not None:
        content = (
            b"\xef\xbb\xbf" + found.write_csv().encode() if output.suffix == ".csv" else found.write_ndjson().encode()
        )
        write_atomically(output, content)
        click.echo(f"✓ {output}：{len(found):,} 个办件")
        return
    titles = {(id_, name): s.title.zh for id_, f in district.cases.flows.items() for name, s in f.states.items()}
    rows = [
        (
            row["case_id"],
            row["title"] or row["policy"],
            row["subject"],
            row["period"],
            titles.get((row["flow"], row["state"]), row["state"]),
            row["amount"],
            f"{row['deadline'] or ''}{'（暂定）' if row['provisional'] else ''}{' 超期' if row['overdue'] else ''}",
        )
        for row in found.to_dicts()
    ]
    table("办件", ("办件号", "事项", "主体", "期间", "状态", "金额", "时限"), rows)
