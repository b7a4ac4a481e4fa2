from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "touchstone_web.people"
    label = "people"
