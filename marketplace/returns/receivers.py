"""A dispute about an order takes over the returns that run in it: it decides about all the money that is held."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from core.actors import SYSTEM
from escrow.holds.signals import hold_disputed
from escrow.models import Hold
from marketplace.returns import operations as returns
from marketplace.returns.models import Return


@receiver(hold_disputed)
def take_over_returns_when_hold_disputed(hold: Hold, at: datetime, **_kwargs: Any) -> None:
    mine = Q(order__plan__parts__hold=hold) if hold.planned else Q(order__hold=hold)
    for asked in list(Return.objects.open().filter(mine).select_related("order").order_by("pk")):
        returns.take_over(asked=asked, at=at, actor=SYSTEM)
