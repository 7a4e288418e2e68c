from importlib import import_module

from django.apps import AppConfig

from jobs.kinds import JobKind, register


class PurchasingConfig(AppConfig):
    name = "purchasing"

    def ready(self) -> None:
        """Name the long work and the alerts, whose modules need the models."""
        import_module("purchasing.alerting")
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
