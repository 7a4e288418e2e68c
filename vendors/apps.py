from importlib import import_module

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    name = "vendors"

    def ready(self) -> None:
        """Name the files that come in, whose modules need the models."""
        for module in ("product_import", "price_list", "vendor_import"):
            import_module(f"vendors.{module}").register_kinds()
        import_module("vendors.exports").register_exports()
        import_module("vendors.product_merging")
