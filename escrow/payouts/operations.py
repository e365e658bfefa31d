"""Asking for a payout and moving it on. Writes only; the calls to the provider are in sending.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, crashes, locks
from core.actors import PROVIDER, Actor
from core.errors import Invalid, Kind, NotHere, Refusal
from core.jobs import defer
from core.money import Money, exponent
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.ledger.operations import InsufficientBalance
from escrow.payouts import entries, recovery, reserves, signals
from escrow.payouts.models import Payout, SellerAccount
from escrow.payouts.states import FLOW, Schedule, State
from escrow.providers.base import ProviderAccount, ProviderPayout, ProviderTransfer

LOOK_AGAIN: Final = timedelta(minutes=10)
BANK_SILENCE: Final = timedelta(hours=12)
RETURN_SILENCE: Final = timedelta(days=7)
SETTLING: Final = timedelta(days=10)
FREEZE: Final = timedelta(hours=72)
LARGEST_MINIMUM: Final = 100_000


class AccountNotReady(Refusal):
    code = "payout_account_not_ready"
    kind = Kind.CONFLICT
    sentence = _("Payouts are not set up yet. Set up your payout account first.")


class NothingToPayOut(Refusal):
    code = "nothing_to_pay_out"
    kind = Kind.CONFLICT
    sentence = _("There is nothing available to pay out yet.")


class PayoutsFrozen(Refusal):
    code = "payouts_frozen"
    kind = Kind.CONFLICT
    sentence = _("Payouts wait until {until:%Y-%m-%d %H:%M} UTC, because the payout account or the sign-in was changed. Was it not you? Tell us now.")


class SellerOwes(Refusal):
    code = "seller_owes"
    kind = Kind.CONFLICT
    sentence = _("Your balance is negative: you owe {owed}. Your next sales pay it first; payouts go on after that.")


class BeingCalledBack(Refusal):
    code = "payout_being_called_back"
    kind = Kind.CONFLICT
    sentence = _("This money is being called back because you owe. What remains goes to your bank afterwards.")


class MoreThanAvailable(Refusal):
    code = "more_than_available"
    kind = Kind.CONFLICT
    sentence = _("Only {available} is available. Ask for that amount or less.")


@transaction.atomic
def ensure_account(*, party: str, currency: str, country: str, at: datetime, actor: Actor) -> SellerAccount:
    """The seller's account with the provider; a job opens it there. Asking twice opens one."""
    account, made = SellerAccount.objects.get_or_create(
        party=party, defaults={"provider": settings.PAYMENT_PROVIDER, "currency": currency, "country": country, "opened_at": at}
    )
    if made:
        audit.record(kind="seller_account", reference=party, name="open", actor=actor, at=at)
    if not account.ready:
        defer("escrow.payouts.jobs.open_seller_account", key=f"seller_account:{party}", party=party)
    return account


@transaction.atomic
def request(*, seller: str, currency: str, amount: Money | None = None, automatic: bool = False, at: datetime, actor: Actor) -> Payout:
    """Ask for all that is available after debts, or for an amount of it. Never more, however many ask at once."""
    account = next(iter(locks.rows(SellerAccount.objects.filter(party=seller))), None)
    if account is None or not account.ready:
        raise AccountNotReady
    if account.is_frozen(at):
        raise PayoutsFrozen(until=account.frozen_until)
    reserves.keep_back(account, at=at, actor=actor)
    _refuse_debt(seller, currency, at=at, actor=actor)
    available = Money(ledger.balance(accounts.seller_payable(seller, currency)), currency)
    wanted = _wanted(amount, available)
    payout = Payout.objects.create(
        account=account,
        seller=seller,
        currency=currency,
        amount_minor=wanted.amount_minor,
        automatic=automatic,
        requested_at=at,
        due_at=at + LOOK_AGAIN,
    )
    try:
        entries.asked(payout, actor=actor, at=at)
    except InsufficientBalance:
        raise MoreThanAvailable(field="amount", available=available) from None
    crashes.point("payout.booked")
    _note(payout, "request", before="", actor=actor, at=at)
    signals.payout_requested.send(Payout, payout=payout, at=at)
    defer("escrow.payouts.jobs.send_payout", key=f"payout:{payout.reference}", reference=payout.reference)
    return payout


def _refuse_debt(seller: str, currency: str, *, at: datetime, actor: Actor) -> None:
    """What was earned pays a debt first; while one remains nothing is paid out. A refusal rolls the netting back: the daily one makes it."""
    recovery.net(seller=seller, currency=currency, at=at, actor=actor)
    owed = ledger.balance(accounts.seller_receivable(seller, currency))
    if owed:
        raise SellerOwes(owed=Money(owed, currency))


def _wanted(amount: Money | None, available: Money) -> Money:
    if amount is not None and amount.currency != available.currency:
        raise Invalid("amount", _("Your balance is in {currency}."), currency=available.currency)
    if amount is not None and amount.amount_minor <= 0:
        raise Invalid("amount", _("Write an amount above zero."))
    if available.amount_minor <= 0:
        raise NothingToPayOut
    if amount is not None and amount > available:
        raise MoreThanAvailable(field="amount", available=available)
    return amount or available


@transaction.atomic
def learn_account(*, account: SellerAccount, said: ProviderAccount, at: datetime) -> SellerAccount:
    """What the provider says about a seller's account."""
    (account,) = locks.rows(SellerAccount.objects.filter(pk=account.pk))
    changed = account.account_ref not in ("", said.ref) or (account.bank and said.bank and account.bank != said.bank)
    account.account_ref, account.ready, account.bank = said.ref, said.ready, said.bank or account.bank
    account.missing = list(said.missing)[:50]
    account.save(update_fields=["account_ref", "ready", "bank", "missing"])
    if changed:
        _freeze(account, "account", at=at, actor=PROVIDER)
    return account


@transaction.atomic
def freeze(*, party: str, why: str, at: datetime, actor: Actor) -> SellerAccount | None:
    """Something about who is paid has changed (account, e-mail, second_factor): payouts wait 72 hours. None when this party is never paid."""
    account = next(iter(locks.rows(SellerAccount.objects.filter(party=party))), None)
    if account is not None:
        _freeze(account, why, at=at, actor=actor)
    return account


def _freeze(account: SellerAccount, why: str, *, at: datetime, actor: Actor) -> None:
    account.frozen_until, account.frozen_by = at + FREEZE, why
    account.save(update_fields=["frozen_until", "frozen_by"])
    audit.record(kind="seller_account", reference=account.party, name="frozen", actor=actor, at=at, reason=why, after=str(account.frozen_until))
    signals.payouts_frozen.send(SellerAccount, account=account, at=at)


@transaction.atomic
def choose(*, party: str, schedule: str, minimum: Money | None, at: datetime, actor: Actor) -> SellerAccount:
    """The seller says when they are paid without asking, and from which amount on."""
    found = locks.rows(SellerAccount.objects.filter(party=party))
    if not found:
        raise AccountNotReady
    account = found[0]
    if schedule not in Schedule.values:
        raise Invalid("schedule", _("Choose when you are paid."))
    if minimum is not None and minimum.currency != account.currency:
        raise Invalid("minimum", _("Your balance is in {currency}."), currency=account.currency)
    if minimum is not None and not 0 <= minimum.amount_minor <= LARGEST_MINIMUM * 10 ** exponent(account.currency):
        raise Invalid(
            "minimum", _("Write an amount from 0 to {most}."), most=Money(LARGEST_MINIMUM * 10 ** exponent(account.currency), account.currency)
        )
    before = f"{account.schedule} {account.minimum_minor}"
    account.schedule, account.minimum_minor = schedule, minimum.amount_minor if minimum else None
    account.save(update_fields=["schedule", "minimum_minor"])
    after = f"{account.schedule} {account.minimum_minor}"
    audit.record(kind="seller_account", reference=party, name="schedule", actor=actor, at=at, before=before, after=after)
    return account


def _note(payout: Payout, name: str, *, before: str, actor: Actor, at: datetime, reason: str = "") -> None:
    audit.record(kind="payout", reference=payout.reference, name=name, actor=actor, at=at, reason=reason, before=before, after=payout.state)


def locked(payout: Payout) -> Payout:
    """The payout as it is now, its row locked."""
    rows = locks.rows(Payout.objects.filter(pk=payout.pk).select_related("account"))
    if not rows:
        raise NotHere
    return rows[0]


def _turn(payout: Payout, move: str, *, by: str, at: datetime, actor: Actor, due: timedelta | None, reason: str = "", **changes: Any) -> None:
    before = payout.state
    changes |= {"state": FLOW.target(before, move, by=by), "due_at": at + due if due else None}
    for name, value in changes.items():
        setattr(payout, name, value)
    payout.save(update_fields=list(changes))
    _note(payout, move, before=before, actor=actor, at=at, reason=reason)


@transaction.atomic
def start_sending(*, payout: Payout, at: datetime, actor: Actor) -> Payout | None:
    """The intent, written before the provider is called: None when there is nothing to send any more."""
    payout = locked(payout)
    if not FLOW.allows(payout.state, "send"):
        return None
    tries = payout.tries + 1
    _turn(payout, "send", by="system", at=at, actor=actor, due=min(LOOK_AGAIN * 2 ** min(tries, 6), timedelta(hours=6)), tries=tries)
    return payout


@transaction.atomic
def learn_transfer(*, payout: Payout, transfer: ProviderTransfer, at: datetime, actor: Actor) -> Payout:
    """What the provider says about the first leg. Told twice, it acts once."""
    payout = locked(payout)
    if transfer.amount != payout.amount:
        return payout
    if not FLOW.allows(payout.state, "confirm"):
        return _take_reversals(payout, transfer, at=at, actor=actor)
    if transfer.status == "paid":
        return _confirm(payout, transfer.ref, at=at, actor=actor)
    if transfer.status == "failed":
        return _fail(payout, reason=transfer.failure, at=at, actor=actor)
    if payout.transfer_ref != transfer.ref:
        payout.transfer_ref = transfer.ref
        payout.save(update_fields=["transfer_ref"])
    return payout


def _take_reversals(payout: Payout, transfer: ProviderTransfer, *, at: datetime, actor: Actor) -> Payout:
    """Whoever reversed it, we or somebody in the provider's own pages: each reversal is booked once."""
    if transfer.ref != payout.transfer_ref:
        return payout
    fresh = [back for back in transfer.reversals if not ledger.is_posted(f"transfer_reversed:{back.ref}")]
    for back in fresh:
        to_seller = recovery.give_to(seller=payout.seller, amount=back.amount)
        entries.reversed_there(payout, back, to_seller, actor=actor, at=at)
        payout.reversed_minor, payout.recall_minor = payout.reversed_minor + back.amount.amount_minor, 0
        _note(payout, "reversed", before=payout.state, actor=actor, at=at, reason=str(back.amount))
    if fresh:
        payout.save(update_fields=["reversed_minor", "recall_minor"])
    if fresh and payout.left.is_zero and payout.lies_at_provider:
        _turn(payout, "call_back", by="provider", at=at, actor=actor, due=None)
    return payout


@transaction.atomic
def begin_recall(*, payout: Payout, amount: Money, at: datetime, actor: Actor) -> Payout | None:
    """The intent to call money back that lies in the seller's account at the provider. None when it does not lie there any more."""
    payout = locked(payout)
    if not payout.lies_at_provider or not payout.transfer_ref:
        return None
    if not payout.recall_minor:
        payout.recall_minor, payout.recall_asked_at = min(amount, payout.left).amount_minor, at
        _note(payout, "recall", before=payout.state, actor=actor, at=at, reason=str(amount))
    payout.due_at = at + LOOK_AGAIN
    payout.save(update_fields=["recall_minor", "recall_asked_at", "due_at"])
    return payout


@transaction.atomic
def give_up_recall(*, payout: Payout, reason: str, at: datetime, actor: Actor) -> None:
    """The provider does not give it back."""
    payout = locked(payout)
    payout.recall_minor, payout.due_at = 0, at + RETURN_SILENCE
    payout.save(update_fields=["recall_minor", "due_at"])
    _note(payout, "recall_refused", before=payout.state, actor=actor, at=at, reason=reason)


def _confirm(payout: Payout, ref: str, *, at: datetime, actor: Actor) -> Payout:
    payout.transfer_ref = ref
    entries.confirmed(payout, actor=actor, at=at)
    crashes.point("payout.confirmed")
    _turn(payout, "confirm", by="provider", at=at, actor=actor, due=LOOK_AGAIN, transfer_ref=ref, confirmed_at=at, failure="")
    defer("escrow.payouts.jobs.ask_bank", key=f"payout_bank:{payout.reference}", reference=payout.reference)
    return payout


@transaction.atomic
def fail(*, payout: Payout, reason: str, at: datetime, actor: Actor) -> Payout:
    """The provider refuses the transfer: the money is available again."""
    payout = locked(payout)
    return _fail(payout, reason=reason, at=at, actor=actor) if FLOW.allows(payout.state, "fail") else payout


def _fail(payout: Payout, *, reason: str, at: datetime, actor: Actor) -> Payout:
    entries.failed(payout, actor=actor, at=at)
    _turn(payout, "fail", by="provider", at=at, actor=actor, due=None, reason=reason, failure=reason[:120])
    signals.payout_failed.send(Payout, payout=payout, at=at)
    return payout


@transaction.atomic
def learn_payout(*, payout: Payout, said: ProviderPayout, at: datetime, actor: Actor) -> Payout:
    """What the provider says about the bank leg: pending, paid, or failed, which may follow paid."""
    payout = locked(payout)
    expected = payout.bank_minor if payout.payout_ref else payout.left.amount_minor
    if (said.amount.amount_minor, said.amount.currency) != (expected, payout.currency) or payout.state not in (State.CONFIRMED, State.PAID):
        return payout
    if payout.payout_ref not in ("", said.ref):
        return payout  # an older attempt
    if payout.payout_ref == "":
        payout.bank_minor = expected
        entries.bank_asked(payout, actor=actor, at=at)
        _turn(
            payout,
            "ask_bank",
            by="system",
            at=at,
            actor=actor,
            due=BANK_SILENCE,
            payout_ref=said.ref,
            arrives_at=said.arrives_at,
            bank_minor=expected,
        )
    if said.status == "paid" and payout.state == State.CONFIRMED:
        _turn(payout, "pay", by="provider", at=at, actor=actor, due=SETTLING, paid_at=at, failure="")
        crashes.point("payout.paid")
        signals.payout_paid.send(Payout, payout=payout, at=at)
    elif said.status == "failed":
        entries.bank_returned(payout, actor=actor, at=at)
        unsaid = {"paid_at": None, "arrives_at": None, "bank_minor": 0}
        _turn(payout, "return", by="provider", at=at, actor=actor, due=RETURN_SILENCE, reason=said.failure, failure=said.failure[:120], **unsaid)
        signals.payout_returned.send(Payout, payout=payout, at=at)
    elif payout.state == State.CONFIRMED:
        payout.due_at = at + BANK_SILENCE
        payout.save(update_fields=["due_at"])
    return payout


@transaction.atomic
def try_again(*, payout: Payout, by: str = "seller", at: datetime, actor: Actor) -> Payout:
    """Send a returned payout to the bank once more."""
    payout = locked(payout)
    if payout.recall_minor:
        raise BeingCalledBack
    _turn(payout, "try_again", by=by, at=at, actor=actor, due=LOOK_AGAIN, payout_ref="", attempt=payout.attempt + 1)
    defer("escrow.payouts.jobs.ask_bank", key=f"payout_bank:{payout.reference}", reference=payout.reference)
    return payout


@transaction.atomic
def look_again(*, payout: Payout, at: datetime) -> None:
    """No answer came: ask once more in a while."""
    payout = locked(payout)
    if payout.due_at is not None:
        payout.due_at = at + LOOK_AGAIN
        payout.save(update_fields=["due_at"])


@transaction.atomic
def settle(*, payout: Payout, at: datetime, actor: Actor) -> Payout:
    """Long enough paid: no bank returns it any more."""
    payout = locked(payout)
    _turn(payout, "settle", by="system", at=at, actor=actor, due=None)
    return payout
