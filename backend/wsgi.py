"""Pages and API for production's WSGI servers."""

import gc
import os

os.environ.setdefault("SOUK_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from backend.checks import refuse_unsafe_start

refuse_unsafe_start()  # before everything else is loaded: whoever is refused knows at once

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

gc.collect()
gc.freeze()  # what is there now stays: never look through it again
gc.set_threshold(20_000, 20, 20)
