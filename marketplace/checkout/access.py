"""Whose checkout it is."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from core import references
from core.compiled import compiled
from core.errors import NotHere
from marketplace.checkout.models import Checkout


def get_for(*, user: User | None, cart_token: str = "", reference: str) -> Checkout:
    """The signed-in buyer's, or that of whoever holds the guest cart's token."""
    rows = _by_reference(reference)
    if not rows:
        raise NotHere
    found = rows[0]
    if user is not None and found.user_id == user.pk:
        return found
    if found.user_id is None and cart_token and references.fingerprint(cart_token) == found.cart.token_hash:
        return found
    raise NotHere


@compiled
def _by_reference(reference: str) -> QuerySet[Checkout]:
    return Checkout.objects.select_related("cart", "user", "payment").filter(reference=reference).order_by()
