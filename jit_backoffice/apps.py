from importlib import import_module

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "jit_backoffice"

    def ready(self) -> None:
        """Name the long work of the whole shop; its modules need the models."""
        import_module("jit_backoffice.nightly")
        import_module("jit_backoffice.demo.loading")
