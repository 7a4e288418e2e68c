"""The purchase order as the vendor gets it: a PDF to read and a CSV to read in."""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self
from xml.sax.saxutils import escape

from django.utils import timezone
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from inventory.models import Shop
from jit_backoffice.figures import money, number
from purchasing.orders import PurchaseOrder

INK = colors.HexColor("#18202B")
GREY = colors.HexColor("#4A5463")
RULE = colors.HexColor("#CDD3DC")
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9, leading=12.5)
LABEL = ParagraphStyle("label", parent=BODY, fontSize=8, textColor=GREY)
RIGHT = ParagraphStyle("right", parent=BODY, alignment=2)
HEAD = ParagraphStyle("head", parent=LABEL, fontName="Helvetica-Bold")
HEAD_RIGHT = ParagraphStyle("head_right", parent=HEAD, alignment=2)
TITLE = ParagraphStyle(
    "title", parent=BODY, fontName="Helvetica-Bold", fontSize=17, leading=22
)
WIDTHS = [26 * mm, 28 * mm, 50 * mm, 22 * mm, 14 * mm, 17 * mm, 20 * mm]
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = (
    "order",
    "date",
    "deliver_on",
    "line",
    "vendor_sku",
    "sku",
    "product",
    "packs",
    "units_per_pack",
    "units",
    "unit",
    "unit_cost",
    "total",
    "currency",
)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    vendor_sku: str
    sku: str
    name: str
    unit: str
    packs: Decimal
    case_pack: Decimal
    quantity: Decimal
    unit_cost: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """All that the vendor reads, taken from the order once."""

    number: str
    version: int
    is_draft: bool
    date: dt.date
    deliver_on: dt.date | None
    shop_name: str
    shop_address: str
    deliver_to: str
    deliver_address: str
    vendor_name: str
    vendor_contact: str
    vendor_address: str
    payment_terms: str
    note: str
    currency: str
    total: Decimal
    lines: tuple[DocumentLine, ...]

    @classmethod
    def of(cls, order: PurchaseOrder, shop: Shop) -> Self:
        vendor = order.vendor
        return cls(
            number=order.number,
            version=order.version,
            is_draft=order.is_editable and order.state != order.State.APPROVED,
            date=(order.sent_at or timezone.now())
            .astimezone(order.location.zone)
            .date(),
            deliver_on=order.due_on,
            shop_name=shop.name,
            shop_address=shop.address,
            deliver_to=order.location.name,
            deliver_address=order.location.address or shop.address,
            vendor_name=vendor.name,
            vendor_contact=vendor.contact_name,
            vendor_address=vendor.address,
            payment_terms=vendor.payment_terms,
            note=order.note,
            currency=order.currency,
            total=order.total,
            lines=lines_of(order),
        )


def lines_of(order: PurchaseOrder) -> tuple[DocumentLine, ...]:
    lines = order.lines.filter(quantity__gt=0).select_related("product")
    return tuple(
        DocumentLine(
            vendor_sku=line.vendor_sku,
            sku=line.product.sku,
            name=line.product.name,
            unit=line.product.unit,
            packs=line.quantity / line.case_pack,
            case_pack=line.case_pack,
            quantity=line.quantity,
            unit_cost=line.unit_cost,
            total=line.total,
        )
        for line in lines.order_by("product__name", "pk")
    )


def as_csv(document: OrderDocument) -> bytes:
    """UTF-8 with a byte order mark, so that a spreadsheet reads the names right."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for place, line in enumerate(document.lines, start=1):
        rows.writerow(
            [
                document.number,
                document.date.isoformat(),
                document.deliver_on.isoformat() if document.deliver_on else "",
                place,
                no_formula(line.vendor_sku),
                no_formula(line.sku),
                no_formula(line.name),
                exact(line.packs),
                exact(line.case_pack),
                exact(line.quantity),
                no_formula(line.unit),
                exact(line.unit_cost),
                line.total,
                document.currency,
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def no_formula(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def exact(value: Decimal) -> str:
    return f"{value.normalize():f}"


def as_pdf(document: OrderDocument) -> bytes:
    file = io.BytesIO()
    template = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=f"Purchase order {document.number}",
        author=document.shop_name,
    )
    story: list[Flowable] = [
        heading(document),
        Spacer(0, 6 * mm),
        addresses(document),
        Spacer(0, 6 * mm),
        line_table(document),
    ]
    if document.note:
        story += [Spacer(0, 5 * mm), paragraph("Note", LABEL), text(document.note)]
    template.build(story, canvasmaker=canvas_of(document))
    return file.getvalue()


def heading(document: OrderDocument) -> Table:
    kind = "Purchase order, draft" if document.is_draft else "Purchase order"
    facts = [
        ("Number", f"{document.number}, version {document.version}"),
        ("Date", written(document.date)),
        ("Deliver on", written(document.deliver_on)),
        ("Payment", document.payment_terms or "As agreed"),
    ]
    grid = Table(
        [[paragraph(name, LABEL), text(value)] for name, value in facts],
        colWidths=[24 * mm, 54 * mm],
        style=[
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ],
    )
    left = [
        paragraph(kind, TITLE),
        text(f"{document.shop_name}\n{document.shop_address}"),
    ]
    return side_by_side([left, grid], [97 * mm, 80 * mm])


def addresses(document: OrderDocument) -> Table:
    vendor = [document.vendor_name, document.vendor_contact, document.vendor_address]
    place = [document.shop_name, document.deliver_to, document.deliver_address]
    return side_by_side(
        [
            [paragraph("Vendor", LABEL), text("\n".join(filter(None, vendor)))],
            [paragraph("Deliver to", LABEL), text("\n".join(filter(None, place)))],
        ],
        [97 * mm, 80 * mm],
    )


def side_by_side(cells: list[Any], widths: list[float]) -> Table:
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return Table([cells], colWidths=widths, style=style)


def line_table(document: OrderDocument) -> Table:
    head = ["Your SKU", "Our SKU", "Product", "Packs", "Units", "Unit cost", "Total"]
    rows: list[list[Any]] = [
        [
            paragraph(name, HEAD if place < 3 else HEAD_RIGHT)
            for place, name in enumerate(head)
        ]
    ]
    rows += [row_of(line) for line in document.lines]
    total = money(document.total, document.currency)
    rows.append(["", "", "", "", "", paragraph("Total", RIGHT), bold(total)])
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -2), 0.4, RULE),
            ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return Table(rows, colWidths=WIDTHS, repeatRows=1, style=style)


def row_of(line: DocumentLine) -> list[Any]:
    return [
        text(line.vendor_sku or "–"),
        text(line.sku),
        text(line.name),
        paragraph(f"{number(line.packs)} × {number(line.case_pack)}", RIGHT),
        paragraph(number(line.quantity), RIGHT),
        paragraph(unit_price(line.unit_cost), RIGHT),
        paragraph(money(line.total), RIGHT),
    ]


def unit_price(cost: Decimal) -> str:
    """Two decimals, or four where the price has them."""
    return number(cost, 2 if cost == cost.quantize(Decimal("0.01")) else 4)


def text(value: str) -> Paragraph:
    return paragraph(value, BODY)


def bold(value: str) -> Paragraph:
    return Paragraph(f"<b>{escape(value)}</b>", RIGHT)


def paragraph(value: str, style: ParagraphStyle) -> Paragraph:
    """Names are data: nothing in them is markup."""
    return Paragraph(escape(value).replace("\n", "<br/>"), style)


def written(date: dt.date | None) -> str:
    return f"{date:%A} {date.day} {date:%B %Y}" if date else "As soon as possible"


def canvas_of(document: OrderDocument) -> type[Canvas]:
    """A canvas that knows the number of pages when it writes the footers."""

    class NumberedCanvas(Canvas):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self.pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for place, page in enumerate(self.pages, start=1):
                self.__dict__.update(page)
                write_footer(self, document, f"Page {place} of {len(self.pages)}")
                super().showPage()
            super().save()

    return NumberedCanvas


def write_footer(canvas: Canvas, document: OrderDocument, page: str) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(GREY)
    canvas.drawString(16 * mm, 10 * mm, f"{document.shop_name}, {document.number}")
    canvas.drawRightString(A4[0] - 16 * mm, 10 * mm, page)
