"""The wizard: each step works as a plain form, and says what it will do."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports import importing
from imports.models import HeldRow, Import
from inventory.models import Product, SaleLine, StockCount
from jobs.models import Job
from jobs.running import execute, run_now
from tests.conftest import PASSWORD
from vendors.models import VendorProduct

DAYS = (
    "date,location,sku,quantity\n"
    "2026-05-01,Old Town,GR-1042,3\n"
    "2026-05-01,Old Town,NEW-1,2\n"
    "2026-05-02,Old Town,GR-1042,NaN\n"
)


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(client, people):
    """Signed in a moment ago, so no page asks for the password again."""
    sign_in = {"login": people.admin.email, "password": PASSWORD}
    client.post(reverse("account_login"), sign_in)
    return client


def upload(client, content=DAYS, name="days.csv", **fields):
    file = SimpleUploadedFile(
        name, content if isinstance(content, bytes) else content.encode()
    )
    return client.post(reverse("import_new"), {"file": file, **fields})


def work():
    """Do what the worker would do."""
    for job in Job.objects.filter(state=Job.State.WAITING):
        execute(job.pk)
        job.refresh_from_db()
        assert job.state in (Job.State.DONE, Job.State.CANCELLED), job.error


def uploaded(client, content=DAYS, **answers):
    """Uploaded and checked; what the file leaves open is answered."""
    upload(client, content)
    imported = Import.objects.latest("pk")
    if imported.step == Import.Step.DETECTED:
        response = post(client, "import_detected", imported, **answers)
        assert response.url == reverse("import_check", args=[imported.pk])
    work()
    imported.refresh_from_db()
    return imported


def post(client, name, imported, **fields):
    return client.post(reverse(name, args=[imported.pk]), fields)


def test_an_upload_is_checked_and_nothing_is_written_yet(admin, old_town, steady):
    response = upload(admin)
    imported = Import.objects.get()
    assert response.url == reverse("import_detected", args=[imported.pk])
    assert "Daily totals" in admin.get(response.url).text
    response = post(admin, "import_detected", imported)
    assert response.url == reverse("import_check", args=[imported.pk])
    assert "Waiting" in admin.get(response.url).text
    work()
    page = admin.get(response.url).text
    assert "Import 1 row" in page
    assert "SKU not in your catalogue" in page
    assert "“NEW-1”" in page
    assert "Quantity is not a number" in page
    assert "Adds 3 units of sales" in page
    assert not SaleLine.objects.exists()


def test_a_fix_is_chosen_and_taken_back(admin, old_town, steady):
    imported = uploaded(admin)
    post(admin, "import_check", imported, choice="create_products")
    work()
    page = admin.get(reverse("import_check", args=[imported.pk])).text
    assert "Import 2 rows" in page
    assert "Park them instead" in page
    assert not Product.objects.filter(sku="NEW-1").exists()
    post(admin, "import_check", imported, choice="create_products")
    work()
    imported.refresh_from_db()
    assert (imported.rows_new, imported.rows_parked) == (1, 1)


def test_importing_shows_the_counts_and_can_be_undone(admin, old_town, steady):
    imported = uploaded(admin)
    response = post(admin, "import_progress", imported)
    assert "Import" in admin.get(response.url).text
    work()
    result = reverse("import_result", args=[imported.pk])
    assert admin.get(response.url).url == result
    page = admin.get(result).text
    assert "Undo this import" in page
    assert "1 row waits" in page
    assert SaleLine.objects.current().count() == 1
    assert (
        "1 new row is taken back"
        in admin.get(reverse("import_undo", args=[imported.pk])).text
    )
    post(admin, "import_undo", imported)
    work()
    assert "Undone" in admin.get(result).text
    assert not SaleLine.objects.current().exists()


def test_waiting_rows_come_in_once_their_product_is_there(admin, old_town, steady):
    imported = uploaded(admin)
    post(admin, "import_progress", imported)
    work()
    Product.objects.create(sku="NEW-1", name="New")
    post(admin, "import_waiting", imported)
    work()
    again = Import.objects.latest("pk")
    assert (again.rows_read, again.rows_new) == (1, 1)
    post(admin, "import_progress", again)
    work()
    assert SaleLine.objects.current().count() == 2
    assert list(HeldRow.objects.values_list("state", flat=True)) == ["rejected"]


def test_problem_rows_come_back_as_a_file_of_mapped_columns(admin, old_town, steady):
    content = (
        "date,location,sku,quantity,customer\n"
        "2026-05-01,Old Town,=1+1,3,Ada Canary\n"
        "2026-05-02,Old Town,GR-1042,NaN,Ada Canary\n"
    )
    imported = uploaded(admin, content)
    post(admin, "import_progress", imported)
    work()
    response = admin.get(reverse("import_held", args=[imported.pk]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["row"] for row in rows] == ["2", "3"]
    assert rows[0]["sku"] == "'=1+1"
    assert "Quantity is not a number" in rows[1]["reason"]
    assert "Canary" not in text


def test_a_problem_file_mended_is_imported_as_it_is(admin, old_town, steady):
    imported = uploaded(admin)
    post(admin, "import_progress", imported)
    work()
    response = admin.get(reverse("import_held", args=[imported.pk]))
    mended = b"".join(response.streaming_content).replace(b"NaN", b"4")
    again = uploaded(admin, mended)
    assert (again.rows_read, again.rows_new, again.rows_parked) == (2, 1, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "The file is empty"),
        ("date,location,sku,quantity\n", "no rows"),
        (b"\x00\x01\x02" * 50, "not a table"),
    ],
)
def test_a_bad_file_is_told_at_the_field_and_kept_nowhere(
    admin, old_town, tmp_path, content, says
):
    response = upload(admin, content)
    assert response.status_code == 422
    assert says in response.text
    assert not Import.objects.exists()


def test_no_file_at_all_is_told(admin):
    response = admin.post(reverse("import_new"), {})
    assert response.status_code == 422
    assert "Choose a file" in response.text


def test_fault_16_ambiguous_dates_are_asked_once(admin, old_town, steady):
    content = "date,location,sku,quantity\n03/04/2026,Old Town,GR-1042,1\n"
    upload(admin, content)
    imported = Import.objects.get()
    page = admin.get(reverse("import_detected", args=[imported.pk])).text
    assert "Which day is 03/04/2026?" in page
    assert "3 April 2026, the day first" in page
    response = post(admin, "import_detected", imported)
    assert response.status_code == 422
    assert "the file does not tell" in response.text
    assert not Job.objects.exists()
    post(admin, "import_detected", imported, date_order="dmy")
    work()
    imported.refresh_from_db()
    assert imported.preview["rows"][0]["cells"][0] == "2026-04-03"
    page = admin.get(reverse("import_check", args=[imported.pk])).text
    assert "Fri 3 Apr 2026" in page


def test_fault_01_the_same_file_is_recognised(admin, old_town, steady):
    imported = uploaded(admin)
    post(admin, "import_progress", imported)
    work()
    again = uploaded(admin)
    page = admin.get(reverse("import_check", args=[again.pk])).text
    assert "This very file was imported" in page
    assert reverse("import_result", args=[imported.pk]) in page


def test_an_import_can_be_cancelled_before_anything_is_written(
    admin, old_town, tmp_path
):
    imported = uploaded(admin)
    post(admin, "import_cancellation", imported)
    imported.refresh_from_db()
    assert imported.state == Import.State.CANCELLED
    assert not list((tmp_path / "imports").iterdir())
    post(admin, "import_progress", imported)
    work()
    assert not SaleLine.objects.exists()


def test_a_file_that_never_got_a_row_is_gone_after_a_day(admin, old_town, tmp_path):
    imported = uploaded(admin)
    for name in ("cut", "cut.first"):
        (tmp_path / "imports" / name).write_text("half a file")
    importing.drop_orphans()
    assert len(list((tmp_path / "imports").iterdir())) == 3
    with time_machine.travel(imported.created_at + dt.timedelta(hours=25)):
        importing.drop_orphans()
    assert [str(path) for path in (tmp_path / "imports").iterdir()] == [imported.path]


def test_a_file_that_nobody_imports_is_gone_after_a_day(admin, old_town, tmp_path):
    imported = uploaded(admin)
    with time_machine.travel(imported.created_at + dt.timedelta(hours=23)):
        importing.drop_forgotten()
        assert list((tmp_path / "imports").iterdir())
    with time_machine.travel(imported.created_at + dt.timedelta(hours=25)):
        importing.drop_forgotten()
    assert not list((tmp_path / "imports").iterdir())
    assert Import.objects.get().state == Import.State.CANCELLED


def test_the_list_shows_every_import(admin, old_town, steady):
    imported = uploaded(admin)
    page = admin.get(reverse("import_list")).text
    assert "days.csv" in page
    assert "Ready to import" in page
    assert reverse("import_result", args=[imported.pk]) in page


def test_a_stock_count_and_a_price_list_come_in_the_same_way(
    admin, old_town, steady, near
):
    for content in (
        "location,sku,counted\nOld Town,GR-1042,12\n",
        "vendor,sku,cost,case_pack\nNear,GR-1042,1.55,12\n",
    ):
        imported = uploaded(admin, content)
        page = admin.get(reverse("import_check", args=[imported.pk])).text
        assert "Import 1 row" in page
        post(admin, "import_progress", imported)
        work()
    assert StockCount.objects.get().counted_quantity == 12
    assert VendorProduct.objects.get().case_pack == 12


@pytest.mark.parametrize("person", ["viewer", "manager", "buyer"])
def test_only_an_admin_imports(client, people, person):
    client.login(email=f"{person}@example.com", password=PASSWORD)
    for name in ("import_list", "import_new"):
        assert client.get(reverse(name)).status_code == 403


def test_a_stopped_import_leaves_nothing(admin, people, old_town, steady):
    imported = uploaded(admin)
    post(admin, "import_progress", imported)
    job = Job.objects.get(kind="import_file")
    admin.post(reverse("job_cancellation", args=[job.pk]))
    work()
    assert not SaleLine.objects.exists()
    assert run_now("check_file", key=imported.check_key).state == Job.State.DONE
