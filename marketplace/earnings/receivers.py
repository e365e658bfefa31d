"""How the words follow the money."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from escrow.models import SellerAccount
from escrow.payouts.signals import payouts_frozen
from marketplace.earnings import notices


@receiver(payouts_frozen)
def tell_owner_when_payouts_frozen(account: SellerAccount, at: datetime, **_kwargs: Any) -> None:
    notices.tell_of_frozen_payouts(account, at=at)
