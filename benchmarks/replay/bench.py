"""Stock at equal achieved fill, ours against each rule: prints, writes RESULTS.md.

    python benchmarks/replay/bench.py [--arrays var/m5.npz]

The last 364 days of the shared M5 stores, reviewed weekly, lost sales, every rule from
the same stock with the same demand. `make bench-replay` writes the arrays first.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from rules import frontiers  # noqa: E402
from stores import read_stores  # noqa: E402
from tables import write_results  # noqa: E402

LEAD_DAYS = (3, 7)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--arrays", type=Path, default=ROOT / "var/m5.npz")
    stores = read_stores(options.parse_args().arrays)
    found = {lead: frontiers(stores, lead) for lead in LEAD_DAYS}
    write_results(stores, found)


if __name__ == "__main__":
    main()
