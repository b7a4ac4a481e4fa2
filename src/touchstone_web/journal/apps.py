from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "touchstone_web.journal"
    label = "journal"
