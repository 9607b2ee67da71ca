"""Homes of measured districts: the starter settings, without limits on how often one address may post."""

from pathlib import Path

from yunnao.catalogue.home import make_home
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
_LIMITS = {"public_url": "https://example.org", "posts_per_minute": 1_000_000, "wrong_codes_per_hour": 1_000_000}


def measured_home(home: Path, database_url: str = "") -> Path:
    """A new home at ``home``; everybody comes from one address here, so that no limit by address may apply."""
    web = f"web: {{{', '.join(f'{name}: {value!r}' for name, value in _LIMITS.items())}}}"
    lines = [web if line.startswith("web:") else line for line in STARTER.splitlines()]
    text = "\n".join(lines).replace('database_url: ""', f"database_url: {database_url!r}")
    make_home(home, DEPARTMENTS, text + "\n")
    return home
