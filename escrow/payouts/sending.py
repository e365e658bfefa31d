"""The calls to the provider. Never inside a transaction: intent first, then the call with a deterministic key, then the answer.

An answer that does not come says nothing: the same call is made again with the same key until the provider says what happened.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from core import crashes
from core.actors import PROVIDER, SYSTEM
from core.money import Money
from escrow.payouts import operations as payouts
from escrow.payouts import origin, recovery
from escrow.payouts.models import Payout, SellerAccount
from escrow.payouts.states import State
from escrow.providers import registry
from escrow.providers.base import ProviderError, ProviderRejected, ProviderUnavailable

NOT_YET = "balance_insufficient"  # our money has not settled at the provider: later it may
log = structlog.get_logger(__name__)


def open_account(*, party: str, at: datetime) -> SellerAccount:
    """Open the seller's account at the provider, or learn whether it is ready."""
    account = SellerAccount.objects.get(party=party)
    provider = registry.get(account.provider)
    if account.account_ref:
        said = provider.retrieve_account(account.account_ref)
    else:
        said = provider.open_account(
            key=f"account:{party}",
            currency=account.currency,
            country=account.country,
            metadata={"party": party},
            asked_at=account.opened_at,
        )
    return payouts.learn_account(account=account, said=said, at=at)


def send(*, payout: Payout, at: datetime) -> Payout:
    """First leg: our balance → the seller's account at the provider."""
    ready = payouts.start_sending(payout=payout, at=at, actor=SYSTEM)
    if ready is None:
        return payout
    crashes.point("payout.send_intended")
    source = origin.only_payment_behind(ready)
    try:
        said = registry.get(ready.account.provider).transfer(
            key=f"transfer:{ready.reference}",
            account_ref=ready.account.account_ref,
            amount=ready.amount,
            metadata={"payout": ready.reference},
            group=source.trade if source else "",
            funded_by=source.provider_ref if source else "",
            asked_at=ready.requested_at,
        )
    except ProviderUnavailable:
        log.warning("payout_answer_missing", payout=ready.reference, tries=ready.tries)
        return ready
    except ProviderRejected as refusal:
        if refusal.code == NOT_YET:
            return ready
        return payouts.fail(payout=ready, reason=refusal.code, at=at, actor=PROVIDER)
    crashes.point("payout.transferred")
    return payouts.learn_transfer(payout=ready, transfer=said, at=at, actor=PROVIDER)


def ask_bank(*, payout: Payout, at: datetime) -> Payout | None:
    """Second leg: the seller's account → the seller's bank. Asked once, read again afterwards; None when no answer came."""
    payout = Payout.objects.select_related("account").get(pk=payout.pk)
    if payout.state not in (State.CONFIRMED, State.PAID):
        return payout
    provider = registry.get(payout.account.provider)
    try:
        if payout.payout_ref:
            said = provider.retrieve_payout(payout.payout_ref)
        else:
            said = provider.payout(
                key=f"payout:{payout.reference}:{payout.attempt}",
                account_ref=payout.account.account_ref,
                amount=payout.left,
                metadata={"payout": payout.reference},
                asked_at=payout.requested_at,
            )
    except ProviderError as error:
        log.warning("payout_bank_leg_waits", payout=payout.reference, error=str(error))
        payouts.look_again(payout=payout, at=at)
        return None
    crashes.point("payout.bank_accepted")
    return payouts.learn_payout(payout=payout, said=said, at=at, actor=PROVIDER)


def chase(*, at: datetime) -> int:
    """Every payout that nobody told us about in time: ask again, settle, or try the bank again."""
    due = list(Payout.objects.due(at).select_related("account").order_by("due_at")[:500])
    for payout in due:
        if payout.state in (State.REQUESTED, State.SENT):
            send(payout=payout, at=at)
        elif payout.state == State.CONFIRMED:
            ask_bank(payout=payout, at=at)
        elif payout.state == State.RETURNED and (payout.recall_minor or recovery.owed(payout.seller, payout.currency)):
            call_back(payout=payout, at=at)
        elif payout.state == State.RETURNED:
            payouts.try_again(payout=payout, by="system", at=at, actor=SYSTEM)
        else:
            _settle(payout, at)
    return len(due)


def call_back(*, payout: Payout, at: datetime) -> Payout:
    """A seller who owes does not get a returned payout again: as much of it as they owe comes back to us, and the rest goes to the bank."""
    owed = Money(recovery.owed(payout.seller, payout.currency), payout.currency)
    asked = payouts.begin_recall(payout=payout, amount=owed, at=at, actor=SYSTEM)
    if asked is None:
        return payout
    provider = registry.get(asked.account.provider)
    try:
        provider.reverse(
            key=f"recall:{asked.reference}:{asked.reversed_minor}",
            transfer_ref=asked.transfer_ref,
            amount=Money(asked.recall_minor, asked.currency),
            metadata={"payout": asked.reference},
            asked_at=asked.recall_asked_at,
        )
        said = provider.retrieve_transfer(asked.transfer_ref)
    except ProviderUnavailable:
        log.warning("recall_answer_missing", payout=asked.reference)
        return asked
    except ProviderRejected as refusal:
        payouts.give_up_recall(payout=asked, reason=refusal.code, at=at, actor=PROVIDER)
        return asked
    return payouts.learn_transfer(payout=asked, transfer=said, at=at, actor=PROVIDER)


def _settle(payout: Payout, at: datetime) -> None:
    """Only on the provider's word of today that it is still paid."""
    known = ask_bank(payout=payout, at=at)
    if known is not None and known.state == State.PAID:
        payouts.settle(payout=known, at=at, actor=SYSTEM)
