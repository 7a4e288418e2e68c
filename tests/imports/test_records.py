"""Undoing imports of records in any order leaves what the others say."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports import importing
from imports.models import Import, ImportedChange
from inventory.models import Product
from tests.sales.files import run, write

FIELDS = ("name", "category", "price")
values = st.sampled_from(["", "1", "2", "3"])
files = st.lists(
    st.dictionaries(st.sampled_from("AB"), st.tuples(values, values, values)),
    min_size=1,
    max_size=4,
)


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def bring_in(folder, rows, name="a.csv"):
    file = write(
        folder / name, ["sku", *FIELDS], [[sku, *row] for sku, row in rows.items()]
    )
    return run("import_products", file)["import_ids"][0]


def undo(pk):
    importing.undo(Import.objects.get(pk=pk), lambda done, total, note: None)


def state():
    rows = Product.objects.order_by("sku").values_list("sku", *FIELDS, "is_active")
    return {sku: tuple(map(str, rest)) for sku, *rest in rows}


class Model:
    """Each import sets what differed when it came; undoing plays the others again.

    A record stays as it was made while another import has changed it.
    """

    def __init__(self):
        self.effects = []
        self.made_by = {}

    def bring_in(self, rows):
        known = self.played()
        effect = {}
        for sku, row in rows.items():
            before = known.get(sku)
            set_here = {f: v for f, v in zip(FIELDS, row, strict=True) if v}
            if before is not None:
                set_here = {f: v for f, v in set_here.items() if before[f] != v}
            if before is None or set_here:
                effect[sku] = set_here
            if before is None:
                self.made_by[sku] = len(self.effects)
        self.effects.append(effect)

    def undo(self, place):
        undone, self.effects[place] = self.effects[place], {}
        for sku, made in undone.items():
            heirs = [n for n, effect in enumerate(self.effects) if sku in effect]
            if self.made_by[sku] == place and heirs:
                self.effects[heirs[0]][sku] = made | self.effects[heirs[0]][sku]
                self.made_by[sku] = heirs[0]

    def played(self):
        known = {}
        for effect in self.effects:
            for sku, changes in effect.items():
                nothing = {"name": sku, "category": "", "price": None}
                known[sku] = known.get(sku, nothing) | changes
        return known


def told(known):
    return {
        sku: (row["name"], row["category"], price_of(row["price"]), "True")
        for sku, row in known.items()
    }


def price_of(text):
    return f"{text}.0000" if text else "None"


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(imports=files, order=st.randoms(use_true_random=False))
def test_undone_in_any_order_only_the_others_are_left(
    imports, order, tmp_path, transactional_db
):
    ImportedChange.objects.all().delete()
    Product.objects.all().delete()
    model, imports = Model(), [rows for rows in imports if rows]
    keys = []
    for place, rows in enumerate(imports):
        model.bring_in(rows)
        keys.append(bring_in(tmp_path, rows, f"{place}.csv"))
    assert state() == told(model.played())
    places = list(range(len(keys)))
    order.shuffle(places)
    for place in places:
        undo(keys[place])
        model.undo(place)
        standing = {sku: row for sku, row in state().items() if row[-1] == "True"}
        assert standing == told(model.played())


def test_later_edits_by_hand_stay(tmp_path, steady):
    first = bring_in(tmp_path, {"GR-1042": ("Oat", "Dairy", "3")})
    Product.objects.update(category="Vegan")
    undo(first)
    assert state() == {"GR-1042": ("Oat drink, barista 1 L", "Vegan", "2.4900", "True")}
