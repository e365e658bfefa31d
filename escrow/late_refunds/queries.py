"""What pages and machines read about money given back after release."""

from collections.abc import Iterable

from django.db.models import QuerySet

from core.money import Money
from escrow.holds.models import Hold, HoldPart
from escrow.holds.moves import parts_of
from escrow.late_refunds.models import LateRefund
from escrow.late_refunds.states import Grant


def with_seller(hold: Hold) -> Money:
    """What was paid to the seller, fees included, and has not come back."""
    return with_seller_of(parts_of(hold), hold.currency)


def with_seller_of(parts: Iterable[HoldPart], currency: str) -> Money:
    """The same of parts that were read before."""
    return Money(sum(part.with_seller.amount_minor for part in parts), currency)


def by_staff(hold: Hold) -> QuerySet[LateRefund]:
    """What our team gave back of it, or asked to."""
    return LateRefund.objects.filter(hold=hold).order_by("id")


def waiting() -> QuerySet[LateRefund]:
    """What waits for a second person, the oldest first."""
    return LateRefund.objects.filter(state=Grant.ASKED).select_related("hold").order_by("asked_at", "id")
