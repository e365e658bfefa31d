"""The seller's way to the provider's own pages: to answer its questions, and to see the money there. Calls it, so never inside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Kind, Refusal
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.payouts.models import SellerAccount
from escrow.providers import registry
from escrow.providers.base import ProviderRejected, ProviderUnavailable

Answer = TypeVar("Answer")


class ProviderSilent(Refusal):
    code = "payout_provider_silent"
    kind = Kind.BUSY
    sentence = _("The payment provider does not answer right now. Please try again in a minute.")
    retry_after_seconds = 60


class ProviderRefuses(Refusal):
    code = "payout_provider_refuses"
    kind = Kind.CONFLICT
    sentence = _("The payment provider does not open this account ({reason}). Check your shop's country and currency, or ask our staff.")


class NoDashboard(Refusal):
    code = "payout_dashboard_absent"
    kind = Kind.CONFLICT
    sentence = _("There is no such page at this provider. Everything about your payouts is on the page of your payouts.")


def link(*, party: str, currency: str, country: str, return_url: str, refresh_url: str, at: datetime, actor: Actor) -> str:
    """The page where the seller answers what the provider still wants to know. It works once: another visit makes another."""
    payouts.ensure_account(party=party, currency=currency, country=country, at=at, actor=actor)
    account = _answered(lambda: sending.open_account(party=party, at=at))
    provider = registry.get(account.provider)
    return _answered(lambda: provider.onboarding_link(account_ref=account.account_ref, return_url=return_url, refresh_url=refresh_url))


def look_again(*, party: str, at: datetime) -> SellerAccount:
    """The seller came back: ask how it stands. The provider's message says the same and may have been faster."""
    if not SellerAccount.objects.filter(party=party).exclude(account_ref="").exists():
        raise payouts.AccountNotReady
    return _answered(lambda: sending.open_account(party=party, at=at))


def dashboard(*, party: str) -> str:
    """The provider's page about this seller's money and bank account."""
    account = SellerAccount.objects.filter(party=party).exclude(account_ref="").first()
    if account is None:
        raise payouts.AccountNotReady
    address = _answered(lambda: registry.get(account.provider).dashboard_link(account_ref=account.account_ref))
    if not address:
        raise NoDashboard
    return address


def _answered(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except ProviderUnavailable as silent:
        raise ProviderSilent from silent
    except ProviderRejected as refused:
        raise ProviderRefuses(reason=refused.code) from refused
