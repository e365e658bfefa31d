"""Whose checkout it is."""

from __future__ import annotations

from accounts.models import User
from core import references
from core.errors import NotHere
from marketplace.checkout.models import Checkout


def get_for(*, user: User | None, cart_token: str = "", reference: str) -> Checkout:
    """The signed-in buyer's, or that of whoever holds the guest cart's token."""
    found = Checkout.objects.select_related("cart", "user", "payment").filter(reference=reference).first()
    if found is None:
        raise NotHere
    if user is not None and found.user_id == user.pk:
        return found
    if found.user_id is None and cart_token and references.fingerprint(cart_token) == found.cart.token_hash:
        return found
    raise NotHere
