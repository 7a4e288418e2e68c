"""Any file goes through six steps: asked once what it does not say, then one click."""

import io

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from imports import answering, importing
from imports.models import FileProfile, Import
from imports.staging import Stage
from inventory.models import Location, Product, SaleLine
from jobs.models import Job
from jobs.running import LeaseLost
from tests.imports.wizard import at, latest, page, post, sign_in, upload, work

TILL = (
    "Report of the till\n\n"
    "Bon;Day;Branch office;Thing;Article code;Pieces;Takings;Guest;E-mail\n"
    "R-1;13.04.2026;Old Town;Oat drink;GR-1042;2;4,98;Ada Canary;ada@canary.example\n"
    "R-2;14.04.2026;Old Town;Oat drink;GR-1042;1;2,49;Bob Canary;bob@canary.example\n"
)
MAPPED = {
    "date": "1",
    "quantity": "5",
    "sku": "4",
    "item": "3",
    "receipt": "0",
    "location": "2",
    "net": "6",
}
DAYS = "date,location,sku,quantity\n2026-05-01,Old Town,GR-1042,3\n"


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(client, people, old_town):
    return sign_in(client, people.admin)


def columns_of(imported):
    """Names that the form has for our columns, whatever the kind calls them."""
    names = {column.name for column in imported.file_kind.columns}
    return {name: index for name, index in MAPPED.items() if name in names}


def through(client, content=TILL, **answers):
    """An unknown file as far as its check."""
    upload(client, content)
    imported = latest()
    post(client, "import_detected", imported, **answers)
    post(client, "import_columns", imported, **columns_of(imported))
    work()
    imported.refresh_from_db()
    return imported


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


def test_first_rows_are_shown_before_the_check_is_done(admin, steady):
    upload(admin, DAYS)
    imported = latest()
    post(admin, "import_detected", imported)
    text = page(admin, "import_check", imported).text
    assert "All rows are being checked" in text
    assert "Fri 1 May 2026" in text


def test_an_import_is_resumed_where_it_stopped(admin, steady):
    upload(admin, TILL)
    imported = latest()
    assert at(page(admin, "import_result", imported), "import_detected", imported)
    post(admin, "import_detected", imported)
    assert at(page(admin, "import_result", imported), "import_columns", imported)
    assert at(page(admin, "import_check", imported), "import_columns", imported)
    listed = admin.get(reverse("import_list")).text
    assert reverse("import_columns", args=[imported.pk]) in listed


def test_an_answer_changed_during_the_check_stops_that_check(admin, steady):
    upload(admin, DAYS)
    imported = latest()
    post(admin, "import_detected", imported)
    post(admin, "import_detected", imported, returns="lost")
    states = Job.objects.filter(kind="check_file").values_list("state", flat=True)
    assert sorted(states) == [Job.State.CANCELLED, Job.State.WAITING]
    work()
    imported.refresh_from_db()
    assert imported.state == Import.State.CHECKED


def test_fault_08_a_file_is_imported_by_one_person_at_a_time(admin, people, steady):
    upload(admin, DAYS)
    first = latest()
    post(admin, "import_detected", first)
    work()
    post(admin, "import_progress", first)
    upload(admin, DAYS)
    second = latest()
    answering.begin_check(second, by=people.admin)
    Import.objects.filter(pk=second.pk).update(state=Import.State.CHECKED)
    text = page(admin, "import_check", second).text
    assert "is being imported right now by" in text
    assert reverse("import_progress", args=[first.pk]) in text
    assert at(post(admin, "import_progress", second), "import_check", second)
    assert Job.objects.filter(kind="import_file").count() == 1


def test_rows_of_one_cause_are_shown_and_taken_away_before_importing(admin, steady):
    content = DAYS + "2026-05-02,Old Town,GR-1042,many\n2026-05-02,Old Town,=X,1\n"
    upload(admin, content)
    imported = latest()
    post(admin, "import_detected", imported)
    work()
    query = {"outcome": "rejected", "cause": "quantity_not_a_number"}
    text = page(admin, "import_rows", imported, **query).text
    assert "many" in text
    response = page(admin, "import_held", imported)
    told = b"".join(response.streaming_content).decode("utf-8-sig")
    assert told.splitlines()[0] == "row,state,reason,date,location,sku,quantity"
    assert "'=X" in told
    assert len(told.splitlines()) == 3


def test_a_price_far_from_the_usual_is_a_warning(admin, steady):
    content = "date,location,sku,quantity,revenue\n2026-05-01,Old Town,GR-1042,1,249\n"
    upload(admin, content)
    imported = latest()
    post(admin, "import_detected", imported)
    work()
    imported.refresh_from_db()
    assert (imported.rows_new, imported.rows_rejected) == (1, 0)
    text = page(admin, "import_check", imported).text
    assert "Imported, but odd" in text
    assert "249.00 instead of 2.49" in text


def test_a_price_list_shows_old_and_new_before_it_writes(admin, steady):
    upload(admin, "vendor,sku,cost\nNear,GR-1042,1.55\n", "prices.csv")
    imported = latest()
    post(admin, "import_detected", imported)
    work()
    text = page(admin, "import_check", imported).text
    assert "What changes" in text
    assert "1.42" in text
    assert "1.55" in text


def test_an_upload_by_htmx_goes_on_to_the_next_page(admin, steady):
    response = upload(admin, DAYS, **{"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse(
        "import_detected", args=[latest().pk]
    )


def test_uploads_of_one_person_are_limited(admin, people, steady, settings):
    settings.UPLOADS_PER_MINUTE = 3
    with time_machine.travel("2026-11-24 12:00", tick=False) as clock:
        sign_in(admin, people.admin)
        for _ in range(3):
            assert upload(admin, DAYS).status_code == 302
        response = upload(admin, DAYS)
        assert response.status_code == 422
        assert "Wait a minute" in response.text
        clock.shift(61)
        assert upload(admin, DAYS).status_code == 302


def test_undoing_says_what_it_does_and_asks_for_the_password(client, people, steady):
    sign_in(client, people.admin)
    upload(client, DAYS)
    imported = latest()
    post(client, "import_detected", imported)
    work()
    post(client, "import_progress", imported)
    work()
    text = page(client, "import_undo", imported).text
    assert "1 new row is taken back" in text
    client.logout()
    client.force_login(people.admin)
    response = post(client, "import_undo", imported)
    assert response.url.startswith("/accounts/reauthenticate/")
    assert SaleLine.objects.current().exists()


def test_progress_tells_rows_and_pace(admin, steady):
    upload(admin, DAYS)
    imported = latest()
    post(admin, "import_detected", imported)
    work()
    post(admin, "import_progress", imported)
    text = page(admin, "import_progress", imported).text
    assert "You may leave this page" in text
    fragment = admin.get(
        reverse("import_progress", args=[imported.pk]), headers={"HX-Request": "true"}
    )
    assert fragment.text.lstrip().startswith('<div id="progress"')
    work()
    assert Product.objects.filter(sale_lines__isnull=False).exists()
    done = admin.get(
        reverse("import_progress", args=[imported.pk]), headers={"HX-Request": "true"}
    )
    assert done.headers["HX-Refresh"] == "true"


def test_problem_rows_mended_come_in_with_one_click(admin, steady):
    imported = through(admin, TILL.replace(";2;", ";two;"))
    post(admin, "import_progress", imported)
    work()
    response = page(admin, "import_held", imported)
    mended = b"".join(response.streaming_content).replace(b"two", b"2")
    response = upload(admin, mended, "mended.csv")
    again = latest()
    assert at(response, "import_check", again)
    work()
    again.refresh_from_db()
    assert (again.rows_read, again.rows_new) == (1, 1)
    assert again.profile == imported.profile


def test_an_import_that_stalled_is_resumed_from_the_list(admin, steady):
    upload(admin, DAYS)
    imported = latest()
    post(admin, "import_detected", imported)
    work()
    post(admin, "import_progress", imported)
    Job.objects.filter(kind="import_file").update(state=Job.State.FAILED, error="Stop")
    importing.start(imported)
    listed = admin.get(reverse("import_list")).text
    assert "Stalled" in listed
    assert "Resume</a>" in listed
    assert "Resume the import" in page(admin, "import_progress", imported).text
    post(admin, "import_progress", imported)
    work()
    imported.refresh_from_db()
    assert (imported.state, imported.rows_new) == (Import.State.DONE, 1)


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


def test_what_is_to_be_imported_can_no_longer_be_changed(admin, people, steady):
    imported = through(admin)
    post(admin, "import_progress", imported)
    post(admin, "import_check", imported, choice="create_products")
    post(admin, "import_detected", imported, returns="lost")
    assert not importing.cancel(imported)
    imported.refresh_from_db()
    assert imported.state == Import.State.IMPORTING
    assert "create_products" not in imported.options
    work()
    assert Import.objects.get().row_counts["new"] == 2


def test_a_choice_that_comes_too_late_changes_nothing(admin, people, steady):
    imported = through(admin)
    late = latest()
    importing.start(imported)
    before = imported.options
    late.choose({"create_products": True})
    answering.answer(late, {"returns": "lost"}, by=people.admin)
    imported.refresh_from_db()
    assert imported.state == Import.State.IMPORTING
    assert imported.options == before
    assert imported.last_row


def test_what_was_called_off_is_not_written(admin, steady):
    imported = through(admin)
    importing.cancel(imported)
    importing.write(imported, lambda *report: None)
    assert Import.objects.get().state == Import.State.CANCELLED
    assert not SaleLine.objects.exists()


def test_a_chunk_that_another_worker_has_written_is_not_counted_again(admin, steady):
    imported = through(admin)
    importing.start(imported)
    stage = Stage.of(imported)
    stage.kind.create(stage)
    importing.write_chunk(stage, 1, imported.last_row)
    with pytest.raises(LeaseLost):
        importing.write_chunk(stage, 1, imported.last_row)
    imported.refresh_from_db()
    assert (imported.rows_new, imported.rows_duplicate) == (2, 0)


def test_an_import_stopped_while_nobody_worked_is_taken_back(admin, steady):
    imported = through(admin)
    post(admin, "import_progress", imported)
    stage = Stage.of(Import.objects.get())
    stage.kind.create(stage)
    importing.write_chunk(stage, 1, 3)
    job = Job.objects.get(kind="import_file")
    admin.post(reverse("job_cancellation", args=[job.pk]))
    importing.take_back_stopped()
    assert not Job.objects.filter(kind="undo_import").exists()
    Job.objects.filter(pk=job.pk).update(
        finished_at=timezone.now() - 2 * importing.KEEP_STOPPED
    )
    importing.take_back_stopped()
    work()
    assert Import.objects.get().state == Import.State.UNDONE
    assert not SaleLine.objects.current().exists()
