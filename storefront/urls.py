"""The shop window: one line a room."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

app_name = "storefront"

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", set_language, name="language"),
    path("", include("storefront.information.urls")),
    path("", include("storefront.shop.urls")),
]
