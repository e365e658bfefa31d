"""How payouts react to the provider's news and to a shop that opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.actors import PROVIDER, SYSTEM
from escrow.payments.signals import provider_event
from escrow.payouts import operations as payouts
from escrow.payouts.models import Payout, SellerAccount
from escrow.providers.base import ProviderAccount, ProviderPayout, ProviderTransfer
from vendors.profiles.signals import vendor_activated


@receiver(provider_event, dispatch_uid="learn_payout_when_provider_event")
def learn_payout_when_provider_event(*, provider: str, object: Any, at: datetime, **_rest: Any) -> bool:
    """The re-read object is the truth. True when it was ours; one we do not know yet is told again later, and found by the chase."""
    ours = False
    known = Payout.objects.filter(account__provider=provider)
    if isinstance(object, ProviderTransfer):
        for payout in known.filter(transfer_ref=object.ref):
            payouts.learn_transfer(payout=payout, transfer=object, at=at, actor=PROVIDER)
            ours = True
    elif isinstance(object, ProviderPayout):
        for payout in known.filter(payout_ref=object.ref):
            payouts.learn_payout(payout=payout, said=object, at=at, actor=PROVIDER)
            ours = True
    elif isinstance(object, ProviderAccount):
        for account in SellerAccount.objects.filter(provider=provider, account_ref=object.ref):
            payouts.learn_account(account=account, said=object)
            ours = True
    return ours


@receiver(vendor_activated, dispatch_uid="open_account_when_vendor_activated")
def open_account_when_vendor_activated(*, vendor: Any, at: datetime, **_rest: Any) -> None:
    """A shop that opens can be paid from its first day."""
    payouts.ensure_account(party=vendor.party.key, currency=vendor.currency, country=str(vendor.country), at=at, actor=SYSTEM)
