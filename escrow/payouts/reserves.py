"""A part of what a seller earns, kept back for some days, in case buyers get money back later.

Taken before every payout and once a day, from what was released since the last time: a release itself costs nothing more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.actors import SYSTEM, Actor
from core.errors import Forbidden, Invalid, NotHere, Refusal
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.models import Posting
from escrow.payouts import entries
from escrow.payouts.models import Reserve, SellerAccount

EARNINGS = ("release", "divide")
MOST_BP, MOST_DAYS = 10_000, 365
log = structlog.get_logger(__name__)


def keep_back(account: SellerAccount, *, at: datetime, actor: Actor) -> Money:
    """Of what was earned since the last time. The account's row is locked by the caller."""
    if not account.reserve_bp:
        return Money.zero(account.currency)
    payable = accounts.seller_payable(account.party, account.currency)
    there = ledger.lock(payable, accounts.reserve(account.party, account.currency))[payable.code]
    earned = Posting.objects.filter(account__code=payable.code, transfer__event__in=EARNINGS, amount_minor__lt=0, id__gt=account.reserve_mark)
    sums = earned.aggregate(total=Sum("amount_minor"), last=Max("id"))
    if sums["last"] is None:
        return Money.zero(account.currency)
    account.reserve_mark = sums["last"]
    account.save(update_fields=["reserve_mark"])
    kept = min(there, -int(sums["total"]) * account.reserve_bp // MOST_BP)
    if kept <= 0:
        return Money.zero(account.currency)
    row = Reserve.objects.create(
        party=account.party,
        currency=account.currency,
        amount_minor=kept,
        left_minor=kept,
        kept_at=at,
        free_at=at + timedelta(days=account.reserve_days),
    )
    entries.reserve_kept(row, actor=actor, at=at)
    return Money(kept, account.currency)


def keep_back_everywhere(*, at: datetime) -> None:
    """Daily, for every seller who has such terms."""
    for pk in SellerAccount.objects.filter(reserve_bp__gt=0).order_by("id").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                (account,) = locks.rows(SellerAccount.objects.filter(pk=pk))
                keep_back(account, at=at, actor=SYSTEM)
        except Refusal as refusal:
            log.info("reserve_not_kept", account=pk, code=refusal.code)


def free_due(*, at: datetime) -> int:
    """What has been kept long enough is available again; how many."""
    freed = 0
    for pk in Reserve.objects.due(at).order_by("free_at").values_list("pk", flat=True)[:1000]:
        with transaction.atomic():
            (row,) = locks.rows(Reserve.objects.filter(pk=pk))
            if row.left_minor:
                _free(row, row.left_minor, at=at, actor=SYSTEM)
                freed += 1
    return freed


def free_for_debt(*, seller: str, currency: str, at: datetime, actor: Actor) -> None:
    """A debt is what the reserve is for: as much of it as is owed is freed, the oldest first, and pays with the next netting."""
    debt, payable = accounts.seller_receivable(seller, currency), accounts.seller_payable(seller, currency)
    rows = locks.rows(Reserve.objects.filter(party=seller, currency=currency, left_minor__gt=0))
    there = ledger.lock(debt, payable, accounts.reserve(seller, currency))
    needed = there[debt.code] - there[payable.code]
    for row in rows:
        if needed > 0:
            part = min(row.left_minor, needed)
            _free(row, part, at=at, actor=actor)
            needed -= part


def _free(row: Reserve, minor: int, *, at: datetime, actor: Actor) -> None:
    row.left_minor -= minor
    row.save(update_fields=["left_minor"])
    entries.reserve_freed(row, minor, actor=actor, at=at)


@transaction.atomic
def set_terms(*, party: str, reserve_bp: int, reserve_days: int, reason: str, at: datetime, actor: Actor) -> SellerAccount:
    """Staff say how much of a seller's earnings waits, and how long. What is kept already stays until its day."""
    if actor.kind != "staff":
        raise Forbidden
    if not 0 <= reserve_bp <= MOST_BP:
        raise Invalid("percent", _("Write a share from 0 to 100 percent."))
    if not 0 <= reserve_days <= MOST_DAYS or (reserve_bp and not reserve_days):
        raise Invalid("days", _("Write a number of days from 1 to 365."))
    if not reason.strip():
        raise Invalid("reason", _("Write why."))
    found = locks.rows(SellerAccount.objects.filter(party=party))
    if not found:
        raise NotHere
    account = found[0]
    before = f"{account.reserve_bp} bp, {account.reserve_days} d"
    if account.reserve_bp == 0:  # only what is earned from now on
        payable = accounts.seller_payable(party, account.currency)
        ledger.lock(payable)
        account.reserve_mark = Posting.objects.filter(account__code=payable.code).aggregate(last=Max("id"))["last"] or 0
    account.reserve_bp, account.reserve_days = reserve_bp, reserve_days
    account.save(update_fields=["reserve_bp", "reserve_days", "reserve_mark"])
    after = f"{reserve_bp} bp, {reserve_days} d"
    audit.record(kind="seller_account", reference=party, name="reserve", actor=actor, at=at, reason=reason.strip(), before=before, after=after)
    return account
