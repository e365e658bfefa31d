from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path

from accounts.models import User
from accounts.users.queries import staff_groups_of

app_name = "desk"


def home(request: HttpRequest) -> HttpResponse:
    """Everybody's own desk: whoever only keeps the books begins at the ledger, the others at the issues."""
    groups = staff_groups_of(request.user) if isinstance(request.user, User) else frozenset()
    return redirect("desk:ledger:accounts" if groups == {"finance"} else "desk:issues:list")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("holds/", include("desk.holds.urls")),
    path("issues/", include("desk.issues.urls")),
    path("orders/", include("desk.orders.urls")),
    path("ledger/", include("desk.ledger.urls")),
]
