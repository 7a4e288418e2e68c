"""Each sample goes through the wizard; no layout asks for its columns."""

import pytest
from django.urls import reverse

from imports.models import Import
from tests.imports.wizard import latest, page, post, sign_in, upload, work
from tests.sales.formats.golden import ANSWERS, EVERY, NAMED, Sample

MIX = Sample("toast_product_mix.tsv", "toast_product_mix")


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(client, people, old_town):
    return sign_in(client, people.admin)


@pytest.mark.django_db
@pytest.mark.parametrize("sample", EVERY, ids=lambda sample: sample.file)
def test_a_sample_is_checked_after_few_answers(admin, sample):
    upload(admin, sample.path.read_bytes(), sample.file)
    imported = latest()
    if imported.step == Import.Step.DETECTED:
        answered = post(admin, "import_detected", imported, **ANSWERS, date_order="mdy")
        assert answered.status_code == 302
        if sample in NAMED:
            assert answered.url == reverse("import_check", args=[imported.pk])
        else:
            post(admin, "import_columns", imported, **latest().detected["columns"])
    work()
    imported.refresh_from_db()
    assert imported.kind == sample.kind
    assert imported.state == Import.State.CHECKED
    assert imported.rows_read == len(sample.expected)
    assert page(admin, "import_check", imported).status_code == 200


@pytest.mark.django_db
def test_the_day_of_a_product_mix_is_asked(admin):
    upload(admin, MIX.path.read_bytes(), MIX.file)
    imported = latest()
    assert (
        "The file does not say which day"
        in page(admin, "import_detected", imported).text
    )
    without = post(admin, "import_detected", imported, location="Old Town", date="")
    assert without.status_code == 422
    assert "Choose the day that the file is of" in without.text
