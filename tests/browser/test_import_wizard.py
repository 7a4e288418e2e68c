"""The import wizard in a browser, as an admin of a shop walks through it.

``BACKOFFICE_SCREENSHOTS`` names a folder for pictures of each step.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from imports import importing
from imports.models import HeldRow, Import
from inventory.models import Product, ProductAlias, SaleLine
from jobs.models import Job
from jobs.running import claim, execute
from sales.models import IgnoredIdentity
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = "date,location,sku,quantity,name,customer name\n"
SQUARE = (
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Net Sales,"
    "Transaction ID,Event Type,Location,Customer Name,PAN Suffix\n"
)
GOOD = SQUARE + "".join(
    f"2026-05-{day:02},13:03:14,Eastern Time (US & Canada),None,Oat drink,{day},,"
    f"GR-1042,$4.00,$4.00,R{day},Payment,Old Town,Ada Canary,4242\n"
    for day in range(1, 21)
)
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


def work():
    """Do what a worker would do."""
    for job in Job.objects.filter(state=Job.State.WAITING):
        execute(job.pk)


class Admin:
    """An admin at the wizard; knows its buttons, and looks at every page."""

    def __init__(self, visitor, folder):
        self.visitor = visitor
        self.page = visitor.page
        self.folder = folder
        visitor.sign_in("admin@example.com")

    def file(self, content, name="days.csv"):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def upload(self, content, name="days.csv"):
        self.visitor.open(reverse("import_new"))
        self.page.set_input_files("input[type=file]", self.file(content, name))
        self.press("Upload this file")

    def press(self, word):
        self.visitor.click(f"button:has-text('{word}')")
        self.page.wait_for_load_state("networkidle")

    def follow(self, word):
        self.visitor.click(f"a:has-text('{word}')")
        self.page.wait_for_load_state("networkidle")

    def at(self, name):
        """The page is this step of the newest import; nothing is wrong with it."""
        path = reverse(name, args=[self.imported.pk])
        self.page.wait_for_url(f"**{path}")
        self.look(name)

    def look(self, name):
        self.visitor.check()
        assert self.visitor.overflow() == 0, name
        picture(self.page, name)

    def checked(self):
        """Where the check is done, and its page shows it by itself."""
        work()
        self.page.wait_for_selector("section.card .effect")
        self.at("import_check")

    def imports(self):
        self.page.click("button:has-text('Import '):has-text('row')")
        self.visitor.clicks += 1
        self.page.wait_for_url("**/progress/")
        work()
        self.page.wait_for_url(lambda url: "progress" not in url)
        self.at("import_result")

    def tab_to(self, word):
        """Tab until the button has the focus, and press it by Enter."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate("document.activeElement.innerText || ''")
            if focused.strip() == word:
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"The Tab key never comes to “{word}”.")

    def decide(self, identity, word="", other=""):
        """What an item of the file is: a choice by its words, or another product."""
        row = self.page.locator(f"tr:has(input[value='{identity}'])")
        if other:
            row.locator("input[list]").fill(other)
            return
        choice = row.locator("select")
        label = next(
            text
            for text in choice.locator("option").all_inner_texts()
            if text.startswith(word)
        )
        choice.select_option(label=label)

    def reads(self, text):
        shown = self.page.inner_text("main")
        assert text in shown, shown

    @property
    def imported(self):
        return Import.objects.latest("pk")


def picture(page, name):
    folder = os.environ.get("BACKOFFICE_SCREENSHOTS")
    if folder:
        wide = page.viewport_size["width"]
        test = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
        number = len(list(Path(folder).glob(f"{test}-*")))
        path = Path(folder) / f"{test}-{number:02}-{name}-{wide}.png"
        page.screenshot(path=path, full_page=True)


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.UPLOADS_PER_MINUTE = 100


@pytest.fixture
def admin(visit, people, steady, near, tmp_path):
    return Admin(visit(), tmp_path)


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_a_known_file_goes_through_in_three_clicks(
    visit, people, steady, tmp_path, screen
):
    admin = Admin(visit(**screen), tmp_path)
    admin.visitor.open(reverse("import_new"))
    admin.look("import_new")
    admin.upload(GOOD)
    admin.at("import_detected")
    admin.reads("Looks like Square item")
    assert "Canary" not in admin.page.content()
    admin.press("Check the file")
    admin.checked()
    admin.reads("Adds 210 units of sales")
    admin.imports()
    admin.reads("Every row was understood")
    assert admin.visitor.clicks == 3
    assert SaleLine.objects.current().count() == 20
    admin.visitor.open(reverse("import_list"))
    admin.look("import_list")
    admin.reads("days.csv")


def test_a_file_of_an_unknown_program_is_mapped_in_ten_clicks(admin):
    content = (
        "Tagesbericht;;;;;\nWann;Laden;Artikelcode;Verkauft;Erlös;Kunde\n"
        + "".join(
            f"{day:02}.05.2026;Old Town;GR-1042;{day};1.0{day:02},50;Ada Canary\n"
            for day in range(1, 26)
        )
    )
    admin.upload(content.encode("cp1252"), "kasse.csv")
    admin.at("import_detected")
    assert "Canary" not in admin.page.content()
    if "Choose the columns" in admin.page.inner_text("main, .page-head"):
        admin.press("Choose the columns")
    else:
        admin.follow("Columns")
    admin.at("import_columns")
    admin.press("Check the file")
    admin.checked()
    admin.imports()
    assert admin.visitor.clicks <= 10
    assert SaleLine.objects.current().count() == 25


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", "", "The file is empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel file"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 200, "not a table"),
        ("notes.zip", b"PK\x03\x04 and nothing more", "damaged"),
    ],
    ids=lambda value: value if str(value).isidentifier() else "",
)
def test_a_wrong_file_is_told_at_the_field(admin, name, content, says):
    admin.upload(content, name)
    admin.look("import_new")
    admin.reads(says)
    assert not Import.objects.exists()
    admin.upload(GOOD)
    admin.at("import_detected")


def test_unknown_products_are_matched_created_or_left_out(admin):
    rows = [("GR-1042", "Oat drink"), ("OLD-9", "Oat drink old"), ("NEW-1", "Tea")]
    rows.append(("BAG-0", "Paper bag"))
    admin.upload(
        "date,location,sku,quantity,name\n"
        + "".join(f"2026-05-01,Old Town,{sku},2,{name}\n" for sku, name in rows)
    )
    admin.press("Check the file")
    admin.checked()
    admin.reads("SKU not in your catalogue")
    admin.follow("Match to products")
    admin.at("product_matching")
    admin.decide("OLD-9", other="GR-1042")
    admin.decide("NEW-1", "A new product")
    admin.decide("BAG-0", "No product")
    admin.press("Save and check again")
    admin.checked()
    admin.imports()
    assert SaleLine.objects.current().count() == 3
    assert Product.objects.filter(sku="NEW-1").exists()
    assert ProductAlias.objects.filter(identity="OLD-9").exists()
    assert IgnoredIdentity.objects.filter(identity="BAG-0").exists()
    assert not HeldRow.objects.exists()


def test_ambiguous_dates_are_asked_once(admin):
    def content(day):
        return f"date,location,sku,quantity\n{day},Old Town,GR-1042,1\n"

    admin.upload(content("03/04/2026"))
    admin.at("import_detected")
    admin.page.check("input[name=date_order][value=dmy]")
    admin.press("Check the file")
    admin.checked()
    admin.reads("Fri 3 Apr 2026")
    admin.imports()
    admin.upload(content("05/04/2026"), "later.csv")
    admin.checked()
    admin.reads("Sun 5 Apr 2026")


def test_a_cancelled_import_writes_nothing(admin):
    admin.upload(GOOD)
    admin.press("Check the file")
    admin.checked()
    admin.press("Cancel import")
    admin.page.wait_for_url(f"**{reverse('import_list')}")
    admin.look("import_list")
    admin.reads("Nothing was written")
    assert not SaleLine.objects.exists()
    assert not list((admin.folder / "uploads" / "imports").iterdir())


def test_undo_asks_for_the_password(admin, settings):
    admin.upload(GOOD)
    admin.press("Check the file")
    admin.checked()
    admin.imports()
    admin.follow("Undo this import")
    admin.at("import_undo")
    admin.reads("20 new rows are taken back")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    admin.press("Undo this import")
    admin.look("reauthenticate")
    assert SaleLine.objects.current().count() == 20
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    admin.page.fill("input[type=password]", PASSWORD)
    admin.page.press("input[type=password]", "Enter")
    admin.page.wait_for_load_state("networkidle")
    if "/undo/" in admin.page.url:
        admin.press("Undo this import")
    admin.page.wait_for_url("**/progress/")
    work()
    admin.page.wait_for_url(lambda url: "progress" not in url)
    admin.at("import_result")
    admin.reads("20 rows taken back")
    assert not SaleLine.objects.current().exists()


def test_an_import_whose_worker_was_killed_is_resumed(admin, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 5)
    admin.upload(GOOD)
    admin.press("Check the file")
    admin.checked()
    admin.visitor.click("button:has-text('Import 20 rows')")
    admin.page.wait_for_url("**/progress/")
    job = Job.objects.get(kind="import_file")
    run = claim(job.pk)
    with pytest.raises(KeyboardInterrupt):
        importing.write(admin.imported, killed_after(admin.imported, rows=8))
    assert 0 < SaleLine.objects.count() < 20
    Job.objects.filter(pk=run.job.pk).update(lease_until=Now() - timedelta(minutes=1))
    admin.visitor.open(reverse("import_list"))
    admin.look("import_list")
    admin.reads("Stalled")
    admin.follow("Resume")
    admin.at("import_progress")
    admin.reads("Stalled")
    admin.press("Resume the import")
    assert execute(job.pk)
    admin.page.wait_for_url(lambda url: "progress" not in url)
    admin.at("import_result")
    assert SaleLine.objects.count() == 20


def killed_after(imported, *, rows):
    def report(done, total, note):
        if Import.objects.get(pk=imported.pk).merged_to > rows:
            raise KeyboardInterrupt

    return report


def test_all_of_it_works_by_keyboard_alone(admin):
    page = admin.page
    admin.visitor.open(reverse("import_new"))
    page.focus("input[type=file]")
    page.set_input_files("input[type=file]", admin.file(GOOD))
    admin.tab_to("Upload this file")
    page.wait_for_url("**/detected/")
    admin.at("import_detected")
    admin.tab_to("Check the file")
    page.wait_for_url("**/check/")
    admin.checked()
    admin.tab_to("Import 20 rows")
    page.wait_for_url("**/progress/")
    work()
    page.wait_for_url(lambda url: "progress" not in url)
    admin.at("import_result")
    assert admin.visitor.clicks == 0
