"""A skipped test is told loudly, and fails the run where CI=true."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_skipped_test_is_loud_and_fails_in_ci(tmp_path, ci, status):
    test = tmp_path / "test_browser.py"
    test.write_text(
        "import pytest\n"
        "def test_here(): pass\n"
        "def test_page(): pytest.skip('apt-get install chromium')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "tests.skips", test],
        cwd=ROOT,
        env=os.environ | {"CI": ci, "PYTEST_ADDOPTS": "-p no:django"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert "NOT RUN" in done.stdout
    assert "test_page: apt-get install chromium" in done.stdout
