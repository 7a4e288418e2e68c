from importlib import import_module

from django.apps import AppConfig
from django.urls import reverse

from inventory import documents
from jobs.kinds import JobKind, register

FIRST_NUMBER = 1000  # PO-1001 is the order with key 1


class PurchasingConfig(AppConfig):
    name = "purchasing"

    def ready(self) -> None:
        """Name the long work and the alerts, whose modules need the models."""
        import_module("purchasing.alerting")
        import_module("purchasing.order_import").register_kinds()
        import_module("purchasing.order_export").register_export()
        import_module("purchasing.product_merging")
        documents.register(
            "PO-", lambda number: reverse("order", args=[number - FIRST_NUMBER])
        )
        sending = import_module("purchasing.sending")
        ticks = import_module("jobs.ticks")
        register(
            JobKind(
                sending.JOB_KIND,
                run=sending.send_mail,
                queue="mail",
                title="Mail to a vendor",
            )
        )
        ticks.register(sending.deliver_due)
        ticks.register(import_module("purchasing.looking_again").look_at_changes)
