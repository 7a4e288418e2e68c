"""Case 26: a workbook made to do harm is refused by name, or its values are read.

What a child process reads it with is measured: it stays under 1 GB, and what waits for
it never notices its death but by a named problem.
"""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import psutil
import pytest

from imports import workbook_child
from imports.reading import BadRow, FileProblem, is_workbook, workbook_rows
from tests.faults import workbooks
from tests.faults.workbooks import HEADER, make, row, text

ROOT = Path(__file__).resolve().parents[2]
# The child, which tells in the end how large it was.
CHILD = """
import sys
from pathlib import Path
from imports import workbook_child
code = workbook_child.main(sys.argv[1], "rows")
sys.stderr.write(Path("/proc/self/status").read_text())
sys.exit(code)
"""
SALE = row(*map(text, ("2026-05-01", "Cafe", "A", "1")))
SALE_CELLS = ["2026-05-01", "Cafe", "A", "1"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.xlsx"


def sales(number):
    return (
        row(*map(text, ("2026-05-01", os.urandom(4).hex(), n, 1)))
        for n in range(number)
    )


def rows_of(path):
    assert is_workbook(path)
    return [cells for _, cells in workbook_rows(path)]


def refusal(path):
    with pytest.raises(FileProblem) as problem:
        rows_of(path)
    return str(problem.value)


def measured(path):
    """The child's last line, how it ended, and its largest size in MB."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    peak = re.search(r"VmHWM:\s+(\d+)", done.stderr)
    return done.stdout.splitlines(True)[-1], done.returncode, int(peak[1]) / 1024


def test_fault_26_cells_are_read_as_they_stand(path):
    assert rows_of(make(path, HEADER, SALE))[1] == SALE_CELLS


def test_fault_26_a_cell_in_the_far_corner_is_refused(path):
    make(path, HEADER, SALE, row(text("x", "XFD1048576"), number=1048576))
    assert "more than 200 columns" in refusal(path)


def test_fault_26_a_cell_in_the_last_row_costs_nothing(path):
    make(path, HEADER, row(text("x", "GR1048576"), number=1048576))
    numbered = list(workbook_rows(path))
    assert numbered[-1][0] == 1048576
    assert numbered[-1][1][-1] == "x"
    assert len(numbered) == 2


def test_fault_26_a_row_beyond_the_last_is_refused(path):
    make(path, HEADER, row(text("x"), number=10**12))
    assert "too many rows" in refusal(path)


def test_fault_26_many_wide_rows_are_refused(path):
    make(path, *(row(f'<c r="XFD{n}"/>', number=n) for n in range(1, 1500)))
    assert "20 million cells" in refusal(path)


def test_fault_26_a_sheet_of_440_mb_in_1_5_mb_is_refused(path):
    block = row(*[text("same")] * 10) * 1000
    make(path, HEADER, *(block for _ in range(440_000_000 // len(block))))
    assert path.stat().st_size < 3_000_000
    told, _, megabytes = measured(path)
    assert "unpacks to too much data" in told
    assert megabytes < 200


def test_fault_26_1_6_million_shared_texts_are_refused(path):
    make(path, HEADER, SALE, texts=(f"<si><t>{n}</t></si>" for n in range(1_600_000)))
    told, _, megabytes = measured(path)
    assert "more than a million texts" in told
    assert megabytes < 200


def test_fault_26_shared_texts_with_a_prefix_are_counted(path, monkeypatch):
    monkeypatch.setattr(workbook_child, "MOST_SHARED_TEXTS", 10)
    table = '<x:sst xmlns:x="y">' + "<x:si/>" * 11 + "</x:sst>"
    make(path, parts={"xl/other.xml": table})
    with pytest.raises(workbook_child.Refused, match="a million texts"):
        workbook_child.check_parts(str(path))


@pytest.mark.long
def test_fault_26_many_allowed_texts_stay_under_the_limit(path):
    texts = (f"<si><t>{n:040}</t></si>" for n in range(900_000))
    make(path, HEADER, SALE, texts=texts)
    told, code, megabytes = measured(path)
    assert code == 0
    assert "Cafe" in told
    assert megabytes < 1024


def test_fault_26_one_cell_of_290_mb_costs_one_row(path):
    letters = os.urandom(5_000).hex()
    make(path, HEADER, SALE, row(text(letters * 29_000)))
    told, code, megabytes = measured(path)
    assert (told, code) == ('[3, "line_too_long"]\n', 0)
    assert megabytes < 1024


def test_fault_26_a_row_that_is_too_long_harms_no_other(path):
    make(path, row(*[text(os.urandom(30_000).hex())] * 20), SALE)
    assert rows_of(path) == [BadRow("line_too_long"), SALE_CELLS]


def test_fault_26_elements_nested_a_million_deep_are_survived(path):
    deep = "<x>" * 1_000_000 + "</x>" * 1_000_000
    make(path, HEADER, row(f"<c><is>{deep}</is></c>"), SALE)
    told, _, megabytes = measured(path)
    assert "Cafe" in told or told.startswith("!")
    assert megabytes < 1024


def test_fault_26_a_part_that_states_a_false_size_is_refused(path):
    make(path, HEADER, *[SALE] * 5000)
    content = bytearray(path.read_bytes())
    place = content.rindex(
        b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet1.xml")
    )
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    assert "could not be read safely" in refusal(path)


def test_fault_26_more_than_200_parts_are_refused(path):
    make(path, HEADER, parts={f"xl/media/{n}.xml": "<a/>" for n in range(200)})
    assert "too many parts" in refusal(path)


@pytest.mark.parametrize("name", ["/etc/passwd", "../../outside.xml"])
def test_fault_26_unsafe_names_are_refused(path, name):
    make(path, HEADER, parts={name: "<a/>"})
    assert "unsafe names" in refusal(path)


@pytest.mark.parametrize(
    "declared",
    ['<!ENTITY a "aaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">'],
    ids=["bomb", "file"],
)
def test_fault_26_entities_are_refused(path, declared):
    document = f"<!DOCTYPE x [{declared}]><x>&a;&a;</x>"
    make(path, HEADER, parts={"xl/extra.xml": document})
    assert "entities" in refusal(path)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("xl/vbaProject.bin", "has macros"),
        ("xl/externalLinks/externalLink1.xml", "linked to other files"),
    ],
)
def test_fault_26_macros_and_links_are_refused(path, part, says):
    make(path, HEADER, SALE, parts={part: "<a/>"})
    assert says in refusal(path)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("notes.txt", "not an Excel file"),
        ("xl/workbook.bin", r".xlsb"),
        ("content.xml", "OpenDocument"),
        ("Index/Document.iwa", "Numbers"),
    ],
)
def test_fault_26_other_archives_are_named(path, part, says):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "hello")
    assert says in refusal(path)


def test_fault_26_an_old_file_or_one_with_a_password_is_refused(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000)
    with pytest.raises(FileProblem, match="old Excel file or one with a password"):
        is_workbook(path)


@pytest.mark.parametrize("keep", [4, 100, -30])
def test_fault_26_a_damaged_workbook_is_refused(path, keep):
    make(path, HEADER, SALE)
    path.write_bytes(path.read_bytes()[:keep])
    assert "damaged" in refusal(path)


def test_fault_26_a_sheet_that_is_no_xml_is_refused(path):
    make(path, HEADER, "<row><c>")
    assert "could not be read safely" in refusal(path)


def test_fault_26_hidden_sheets_formulas_and_merged_cells_are_read(path):
    book = openpyxl.Workbook()
    book.active.title = "Secret"
    book.active["A1"] = "hidden"
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Sales")
    sheet.append(["sku", "quantity"])
    sheet.append(["0017", 2])
    sheet["C1"] = "merged"
    sheet.merge_cells("C1:D2")
    book.save(path)
    assert rows_of(path) == [
        ["sku", "quantity", "merged"],
        ["0017", "2"],
    ]


def test_fault_26_a_formula_gives_the_value_that_excel_kept(path):
    kept = '<c r="A1"><f>1+1</f><v>2</v></c>'
    unknown = '<c r="B1"><f>WEBSERVICE("http://127.0.0.1/")</f></c>'
    make(path, row(kept, unknown, text("end", "C1")))
    assert rows_of(path) == [["2", "", "end"]]


def test_fault_26_all_sheets_hidden_is_told(path):
    book = workbooks.BOOK.replace('name="Sales"', 'name="Sales" state="veryHidden"')
    make(path, HEADER)
    replaced(path, "xl/workbook.xml", book)
    assert "no visible sheet" in refusal(path)


def replaced(path, name, content):
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, kept in (parts | {name: content}).items():
            archive.writestr(part, kept)


def test_fault_26_a_child_that_dies_half_way_is_a_named_problem(path):
    make(path, HEADER, *sales(20_000))
    rows = workbook_rows(path)
    next(rows)
    (child,) = (
        one
        for one in psutil.Process().children()
        if "imports.workbook_child" in one.cmdline()
    )
    child.kill()
    with pytest.raises(FileProblem, match="could not be read safely"):
        for _ in rows:
            pass


def test_fault_26_time_is_limited(path):
    make(path, HEADER, *sales(100_000))
    script = (
        "import sys; from imports import workbook_child as child; child.SECONDS = 1;"
        f"sys.exit(child.main({str(path)!r}, 'rows'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode < 0
