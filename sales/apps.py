from importlib import import_module

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"

    def ready(self) -> None:
        import_module("sales.import_kinds").register_kinds()  # needs the models
        import_module("sales.product_merging")
