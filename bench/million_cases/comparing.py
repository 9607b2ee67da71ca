"""`python -m bench.million_cases.comparing HOME`: hold the projection of a home against its events; fails if any row differs."""

import sys
from pathlib import Path

from yunnao.app import District
from yunnao.platforms.cases.filed.upkeep import Upkeep

if __name__ == "__main__":
    differing = Upkeep(District(Path(sys.argv[1])).filed).differing()
    sys.exit(f"{len(differing):,} rows differ, such as {differing[:3]}" if differing else 0)
