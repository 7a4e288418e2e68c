"""How fast files of sales come in, on this machine: prints a table, writes RESULTS.md.

    python benchmarks/import/bench.py [--lines 1000000] [--existing 10000000]

Starts a PostgreSQL of its own with the settings of ``manage.py up``, in a folder that
goes afterwards. All figures are of this one run.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from jit_backoffice import embedded  # noqa: E402


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--existing", type=int, default=10_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--note", default="", help="what else ran on the machine")
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="bench-import-"))
    home.chmod(0o755)
    os.environ |= {
        "BACKOFFICE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "jit_backoffice.settings",
        "DATABASE_URL": embedded.address(home),
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "WARNING",
    }
    embedded.start(home)
    try:
        # Settings are read on import, and they ask for the address above.
        from measures import measure_all  # noqa: PLC0415
        from results import write_results  # noqa: PLC0415

        figures = measure_all(home, chosen.lines, chosen.existing, chosen.runs)
        write_results(figures, note=chosen.note, arguments=sys.argv[1:])
    finally:
        embedded.stop(home)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
