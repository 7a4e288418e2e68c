"""The order as the vendor gets it, read back from the files."""

import csv
import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from inventory.models import Product, Shop
from purchasing import ordering
from purchasing.order_document import OrderDocument, as_csv, as_pdf
from purchasing.orders import PurchaseOrderLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = Shop.load()
    shop.name, shop.address = "Corner & Co", "Canal 1\nAmsterdam"
    shop.save()
    return shop


def pages(document):
    return [
        page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(document))).pages
    ]


def rows(document):
    return list(csv.DictReader(io.StringIO(as_csv(document).decode("utf-8-sig"))))


def test_the_pdf_tells_what_where_and_how_much(approved, shop, near):
    near.contact_name, near.address = "Ann", "Mill Road 7"
    near.payment_terms = "30 days net"
    near.save()
    (page,) = pages(OrderDocument.of(approved, shop))
    for words in (
        "Purchase order",
        f"{approved.number}, version 1",
        "Corner & Co",
        "Canal 1",
        "Near",
        "Mill Road 7",
        "Old Town",
        "30 days net",
        "N-50",
        "GR-1042",
        "Oat drink, barista 1 L",
        "10 × 6",
        "85.20",
        "€116.40",
        "Page 1 of 1",
    ):
        assert words in page, words


def test_lines_of_nothing_are_left_out(suggested, oats, shop, people):
    line = suggested.lines.get(product=oats)
    order = ordering.change_line(
        suggested, line=line, quantity=Decimal(0), by=people.manager
    )
    document = OrderDocument.of(order, shop)
    assert document.is_draft
    assert "Rolled oats" not in pages(document)[0]
    assert [row["sku"] for row in rows(document)] == ["GR-1042"]


def test_a_long_order_numbers_its_pages_and_repeats_its_head(approved, shop):
    for place in range(80):
        product = Product.objects.create(sku=f"S-{place}", name=f"Product {place}")
        PurchaseOrderLine.objects.create(
            order=approved, product=product, quantity=1, unit_cost="1.1255"
        )
    found = pages(OrderDocument.of(approved, shop))
    assert len(found) > 1
    for place, page in enumerate(found, start=1):
        assert f"Page {place} of {len(found)}" in page
        assert "Your SKU" in page
    assert "1.1255" in found[0] + found[1]


def test_names_are_no_markup_and_no_formula(approved, steady, shop):
    steady.name = '=HYPERLINK("http://x")<b>&'
    steady.save()
    document = OrderDocument.of(approved, shop)
    assert '=HYPERLINK("http://x")<b>&' in "".join(pages(document)).replace("\n", "")
    named = {row["sku"]: row["product"] for row in rows(document)}
    assert named["GR-1042"] == '\'=HYPERLINK("http://x")<b>&'


def test_a_name_that_the_font_lacks_still_makes_a_page(approved, steady, shop):
    steady.name = "Żurek 茶 Ωμέγα"
    steady.save()
    assert "GR-1042" in pages(OrderDocument.of(approved, shop))[0]


def test_the_csv_has_exact_figures(approved, shop):
    found = {row["sku"]: row for row in rows(OrderDocument.of(approved, shop))}
    line = found["GR-1050"]
    assert line["order"] == approved.number
    assert line["vendor_sku"] == "N-50"
    assert (line["packs"], line["units_per_pack"], line["units"]) == ("2", "12", "24")
    assert (line["unit_cost"], line["total"], line["currency"]) == (
        "1.3",
        "31.20",
        "EUR",
    )
