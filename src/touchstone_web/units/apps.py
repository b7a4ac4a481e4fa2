from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "touchstone_web.units"
