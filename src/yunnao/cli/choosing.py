"""Which run a command is about."""

from yunnao.app import District
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.decisions.runs import Manifest


def chosen_run(district: District, number: int | None, scenario: str | None) -> Manifest:
    """Run ``number``, or the last one (of ``scenario``; of `benefits` rather than another, if none is named).

    Raises:
        YunnaoError: there is no such run.
    """
    runs = district.deciding.runs
    if number is not None:
        return runs.manifest(number)
    preferred = [scenario] if scenario else ["benefits", None]
    for wanted in preferred:
        manifest = runs.latest(wanted)
        if manifest is not None:
            return manifest
    raise YunnaoError(
        f"{district.home}：还没有运行过{f'场景 {scenario}' if scenario else ''}；请先 yunnao run {district.home}"
    )
