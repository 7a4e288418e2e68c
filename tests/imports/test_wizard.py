"""Any file is understood: asked once what it does not say, then one click."""

import io

import openpyxl
import pytest

from imports.models import FileProfile, Import
from inventory.models import Location, SaleLine
from jobs.models import Job
from tests.imports.wizard import (
    DAYS,
    TILL,
    at,
    columns_of,
    latest,
    page,
    post,
    through,
    upload,
    work,
)

pytestmark = pytest.mark.usefixtures("uploads")


def test_an_unknown_file_is_kept_and_asked_about(admin, steady):
    response = upload(admin, TILL, "till.csv")
    imported = latest()
    assert at(response, "import_detected", imported)
    text = page(admin, "import_detected", imported).text
    assert "No layout that is known" in text
    assert "Row 3: Bon, Day, Branch office" in text
    assert "Sales lines" in text
    assert not Job.objects.exists()


def test_customer_data_is_masked_on_every_page(admin, steady):
    imported = through(admin)
    for name in ("import_detected", "import_columns", "import_check"):
        assert "canary" not in page(admin, name, imported).text.lower()


def test_columns_are_suggested_with_how_sure_they_are(admin, steady):
    upload(admin, TILL)
    text = page(admin, "import_columns", latest()).text
    assert "By its values" in text or "Similar name" in text
    assert "13.04.2026" in text
    assert "Will not be stored" in text


def test_a_mapped_file_is_imported_and_remembered(admin, steady):
    imported = through(admin)
    assert (imported.rows_read, imported.rows_new) == (2, 2)
    post(admin, "import_progress", imported)
    work()
    assert SaleLine.objects.current().count() == 2
    assert "needs one click" in page(admin, "import_result", imported).text
    later = TILL.replace("R-1;", "R-3;").replace("R-2;", "R-4;")
    response = upload(admin, later, "till-2.csv")
    again = latest()
    assert at(response, "import_check", again)
    work()
    again.refresh_from_db()
    assert again.rows_new == 2
    assert again.profile == imported.profile


def test_a_remembered_file_with_its_columns_moved_is_read_by_name(admin, steady):
    imported = through(admin)
    post(admin, "import_progress", imported)
    work()
    title, blank, *rows = TILL.strip().split("\n")
    moved = [";".join(reversed(row.split(";"))) for row in rows]
    upload(admin, "\n".join([title, blank, *moved]))
    work()
    again = latest()
    assert (again.rows_read, again.rows_duplicate) == (2, 2)


def test_ticks_for_one_file_are_not_remembered(admin, steady):
    imported = through(admin, TILL.replace("GR-1042", "NEW-1"))
    post(admin, "import_check", imported, choice="ignore_products")
    work()
    post(admin, "import_progress", imported)
    work()
    assert "ignore_products" not in FileProfile.objects.first().options


def test_fault_10_a_missing_column_stops_before_anything_is_checked(admin, steady):
    upload(admin, TILL)
    imported = latest()
    post(admin, "import_detected", imported)
    chosen = columns_of(imported) | {"quantity": ""}
    response = post(admin, "import_columns", imported, **chosen)
    assert response.status_code == 422
    assert "Choose the column for quantity" in response.text
    assert not Job.objects.exists()
    assert not SaleLine.objects.exists()


def test_fault_11_two_columns_of_one_name_are_asked(admin, steady):
    content = "date,location,sku,quantity,quantity\n2026-05-01,Old Town,GR-1042,3,8\n"
    upload(admin, content)
    imported = latest()
    response = post(admin, "import_detected", imported)
    assert at(response, "import_columns", imported)
    text = page(admin, "import_columns", imported).text
    assert "quantity (column 4)" in text
    assert "quantity (column 5)" in text
    assert "Choose which" in text
    chosen = {"date": "0", "location": "1", "sku": "2"}
    response = post(admin, "import_columns", imported, **chosen)
    assert response.status_code == 422
    post(admin, "import_columns", imported, **chosen, quantity="4")
    work()
    imported.refresh_from_db()
    assert "8.0" in imported.preview["rows"][0]["cells"]


def test_fault_12_the_row_with_the_names_is_found_and_may_be_changed(admin, steady):
    content = "My shop\n\nExport of 1 June\n" + DAYS
    upload(admin, content)
    imported = latest()
    assert imported.detected["header_row"] == 4
    reading = {"reading": "1", "kind": imported.kind, "header_row": "0"}
    post(admin, "import_detected", imported, **reading)
    imported.refresh_from_db()
    assert imported.detected["header_row"] == 0
    assert "Column 1" in page(admin, "import_detected", imported).text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n\n", "empty"),
        (b"date,location,sku,quantity\n", "no rows"),
        (b"\x00\x01\x02" * 50, "not a table"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"PK\x03\x04 and nothing else", "damaged"),
    ],
)
def test_fault_13_what_cannot_be_read_is_refused_at_once(admin, content, says):
    response = upload(admin, content)
    assert response.status_code == 422
    assert says in response.text
    assert not Import.objects.exists()


def test_fault_15_an_ambiguous_number_is_asked_once(admin, steady):
    content = 'Day,Article code,Pieces\n2026-05-01,GR-1042,"1,234"\n'
    upload(admin, content)
    imported = latest()
    text = page(admin, "import_detected", imported).text
    assert "How much is 1,234?" in text
    post(admin, "import_detected", imported, decimal_mark="comma", location="Old Town")
    imported.refresh_from_db()
    assert imported.detected["decimal_comma"] is True


def test_fault_16_the_order_of_dates_is_remembered(admin, steady):
    content = TILL.replace("13.04.", "03.04.").replace("14.04.", "04.05.")
    imported = through(admin, content, date_order="mdy")
    post(admin, "import_progress", imported)
    work()
    upload(admin, content.replace("R-1", "R-8"))
    again = latest()
    assert again.detected["date_order"] == "mdy"
    assert again.step == Import.Step.CHECK


def test_a_location_for_all_rows_is_asked_and_may_be_new(admin, steady):
    content = "date,sku,quantity\n2026-05-01,GR-1042,3\n"
    upload(admin, content)
    imported = latest()
    response = post(admin, "import_detected", imported)
    assert response.status_code == 422
    assert "Choose the location of all rows" in response.text
    answers = {"location": "+", "new_location": "Pop-up", "day_ends_at": "04:00"}
    post(admin, "import_detected", imported, **answers)
    work()
    imported.refresh_from_db()
    assert imported.rows_new == 1
    assert not Location.objects.filter(name="Pop-up").exists()
    post(admin, "import_progress", imported)
    work()
    place = Location.objects.get(name="Pop-up")
    assert place.closes.get().time.hour == 4


def test_a_name_of_a_location_is_assigned_and_remembered(admin, steady):
    content = DAYS.replace("Old Town", "Stall 7")
    upload(admin, content)
    imported = latest()
    post(admin, "import_detected", imported)
    work()
    assert "Assign locations" in page(admin, "import_check", imported).text
    post(admin, "import_locations", imported, place_0="Old Town")
    work()
    imported.refresh_from_db()
    assert (imported.rows_new, imported.rows_parked) == (1, 0)
    post(admin, "import_progress", imported)
    work()
    upload(admin, content.replace("05-01", "05-02"))
    work()
    assert latest().rows_new == 1


def test_another_sheet_of_a_workbook_may_be_read(admin, steady, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Notes", "of", "nothing"])
    book.active.append(["a", "b", "c"])
    sheet = book.create_sheet("Sales")
    for line in DAYS.strip().split("\n"):
        sheet.append(line.split(","))
    buffer = io.BytesIO()
    book.save(buffer)
    upload(admin, buffer.getvalue(), "book.xlsx")
    imported = latest()
    assert "Sheet" in page(admin, "import_detected", imported).text
    reading = {"reading": "1", "kind": imported.kind, "sheet": "Sales"}
    post(admin, "import_detected", imported, **reading, header_row="1")
    imported.refresh_from_db()
    assert imported.kind == "daily_totals"
    post(admin, "import_detected", imported)
    work()
    imported.refresh_from_db()
    assert imported.rows_new == 1
    post(admin, "import_progress", imported)
    work()
    assert SaleLine.objects.current().count() == 1
    assert not list((tmp_path / "imports").iterdir())


def test_fault_14_letters_may_be_read_otherwise(admin, steady):
    content = DAYS.replace("quantity", "quantity,name").replace(",3\n", ",3,Café\n")
    upload(admin, content.encode("cp1252"))
    imported = latest()
    assert imported.detected["encoding"] == "cp1252"
    assert "Café" in page(admin, "import_detected", imported).text
    reading = {"reading": "1", "kind": imported.kind, "header_row": "1"}
    post(admin, "import_detected", imported, **reading, encoding="utf-16")
    imported.refresh_from_db()
    assert imported.detected["encoding"] == "cp1252"
    post(admin, "import_detected", imported, **reading, encoding="cp932")
    imported.refresh_from_db()
    assert imported.detected["encoding"] == "cp932"


def test_another_kind_may_be_chosen(admin, steady):
    upload(admin, "sku,location,quantity\nGR-1042,Old Town,3\n")
    imported = latest()
    assert imported.kind == "stock_count"
    reading = {"reading": "1", "header_row": "1", "kind": "daily_totals"}
    post(admin, "import_detected", imported, **reading)
    imported.refresh_from_db()
    assert imported.kind == "daily_totals"
    assert at(post(admin, "import_detected", imported), "import_columns", imported)
