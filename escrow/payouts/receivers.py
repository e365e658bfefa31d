"""How payouts react to the provider's news and to a shop that opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.signals import email_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver

from accounts.users.models import User
from accounts.users.queries import actor_of
from core import clock
from core.actors import PROVIDER, SYSTEM
from escrow.payments.signals import provider_event
from escrow.payouts import operations as payouts
from escrow.payouts.models import Payout, SellerAccount
from escrow.providers.base import ProviderAccount, ProviderPayout, ProviderTransfer
from vendors.members import queries as members
from vendors.members import roles
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
            payouts.learn_account(account=account, said=object, at=at)
            ours = True
    return ours


def _freeze_shops_of(user: User, why: str) -> None:
    for shop in members.shops_of(user, permission=roles.MANAGE_PAYOUTS).select_related("party"):
        payouts.freeze(party=shop.party.key, why=why, at=clock.now(), actor=actor_of(user))


@receiver(email_changed, dispatch_uid="freeze_payouts_when_email_changed")
def freeze_payouts_when_email_changed(*, user: User, **_rest: Any) -> None:
    """Whoever steals an account changes its address first."""
    _freeze_shops_of(user, "email")


@receiver(authenticator_added, dispatch_uid="freeze_payouts_when_authenticator_added")
@receiver(authenticator_removed, dispatch_uid="freeze_payouts_when_authenticator_removed")
def freeze_payouts_when_second_factor_changed(*, user: User, **_rest: Any) -> None:
    """Or its second factor."""
    _freeze_shops_of(user, "second_factor")


@receiver(vendor_activated, dispatch_uid="open_account_when_vendor_activated")
def open_account_when_vendor_activated(*, vendor: Any, at: datetime, **_rest: Any) -> None:
    """A shop that opens can be paid from its first day."""
    payouts.ensure_account(party=vendor.party.key, currency=vendor.currency, country=str(vendor.country), at=at, actor=SYSTEM)
