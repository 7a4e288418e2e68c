"""Files on their way in, at the steps at which a person looks at them."""

from django.urls import reverse

from imports import answering, uploading
from imports.models import Import
from jobs.running import run_now

UNKNOWN = (
    b"Report of the till\n\n"
    b"Bon;Day;Branch office;Thing;Article code;Pieces;Takings;Guest\n"
    b"R-1;03.04.2026;Stall 7;Oat drink;GR-1042;2;4,98;Ada\n"
    b"R-2;04.05.2026;Stall 7;Oat drink;NEW-1;1;2,49;Bob\n"
)
KNOWN = (
    b"date,location,sku,quantity\n"
    b"2026-05-01,Stall 7,GR-1042,3\n"
    b"2026-05-01,Stall 7,GR-1042,many\n"
)


def waiting_files(person):
    """Addresses of a file that is asked about, and of one that is checked."""
    asked = uploading.keep([UNKNOWN], "till.csv", by=person)
    checked = uploading.keep([KNOWN], "days.csv", by=person)
    if checked.step == Import.Step.DETECTED:
        answering.answer(checked, {}, by=person)
    answering.begin_check(checked, by=person)
    run_now("check_file", key=checked.check_key, arguments={"import": checked.pk})
    checked.refresh_from_db()
    assert checked.state == Import.State.CHECKED
    group = {"outcome": "parked", "cause": "unknown_location"}
    return [
        reverse("import_detected", args=[asked.pk]),
        reverse("import_columns", args=[asked.pk]),
        reverse("import_detected", args=[checked.pk]),
        reverse("import_check", args=[checked.pk]),
        reverse("import_rows", args=[checked.pk], query=group),
        reverse("import_locations", args=[checked.pk]),
    ]
