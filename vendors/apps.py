from importlib import import_module

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    name = "vendors"

    def ready(self) -> None:
        import_module("vendors.price_list").register_kinds()  # needs the models
        import_module("vendors.product_merging")
