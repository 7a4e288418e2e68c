"""Every rule with its sweep, and where it comes to."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from stores import REVIEW_DAYS, Stores

from forecasting import peer_rules
from forecasting.panel import Panel
from forecasting.replay import (
    Frontier,
    OrderRule,
    Supply,
    base_stock_rule,
    frontier,
    our_levels,
    over_reviews,
    simulate,
    until,
)
from forecasting.service import PolicyTerms

FILLS = (0.92, 0.94, 0.955, 0.965, 0.975, 0.98, 0.985, 0.99, 0.993, 0.996)
CYCLES = (0.82, 0.86, 0.89, 0.91, 0.93, 0.945, 0.96, 0.97, 0.98, 0.988, 0.994)
Z = np.arange(0, 6.01, 0.25)
QUARTER = 13
COVER, TEXTBOOK = "30-day average × cover", "textbook normal"
LAST = "last interval + z·sd"
OUR_FILL, OUR_CYCLE = "ours, fill-rate targets", "ours, one cycle service for all"


@dataclass(frozen=True, slots=True)
class Peer:
    """A rule from what was seen, and the reviews between two settings of it."""

    rule: Callable[[Panel], OrderRule]
    every: int = 1


def peers(lead: int) -> dict[str, Peer]:
    days = lead + REVIEW_DAYS
    cover = days * np.arange(0.6, 7.01, 0.2)
    more = REVIEW_DAYS * np.arange(0, 12.01, 0.5)
    return {
        COVER: Peer(lambda s: peer_rules.average_cover(s, cover)),
        TEXTBOOK: Peer(lambda s: peer_rules.textbook_normal(s, days, Z)),
        LAST: Peer(lambda s: peer_rules.last_interval(s, days, Z)),
        "Odoo + OCA safety stock": Peer(
            lambda s: peer_rules.oca_safety_stock(s, lead, REVIEW_DAYS, Z)
        ),
        "Odoo + OCA, kind: L + R": Peer(
            lambda s: peer_rules.oca_safety_stock(s, days, REVIEW_DAYS, Z)
        ),
        "Inventory Planner, by its date": Peer(
            lambda s: peer_rules.inventory_planner_by_date(s, lead, more)
        ),
        "Inventory Planner, kind: each review": Peer(
            lambda s: peer_rules.inventory_planner_recent(s, lead, more)
        ),
        "Stocky, gross": Peer(lambda s: peer_rules.stocky_gross(s, lead, cover)),
        "Stocky, kind: net, L + R": Peer(
            lambda s: peer_rules.stocky_net(s, days, cover)
        ),
        "Stocky min–max, each quarter": Peer(
            lambda s: peer_rules.stocky_min_max(s, lead, cover), QUARTER
        ),
        "Stocky min–max, kind: L + R": Peer(
            lambda s: peer_rules.stocky_min_max(s, days, cover), QUARTER
        ),
        "ERPNext": Peer(lambda s: peer_rules.erpnext(s, lead, REVIEW_DAYS, more)),
    }


def frontiers(stores: Stores, lead: int) -> dict[str, Frontier]:
    began = time.perf_counter()
    supply = _supply(stores, lead)

    def lived(rule: OrderRule) -> Frontier:
        return frontier(simulate(rule, stores.wanted, supply))

    n_fill = len(FILLS)
    levels = our_levels(
        stores.panel, stores.groups, stores.reviews, lead + REVIEW_DAYS, _terms(lead)
    )
    found = {
        OUR_FILL: lived(base_stock_rule(levels[:n_fill])),
        OUR_CYCLE: lived(base_stock_rule(levels[n_fill:])),
    }
    for name, peer in peers(lead).items():
        rule = over_reviews(peer.rule, stores.panel, stores.reviews, every=peer.every)
        found[name] = lived(rule)
    print(f"L = {lead}: {time.perf_counter() - began:.0f} s", flush=True)
    return found


def _terms(lead: int) -> list[PolicyTerms]:
    by_fill = [PolicyTerms(lead, 0, REVIEW_DAYS, fill_rate=fill) for fill in FILLS]
    by_cycle = [
        PolicyTerms(lead, 0, REVIEW_DAYS, cycle_service=cycle) for cycle in CYCLES
    ]
    return by_fill + by_cycle


def _supply(stores: Stores, lead: int) -> Supply:
    """All start with what sold in as many days as an order must last for."""
    n = stores.panel.n_series
    recent = until(stores.panel, stores.start, 30).demand.mean(axis=1)
    start: NDArray[np.float64] = np.ceil(recent * (lead + REVIEW_DAYS))
    lead_days = np.full((len(stores.reviews), n), lead)
    return Supply(lead_days, start, REVIEW_DAYS)
