"""Each of the 30 faults and bad inputs of an import has a test with its number."""

import re
from pathlib import Path

CASES = range(1, 31)
NUMBERED = re.compile(r"def test_fault_(\d\d)((?:_and_\d\d)*)_\w+\(")
TESTS = Path(__file__).resolve().parents[1]


def numbers():
    found = set()
    for path in TESTS.rglob("test_*.py"):
        for first, others in NUMBERED.findall(path.read_text(encoding="utf-8")):
            found |= {int(first), *map(int, re.findall(r"\d\d", others))}
    return found


def test_every_case_has_a_test():
    assert set(CASES) - numbers() == set()
