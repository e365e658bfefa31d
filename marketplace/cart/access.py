"""Whose cart it is: the signed-in person's, or that of whoever holds its token."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from core import references
from core.compiled import compiled
from core.errors import NotHere
from marketplace.cart.models import Cart
from marketplace.cart.states import CartState
from marketplace.catalog.listings.models import Variant


def find_for(*, user: User | None, token: str = "") -> Cart | None:
    """The open cart, if there is one already."""
    if user is not None:
        return Cart.objects.filter(user=user, state=CartState.OPEN).first()
    return guest_cart(token=token)


def guest_cart(*, token: str) -> Cart | None:
    if not token:
        return None
    return next(iter(_of_guest(references.fingerprint(token))), None)


@compiled
def _of_guest(token_hash: str) -> QuerySet[Cart]:
    return Cart.objects.filter(token_hash=token_hash, user=None, state=CartState.OPEN).order_by()


def public_variant(*, reference: str) -> Variant:
    """A variant that a stranger may see, for putting it into a cart."""
    found = _public(reference)
    if not found:
        raise NotHere
    return found[0]


@compiled
def _public(reference: str) -> QuerySet[Variant]:
    on_show = Variant.objects.offered().filter(listing__state__in=("published", "sold_out"), listing__vendor__state="active")
    return on_show.select_related("listing__vendor").filter(reference=reference).order_by()
