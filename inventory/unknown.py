"""What a person may decide about products and locations that nobody knows yet."""

from imports.kinds import Fix

UNKNOWN = (
    Fix(
        "create_products",
        cause="unknown_product",
        word="Create {n}",
        told="Products that are not in the catalogue are created.",
        back="Park them instead",
    ),
    Fix(
        "ignore_products",
        cause="unknown_product",
        word="Ignore",
        told="Rows of products that are not in the catalogue are ignored.",
        back="Park them instead",
    ),
    Fix(
        "create_locations",
        cause="unknown_location",
        word="Create {n}",
        told="Locations that are not in this shop are created.",
        back="Park them instead",
    ),
    Fix(
        "ignore_locations",
        cause="unknown_location",
        word="Ignore",
        told="Rows of locations that are not in this shop are ignored.",
        back="Park them instead",
    ),
)
