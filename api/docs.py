"""The documentation to be read and tried in a browser. Its script has an address of its own: our pages run nothing that is written into them."""

from __future__ import annotations

from drf_spectacular.views import SpectacularSwaggerSplitView


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own server, for everybody."""

    url_name = "v1:schema"
    template_name = "api/docs.html"
    permission_classes = ()
    authentication_classes = ()
