"""What a statement says about its run: number, period, the rules in force with their citations; and the name of its file."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yunnao.scenarios.drg.reporting.statement import Source
from yunnao.scenarios.drg.settlement.runs import Run

RULES: Mapping[str, str] = {
    "scale": "点数的基数",
    "trimming": "费用裁剪",
    "base_points": "基准点数",
    "coefficients": "差异系数",
    "stability": "稳定病组",
    "high": "高倍率",
    "low": "低倍率",
    "bed_days": "床日",
    "readmission": "再入院",
    "unstable": "不稳定病组",
    "ungrouped": "未入组病例",
    "ambiguous": "歧义病案",
    "reviewed": "特病单议",
    "outside": "不按病组付费",
    "budgets": "基金支出预算",
    "adjustment": "调剂金",
    "prepayment": "按月预拨",
    "bond": "质量保证金",
    "point_value": "点值",
}
"""Parameter of the policy -> what a statement calls it."""
_UNSAFE = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "_"))


def source_of(run: Run) -> Source:
    """The source of the statements of ``run``.

    Raises:
        YunnaoError: the run's rules are damaged.
    """
    manifest, origins = run.manifest, run.rules.origins
    example = f"（{manifest.example}）" if manifest.example else ""
    return Source(
        run=manifest.number,
        kind=manifest.kind,
        period=manifest.period,
        as_of=dt.date.fromisoformat(manifest.as_of),
        title=f"{manifest.policy_title}{example}",
        lines=tuple((title, origins[name].words) for name, title in RULES.items() if name in origins),
    )


def file_name(account: Mapping[str, Any], source: Source) -> str:
    """``H001 示例医院 2023 第7次.docx``, without signs that a file's name may not hold."""
    name = f"{account['hospital_id']} {account['name'] or ''} {source.period} 第{source.run}次".replace("  ", " ")
    return f"{name.translate(_UNSAFE)}.docx"
