"""Whatever the bytes are: rows that add up or one named problem, soon and in little.

Short here, long in ``make test-long``. The files are made of every registered kind and
of the samples, then broken: bits turned, parts cut out, doubled or put in, columns
shuffled, another delimiter, another encoding.
"""

import csv
import io
import re
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Role, User
from imports import importing, uploading
from imports.detecting import detect
from imports.kinds import kinds_of
from imports.models import Import
from imports.reading import FileProblem
from inventory.models import Location
from jobs.models import Job
from jobs.running import execute
from tests.faults.every_kind import sample_files, table

SECONDS = 10
MEGABYTES = 300
TICKED = {"create_products": True, "create_locations": True, "date_order": "dmy"}
CHOICES = st.sampled_from(({}, TICKED, TICKED | {"location": "Old Town"}))
FIRST_ROW_WITHOUT_HANDLE = (
    b"handle,title,option1 value,variant sku,variant price,option1 name\n,,,,3,Size\n"
)
ACCENTS = "2026-05-02,Çà et là,ÉÉ,1\n".encode() * 3
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp932")
ODD_CELLS = (
    *("", " ", "NaN", "inf", "-", "--", "0", "-0", "1e400", "1,2,3", "9" * 400),
    *("=1+1", "'", '"', '""', "\x00", "\x1f", "\\.", "\\N", "\t", "\ufeff", "\u202e"),
    *("２０２６-05-01", "2026-02-30", "9999-12-31", "0001-01-01", "45992.5", "99999"),
    *("1.234,50", "$1,020.00", "(7.00)", "4.00638E+12", "\ud83d\ude00", "Œ" * 300),
    *("24:00", "23:59:60", "12:00 AM", "2026-03-29T02:30:00+01:00", "²", "١٢", "½"),
)


@contextmanager
def limits():
    """What is inside takes neither long nor much memory."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before, begun = memory("VmRSS"), time.perf_counter()
    yield
    assert time.perf_counter() - begun < SECONDS
    assert memory("VmHWM") - before < MEGABYTES


def memory(name):
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024


cells = st.one_of(st.sampled_from(ODD_CELLS), st.text(max_size=20))


@st.composite
def tables(draw):
    """A table of some kind with columns shuffled, odd cells, and rows cut short."""
    kind = draw(st.sampled_from(kinds_of()))
    header, rows = table(kind)
    order = draw(st.permutations(range(len(header))))
    if draw(st.booleans()):
        header = [header[place] for place in order]
        rows = [
            [row[place] for place in order] for row in rows if len(row) > max(order)
        ]
    rows = [list(row) for row in rows[:20]]
    for _ in range(draw(st.integers(0, 6))):
        row = draw(st.sampled_from(rows)) if rows else header
        if row:
            row[draw(st.integers(0, len(row) - 1))] = draw(cells)
    if draw(st.booleans()):
        rows = [row[: draw(st.integers(0, len(row)))] for row in rows]
    above = draw(st.lists(st.lists(cells, max_size=3), max_size=3))
    return [*above, list(header), *rows]


@st.composite
def text_files(draw):
    out = io.StringIO()
    delimiter = draw(st.sampled_from(",;\t|"))
    ends = draw(st.sampled_from(("\r\n", "\n", "\r")))
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ends)
    writer.writerows(draw(tables()))
    content = out.getvalue().encode(draw(st.sampled_from(ENCODINGS)), "replace")
    return draw(broken(content))


@st.composite
def samples(draw):
    path = draw(st.sampled_from(sample_files()))
    return draw(broken(path.read_bytes()))


@st.composite
def broken(draw, content):
    content = bytearray(content)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        match draw(st.sampled_from(("turn", "cut", "double", "put in", "end"))):
            case "turn" if place < len(content):
                content[place] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del content[place : place + length]
            case "double":
                content[place:place] = content[place : place + length]
            case "put in":
                content[place:place] = draw(st.binary(max_size=20))
            case "end":
                del content[max(place, len(content) // 2) :]
    return bytes(content)


@st.composite
def workbooks(draw):
    book = openpyxl.Workbook()
    for row in draw(tables()):
        book.active.append([cell for cell in row if cell.isprintable()])
    out = io.BytesIO()
    with time_machine.travel("2026-05-01", tick=False):  # the file tells its time
        book.save(out)
    return draw(broken(out.getvalue()))


STEPS = ("import_detected", "import_columns", "import_check", "import_progress")
# What a person who knows the file says; hypothesis puts in what nobody would.
ANSWERS = {"location": "Old Town", "date": "2026-05-01", "date_order": "dmy"}
names = st.sampled_from(
    (
        *("kind", "encoding", "delimiter", "header_row", "date_order", "decimal_mark"),
        *("location", "reading", "sku", "quantity", "date", "item", "choice", "sheet"),
        *("returns", "negative", "profile", "close_of_day", "location_new"),
    )
)
values = st.one_of(
    st.sampled_from(("", "0", "1", "2", "3", "19", "-1", "dmy", "+", "utf-16", "\t")),
    st.sampled_from(("create_products", "accept_changes", "comma", "sale_lines")),
    st.sampled_from([kind.name for kind in kinds_of()]),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
answers = st.dictionaries(names, values, max_size=5)


def run_waiting():
    for job in Job.objects.filter(state=Job.State.WAITING):
        execute(job.pk)
        job.refresh_from_db()
        assert job.state in (Job.State.DONE, Job.State.CANCELLED), job.error


class TestFuzz(TestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        uploads = override_settings(MEDIA_ROOT=self.folder, UPLOADS_PER_MINUTE=10**6)
        uploads.enable()
        self.addCleanup(uploads.disable)

    def read(self, content):
        path = self.folder / "file"
        path.write_bytes(content)
        with limits():
            try:
                found = detect(path, kinds_of(), {})
            except FileProblem:
                return
            for _ in found.source(path).rows():
                pass

    def bring_in(self, content, options):
        """Check and import it; every row read is counted, once."""
        Location.objects.create(name="Old Town", time_zone="Europe/Amsterdam")
        with limits():
            try:
                imported = uploading.receive(
                    [content], "file", kinds=kinds_of(), options=options
                )
            except FileProblem:
                return
            importing.check(imported, lambda *report: None)
            imported.refresh_from_db()
            if imported.state == Import.State.CHECKED:
                checked = imported.row_counts
                assert sum(checked.values()) == imported.rows_read
                importing.write(imported, lambda *report: None)
                imported.refresh_from_db()
        if imported.state == Import.State.FAILED:
            assert imported.error
        else:
            assert imported.state == Import.State.DONE
            assert sum(imported.row_counts.values()) == imported.rows_read

    def walk(self, content, fields):
        """All pages of the wizard with this file, whatever a person answers."""
        admin = User.objects.create_user("admin@example.com", "x", role=Role.ADMIN)
        Location.objects.create(name="Old Town", time_zone="Europe/Amsterdam")
        self.client.force_login(admin)
        with limits():
            file = SimpleUploadedFile("file.csv", content)
            response = self.client.post(reverse("import_new"), {"file": file})
            assert response.status_code in (302, 422)
            imported = Import.objects.first()
            for name in STEPS if imported else ():
                address = reverse(name, args=[imported.pk])
                assert self.client.get(address).status_code in (200, 302)
                said = ANSWERS | fields
                assert self.client.post(address, said).status_code in (302, 422)
                run_waiting()
            for name in (*STEPS, "import_result", "import_rows"):
                address = reverse(name, args=[imported.pk]) if imported else "/"
                assert self.client.get(address).status_code in (200, 302)

    @settings(max_examples=6, deadline=None)
    @given(text_files() | samples(), answers)
    @example(b"date,location,sku,quantity\n2026-05-01,\xcfld,GR-1042,2\n" + ACCENTS, {})
    @example(b"date,location,sku,quantity,\xec\n2026-05-01,A,B,2,\n" + ACCENTS, {})
    @example("date,location,sku,quantity,\0\n".encode("utf-16") + b"1\0,\0", {})
    def test_the_wizard_never_breaks(self, content, fields):
        self.walk(content, fields)

    @pytest.mark.long
    @settings(max_examples=400, deadline=None)
    @given(text_files() | samples() | st.binary(max_size=3000), answers)
    def test_the_wizard_never_breaks_long(self, content, fields):
        self.walk(content, fields)

    @settings(max_examples=50, deadline=None)
    @given(st.binary(max_size=3000))
    def test_any_bytes_are_rows_or_a_named_problem(self, content):
        self.read(content)

    @settings(max_examples=15, deadline=None)
    @given(text_files() | samples(), CHOICES)
    @example(FIRST_ROW_WITHOUT_HANDLE, {})
    def test_broken_files_come_in_or_are_a_named_problem(self, content, options):
        self.bring_in(content, options)

    @settings(max_examples=2, deadline=None)
    @given(workbooks(), CHOICES)
    def test_broken_workbooks_come_in_or_are_a_named_problem(self, content, options):
        self.bring_in(content, options)

    @pytest.mark.long
    @settings(max_examples=5000, deadline=None)
    @given(st.binary(max_size=20_000))
    def test_any_bytes_are_rows_or_a_named_problem_long(self, content):
        self.read(content)

    @pytest.mark.long
    @settings(max_examples=1500, deadline=None)
    @given(text_files() | samples(), CHOICES)
    def test_broken_files_come_in_or_are_a_named_problem_long(self, content, options):
        self.bring_in(content, options)

    @pytest.mark.long
    @settings(max_examples=150, deadline=None)
    @given(workbooks(), CHOICES)
    def test_broken_workbooks_come_in_or_are_a_named_problem_long(
        self, content, options
    ):
        self.bring_in(content, options)
