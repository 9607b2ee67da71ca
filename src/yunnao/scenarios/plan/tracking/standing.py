"""Where a home's targets stand on a day: officers' sheets and the district's own measures together."""

import datetime as dt
from collections.abc import Iterable, Sequence

from yunnao.platforms.indicators.measure import Measured
from yunnao.platforms.indicators.targets.conventions import Conventions
from yunnao.platforms.indicators.targets.service import Targets
from yunnao.platforms.indicators.targets.tracking import Tracked, track
from yunnao.scenarios.plan.tracking.measured import MeasuredLine, measured_actuals
from yunnao.scenarios.plan.tracking.promises import series_of_promises


def standing(
    targets: Targets,
    measured: Iterable[Measured],
    lines: Sequence[MeasuredLine],
    as_of: dt.date,
    conventions: Sequence[Conventions],
    plan: str | None = None,
) -> list[Tracked]:
    """Every target that holds. What an officer's sheet says goes before what a run has measured for the same month."""
    held = targets.targets(plan)
    said = targets.actuals()
    known = {each.key for each in said}
    own = measured_actuals(lines, measured, series_of_promises(each.promised for each in held))
    return track(held, [*said, *(each for each in own if each.key not in known)], as_of, conventions)
