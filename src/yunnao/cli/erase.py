"""`yunnao erase`: a person's data is erased on request, in a closed case or in settlements of DRG payment."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.cli.terminal import home_argument

if TYPE_CHECKING:
    from yunnao.access.actors import Actor
    from yunnao.app import District
    from yunnao.scenarios.drg.settlement.runs import Runs


@click.command("erase")
@home_argument
@click.argument("case_id", metavar="[CASE]", required=False)
@click.option("--insured", metavar="PERSON", help="参保人代号：DRG 结算里这个人的全部病案 an insured person's stays")
@click.option("--stay", metavar="STAY", help="病案号：DRG 结算里的这一份病案 one stay")
@click.option("--as", "actor", required=True, help="操作人 who does it (role centre)")
@click.option("--reason", required=True, help="理由 why")
def command(home: Path, case_id: str | None, insured: str | None, stay: str | None, actor: str, reason: str) -> None:
    """应当事人要求，清除已办结办件的、或 DRG 结算里的个人信息。Erase name, contact and its hash, and mask personal data in the words of a
    closed case; or take an insured person out of the settlements of DRG payment.

    For good: history, exports and topics carry the masked words alone from then on; of a settled stay its money, points, group and month
    are left under a name that nobody can be found by. The audit log notes that it was done, not what was there.
    """
    from yunnao.app import District
    from yunnao.house import House
    from yunnao.kernel.errors import YunnaoError

    if sum(each is not None for each in (case_id, insured, stay)) != 1:
        raise YunnaoError("请写明清除什么：办件编号，或 --insured 参保人代号，或 --stay 病案号，只写一样")
    district = District(home)
    who = district.actors.actor(actor)
    if case_id is not None:
        House(district).erase(case_id, who, reason)
        click.echo(f"✓ {case_id}：个人信息已清除")
    else:
        _from_settlements(district, who, reason.strip(), insured, stay)


def _from_settlements(district: "District", who: "Actor", reason: str, insured: str | None, stay: str | None) -> None:
    """Forget a person or a stay: those to come first, then every run that there is, then the line in the audit log.

    Raises:
        YunnaoError: the actor may not, there is no reason, a run is damaged; what was done before stays done, and again ends it.
    """
    from yunnao.access.roles import Role
    from yunnao.kernel.errors import YunnaoError
    from yunnao.kernel.moment import instant_text
    from yunnao.scenarios.drg.settlement.erasing import FILE, load_forgotten
    from yunnao.scenarios.drg.settlement.runs import Runs
    from yunnao.settings import district_secret
    from yunnao.storage.files import home_lock, make_folder, write_atomically

    if Role.CENTRE not in who.roles:
        raise YunnaoError(f"{who.name} 没有“云脑中心”角色，不能清除个人信息；请由中心办理")
    if not reason:
        raise YunnaoError("请写明清除的理由（--reason）")
    district.check_records()
    runs = Runs(district.home, write_atomically, make_folder)
    with home_lock(district.home):
        forgotten = load_forgotten(district.home, district_secret(district.home)).with_(person=insured, stay=stay)
        make_folder((district.home / FILE).parent)
        write_atomically(district.home / FILE, forgotten.document())
        runs.remove_cut_off()
        at = instant_text(district.clock())
        rows = {number: runs.erase(number, forgotten, at) for number in runs.numbers()}
        _note(district, runs, who.id, reason)
    changed = {number: count for number, count in rows.items() if count}
    told = "、".join(f"第 {number} 次 {count:,} 份" for number, count in changed.items())
    click.echo(f"✓ DRG 结算：{told or '没有这样的病案'}；以后的结算也不再保留")
    click.echo(
        "  金额、点数、病组和出院月份因基金账目须保存而留下，不再指向个人。没有清除：名册 inpatient_stays 的交付、"
    )
    click.echo("  已经交出的文件、备份；有关的单议和异议办结后用 yunnao erase HOME 办件编号 清除")


def _note(district: "District", runs: "Runs", actor: str, reason: str) -> None:
    """One line for every erasure that has none: these, and such as were cut off right before their line."""
    from yunnao.audit.events import AuditEvent

    noted = {
        (run, digest)
        for details in district.audit.details_of(AuditEvent.STAYS_FORGOTTEN)
        for run, digest, _ in details["runs"]
    }
    new = [
        [number, each.sha256, each.rows]
        for number in runs.numbers()
        for each in runs.open(number).erasures
        if (number, each.sha256) not in noted
    ]
    if new:
        with district.audit.writing() as connection:
            district.audit.append(connection, AuditEvent.STAYS_FORGOTTEN, actor, {"runs": new, "reason": reason})
