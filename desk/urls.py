from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="desk:issues:list"), name="home"),
    path("holds/", include("desk.holds.urls")),
    path("issues/", include("desk.issues.urls")),
    path("orders/", include("desk.orders.urls")),
    path("ledger/", include("desk.ledger.urls")),
]
