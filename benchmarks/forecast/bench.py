"""How good the forecasts are on the M5 stores: prints tables, writes RESULTS.md.

    make bench-forecast

That writes the panel and runs AutoETS in an environment of their own first.
"""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]

from cases import case_at, read_stores  # noqa: E402
from results import write_results  # noqa: E402
from scores import Scores, score  # noqa: E402
from terms import ORIGINS, PANEL  # noqa: E402


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--note", default="", help="what the reader must know")
    chosen = options.parse_args()
    stores, scores = read_stores(str(PANEL)), Scores()
    for at, origin in enumerate(ORIGINS):
        score(scores, case_at(stores, origin), at)
        print(f"Scored {origin}", flush=True)
    write_results(scores, note=chosen.note)


if __name__ == "__main__":
    main()
