from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path

from accounts.models import User
from accounts.users.queries import staff_groups_of
from core.errors import NotHere
from escrow.holds import access as holds

app_name = "desk"


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's own desk: arbiters begin at the issues, whoever keeps the books at the ledger, the others at the orders."""
    groups = staff_groups_of(request.user) if isinstance(request.user, User) else frozenset()
    if not groups:
        raise NotHere
    if groups & holds.ARBITERS:
        return redirect("desk:issues:list")
    return redirect("desk:ledger:accounts" if "finance" in groups else "desk:orders:list")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("holds/", include("desk.holds.urls")),
    path("issues/", include("desk.issues.urls")),
    path("returns/", include("desk.returns.urls")),
    path("orders/", include("desk.orders.urls")),
    path("chargebacks/", include("desk.chargebacks.urls")),
    path("ledger/", include("desk.ledger.urls")),
    path("jobs/", include("desk.jobs.urls")),
]
