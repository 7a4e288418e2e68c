"""The demo shop's own data: the business, its places, people, products and vendors."""

import datetime as dt

from django.contrib.auth.hashers import make_password

from accounts.models import Role, User
from inventory.models import Location, Product, Shop
from inventory.places import give_access
from jit_backoffice.demo.assortment import Item
from jit_backoffice.demo.files import PLACE_NAMES
from jit_backoffice.demo.terms import VENDORS
from jit_backoffice.first_start import DEMO_PASSWORD
from vendors.models import Vendor

ZONE = "Europe/Amsterdam"
STORES_GROUP, DEPOT_GROUP = "stores", "warehouse"
ADDRESSES = (
    "Old Town Square 12\n1012 AB Amsterdam",
    "Harbour Street 48\n1071 CD Amsterdam",
    "Dock Road 5, unit 3\n1042 EF Amsterdam",
)
MANAGER, SECOND_MANAGER = "manager@demo.example", "harbour@demo.example"
BUYER, CHIEF_BUYER = "buyer@demo.example", "buyer2@demo.example"
ADMIN = "admin@demo.example"
REAL_DATA = (
    "The demo shop was not loaded, because there is real data here. "
    "Start with an empty folder in BACKOFFICE_HOME to see it."
)
BUYERS_LIMIT = 1000
PEOPLE = (
    (MANAGER, "Sanne Visser", Role.MANAGER, (0,), None),
    (SECOND_MANAGER, "Milan Jansen", Role.MANAGER, (1,), None),
    (BUYER, "Noor Bakker", Role.BUYER, (), BUYERS_LIMIT),
    (CHIEF_BUYER, "Lars de Wit", Role.BUYER, (), None),
    (ADMIN, "Iris Mulder", Role.ADMIN, (), None),
    ("viewer@demo.example", "Tom Hendriks", Role.VIEWER, (), None),
)


def set_up_places() -> list[Location]:
    """The business with two stores and a warehouse, in the order of the demo shop."""
    shop = Shop.load()
    shop.name, shop.currency, shop.time_zone = "Wharf & Pantry", "EUR", ZONE
    shop.address = ADDRESSES[0]
    shop.save()
    return [place(index) for index in range(len(PLACE_NAMES))]


def place(index: int) -> Location:
    is_depot = PLACE_NAMES[index] == "Depot"
    kind = Location.Kind.WAREHOUSE if is_depot else Location.Kind.STORE
    location, _ = Location.objects.get_or_create(
        name=PLACE_NAMES[index],
        defaults={
            "kind": kind,
            "time_zone": ZONE,
            "group": DEPOT_GROUP if is_depot else STORES_GROUP,
            "address": ADDRESSES[index],
        },
    )
    made: Location = location
    return made


def set_up_people(places: list[Location]) -> dict[str, User]:
    """One person per role, a second manager and a buyer without a limit."""
    password = make_password(DEMO_PASSWORD)
    people = {}
    for email, name, role, own, limit in PEOPLE:
        person, _ = User.objects.get_or_create(
            email=email,
            defaults={
                "name": name,
                "role": role,
                "approval_limit": limit,
                "password": password,
            },
        )
        give_access(person, to=[places[index] for index in own])
        people[email] = person
    return people


def set_up_vendors() -> list[Vendor]:
    vendors = []
    for terms in VENDORS:
        vendor, _ = Vendor.objects.get_or_create(
            name=terms.name,
            defaults={
                "email": terms.email,
                "contact_name": terms.contact_name,
                "address": "\n".join(terms.place.split(", ", 1)),
                "payment_terms": terms.payment_terms,
                "lead_time_days": terms.lead_time_days,
                "lead_time_sd_days": terms.lead_time_sd_days,
                "order_weekdays": list(terms.order_weekdays),
                "order_cutoff": terms.order_cutoff,
                "minimum_order_value": terms.minimum_order_value,
            },
        )
        vendors.append(vendor)
    return vendors


def set_up_products(items: list[Item]) -> dict[str, Product]:
    """The assortment by SKU."""
    Product.objects.bulk_create(
        [
            Product(
                sku=item.sku,
                name=item.name,
                barcode=item.barcode,
                category=item.category,
                price=item.price,
                cost=item.cost,
            )
            for item in items
        ],
        ignore_conflicts=True,
    )
    skus = [item.sku for item in items]
    return {product.sku: product for product in Product.objects.filter(sku__in=skus)}


def foreign_products(items: list[Item]) -> int:
    """Products of a real shop, that the demo shop must not be mixed with."""
    return Product.objects.exclude(sku__in=[item.sku for item in items]).count()


def yesterday(moment: dt.datetime) -> dt.date:
    """The last day that was over at this moment where the demo shop is."""
    local = moment.astimezone(Location(time_zone=ZONE).zone)
    return local.date() - dt.timedelta(days=1)
