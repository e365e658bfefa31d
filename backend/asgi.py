"""Pages, API and sockets in one process. Production serves pages and API through wsgi, sockets through this."""

import os

os.environ.setdefault("SOUK_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

application = ProtocolTypeRouter({"http": get_asgi_application()})
