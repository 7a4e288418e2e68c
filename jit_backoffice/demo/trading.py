"""Two years of trading: what was sold, ordered, delivered and moved, day by day.

A day goes: deliveries and transfers come in, orders are written, customers buy what is
there, some chilled goods are thrown away, a few things get lost and nobody writes it
down. Nothing is sold that is not on the shelf.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jit_backoffice.demo.assortment import Item
from jit_backoffice.demo.buying import DEPOT, PLACES, Buyer
from jit_backoffice.demo.deliveries import Deliverer, DemoOrder
from jit_backoffice.demo.demand import STORES, Demand

TRANSFER_DAY = 1
TRANSFERS_AT_ONCE = 3
SPOILED_SHARE = 0.012
LOST_SHARE = 0.0015


@dataclass(frozen=True, slots=True)
class DemoTransfer:
    """One pack from the depot to a store; it arrives the next morning."""

    item: int
    store: int
    units: int
    sent_on: int


@dataclass(frozen=True, slots=True)
class DemoWriteOff:
    item: int
    store: int
    units: int
    day: int


@dataclass(frozen=True, slots=True)
class Trade:
    """What happened; days are counted from the first day of the demand.

    ``sold`` : int, (stores, items, days); ``stock`` : int, (places, items, days), what
    is really there at the end of the day; place 2 is the depot.
    """

    sold: NDArray[np.int64]
    stock: NDArray[np.int64]
    orders: list[DemoOrder]
    transfers: list[DemoTransfer]
    write_offs: list[DemoWriteOff]


@dataclass(slots=True)
class Shelves:
    """Stock of now and what is under way to it."""

    stock: NDArray[np.int64]
    on_order: NDArray[np.int64]
    due: dict[int, list[tuple[int, int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def order(self, order: DemoOrder) -> None:
        for arrival in order.arrivals:
            for item, units in arrival.units.items():
                self.expect(arrival.day, order.place, item, units)

    def expect(self, day: int, place: int, item: int, units: int) -> None:
        self.due[day].append((place, item, units))
        self.on_order[place, item] += units

    def take_in(self, day: int) -> None:
        for place, item, units in self.due.pop(day, []):
            self.stock[place, item] += units
            self.on_order[place, item] -= units

    def lose(self, rng: np.random.Generator) -> None:
        """What only the next count will show."""
        stores = self.stock[:STORES]
        stores -= (rng.random(stores.shape) < LOST_SHARE) & (stores > 3)


def trade(items: list[Item], demand: Demand, rng: np.random.Generator) -> Trade:
    """Live through the days of the demand with the shop's own rule of ordering."""
    buyer = Buyer.trained(items, demand, rng)
    deliverer = Deliverer(items, demand, rng)
    empty = np.zeros((PLACES, len(items)), dtype=np.int64)
    shelves = Shelves(buyer.opening_stock(), empty)
    made = Trade(
        np.zeros_like(demand.units),
        np.zeros((PLACES, len(items), demand.n_days), dtype=np.int64),
        [],
        [],
        [],
    )
    chilled = np.array([item.category == "Dairy & chilled" for item in items])
    for day in range(demand.n_days):
        shelves.take_in(day)
        position = shelves.stock + shelves.on_order
        for ordered in buyer.orders_of(day, position):
            write_order(made, shelves, deliverer.deliver(ordered))
        restock_from_depot(made, shelves, buyer, day)
        sold = np.minimum(demand.units[:, :, day], shelves.stock[:STORES])
        made.sold[:, :, day] = sold
        shelves.stock[:STORES] -= sold
        throw_away(made, shelves, chilled, day, rng)
        shelves.lose(rng)
        made.stock[:, :, day] = shelves.stock
    return made


def write_order(made: Trade, shelves: Shelves, order: DemoOrder) -> None:
    made.orders.append(order)
    shelves.order(order)


def restock_from_depot(made: Trade, shelves: Shelves, buyer: Buyer, day: int) -> None:
    """Once a week a store gets packs of what it is about to sell out."""
    if buyer.weekday(day) != TRANSFER_DAY:
        return
    for store in range(STORES):
        position = shelves.stock[store] + shelves.on_order[store]
        short = buyer.comfort(store, day) - position
        short[shelves.stock[DEPOT] < buyer.pack] = 0
        for item in np.argsort(-short, kind="stable")[:TRANSFERS_AT_ONCE]:
            if short[item] > 0:
                units = int(buyer.pack[item])
                shelves.stock[DEPOT, item] -= units
                shelves.expect(day + 1, store, int(item), units)
                made.transfers.append(DemoTransfer(int(item), store, units, day))


def throw_away(
    made: Trade,
    shelves: Shelves,
    chilled: NDArray[np.bool_],
    day: int,
    rng: np.random.Generator,
) -> None:
    spoiled = rng.random((STORES, len(chilled))) < SPOILED_SHARE
    spoiled &= chilled & (shelves.stock[:STORES] > 4)
    for store, item in np.argwhere(spoiled):
        units = int(rng.integers(1, 4))
        shelves.stock[store, item] -= units
        made.write_offs.append(DemoWriteOff(int(item), int(store), units, day))
