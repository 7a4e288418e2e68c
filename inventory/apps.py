from django.apps import AppConfig
from django.urls import reverse

from inventory import documents


class InventoryConfig(AppConfig):
    name = "inventory"

    def ready(self) -> None:
        first = documents.FIRST_TRANSFER_NUMBER
        documents.register(
            "T-", lambda number: reverse("transfer", args=[number - first])
        )
