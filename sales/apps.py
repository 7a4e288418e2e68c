from importlib import import_module

from django.apps import AppConfig

from jobs.kinds import JobKind, register


class SalesConfig(AppConfig):
    name = "sales"

    def ready(self) -> None:
        """Name the kinds and the long work, whose modules need the models."""
        import_module("sales.layouts").register_kinds()
        import_module("sales.feeds.kinds").register_kinds()
        import_module("sales.product_merging")
        ticks = import_module("jobs.ticks")
        watching = import_module("sales.feeds.watching")
        ticks.register(watching.read_waiting)
        ticks.register(watching.forget_old)
        ticks.register(import_module("sales.pairing").forget_hints)
        register(
            JobKind(
                watching.JOB_KIND,
                run=import_module("sales.feeds.applying").apply_feed,
                queue="import",
                title="Reading live sales",
            )
        )
