"""Products, price lists and vendors as files that can be edited and imported again."""

from collections.abc import Iterable

from accounts.models import User
from imports.exporting import Export, Row, register
from inventory.models import Product
from vendors.models import Vendor, VendorProduct

PRODUCT_COLUMNS = (
    "sku",
    "name",
    "barcode",
    "category",
    "unit",
    "smallest_amount",
    "cost",
    "price",
    "case_pack",
    "vendor",
    "vendor_sku",
    "active",
)
PRICE_COLUMNS = (
    "vendor",
    "sku",
    "name",
    "cost",
    "vendor_sku",
    "case_pack",
    "moq",
    "lead_time_days",
    "barcode",
)
VENDOR_COLUMNS = (
    "name",
    "email",
    "contact",
    "phone",
    "address",
    "currency",
    "payment_terms",
    "lead_time_days",
    "varies_by_days",
    "days_between_orders",
    "order_days",
    "orders_until",
    "minimum_order",
    "active",
)


def product_rows(user: User | None) -> Iterable[Row]:
    """Each product with the offer that is bought first."""
    offers = VendorProduct.objects.order_by("product_id", "rank", "pk")
    first = offers.distinct("product_id").select_related("vendor")
    of_product = {offer.product_id: offer for offer in first}
    products = Product.objects.visible_to(user) if user else Product.objects.all()
    kept = products.filter(merged_into=None).order_by("name", "pk")
    for product in kept.iterator():
        offer = of_product.get(product.pk)
        yield (
            product.sku,
            product.name,
            product.barcode,
            product.category,
            product.unit,
            product.quantum,
            product.cost,
            product.price,
            offer.case_pack if offer else None,
            offer.vendor.name if offer else "",
            offer.vendor_sku if offer else "",
            product.is_active,
        )


def price_rows(user: User | None) -> Iterable[Row]:
    vendors = Vendor.objects.visible_to(user) if user else Vendor.objects.all()
    offers = VendorProduct.objects.filter(
        vendor__in=vendors, product__merged_into=None
    ).select_related("vendor", "product")
    for offer in offers.order_by("vendor__name", "product__name", "pk").iterator():
        yield (
            offer.vendor.name,
            offer.product.sku,
            offer.product.name,
            offer.cost,
            offer.vendor_sku,
            offer.case_pack,
            offer.moq,
            offer.lead_time_days,
            offer.product.barcode,
        )


def vendor_rows(user: User | None) -> Iterable[Row]:
    vendors = Vendor.objects.visible_to(user) if user else Vendor.objects.all()
    for vendor in vendors.order_by("name"):
        cutoff = vendor.order_cutoff
        yield (
            vendor.name,
            vendor.email,
            vendor.contact_name,
            vendor.phone,
            vendor.address,
            vendor.currency,
            vendor.payment_terms,
            vendor.lead_time_days,
            vendor.lead_time_sd_days,
            vendor.review_period_days,
            vendor.order_day_words,
            cutoff.isoformat(timespec="seconds") if cutoff else "",
            vendor.minimum_order_value,
            vendor.is_active,
        )


def register_exports() -> None:
    register(Export("products", "Products", PRODUCT_COLUMNS, product_rows))
    register(Export("prices", "Prices", PRICE_COLUMNS, price_rows))
    register(Export("vendors", "Vendors", VENDOR_COLUMNS, vendor_rows))
