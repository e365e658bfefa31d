"""Who pays in the end: the entries of a case that is won, lost, lost and then won, or taken over by the platform."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Sum

from core.actors import Actor
from core.money import Money
from escrow.chargebacks import entries, sharing
from escrow.chargebacks.models import Chargeback, ChargebackShare
from escrow.chargebacks.states import Bearer, State
from escrow.holds import overlay
from escrow.holds.models import Hold
from escrow.holds.moves import locked, parts_of
from escrow.holds.split import Piece
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.entries import Line, credit, debit
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import Refund
from escrow.payments.refunds import operations as refunds
from escrow.payments.states import RefundState
from escrow.payouts import recovery


def win(case: Chargeback, *, back_minor: int, at: datetime, actor: Actor) -> None:
    """The money is back, and everything goes on where it stood."""
    entries.won(case, back_minor=back_minor, actor=actor, at=at)
    sharing.let_go(case, at=at, actor=actor)


def lose(case: Chargeback, *, at: datetime, actor: Actor) -> None:
    """What is still held pays first, then the seller; the platform where it chose to, and for what was refunded already."""
    shares = list(case.shares.select_related("hold").order_by("hold_id"))
    ledger.lock(*{name for share in shares for name in _touched(case, share.hold)})  # all at once: two cases may share their sellers
    for share in shares:
        _lose(case, share, locked(share.hold), at=at, actor=actor)
    if case.excess_minor:
        case.owed_used_minor = min(case.excess_minor, _came_back(case))
        entries.lost_by_platform(case, "refunded", case.excess_minor, from_owed_minor=case.owed_used_minor, actor=actor, at=at)
        exceptions.report(
            provider=case.provider, kind="chargeback_after_refund", object_ref=case.ref, payment=case.payment, at=at,
            amount=str(Money(case.excess_minor, case.currency)),
        )  # fmt: skip
        case.save(update_fields=["owed_used_minor"])
    sharing.lift(case, at=at, actor=actor)


def _lose(case: Chargeback, share: ChargebackShare, hold: Hold, *, at: datetime, actor: Actor) -> None:
    held = min(share.amount_minor, overlay.held_cash(parts_of(hold)))
    rest = share.amount_minor - held
    if case.bearer == Bearer.PLATFORM and (hold.was_sent or not held):
        _bear(case, share, hold, held, at=at, actor=actor)
        return
    if held:
        key = f"chargeback_lost:{case.ref}:{hold.reference}:held"
        piece = overlay.take_held(hold, cash_minor=held, key=key, taken=case.account, at=at, actor=actor)
        _count(share, piece, from_held_minor=held)
    if rest:
        piece = overlay.take_released(hold, cash_minor=rest, at=at, actor=actor)
        taken = recovery.take_back(seller=hold.seller, amount=Money(piece.net_minor, hold.currency), beside=_beside(case, hold))
        entries.lost_by_seller(case, hold, piece, taken, actor=actor, at=at)
        _count(share, piece, from_seller_minor=rest)


def _bear(case: Chargeback, share: ChargebackShare, hold: Hold, held: int, *, at: datetime, actor: Actor) -> None:
    """The platform pays. What was held goes to the seller at once, who has sent the goods: nobody can give it back a second time."""
    if held:
        overlay.pay_held(hold, cash_minor=held, at=at, actor=actor)
    overlay.take_released(hold, cash_minor=share.amount_minor, at=at, actor=actor, returned=False)
    entries.lost_by_platform(case, hold.reference, share.amount_minor, actor=actor, at=at)
    _count(share, None, absorbed_minor=share.amount_minor)


def _count(share: ChargebackShare, piece: Piece | None, **amounts: int) -> None:
    for name, value in amounts.items():
        setattr(share, name, value)
    if piece is not None:
        share.net_minor += piece.net_minor
        share.coupon_minor += piece.coupon_minor
        share.points_minor += piece.points_minor
        share.commission_minor += piece.commission_minor
        share.tax_minor += piece.tax_minor
    share.save()


def reinstate(case: Chargeback, *, back_minor: int, at: datetime, actor: Actor) -> None:
    """The bank changes its mind: whoever had paid is paid back, to the cent."""
    shares = list(case.shares.select_related("hold").order_by("hold_id"))
    paid = [line for share in shares for line in _undone(case, share, at)]
    owed, lost = case.owed_used_minor, case.excess_minor - case.owed_used_minor
    paid += [credit(accounts.buyer_owed(case.currency), owed), credit(accounts.chargeback_loss(case.currency), lost)]
    if case.absorbed_at is None:
        paid += _given(case, [share for share in shares if share.net_minor and not _to_buyer(share)])
    entries.won(case, back_minor=back_minor, paid=paid, actor=actor, at=at)
    refunds.withhold(payment=case.payment, amount_minor=case.excess_minor - case.amount_minor)


def _to_buyer(share: ChargebackShare) -> bool:
    """It was held and never sent: the buyer has neither the goods nor, now, the money."""
    return share.from_held_minor > 0 and share.from_seller_minor == 0 and not share.hold.was_sent


def _undone(case: Chargeback, share: ChargebackShare, at: datetime) -> Iterator[Line]:
    """All but the seller's own part, which pays a debt first."""
    currency = case.currency
    if share.absorbed_minor:
        yield credit(accounts.chargeback_loss(currency), share.absorbed_minor)
    if _to_buyer(share):
        exceptions.report(
            provider=case.provider, kind="chargeback_won_unsent", object_ref=f"{case.ref}:{share.hold.reference}", payment=case.payment, at=at,
            amount=str(Money(share.from_held_minor, currency)),
        )  # fmt: skip
        yield credit(accounts.buyer_owed(currency), share.from_held_minor)
        return
    if case.absorbed_at is not None:
        yield credit(accounts.chargeback_loss(currency), share.net_minor)
    yield credit(accounts.commission(currency), share.commission_minor)
    yield credit(accounts.tax_payable(currency), share.tax_minor)
    yield debit(accounts.promotion_expense(currency), share.coupon_minor)
    yield debit(accounts.points_expense(currency), share.points_minor)  # the buyer keeps the points


def absorb(case: Chargeback, *, at: datetime, actor: Actor) -> bool:
    """The platform pays back what the seller had paid; False when the seller had paid nothing."""
    shares = [share for share in case.shares.select_related("hold").order_by("hold_id") if share.net_minor and not _to_buyer(share)]
    if not shares:
        return False
    lines = _given(case, shares)
    entries.absorbed(case, lines, sum(share.net_minor for share in shares), actor=actor, at=at)
    return True


def _given(case: Chargeback, shares: Sequence[ChargebackShare]) -> list[Line]:
    """To each seller what was taken for their holds: one payment may have several sellers."""
    theirs: dict[str, int] = defaultdict(int)
    for share in shares:
        theirs[share.hold.seller] += share.net_minor
    return [line for seller, net in sorted(theirs.items()) for line in recovery.give_to(seller=seller, amount=Money(net, case.currency))]


def cover(case: Chargeback, refund: Refund, *, at: datetime, actor: Actor) -> None:
    """A refund came back after the bank had paid the same money."""
    more = min(refund.amount_minor, case.excess_minor - case.owed_used_minor)
    if case.state == State.LOST and more > 0:
        case.owed_used_minor += more
        entries.covered(case, refund.reference, more, actor=actor, at=at)
        case.save(update_fields=["owed_used_minor"])


def _came_back(case: Chargeback) -> int:
    """Of this payment's refunds that came back, what no other case has used."""
    failed = Refund.objects.filter(payment=case.payment_id, state=RefundState.FAILED).aggregate(total=Sum("amount_minor", default=0))["total"]
    used = Chargeback.objects.filter(payment=case.payment_id).exclude(pk=case.pk).aggregate(total=Sum("owed_used_minor", default=0))["total"]
    return max(0, int(failed) - int(used))


def _touched(case: Chargeback, hold: Hold) -> list[accounts.AccountName]:
    debts = [accounts.seller_payable(hold.seller, hold.currency), accounts.seller_receivable(hold.seller, hold.currency)]
    return [*_beside(case, hold), *debts, accounts.hold_frozen(hold.reference, hold.currency)]


def _beside(case: Chargeback, hold: Hold) -> list[accounts.AccountName]:
    return [case.account, accounts.points_liability(hold.buyer, hold.currency), accounts.points_of(hold.buyer)]
