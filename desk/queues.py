"""The bar over every page of the desk: the places this person may go to, and how much waits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import set_aside
from desk.jobs import views as jobs
from escrow.holds import access as holds
from escrow.holds import queries
from escrow.ledger import access as ledger
from marketplace.orders import access as orders


@dataclass(frozen=True)
class Tab:
    """One place of the desk. `here`: the page lies in it."""

    href: str
    words: str
    here: bool
    count: int = 0


PLACES: tuple[tuple[str, Any, Callable[[User], bool]], ...] = (
    ("/desk/issues/", _("Issues"), holds.may_decide),
    ("/desk/orders/", _("Orders"), orders.may_read_all),
    ("/desk/holds/", _("Holds"), holds.may_read),
    ("/desk/ledger/", _("Ledger"), ledger.may_read),
    ("/desk/jobs/", _("Jobs"), jobs.may_mend),
)

WAITING: dict[str, Callable[[], int]] = {"/desk/issues/": lambda: queries.open_issues().count(), "/desk/jobs/": set_aside.count}


def desk_tabs(request: HttpRequest) -> dict[str, object]:
    """Context processor: the tabs, worked out only where a page of the desk draws them."""
    if not request.path.startswith("/desk/") or not isinstance(getattr(request, "user", None), User):
        return {}
    user: User = request.user
    return {"desk_tabs": cache(lambda: [_tab(request, href, words) for href, words, may_open in PLACES if may_open(user)])}


def _tab(request: HttpRequest, href: str, words: Any) -> Tab:
    waiting = WAITING.get(href)
    return Tab(href, str(words), request.path.startswith(href), waiting() if waiting else 0)
