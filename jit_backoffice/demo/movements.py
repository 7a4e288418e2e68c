"""Transfers from the depot and goods thrown away, by the verbs of inventory."""

import datetime as dt
from decimal import Decimal

from inventory import adjusting, transferring
from jit_backoffice.demo.buying import DEPOT
from jit_backoffice.demo.past_orders import Desk, Report
from jit_backoffice.demo.trading import DemoTransfer, DemoWriteOff

SENT, ARRIVED, THROWN_AWAY = dt.time(16, 0), dt.time(8, 10), dt.time(16, 50)


def write_movements(desk: Desk, report: Report) -> None:
    first = desk.shop.first_ledger_day
    transfers = [t for t in desk.shop.trade.transfers if t.sent_on >= first - 1]
    write_offs = [off for off in desk.shop.trade.write_offs if off.day >= first]
    total = len(transfers) + len(write_offs)
    for done, transfer in enumerate(transfers):
        write_transfer(desk, transfer)
        report(done + 1, total)
    for done, write_off in enumerate(write_offs):
        throw_away(desk, write_off)
        report(len(transfers) + done + 1, total)


def write_transfer(desk: Desk, moved: DemoTransfer) -> None:
    """Sent on one day, on the shelf the next morning, if that is past."""
    manager = desk.manager(moved.store)
    arrives = desk.at(moved.sent_on + 1, ARRIVED)
    transfer = transferring.send(
        desk.product(moved.item),
        from_location=desk.places[DEPOT],
        to_location=desk.places[moved.store],
        quantity=Decimal(moved.units),
        expected_on=arrives.date(),
        idempotency_key=f"demo-{moved.sent_on}-{moved.store}-{moved.item}",
        sent_at=desk.at(moved.sent_on, SENT),
        by=manager,
    )
    if moved.sent_on + 1 < desk.end:
        transferring.arrive(transfer, arrived_at=arrives, by=manager)


def throw_away(desk: Desk, spoiled: DemoWriteOff) -> None:
    adjusting.write_off(
        desk.product(spoiled.item),
        location=desk.places[spoiled.store],
        quantity=Decimal(spoiled.units),
        reason="Past its date",
        idempotency_key=f"demo-off-{spoiled.day}-{spoiled.store}-{spoiled.item}",
        occurred_at=desk.at(spoiled.day, THROWN_AWAY),
        by=desk.manager(spoiled.store),
    )
