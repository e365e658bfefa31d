"""The shop window: one line a room."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from storefront.account.profile import language
from storefront.shop.vendor import vendor

app_name = "storefront"

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", language, name="language"),
    path("you/", include("storefront.account.urls")),
    path("sell/", include("storefront.my_shop.urls")),
    path("sell/", include("storefront.selling.chargebacks.urls")),
    path("sell/", include("storefront.selling.payouts.urls")),
    path("sell/", include("storefront.selling.papers.urls")),
    path("shops/<slug:slug>/", vendor, name="vendor"),
    path("pay/sandbox/", include("storefront.sandbox_bank.urls")),
    path("", include("storefront.information.urls")),
    path("sell/<slug:shop>/listings/", include("storefront.selling.listings.urls")),
    path("sell/<slug:shop>/imports/", include("storefront.selling.imports.urls")),
    path("sell/", include("storefront.selling.dashboard.urls")),
    path("sell/<slug:shop>/orders/", include("storefront.selling.orders.urls")),
    path("sell/<slug:shop>/shipping/", include("storefront.selling.delivery.urls")),
    path("", include("storefront.disputes.urls")),
    path("", include("storefront.returns.urls")),
    path("", include("storefront.buying.urls")),
    path("", include("storefront.shop.urls")),
]
if settings.DEBUG or settings.TESTING:
    urlpatterns.append(path("look/", include("storefront.showroom.urls")))
