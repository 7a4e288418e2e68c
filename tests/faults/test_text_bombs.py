"""Case 25: lines made to do harm cost their own row, little memory and little time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from imports.reading import BadRow, text_rows

ROOT = Path(__file__).resolve().parents[2]
MEGABYTES = 300
SECONDS = 10
# Reads a file to its end in a process of its own, so that its memory can be told.
READER = r"""
import json, re, sys, time
from collections import Counter
from pathlib import Path
from imports.reading import BadRow, FileProblem, text_rows
begun, found = time.process_time(), Counter()
try:
    for _, row in text_rows(Path(sys.argv[1]), "utf-8", ","):
        found[row.cause if isinstance(row, BadRow) else "read"] += 1
except FileProblem as problem:
    found[str(problem)] += 1
peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
print(json.dumps([found, int(peak[1]) / 1024, time.process_time() - begun]))
"""


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rows(path):
    return [row for _, row in text_rows(path, "utf-8", ",")]


def causes(path):
    """How many rows were read, and what kept the others out; limits hold."""
    done = subprocess.run(
        [sys.executable, "-c", READER, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found, megabytes, seconds = json.loads(done.stdout)
    assert megabytes < MEGABYTES
    assert seconds < SECONDS
    return found


def test_fault_25_an_unclosed_quote_costs_one_row(file):
    assert rows(file('a,b\n1,"two\n3,4\n5,6\n')) == [
        ["a", "b"],
        BadRow("quote_unclosed"),
        ["3", "4"],
        ["5", "6"],
    ]


def test_fault_25_a_line_of_10_mb_costs_one_row(file):
    path = file("a,b\n" + "x" * 10_000_000 + "\n3,4\n")
    assert causes(path) == {"read": 2, "line_too_long": 1}


def test_fault_25_a_file_that_is_one_line_is_one_bad_row(file):
    assert causes(file("1," * 50_000_000)) == {"line_too_long": 1}


def test_fault_25_a_row_of_100_000_columns_harms_no_other(file):
    path = file("a,b\n" + "1," * 100_000 + "\n3,4\n")
    assert causes(path) == {"read": 3}


def test_fault_25_a_cell_of_more_than_64_kb_costs_its_row(file):
    assert rows(file("a,b\n" + "x" * 70_000 + ",1\n3,4\n"))[1:] == [
        BadRow("cell_too_long"),
        ["3", "4"],
    ]


def test_fault_25_zero_bytes_stay_in_their_row(file):
    assert rows(file(b"a,b\n\0,1\n3,4\n"))[1:] == [["\0", "1"], ["3", "4"]]


def test_fault_25_a_quote_before_a_line_that_is_too_long_loses_no_row(file):
    path = file('1,"two\n3,4\n5,6\n' + "x" * 2_000_000 + "\n7,8\n")
    assert rows(path) == [
        BadRow("quote_unclosed"),
        ["3", "4"],
        ["5", "6"],
        BadRow("line_too_long"),
        ["7", "8"],
    ]


def test_fault_25_a_quote_that_spans_the_file_costs_one_row(file):
    path = file('"1,2\n' + "3,4\n" * 1_000_000)
    assert causes(path) == {"read": 1_000_000, "quote_unclosed": 1}


def test_fault_25_quotes_that_never_end_are_given_up(file):
    """Each line closes the quote of the line before it, and opens one of its own."""
    told = "Too many quotes in this file are opened and not closed."
    path = file('x"y,"z\n' * 1_000_000)
    assert told in causes(path)


def test_fault_25_few_unclosed_quotes_in_a_large_file_are_no_reason(file):
    block = '"1,2\n' + "3,4\n" * 50_000
    assert causes(file(block * 20)) == {"read": 1_000_000, "quote_unclosed": 20}


def test_fault_25_a_million_blank_lines_are_rows_of_nothing(file):
    assert causes(file("\n" * 1_000_000)) == {"read": 1_000_000}


def test_fault_25_old_line_ends_are_lines(file):
    assert rows(file("a,b\r1,2\r\n3,4\n")) == [["a", "b"], ["1", "2"], ["3", "4"]]
