"""A small plan of an imagined district, for the demonstration and tests. Synthetic: every sentence and number was made up for it."""

from pathlib import Path

_HERE = Path(__file__).parent

REPORT = _HERE / "sample_report.txt"
"""A report of January 2023: what 2022 reached, what 2023 is to reach, and commitments without a number."""
ACTUALS = _HERE / "sample_actuals.csv"
"""An officer's sheet: results of 2021, 2022 and the first half of 2023; several indicators have none, on purpose."""
OWNERS = _HERE / "sample_owners.yaml"
"""A table of departments, as an example."""
