"""Each known layout is known by its header alone and read as its sample says."""

import csv

import pytest

from imports.detecting import detect
from imports.kinds import kinds_of
from imports.looking import look_at, normal
from imports.reading import FileProblem
from imports.recognising import match_header
from sales.formats import line_headers
from sales.layouts import DAYS, RECEIPTS
from tests.sales.formats.golden import EVERY, GENERIC, NAMED, SAMPLES, read


def named(sample):
    return sample.file


@pytest.mark.parametrize("sample", EVERY, ids=named)
def test_a_sample_is_known_and_read(sample):
    assert sample.detected().kind == sample.kind
    assert read(sample) == sample.expected


def test_every_named_layout_has_a_sample_and_says_where_it_is_described():
    layouts = [*RECEIPTS, *DAYS]
    assert {sample.kind for sample in NAMED} == {layout.name for layout in layouts}
    assert all(layout.documented for layout in layouts)
    files = {path.name for path in SAMPLES.iterdir() if path.suffix != ".json"}
    assert files == {sample.file for sample in EVERY}


@pytest.mark.parametrize("sample", EVERY, ids=named)
def test_no_other_named_layout_takes_a_file_for_its_own(sample):
    look = look_at(sample.path, kinds_of())
    fitting = {
        kind.name
        for kind in kinds_of()
        if not kind.is_generic and match_header(kind, look.header, sample.options).fits
    }
    assert fitting == ({sample.kind} if sample in NAMED else set())


@pytest.mark.parametrize("sample", EVERY, ids=named)
def test_a_sample_is_known_among_the_files_of_all_rooms(sample):
    assert detect(sample.path, kinds_of(), sample.options).kind == sample.kind


@pytest.mark.parametrize("sample", NAMED, ids=named)
def test_a_file_that_differs_is_left_to_the_mapper(sample, tmp_path):
    """One needed column under another name, each in turn."""
    found = sample.detected()
    kind = next(kind for kind in kinds_of("sales") if kind.name == sample.kind)
    rows = read_text(sample, found)
    needed = [c for c in kind.columns if c.required and not c.unless_option]
    assert len(needed) >= 4
    for column in needed:
        changed = [list(row) for row in rows]
        changed[found.header_row - 1] = [
            "zzz"
            if normal(name) in column.headers or name.lower() in column.headers
            else name
            for name in rows[found.header_row - 1]
        ]
        path = tmp_path / f"{column.name}.csv"
        write_text(path, changed)
        assert kind_of(path, sample) in {"", "sale_lines", "daily_totals"}, column


def read_text(sample, found):
    with sample.path.open(encoding=found.encoding, newline="") as file:
        return list(csv.reader(file, delimiter=found.delimiter))


def write_text(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def kind_of(path, sample):
    try:
        return detect(path, kinds_of("sales"), sample.options).kind
    except FileProblem:
        return ""


def test_no_name_of_a_column_stands_for_two():
    lists = [
        value
        for name, value in vars(line_headers).items()
        if name.isupper() and isinstance(value, tuple)
    ]
    every = [name for names in lists for name in names]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("sample", GENERIC, ids=named)
def test_a_generic_file_needs_no_mapping_where_its_names_are_common(sample):
    found = sample.detected()
    assert {"date", "quantity"} <= found.columns.keys()
    assert found.columns.keys() & {"sku", "item"}


def test_a_file_that_names_no_item_is_left_to_the_mapper(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text("Date,Qty,Store\n2026-05-01,1,Old Town\n")
    with pytest.raises(FileProblem, match="“sku” cannot"):
        detect(path, kinds_of("sales"), {})
    path.write_text("Date,Qty,Store,Barcode\n2026-05-01,1,Old Town,4006381333931\n")
    assert detect(path, kinds_of("sales"), {}).kind == "sale_lines"
