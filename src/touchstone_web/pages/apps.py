from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "touchstone_web.pages"
