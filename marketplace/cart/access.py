"""Whose cart it is: the signed-in person's, or that of whoever holds its token."""

from __future__ import annotations

from accounts.models import User
from core import references
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
    return Cart.objects.filter(token_hash=references.fingerprint(token), user=None, state=CartState.OPEN).first()


def public_variant(*, reference: str) -> Variant:
    """A variant that a stranger may see, for putting it into a cart."""
    variant = (
        Variant.objects.offered()
        .select_related("listing__vendor")
        .filter(reference=reference, listing__state__in=("published", "sold_out"), listing__vendor__state="active")
        .first()
    )
    if variant is None:
        raise NotHere
    return variant
