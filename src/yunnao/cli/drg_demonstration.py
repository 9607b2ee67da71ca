"""The demonstration of DRG payment: a small synthetic year from files through a month's prepayment to its clearing."""

import click

from yunnao.app import District
from yunnao.cli.drg_sampling import write_year
from yunnao.cli.drg_telling import note_runs, tell_sums
from yunnao.cli.terminal import progress
from yunnao.scenarios.drg.sample_year import YEAR
from yunnao.storage.files import home_lock

_STAYS, _HOSPITALS = 2_000, 6


def show_drg(district: District) -> None:
    """Load a synthetic year into ``district``, prepay its January, clear it, and say what it comes to."""
    with progress("⑦ DRG 点数付费 DRG payment") as advance:
        written = write_year(district.home, stays=_STAYS, hospitals=_HOSPITALS, seed=1)
        advance("", 0.3)
        for file in written.registers:
            district.registry.load(file.stem, [file])
        advance("", 0.6)
        with home_lock(district.home):
            district.settling().run_month(f"{YEAR}-01")
            run, _ = district.settling().run_year(YEAR)
            note_runs(district)
    title = run.manifest.title
    click.echo(
        f"\n⑦ {title}：{_STAYS:,} 份住院病案、{_HOSPITALS} 家医院（全部是合成的），分组、计点、预拨一个月、年终清算"
    )
    tell_sums(run)
