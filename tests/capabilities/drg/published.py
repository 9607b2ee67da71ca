"""The published schemes, where they are at hand; tests that need them say loudly that they were skipped."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "drg"
SCHEMES = ("chs_drg_1_1", "qingdao_2023")
SAMPLE_CASES = FOLDER / "sample_cases_chs_drg_1_1.csv"

needs_published = pytest.mark.skipif(
    not SAMPLE_CASES.exists(), reason="NOT CHECKED against the published DRG schemes: ../shared/data/drg is not there"
)
