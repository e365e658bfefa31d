"""The bar over every page of the desk: the places this person may go to, and how much waits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import set_aside
from desk.jobs import views as jobs
from escrow.holds import access as holds
from escrow.holds import queries
from escrow.ledger import access as ledger
from marketplace.orders import access as orders
from marketplace.returns.models import Return
from marketplace.returns.states import ReturnState


@dataclass(frozen=True)
class Tab:
    """One place of the desk. `here`: the page lies in it."""

    href: str
    words: str
    here: bool
    count: int = 0


PLACES: tuple[tuple[str, Any, Callable[[User], bool]], ...] = (
    ("/desk/issues/", _("Issues"), holds.may_decide),
    ("/desk/returns/", _("Returns"), holds.may_decide),
    ("/desk/orders/", _("Orders"), orders.may_read_all),
    ("/desk/holds/", _("Holds"), holds.may_read),
    ("/desk/chargebacks/", _("Chargebacks"), holds.may_read),
    ("/desk/ledger/", _("Ledger"), ledger.may_read),
    ("/desk/jobs/", _("Jobs"), jobs.may_mend),
)

# How many wait; the numbers of all tabs that are drawn are one question.
WAITING: dict[str, Any] = {
    "/desk/issues/": Subquery(queries.open_issues().order_by().values("resolved_at").annotate(found=Count("pk")).values("found")),
    "/desk/returns/": Subquery(
        Return.objects.filter(state=ReturnState.OBJECTED).order_by().values("state").annotate(found=Count("pk")).values("found")
    ),
    "/desk/jobs/": set_aside.HOW_MANY,
}


def desk_tabs(request: HttpRequest) -> dict[str, object]:
    """Context processor: the tabs, worked out only where a page of the desk draws them."""
    if not request.path.startswith("/desk/") or not isinstance(getattr(request, "user", None), User):
        return {}
    user: User = request.user
    return {"desk_tabs": cache(lambda: _tabs(request.path, user))}


def _tabs(path: str, user: User) -> list[Tab]:
    mine = [(href, str(words)) for href, words, may_open in PLACES if may_open(user)]
    asked = [href for href, _words in mine if href in WAITING]
    row = User.objects.filter(pk=user.pk).values_list(*(WAITING[href] for href in asked)).first() if asked else None
    waiting = dict(zip(asked, row or (), strict=False))
    return [Tab(href, words, path.startswith(href), waiting.get(href) or 0) for href, words in mine]
