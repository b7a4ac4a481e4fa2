from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SharedConfig(AppConfig):
    name = "touchstone_web.shared"
    label = "shared"

    def ready(self) -> None:
        """Load the checks, and the jobs and namings of all parts, so that they are known."""
        import_module("touchstone_web.shared.checks")
        autodiscover_modules("jobs", "names")
