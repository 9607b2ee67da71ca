"""`yunnao upkeep`: one round of everything that the house does by itself."""

import json
import sys
from pathlib import Path

import click

from yunnao.cli.terminal import home_argument

_WORDS = {
    "moved": "期限变动",
    "projected": "清单更新",
    "classified": "定类",
    "dispatched": "机器分派",
    "looked": "查看",
    "yellow": "黄色预警",
    "red": "红色预警",
    "delivered": "送达",
    "later": "稍后再送",
    "undeliverable": "送不出去",
    "pages": "留在页面上",
    "masked": "清除个人信息的办件",
    "removed": "删除全文的办件",
    "fetched": "取回",
    "again": "稍后再取",
    "given_up": "取不到",
    "swept": "清扫",
}


@click.command("upkeep")
@home_argument
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 as JSON")
@click.option(
    "--retry", is_flag=True, help="送不出去的消息重新送，取不到的素材重新取 try undeliverable messages and media again"
)
def command(home: Path, as_json: bool, retry: bool) -> None:
    """例行事务做一遍：受理、预警、送出消息、到期清除个人信息。One round of everything the house does by itself.

    What yunnao serve does all the time, for a timer of the system where the service runs with --no-upkeep. Safe to be cut off, and to
    be run while the service runs. Messages that nobody took are listed. Exit 1: a part failed, the others were done.
    """
    from yunnao.app import District
    from yunnao.house import House
    from yunnao.kernel.errors import YunnaoError
    from yunnao.platforms.cases.filed.events import MACHINE

    house = House(District(home))
    done: dict[str, object] = {}
    failed = []
    if retry:
        done["retried"] = {"messages": house.undelivered.try_again(MACHINE), "media": house.fetch_again()}
    for task in house.tasks:
        try:
            counts = task.run(lambda: True)
        except YunnaoError as error:
            failed.append(f"{task.title}：{error}")
            done[task.name] = {"problem": str(error)}
            continue
        done[task.name] = dict(counts)
        if not as_json:
            said = "，".join(f"{_WORDS[name]} {count:,}" for name, count in counts.items() if count) or "没有要做的"
            click.echo(f"✓ {task.title}：{said}")
    left = house.undelivered.newest()
    done["undeliverable"] = [
        {"message": each.message_id, "tries": each.tries, "problem": each.problem} for each in left
    ]
    done["given_up"] = [
        {"case": each.case_id, "tries": each.tries, "problem": each.problem} for each in house.media_given_up()
    ]
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
    else:
        for each in left:
            click.echo(f"✗ 送不出去：{each.message_id}（送了 {each.tries} 次；{each.problem}）", err=True)
        for waiting in house.media_given_up():
            click.echo(f"✗ 取不到微信素材：{waiting.case_id}（试了 {waiting.tries} 次；{waiting.problem}）", err=True)
        if left:
            click.echo(f"共 {house.undelivered.count():,} 条；排除原因后用 --retry 重新送", err=True)
    for sentence in failed:
        click.echo(f"✗ {sentence}", err=True)
    if failed:
        sys.exit(1)
