"""What the wizard shows before it writes, and what it does when it is stopped."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from imports import answering, importing
from imports.models import Import
from imports.staging import Stage
from inventory.models import Product, SaleLine
from jobs.models import Job
from jobs.running import LeaseLost
from tests.imports.wizard import (
    DAYS,
    TILL,
    at,
    latest,
    page,
    post,
    sign_in,
    through,
    upload,
    work,
)

pytestmark = pytest.mark.usefixtures("uploads")


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
