"""Pages, API and sockets in one process. Production serves pages and API through wsgi, sockets through this."""

import os

os.environ.setdefault("SOUK_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

from backend import orphans

orphans.die_with_parent()
pages = get_asgi_application()

from backend.checks import refuse_unsafe_start

refuse_unsafe_start()
application = ProtocolTypeRouter({"http": pages})
