"""Homes of measured districts: the starter settings, without limits on how often one address may post."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.measuring import program
from bench.service.server import YUNNAO
from yunnao.catalogue.home import make_home
from yunnao.scenarios.appeals.sample_messages import SAMPLE
from yunnao.settings import STARTER

DEPARTMENTS = {
    "urban_construction": "住房和城乡建设局",
    "human_resources": "人力资源和社会保障局",
    "education_sports": "教育和体育局",
    "commerce_tourism": "商务和文化旅游局",
    "ecology": "生态环境分局",
    "health": "卫生健康局",
    "transport": "交通运输局",
}
_LIMITS: Mapping[str, object] = {
    "public_url": "http://example.org",
    "posts_per_minute": 1_000_000,
    "wrong_codes_per_hour": 1_000_000,
}
_MODEL = "appeals.model"


def measured_home(home: Path, database_url: str = "", *, gateway_url: str = "", model: bool = False) -> Path:
    """A new home at ``home``; everybody comes from one address here, so that no limit by address may apply.

    Args:
        gateway_url: to which messages are sent; they stay for the pages if absent.
        model: whether a classifier is learned from the sample messages, by which the machine classifies and dispatches.
    """
    text = STARTER.replace('database_url: ""', f"database_url: {database_url!r}")
    changed: dict[str, Mapping[str, object]] = {"web": _LIMITS, "messages": {"gateway_url": gateway_url}}
    if model:
        changed["appeals"] = {"model": _MODEL}
    lines = []
    for line in text.splitlines():
        name = line.partition(":")[0]
        lines.append(f"{name}: {json.dumps(changed[name])}" if name in changed else line)
    make_home(home, DEPARTMENTS, "\n".join(lines) + "\n")
    if model:
        program([str(YUNNAO), "appeals", "train", str(SAMPLE), "--model", str(home / _MODEL)], quiet=True)
    return home
