"""The demonstration's plan: a synthetic report read, its targets loaded, half a year of results, and where every target stands."""

from collections import Counter

import click

from yunnao.app import District
from yunnao.cli.terminal import table
from yunnao.kernel.moment import CHINA
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.platforms.indicators.targets.service import Reviewed
from yunnao.platforms.indicators.targets.tracking import LIGHT_WORDS
from yunnao.scenarios.plan.reading.reader import read
from yunnao.scenarios.plan.report_files import from_report_file
from yunnao.scenarios.plan.sample_plan import ACTUALS, OWNERS, REPORT
from yunnao.scenarios.plan.tracking.actual_files import read_actuals
from yunnao.scenarios.plan.tracking.commitments import commitments, plan_year
from yunnao.scenarios.plan.tracking.loading import load_plan
from yunnao.scenarios.plan.tracking.promises import OWNERS_FILE, load_owners, plan_of, promises, series_of_promises
from yunnao.scenarios.plan.tracking.standing import standing
from yunnao.scenarios.plan.tracking.track_tables import track_row
from yunnao.storage.files import home_lock, make_folder, sha256_of, write_atomically

_ACTOR = "centre"


def show_plan(district: District) -> None:
    """Load the sample plan into the district's home and print its lights.

    Raises:
        YunnaoError: the home cannot be written.
    """
    home = district.home
    make_folder((home / OWNERS_FILE).parent)
    write_atomically(home / OWNERS_FILE, OWNERS.read_bytes())
    document = from_report_file(REPORT)
    rows = read(document).rows
    promised = promises(rows)
    pending = commitments(document.text, rows, plan_year(rows) or district.clock().year)
    digest = sha256_of(REPORT)
    reviewed = Reviewed(name=REPORT.name, sha256=digest, report=REPORT.name, report_sha256=digest)
    owners = load_owners(home / OWNERS_FILE, dict(district.departments))
    today = district.clock().astimezone(CHINA).date()
    actuals, skipped = read_actuals(ACTUALS, series_of_promises(promised), today)
    with home_lock(home):
        loaded = load_plan(
            district.targets,
            district.filed,
            plan_of(promised),
            promised,
            reviewed,
            pending,
            owners,
            _ACTOR,
            district.clock(),
        )
        with district.targets.writing() as connection:
            district.targets.record(connection, actuals, ACTUALS.name, sha256_of(ACTUALS), len(skipped), _ACTOR)
    click.echo(
        f"\n⑤ 计划报告（合成的）：读出 {len(rows)} 个数，{len(loaded.targets.new)} 个目标入库，"
        f"{loaded.opened} 件没有数字的承诺成为办件；{len(actuals)} 个月度数"
    )
    tracked = standing(district.targets, [], [], today, load_conventions(home))
    shown = ("light", "words", "indicator", "wanted", "latest", "month", "band", "owner")
    cells = [track_row(each, district.departments) for each in tracked]
    heads = ("灯", "状态", "指标", "目标", "最新完成", "截至", "年底预计", "责任单位")
    table("目标跟踪", heads, [tuple(str(row[name] or "") for name in shown) for row in cells])
    counts = Counter(each.light for each in tracked)
    lights = "，".join(f"{words.zh} {counts[light]}" for light, words in LIGHT_WORDS.items())
    click.echo(f"   {lights}（没有数据的从不是绿的）")
