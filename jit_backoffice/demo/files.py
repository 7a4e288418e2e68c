"""The demo shop as the files that a real shop would bring."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from jit_backoffice.demo.buying import DEPOT, PLACES
from jit_backoffice.demo.demand import STORES
from jit_backoffice.demo.generating import DemoShop
from jit_backoffice.demo.receipts import TillLine

PLACE_NAMES = ("Old Town", "Harbour", "Depot")
OFFER = 0.8
COUNT_TIME = dt.time(7, 0)
RECOUNTS, RECOUNT_DAYS = 18, (17, 10, 3)
NEVER_COUNTED = 2
TILL_ZONE = "Amsterdam"
DAILY_COLUMNS = ("date", "location", "sku", "quantity", "name", "category", "revenue")
COUNT_COLUMNS = ("location", "sku", "quantity", "counted_at")
PRICE_COLUMNS = (
    "vendor",
    "sku",
    "vendor_sku",
    "name",
    "barcode",
    "cost",
    "case_pack",
    "moq",
)
TILL_COLUMNS = (
    *("Date", "Time", "Time Zone", "Category", "Item", "Qty", "Price Point Name"),
    *("SKU", "Modifiers Applied", "Gross Sales", "Discounts", "Net Sales", "Tax"),
    *("Transaction ID", "Payment ID", "Device Name", "Notes", "Details"),
    *("Event Type", "Location", "Dining Option", "Customer ID", "Customer Name"),
    *("Customer Reference ID", "Unit", "Count", "GTIN", "Itemization Type"),
    *("Fulfillment Note", "Channel", "Token", "Card Brand", "PAN Suffix"),
)


def write_daily_totals(shop: DemoShop, path: Path) -> None:
    """Sales per day until the receipts begin; the first known day has a row, too."""
    with_totals = shop.size.days - shop.size.receipt_days
    sold = shop.trade.sold[:, :, :with_totals]
    there = sold > 0
    there[:, :, 0] |= shop.demand.mean[:, :, 0] > 0.02
    price = np.array([float(item.price) for item in shop.items])
    days = [shop.date(day).isoformat() for day in range(with_totals)]
    rows = []
    for day, store, item in np.argwhere(there.transpose(2, 0, 1)):
        units = int(sold[store, item, day])
        offer = OFFER if shop.demand.on_offer[item, day] else 1.0
        product = shop.items[item]
        rows.append(
            (
                days[day],
                PLACE_NAMES[store],
                product.sku,
                units,
                product.name,
                product.category,
                f"{units * price[item] * offer:.2f}",
            )
        )
    write(path, DAILY_COLUMNS, rows)


def write_till_weeks(shop: DemoShop, folder: Path) -> list[Path]:
    """One "Items detail" export per week, both stores in each, newest first."""
    paths = []
    for end in range(shop.size.days, shop.size.days - shop.size.receipt_days, -7):
        start = max(end - 7, shop.size.days - shop.size.receipt_days)
        first, after = shop.date(start), shop.date(end)
        lines = [line for line in shop.till if first <= line.sold_at.date() < after]
        lines.sort(key=lambda line: line.sold_at, reverse=True)
        paths.append(folder / f"items-{first}-{after}.csv")
        write(paths[-1], TILL_COLUMNS, (till_row(shop, line) for line in lines))
    return paths[::-1]


def till_row(shop: DemoShop, line: TillLine) -> list[str]:
    item = shop.items[line.item]
    gross = item.price * line.units
    discount = gross * round((1 - OFFER) * 10) / 10 if line.on_offer else gross * 0
    values = {
        "Date": f"{line.sold_at:%Y-%m-%d}",
        "Time": f"{line.sold_at:%H:%M:%S}",
        "Time Zone": TILL_ZONE,
        "Category": item.category,
        "Item": item.name,
        "Qty": f"{line.units:.1f}",
        "Price Point Name": "Regular",
        "SKU": item.sku,
        "Gross Sales": money(float(gross)),
        "Discounts": money(-float(discount)),
        "Net Sales": money(float(gross - discount)),
        "Tax": money(0),
        "Transaction ID": line.receipt,
        "Payment ID": f"P{line.receipt}",
        "Device Name": f"Till {line.store + 1}",
        "Event Type": "Payment" if line.units > 0 else "Refund",
        "Location": PLACE_NAMES[line.store],
        "Unit": "ea",
        "Count": str(line.units),
        "GTIN": item.barcode,
        "Itemization Type": "Physical Good",
        "Channel": PLACE_NAMES[line.store],
    }
    return [values.get(column, "") for column in TILL_COLUMNS]


def money(amount: float) -> str:
    sign = "-" if amount <= -0.005 else ""
    return f"{sign}€{abs(amount):.2f}"


def write_counts(shop: DemoShop, path: Path) -> None:
    """The stock-take that the ledger starts with, and some shelves since."""
    rows = [*stock_take(shop), *recounts(shop)]
    write(path, COUNT_COLUMNS, rows)


def stock_take(shop: DemoShop) -> Iterator[tuple[object, ...]]:
    day = shop.first_ledger_day
    for place in range(PLACES):
        skipped = never_counted(shop, place)
        for row in counted_items(shop, place):
            if row not in skipped:
                yield count_row(shop, place, int(row), day)


def recounts(shop: DemoShop) -> Iterator[tuple[object, ...]]:
    """A few products each week; they show what got lost on the way."""
    rng = np.random.default_rng(shop.seed)
    for back in RECOUNT_DAYS:
        for store in range(STORES):
            rows = counted_items(shop, store)
            some = rng.choice(rows, min(RECOUNTS, len(rows)), replace=False)
            for row in sorted(set(some.tolist()) - never_counted(shop, store)):
                yield count_row(shop, store, row, shop.size.days - back)


def counted_items(shop: DemoShop, place: int) -> np.ndarray:
    if place == DEPOT:
        return np.flatnonzero(shop.trade.stock[DEPOT].any(axis=1))
    return np.flatnonzero(shop.demand.carried[place])


def never_counted(shop: DemoShop, place: int) -> set[int]:
    """The two slowest sellers of a store that it still sells."""
    if place == DEPOT:
        return set()
    recent = shop.trade.sold[place, :, -60:].sum(axis=1)
    selling = np.flatnonzero(recent > 3)
    order = np.argsort(recent[selling], kind="stable")
    return set(selling[order[:NEVER_COUNTED]].tolist())


def count_row(shop: DemoShop, place: int, row: int, day: int) -> tuple[object, ...]:
    """What lay there before the shop opened on this day."""
    at = dt.datetime.combine(shop.date(day), COUNT_TIME)
    units = shop.trade.stock[place, row, day - 1]
    return PLACE_NAMES[place], shop.items[row].sku, units, f"{at:%Y-%m-%d %H:%M}"


def write_prices(shop: DemoShop, path: Path) -> None:
    rows = (
        (
            item.vendor,
            item.sku,
            item.vendor_sku,
            item.name,
            item.barcode,
            item.cost,
            item.case_pack,
            item.minimum,
        )
        for item in shop.items
    )
    write(path, PRICE_COLUMNS, rows)


def write(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
