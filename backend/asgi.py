"""Pages, API and sockets in one process. Production serves pages and API through wsgi, sockets through this."""

import os
import sys

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

if "daphne" in sys.modules:  # it would read each upload into memory for nothing, and answer a broken form with an empty 400
    from functools import partialmethod

    from daphne.http_protocol import WebRequest

    WebRequest.__init__ = partialmethod(WebRequest.__init__, parsePOSTFormSubmission=False)
