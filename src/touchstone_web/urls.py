"""All addresses. Each part writes its own, from the root on, in its `urls.py`."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

OWN_APPS = [name for name in settings.INSTALLED_APPS if name.startswith("touchstone_web.")]

urlpatterns = [
    path("", include(f"{name}.urls")) for name in OWN_APPS if find_spec(f"{name}.urls") is not None
]

handler400 = "touchstone_web.shared.views.bad_request"
handler403 = "touchstone_web.shared.views.forbidden"
handler404 = "touchstone_web.shared.views.not_found"
handler500 = "touchstone_web.shared.views.broken"
