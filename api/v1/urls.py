"""Every resource of version 1, in one table. Owners add a line each."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from api.v1 import public_listings, search

app_name = "v1"

router = SimpleRouter()
router.register("search", search.SearchView, basename="search")
router.register("listings", public_listings.PublicListingView, basename="public-listing")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[], throttle_classes=[]), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="v1:schema", permission_classes=[], authentication_classes=[]), name="docs"),
    *router.urls,
]
