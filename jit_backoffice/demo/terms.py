"""The eight vendors of the demo shop and their terms."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoVendor:
    name: str
    contact_name: str
    place: str
    lead_time_days: int
    lead_time_sd_days: float
    order_weekdays: tuple[int, ...]
    order_cutoff: dt.time
    minimum_order_value: int
    payment_terms: str

    @property
    def email(self) -> str:
        first = self.name.split()[0].lower()
        return f"orders@{first}.example"

    @property
    def review_days(self) -> float:
        """Days between two orders, on average."""
        return 7 / len(self.order_weekdays)


VENDORS = (
    DemoVendor(
        name="Nordmill Foods",
        contact_name="Marit Solberg",
        place="Silo Quay 4, 1013 Amsterdam",
        lead_time_days=3,
        lead_time_sd_days=0.5,
        order_weekdays=(0, 3),
        order_cutoff=dt.time(14, 0),
        minimum_order_value=250,
        payment_terms="30 days",
    ),
    DemoVendor(
        name="Valley Dairy",
        contact_name="Joost van Dalen",
        place="Meadow Lane 22, 3774 Kootwijkerbroek",
        lead_time_days=1,
        lead_time_sd_days=0,
        order_weekdays=(0, 2, 4),
        order_cutoff=dt.time(11, 0),
        minimum_order_value=150,
        payment_terms="14 days",
    ),
    DemoVendor(
        name="Oliveto Imports",
        contact_name="Chiara Ferri",
        place="Harbour Road 118, 3089 Rotterdam",
        lead_time_days=6,
        lead_time_sd_days=1.5,
        order_weekdays=(1,),
        order_cutoff=dt.time(12, 0),
        minimum_order_value=300,
        payment_terms="30 days",
    ),
    DemoVendor(
        name="Tidewater Coffee",
        contact_name="Ama Boateng",
        place="Roaster Street 9, 3024 Rotterdam",
        lead_time_days=4,
        lead_time_sd_days=1,
        order_weekdays=(1, 4),
        order_cutoff=dt.time(16, 0),
        minimum_order_value=150,
        payment_terms="14 days",
    ),
    DemoVendor(
        name="Fieldstone Spices",
        contact_name="Ruth Okafor",
        place="Mill Yard 3, 6511 Nijmegen",
        lead_time_days=5,
        lead_time_sd_days=1,
        order_weekdays=(4,),
        order_cutoff=dt.time(15, 0),
        minimum_order_value=75,
        payment_terms="30 days",
    ),
    DemoVendor(
        name="Kiln & Co Ceramics",
        contact_name="Pedro Alves",
        place="Clay Works 1, 2800 Alcobaça, Portugal",
        lead_time_days=21,
        lead_time_sd_days=4,
        order_weekdays=(0,),
        order_cutoff=dt.time(17, 0),
        minimum_order_value=400,
        payment_terms="45 days",
    ),
    DemoVendor(
        name="Brightwick Candles",
        contact_name="Elin Berg",
        place="Wax House 7, 9711 Groningen",
        lead_time_days=8,
        lead_time_sd_days=2,
        order_weekdays=(2,),
        order_cutoff=dt.time(13, 0),
        minimum_order_value=200,
        payment_terms="30 days",
    ),
    DemoVendor(
        name="Linen House",
        contact_name="Greta Janssens",
        place="Weavers Dock 12, 9000 Ghent, Belgium",
        lead_time_days=13,
        lead_time_sd_days=3,
        order_weekdays=(3,),
        order_cutoff=dt.time(12, 0),
        minimum_order_value=250,
        payment_terms="30 days",
    ),
)


def vendor_named(name: str) -> DemoVendor:
    return next(vendor for vendor in VENDORS if vendor.name == name)
