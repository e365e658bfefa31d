"""Pictures that we encoded ourselves, served where no web server or storage does: never as anything but a picture."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve

# Python's own table learnt image/avif only in 3.13; with `nosniff` a wrong type is a broken picture.
TYPES = {"avif": "image/avif", "webp": "image/webp"}
OURS = re.compile(r"(?:[a-z0-9_-]+/)*[a-z0-9_-]+\.(avif|webp)")


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    ours = OURS.fullmatch(path)
    if ours is None:
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Content-Type"] = TYPES[ours[1]]
    response["Content-Disposition"] = f'inline; filename="picture.{ours[1]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
