from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "touchstone_web.packs"
