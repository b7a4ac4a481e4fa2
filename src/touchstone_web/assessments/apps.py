from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "touchstone_web.assessments"
