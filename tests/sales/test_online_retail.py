"""A year of a real web shop, whole and in parts: make test-data.

The file lies in the folder BACKOFFICE_TEST_DATA. What its days should be is reckoned
by pandas, without any of our code.
"""

import lzma
import os
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.db import connection

from imports.models import Import
from inventory import ledger
from inventory.models import ProductAlias
from sales.models import DailySales, Pairing
from sales.pairing import unpaired_cancellations
from tests.sales.files import import_all, run

pytestmark = [pytest.mark.data, pytest.mark.django_db(transaction=True)]

ROWS = 370_931
NO_PRODUCTS = [
    "POST", "DOT", "M", "m", "D", "S", "B", "C2", "CRUK", "BANK CHARGES", "AMAZONFEE",
    "gift_0001_10", "gift_0001_20", "gift_0001_30", "gift_0001_40", "gift_0001_50",
    "22016", "23444", "23574",
]  # fmt: skip
CHECKSUMS = {
    "lines": """SELECT count(*), sum(hashtextextended(concat_ws('|', s.key, s.kind,
        p.sku, s.sold_at, s.business_date, s.quantity, s.stock_change, s.net_amount,
        s.receipt), 0))
    FROM inventory_saleline s JOIN inventory_product p ON p.id = s.product_id
    WHERE NOT s.is_retracted AND NOT EXISTS (
        SELECT FROM inventory_saleline n WHERE n.source_id = s.source_id
        AND n.key = s.key AND n.version > s.version)""",
    "days": """SELECT count(*), sum(hashtextextended(concat_ws('|', p.sku,
        d.business_date, d.sold, d.cancelled, d.returned, d.revenue), 0))
    FROM sales_dailysales d JOIN inventory_product p ON p.id = d.product_id""",
    "pairs": """SELECT count(*),
        sum(hashtextextended(concat_ws('|', s.key, c.key), 0))
    FROM sales_pairing x JOIN inventory_saleline s ON s.id = x.sale_id
    JOIN inventory_saleline c ON c.id = x.cancellation_id""",
}


@pytest.fixture
def year(tmp_path, settings):
    """The file, unpacked."""
    settings.MEDIA_ROOT = tmp_path
    folder = Path(os.environ["BACKOFFICE_TEST_DATA"])
    (packed,) = folder.glob("online_retail_*.csv.xz")
    path = tmp_path / "year.csv"
    path.write_bytes(lzma.decompress(packed.read_bytes()))
    return path


def load(path):
    return import_all(path, location="Web shop")


def checksums():
    found = {}
    with connection.cursor() as cursor:
        for name, query in CHECKSUMS.items():
            cursor.execute(query)
            found[name] = cursor.fetchone()
    return found


def parts_of(path):
    """Three files that overlap, cut between invoices, in random order."""
    header, *lines = path.read_text().splitlines(keepends=True)
    invoices = [line.partition(",")[0] for line in lines]
    starts = [n for n in range(1, len(lines)) if invoices[n] != invoices[n - 1]]
    chance = random.Random(20110301)  # noqa: S311
    cuts = sorted(chance.sample(starts, 4))
    spans = [(0, cuts[1]), (cuts[0], cuts[3]), (cuts[2], len(lines))]
    chance.shuffle(spans)
    for number, (first, last) in enumerate(spans):
        part = path.with_name(f"part{number}.csv")
        part.write_text(header + "".join(lines[first:last]))
        yield part


def test_a_year_of_invoices_whole_twice_in_parts_and_undone(year):
    first = load(year)
    imported = Import.objects.get()
    assert first["read"] == ROWS == sum(imported.row_counts.values())
    assert (first["parked"], first["changed"], first["rejected"]) == (0, 0, 0)
    lines = pd.read_csv(year, dtype=str, keep_default_na=False)
    assert first["ignored"] == lines.StockCode.isin(NO_PRODUCTS).sum()
    clean = checksums()
    assert clean["lines"][0] == first["new"] == ROWS - first["ignored"]

    compare_days(lines, imported)

    again = load(year)
    assert (again["new"], again["duplicate"]) == (0, first["new"])
    assert checksums() == clean

    assert run("undo_import", imported.pk) == {"undone": first["new"]}
    assert not DailySales.objects.exists()
    assert not Pairing.objects.exists()
    assert sum(load(part)["new"] for part in parts_of(year)) == first["new"]
    assert checksums() == clean

    undo_all()
    load(year)
    assert checksums() == clean
    assert ledger.reconcile() == []


def undo_all():
    for pk in Import.objects.filter(state="done").values_list("pk", flat=True):
        run("undo_import", pk)
    assert not DailySales.objects.exists()


def compare_days(lines, imported):
    """Demand and returns of each product and day are those that pandas reckons."""
    lines = lines[~lines.StockCode.isin(NO_PRODUCTS)].copy()
    lines["quantity"] = lines.Quantity.astype(float)
    lines["at"] = pd.to_datetime(lines.InvoiceDate)
    lines["day"] = lines["at"].dt.date
    known_as = dict(ProductAlias.objects.values_list("identity", "product__sku"))
    lines["product"] = lines.StockCode.map(lambda code: known_as.get(code, code))
    lines["cancels"] = lines.InvoiceNo.str.startswith("C")
    sold = lines[~lines.cancels & (lines.quantity > 0)]
    cancellations = lines[lines.cancels]
    pairs = paired(sold, cancellations)
    assert len(pairs) == Pairing.objects.count()
    unpaired = cancellations.drop(index=[cancellation for _, cancellation in pairs])
    assert unpaired_cancellations(imported).count() == len(unpaired)
    cancelled = sold.loc[[sale for sale, _ in pairs]]
    demand = by_day(sold).sub(by_day(cancelled), fill_value=0)
    days = pd.DataFrame(
        DailySales.objects.values_list(
            "product__sku", "business_date", "sold", "cancelled", "returned"
        ),
        columns=["product", "day", "sold", "cancelled", "returned"],
    ).set_index(["product", "day"])
    days = days.astype(float)
    same(days.sold - days.cancelled, demand)
    same(days.returned, -by_day(unpaired))


def by_day(lines):
    return lines.groupby(["product", "day"]).quantity.sum()


def same(ours, theirs):
    ours, theirs = ours[ours != 0].sort_index(), theirs[theirs != 0].sort_index()
    assert len(ours) == len(theirs) > 0
    assert ours.index.equals(theirs.index)
    assert np.allclose(ours, theirs)


def paired(sold, cancellations):
    """Rows of a sale and its cancellation, by looking back from each cancellation."""
    whose = ["product", "CustomerID", "quantity"]
    groups = {
        group: rows.sort_values("at", kind="stable")
        for group, rows in sold[sold.CustomerID != ""].groupby(whose)
    }
    pairs, taken = [], set()
    for row in (
        cancellations[cancellations.CustomerID != ""].sort_values("at").itertuples()
    ):
        group = groups.get((row.product, row.CustomerID, -row.quantity))
        if group is None:
            continue
        before = group[
            (group["at"] <= row.at) & (group["at"] >= row.at - pd.Timedelta("24h"))
        ]
        free = [index for index in before.index if index not in taken]
        if free:
            taken.add(free[-1])
            pairs.append((free[-1], row.Index))
    return pairs
