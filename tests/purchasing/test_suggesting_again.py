"""P8: however people draft, edit, cancel and move orders, N runs equal one."""

import contextlib
import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import Alert, Location, Product
from purchasing import ordering
from purchasing.explaining import quantity_from
from purchasing.orders import Conflict, PurchaseOrder, PurchaseOrderLine, Refused
from purchasing.outlook import StockOutlook
from tests.purchasing.shop import TODAY, order, plan, refresh, set_stock
from vendors.models import Vendor, VendorProduct

PIECE, BULK = Decimal(1), Decimal("0.001")
amounts = st.decimals(0, 90, places=3)
steps = st.one_of(
    st.tuples(st.just("stock"), st.integers(0, 2), amounts),
    st.tuples(st.just("draft"), st.integers(0, 2), amounts),
    st.tuples(st.just("edit"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.just("submit"), st.integers(0, 9), st.none()),
    st.tuples(st.just("cancel"), st.integers(0, 9), st.none()),
    st.tuples(st.just("date"), st.integers(0, 9), st.integers(-12, 30)),
    st.tuples(st.just("send"), st.integers(0, 9), st.none()),
    st.tuples(st.just("run"), st.none(), st.none()),
)


class Shop:
    def __init__(self):
        self.place = Location.objects.create(name="Old Town")
        self.vendor = Vendor.objects.create(name="Near", lead_time_days=2)
        self.products = [
            self.product("A", PIECE, case_pack=6),
            self.product("B", PIECE, case_pack=9, moq=48),
            self.product("C", BULK, case_pack="0.250"),
        ]

    def product(self, sku, quantum, **terms):
        made = Product.objects.create(sku=sku, name=sku, quantum=quantum, price=2)
        VendorProduct.objects.create(vendor=self.vendor, product=made, cost=1, **terms)
        made.refresh_from_db()
        plan(made, self.place, level=70, reorder_point=70 - float(quantum))
        set_stock(made, self.place, 31)
        return made

    def do(self, verb, which, value):
        if verb == "run":
            refresh(self.place)
        elif verb == "stock":
            set_stock(self.products[which], self.place, value)
        elif verb == "draft":
            order(self.vendor, self.place, self.products[which], value)
        else:
            self.change_an_order(verb, which, value)

    def change_an_order(self, verb, which, value):
        orders = list(PurchaseOrder.objects.order_by("pk"))
        if not orders:
            return
        chosen = orders[which % len(orders)]
        with contextlib.suppress(Conflict, Refused):
            getattr(self, verb)(chosen, value)

    def edit(self, chosen, packs):
        line = chosen.lines.first()
        ordering.change_line(
            chosen, line=line, quantity=packs * line.case_pack, by=None, reason="shelf"
        )

    def submit(self, chosen, _):
        PurchaseOrder.objects.filter(
            pk=chosen.pk, state__in=("suggested", "draft")
        ).update(state="submitted")

    def cancel(self, chosen, _):
        ordering.cancel(chosen, by=None)

    def send(self, chosen, _):
        PurchaseOrder.objects.filter(
            pk=chosen.pk, state__in=PurchaseOrder.INCOMING
        ).update(state="sent", expected_on=TODAY)

    def date(self, chosen, days):
        PurchaseOrder.objects.filter(pk=chosen.pk).update(
            expected_on=TODAY + dt.timedelta(days=days)
        )


def rows(model, *left_out):
    columns = [f.attname for f in model._meta.concrete_fields if f.name not in left_out]
    return list(model.objects.order_by("pk").values_list(*columns))


def everything():
    models = (PurchaseOrder, PurchaseOrderLine, StockOutlook, Alert)
    return [rows(model) for model in models]


class RunningAgainTest(TestCase):
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(history=st.lists(steps, max_size=12), times=st.integers(1, 3))
    def test_running_n_times_equals_running_once(self, history, times):
        shop = Shop()
        for step in history:
            shop.do(*step)
        drafts = rows_of_people()
        refresh(shop.place)
        once = everything()
        for _ in range(times):
            refresh(shop.place)
        assert everything() == once
        assert rows_of_people() == drafts
        check_suggestions(shop)


def rows_of_people():
    lines = PurchaseOrderLine.objects.exclude(order__state="suggested")
    return list(lines.order_by("pk").values_list("pk", "quantity", "order__version"))


def check_suggestions(shop):
    suggested = PurchaseOrderLine.objects.filter(order__state="suggested")
    assert len({line.order_id for line in suggested}) <= 1
    amount = {line.product_id: line.quantity for line in suggested}
    for seen in StockOutlook.objects.all():
        ordered = amount.get(seen.product_id, 0)
        assert ordered == seen.suggested_quantity
        if seen.inventory_position > seen.reorder_point:
            assert ordered == 0
        else:
            assert seen.inventory_position + ordered >= 70
    for line in suggested:
        assert line.quantity > 0
        assert line.quantity % line.case_pack == 0
        assert quantity_from(line.explanation["inputs"]).quantity == line.quantity
