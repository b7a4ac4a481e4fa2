from importlib import import_module

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "touchstone_web.shared"
    label = "shared"

    def ready(self) -> None:
        import_module("touchstone_web.shared.checks")
