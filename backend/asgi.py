"""Pages, API and sockets in one process. Production serves pages and API through wsgi, sockets through this."""

import os

os.environ.setdefault("SOUK_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from backend import orphans
from backend.checks import refuse_unsafe_start

orphans.die_with_parent()
refuse_unsafe_start()  # before everything else is loaded: whoever is refused knows at once

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

pages = get_asgi_application()
application = ProtocolTypeRouter({"http": pages})
