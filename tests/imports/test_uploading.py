"""Limits hold before anything is parsed, and nothing is left behind."""

import resource

import pytest

from imports import uploading
from imports.kinds import kinds_of
from imports.models import Import
from imports.reading import FileProblem


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings, db):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


def receive(blocks, name="days.csv"):
    return uploading.receive(blocks, name, kinds=kinds_of("sales"), options={})


def test_fault_27_a_file_over_the_limit_is_refused_with_advice(monkeypatch, uploads):
    monkeypatch.setattr(uploading, "MOST_BYTES", 100)
    with pytest.raises(FileProblem, match="Export it in parts"):
        receive([b"x" * 60, b"x" * 60])
    assert not list(uploads.iterdir())


def test_fault_27_a_workbook_over_its_own_limit_is_refused(monkeypatch, uploads):
    monkeypatch.setattr(uploading, "MOST_WORKBOOK_BYTES", 10)
    with pytest.raises(FileProblem, match=r"Save it as \.csv"):
        receive([b"PK\x03\x04" + b"x" * 60], "book.xlsx")


def test_fault_28_an_upload_cut_in_the_middle_leaves_nothing(uploads):
    def cut():
        yield b"date,location,sku,quantity\n"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        receive(cut())
    assert not Import.objects.exists()
    assert not list(uploads.iterdir())


def test_fault_28_a_full_disk_leaves_nothing(uploads):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(OSError, match="too large"):
            receive([b"date,location,sku,quantity\n", b"x" * 200_000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not Import.objects.exists()
    assert not list(uploads.iterdir())


def test_a_name_from_outside_never_becomes_a_path(uploads):
    content = b"date,location,sku,quantity\n2026-05-01,A,B,1\n"
    imported = receive([content], "../../etc/days.csv")
    assert imported.file_name == "days.csv"
    assert imported.path.startswith(str(uploads))
    assert (uploads / imported.path).stat().st_mode & 0o777 == 0o600
