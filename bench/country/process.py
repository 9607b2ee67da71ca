"""A process of its own for either side: python -m bench.country.process ours|theirs DATA [RESULT]

With RESULT, a folder, what was found is written there. A process that ends by itself needs no garbage collector, neither of them.
"""

import gc
import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    """See the module."""
    side, *folders = sys.argv[1:]
    import_module(f"bench.country.{side}").run(*map(Path, folders))


if __name__ == "__main__":
    gc.disable()
    main()
    gc.freeze()
