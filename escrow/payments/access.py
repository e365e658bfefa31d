"""A payment for the party that owes it, or nothing."""

from django.db.models import QuerySet

from core.errors import NotHere
from escrow.payments.models import Payment


def of(buyer: str) -> QuerySet[Payment]:
    """The payments of a party, by its key."""
    return Payment.objects.filter(buyer=buyer).order_by("-id")


def get_for(buyer: str, *, reference: str) -> Payment:
    """Another party's payment is not there."""
    payment = of(buyer).filter(reference=reference).first() if buyer else None
    if payment is None:
        raise NotHere
    return payment
