from importlib import import_module

from django.apps import AppConfig
from django.urls import reverse

from inventory import documents


class InventoryConfig(AppConfig):
    name = "inventory"

    def ready(self) -> None:
        import_module("inventory.count_kinds").register_kinds()  # needs the models
        import_module("inventory.stock_export").register_export()
        first = documents.FIRST_TRANSFER_NUMBER
        documents.register(
            "T-", lambda number: reverse("transfer", args=[number - first])
        )
