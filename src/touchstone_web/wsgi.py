"""Entry point for web servers."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from touchstone_web.env import make_home

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "touchstone_web.settings")
make_home(Path(os.environ.get("TOUCHSTONE_HOME", "").strip() or "./var").resolve())
application = get_wsgi_application()
