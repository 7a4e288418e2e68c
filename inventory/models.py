"""What we have and where: the catalogue, and the ledger that stock is made of."""

from inventory.alerts import Alert
from inventory.catalogue import DistinctPair, Product, ProductAlias, ProductMerge
from inventory.facts import SaleLine, SalesSource, StockCount, StockMove, Transfer
from inventory.places import CloseOfDay, Location, LocationAccess, Shop
from inventory.stock import StockLevel

__all__ = [
    "Alert",
    "CloseOfDay",
    "DistinctPair",
    "Location",
    "LocationAccess",
    "Product",
    "ProductAlias",
    "ProductMerge",
    "SaleLine",
    "SalesSource",
    "Shop",
    "StockCount",
    "StockLevel",
    "StockMove",
    "Transfer",
]
