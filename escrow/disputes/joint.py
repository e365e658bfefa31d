"""The cases of one purchase in parts: each frozen part has its own, and one agreement may end them together."""

from __future__ import annotations

from escrow.disputes.models import Dispute
from escrow.disputes.states import UNRULED


def cases_of(dispute: Dispute) -> list[Dispute]:
    """Those that one agreement may end with this one: the same seller's parts of the same purchase, none of them ruled. This one is among them."""
    hold = dispute.hold
    if not hold.planned:
        return [dispute]
    same = Dispute.objects.filter(hold__trade=hold.trade, hold__seller=hold.seller, hold__buyer=hold.buyer, hold__planned=True)
    return list(same.filter(state__in=UNRULED).select_related("hold").order_by("hold_id"))
