from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "touchstone_web.evidence"
