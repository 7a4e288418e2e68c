"""A list of vendors: how to reach them, and on which days and terms they deliver."""

import calendar
import re
from collections.abc import Iterator, Sequence
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.backends.utils import CursorWrapper

from imports import giving_back, problems, records
from imports.amounts import Amounts
from imports.kinds import COPY_MARKS, NULL, Column, Kind, copied, copied_key, register
from imports.models import Import
from imports.records import Field, RecordEffect, Table, deactivate, is_retired, tidied
from imports.repeated import reject_repeated
from imports.staging import Stage
from imports.values import RowProblem, clean, clock
from inventory.formats.rows import yes_or_no
from inventory.identities import digest
from inventory.product_records import stated

LONGEST_LEAD_TIME_DAYS = 365
LONGEST_SPREAD_DAYS = 180
LONGEST_REVIEW_DAYS = 182
ANY_DAY = ("any day", "every day", "daily")

COLUMNS = (
    Column(
        "name", "name", ("name", "vendor", "vendor name", "supplier"), required=True
    ),
    Column("email", "email", ("email", "e mail", "order email")),
    Column("contact", "contact", ("contact", "contact name", "contact person")),
    Column("phone", "phone", ("phone", "telephone", "tel", "phone number")),
    Column("address", "address", ("address", "postal address")),
    Column("currency", "currency", ("currency",)),
    Column("payment_terms", "payment_terms", ("payment terms", "terms")),
    Column(
        "lead_time_days",
        "lead_time_days",
        ("lead time days", "lead time"),
        is_number=True,
    ),
    Column(
        "varies_by_days",
        "varies_by_days",
        ("varies by days", "lead time sd", "lead time spread"),
        is_number=True,
    ),
    Column(
        "days_between_orders",
        "days_between_orders",
        ("days between orders", "review period", "order interval"),
        is_number=True,
    ),
    Column("order_days", "order_days", ("order days", "takes orders on")),
    Column("orders_until", "orders_until", ("orders until", "cut off", "cutoff")),
    Column(
        "minimum_order",
        "minimum_order",
        ("minimum order", "minimum order value", "minimum", "min order"),
        is_number=True,
    ),
    Column("active", "active", ("active", "in use", "status")),
)
DAY_WORDS = """array_to_string(ARRAY(
    SELECT (ARRAY['Mon','Tue','Wed','Thu','Fri','Sat','Sun'])[d + 1]
    FROM unnest({}) d), ', ')"""
SHOP_CURRENCY = "coalesce((SELECT h.currency FROM inventory_shop h LIMIT 1), 'EUR')"
FIELDS = (
    Field("email", "text", "v.email", "e-mail"),
    Field("contact_name", "text", tidied("v.contact_name"), "contact"),
    Field("phone", "text", tidied("v.phone"), "phone"),
    Field("address", "text", "replace(v.address, chr(13), '')", "address"),
    Field("currency", "text", "v.currency", "currency", SHOP_CURRENCY),
    Field("payment_terms", "text", tidied("v.payment_terms"), "payment terms"),
    Field("lead_time_days", "numeric(5,1)", "v.lead_time_days", "lead time", "NULL"),
    Field("lead_time_sd_days", "numeric(5,1)", "v.lead_time_sd_days", "varies by", "0"),
    Field(
        "review_period_days",
        "smallint",
        "v.review_period_days",
        "days between orders",
        "NULL",
    ),
    Field(
        "order_weekdays",
        "smallint[]",
        "v.order_weekdays",
        "takes orders on",
        "'{{}}'",
        shown=DAY_WORDS,
    ),
    Field("order_cutoff", "time", "v.order_cutoff", "orders until", "NULL"),
    Field(
        "minimum_order_value",
        "numeric(14,2)",
        "v.minimum_order_value",
        "minimum order",
        "0",
    ),
    Field(
        "is_active",
        "boolean",
        "v.is_active",
        "in use",
        taken=f"""coalesce(s.is_active, v.is_active OR
            ({is_retired("vendors_vendor", "v.id")}), true)""",
    ),
)

CHUNK = records.chunk_query(
    FIELDS,
    context="s.identity, v.id AS vendor_id",
    joins="""LEFT JOIN (
        SELECT DISTINCT ON (lower(name)) * FROM vendors_vendor
        ORDER BY lower(name), id) v ON lower(v.name) = lower(s.identity)""",
    is_known="vendor_id IS NOT NULL",
)

VENDORS = Table(
    name="vendors_vendor",
    known="vendor_id",
    columns={field.name: field.name for field in FIELDS},
    given={"name": "identity"},
    made_by="outcome = 'new'",
    changed_by="outcome = 'changed'",
    retire=deactivate("vendors_vendor"),
    is_main=True,
)


class VendorParser:
    """Rows of one list of vendors."""

    def __init__(self, stage: Stage) -> None:
        self.amounts = Amounts(decimal_comma=stage.detected.decimal_comma)

    def parse(self, cells: Sequence[str]) -> Sequence[str]:
        name, email, contact, phone, address, currency, terms, *figures = cells
        lead_time, spread, review, days, until, minimum, active = figures
        vendor = clean(name)[:120]
        if not vendor:
            raise RowProblem("empty_value", "name")
        return (
            copied_key(digest(vendor.casefold())),
            NULL,
            copied(vendor),
            email_of(email),
            stated(clean(contact), 120),
            stated(clean(phone), 40),
            address_of(address),
            currency_of(currency),
            stated(clean(terms), 120),
            self.amounts.at_most(lead_time, "lead_time_days", LONGEST_LEAD_TIME_DAYS),
            self.amounts.at_most(spread, "varies_by_days", LONGEST_SPREAD_DAYS),
            self.review_days(review),
            weekdays_of(days),
            clock(clean(until)) if clean(until) else NULL,
            self.amounts.optional(minimum, "minimum_order"),
            yes_or_no(active) or NULL,
        )

    def finish(self) -> None:
        """Nothing that only all rows tell."""

    def review_days(self, text: str) -> str:
        self.amounts.positive(text, "days_between_orders")
        days = self.amounts.at_most(text, "days_between_orders", LONGEST_REVIEW_DAYS)
        return days if days == NULL else days.partition(".")[0]


def email_of(text: str) -> str:
    address = clean(text)
    if not address:
        return NULL
    try:
        validate_email(address)
    except ValidationError:
        raise RowProblem("email_unreadable", address) from None
    return copied(address[:254])


def address_of(text: str) -> str:
    """Line by line, as it stands on an order."""
    lines = [clean(line) for line in text.splitlines()]
    address = "\n".join(lines).strip()
    return address.translate(COPY_MARKS) if address else NULL


def currency_of(text: str) -> str:
    currency = clean(text).upper()
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise RowProblem("currency_unknown", currency)
    return currency or NULL


def weekdays_of(text: str) -> str:
    """Days of the week as the database reads them; Monday is 0.

    >>> weekdays_of("Thu, Monday"), weekdays_of("any day")
    ('{0,3}', '{}')
    """
    words = clean(text).casefold()
    if not words:
        return NULL
    if words in ANY_DAY:
        return "{}"
    names = [name.casefold() for name in calendar.day_abbr]
    try:
        days = {names.index(word[:3]) for word in re.findall(r"[^\W\d]+", words)}
    except ValueError:
        raise RowProblem("day_unknown", words) from None
    return "{" + ",".join(str(day) for day in sorted(days)) + "}"


def classify(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    records.classify(cursor, stage, CHUNK, first=first, last=last)


def merge(cursor: CursorWrapper, stage: Stage) -> None:
    records.write(cursor, stage, VENDORS)


def undo(imported: Import) -> Iterator[int]:
    return giving_back.undo(imported, (VENDORS,))


def effect(stage: Stage) -> RecordEffect:
    return RecordEffect("vendor,vendors")


def register_kinds() -> None:
    problems.label_causes(
        email_unreadable="Not an e-mail address",
        currency_unknown="A currency has three letters, such as EUR",
        day_unknown="Not a day of the week",
        vendor_twice="The same vendor as another row",
    )
    register(
        Kind(
            name="vendors",
            label="Vendors",
            group="vendors",
            what="Column name; email, phone, address, lead_time_days, order_days, "
            "minimum_order and more if you have them.",
            columns=COLUMNS,
            fields={"identity": "text"} | records.fields_of(FIELDS),
            parser=VendorParser,
            prepare=partial(reject_repeated, cause="vendor_twice"),
            classify=classify,
            merge=merge,
            effect=effect,
            undo=undo,
            afterwards="Suggested orders follow these terms from the next night on.",
            after_undo="Vendors that it made are no longer in use.",
            applies_changes=True,
            is_generic=True,
            preview={
                "identity": "Vendor",
                "email": "E-mail",
                "phone": "Phone",
                "lead_time_days": "Lead time, days",
                "minimum_order_value": "Minimum order",
            },
        )
    )
