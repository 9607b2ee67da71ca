"""Which assessment a district means: its own in ``HOME/assessments``, or the example that ships."""

from pathlib import Path

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.indicators.assessment.definition import Assessment, load_assessment

EXAMPLE = Path(__file__).with_name("zhaixing_duoqi.yaml")
FOLDER = "assessments"


def assessment_of(home: Path, wanted: str | None = None) -> Assessment:
    """The district's own assessment (``wanted`` where it has several), or the shipped example where it has none.

    Raises:
        YunnaoError: there is no such assessment, or several and none is named.
        DefinitionError: a file is not as declared.
    """
    own = {path.stem: path for path in sorted((home / FOLDER).glob("*.yaml"))}
    if not own and wanted in (None, EXAMPLE.stem):
        return load_assessment(EXAMPLE)
    if wanted is None and len(own) == 1:
        wanted = next(iter(own))
    if wanted is None:
        raise YunnaoError(f"{home / FOLDER} 里有几个考核：{'、'.join(own)}；请用 --assessment 写明哪一个")
    if wanted not in own:
        known = "、".join(own) or f"（空；随系统的示例叫 {EXAMPLE.stem}）"
        raise YunnaoError(f"{home / FOLDER} 里没有叫 {wanted} 的考核；现有：{known}")
    found = load_assessment(own[wanted])
    if found.id != wanted:
        raise YunnaoError(f"{own[wanted]}：文件名应与考核的 id 相同（{found.id}.yaml）")
    return found
