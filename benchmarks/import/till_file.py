"""A seeded file of sales lines as a till exports them: many receipts, few products."""

import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import openpyxl

SEED = 20260530
PRODUCTS, STORES, DAYS = 50, 10, 600
FIRST_DAY = dt.date(2024, 1, 1)
HEADER = [
    "Receipt No",
    "Date",
    "Time",
    "Store",
    "Till",
    "Cashier",
    "SKU",
    "Item",
    "Category",
    "Quantity",
    "Unit Price",
    "Net Sales",
    "Payment",
]
CASHIERS = ("Kim", "Noor", "Sam", "Lena", "Iris", "Tom")
PAYMENTS = ("card", "card", "card", "cash")


class Till:
    """What is sold, where and for how much."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        prices = (2.5, 3.0, 3.5, 4.0, 4.5, 8.0, 12.5, 19.9)
        self.items = [
            (
                f"TEA-{n:04}",
                f"House blend {n}",
                f"Tea {n % 8}",
                self.chance.choice(prices),
            )
            for n in range(PRODUCTS)
        ]
        self.weights = [1 / (n + 1) ** 0.7 for n in range(PRODUCTS)]

    def rows(
        self, lines: int, *, first_day: dt.date, days: int, first_receipt: int
    ) -> Iterator[list[str]]:
        """Lines in the order of time; some 2.3 of them on a receipt."""
        chance, written, receipt = self.chance, 0, first_receipt
        while written < lines:
            day = first_day + dt.timedelta(days=days * written // lines)
            clock = f"{chance.randint(8, 21):02}:{chance.randint(0, 59):02}:00"
            head = [
                f"R-{receipt}",
                str(day),
                clock,
                f"Store {chance.randrange(STORES)}",
            ]
            head += [f"Till {chance.randint(1, 3)}", chance.choice(CASHIERS)]
            receipt += 1
            wanted = min(chance.choice((1, 1, 2, 2, 3, 5)), lines - written)
            for sku, item, category, price in chance.choices(
                self.items, self.weights, k=wanted
            ):
                units = chance.choice((1, 1, 1, 1, 2, 3))
                amounts = [str(units), f"{price:.2f}", f"{units * price:.2f}"]
                yield [*head, sku, item, category, *amounts, chance.choice(PAYMENTS)]
            written += wanted


def write_csv(
    path: Path,
    lines: int,
    *,
    seed: int = SEED,
    first_day: dt.date = FIRST_DAY,
    days: int = DAYS,
    first_receipt: int = 1_000_000,
) -> Path:
    rows = Till(seed).rows(
        lines, first_day=first_day, days=days, first_receipt=first_receipt
    )
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def write_workbook(path: Path, lines: int) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sales")
    sheet.append(HEADER)
    rows = Till(SEED).rows(
        lines, first_day=FIRST_DAY, days=DAYS, first_receipt=1_000_000
    )
    for row in rows:
        quantity, price, net = int(row[9]), float(row[10]), float(row[11])
        sheet.append([*row[:9], quantity, price, net, row[12]])
    book.save(path)
    return path
