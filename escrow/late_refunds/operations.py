"""Giving back after the seller was paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Forbidden, Invalid, Kind, Refusal
from core.money import Money
from escrow.holds import entries as hold_entries
from escrow.holds import split
from escrow.holds.models import RETURNED, Hold, HoldPart
from escrow.holds.moves import locked, parts_of, refuse_frozen, turn
from escrow.late_refunds import entries, signals
from escrow.payments import operations as payments
from escrow.payments.models import Refund

LONGEST_REASON = 200
Giver = Literal["seller", "staff", "system"]
KINDS: dict[Giver, str] = {"seller": "user", "staff": "staff", "system": "system"}


class MoreThanReleased(Refusal):
    code = "more_than_released"
    kind = Kind.CONFLICT
    sentence = _("At most {left} of what the seller was paid can still go back. Choose that amount or less.")


@transaction.atomic
def give_back(
    *,
    hold: Hold,
    amount: Money | None = None,
    parts: Mapping[str, int] | Sequence[str] | None = None,
    reason: str,
    at: datetime,
    actor: Actor,
    by: Giver,
) -> Hold:
    """Return to the buyer what was paid to the seller: everything, an amount, or some lines. The caller knows who sells here."""
    if actor.kind != KINDS[by]:
        raise Forbidden
    if not reason.strip():
        raise Invalid("reason", _("Write why the money goes back. The buyer will read it."))
    hold = locked(hold)
    refuse_frozen(hold)
    cuts = _cuts(hold, amount=amount, lines=parts)
    piece = sum((cut for _part, cut in cuts), split.Piece())
    _refuse_cash(hold, piece)
    _book(hold, cuts, piece, reason=reason.strip()[:LONGEST_REASON], at=at, actor=actor)
    signals.given_back.send(Hold, hold=hold, amount_minor=piece.amount_minor, by=by, reason=reason, at=at)
    return hold


def amount_of(hold: Hold, *, amount: Money | None, parts: Mapping[str, int] | None) -> int:
    """What such a refund would give, in minor units; refused where it could not be given."""
    piece = sum((cut for _part, cut in _cuts(hold, amount=amount, lines=parts)), split.Piece())
    _refuse_cash(hold, piece)
    return piece.amount_minor


def key_of(hold: Hold) -> str:
    """The entry of the late refund that was just given."""
    return entries.key(hold, hold.steps)


def _cuts(hold: Hold, *, amount: Money | None, lines: Mapping[str, int] | Sequence[str] | None) -> list[tuple[HoldPart, split.Piece]]:
    if amount is not None and amount.currency != hold.currency:
        raise Invalid("amount", _("This order is in {currency}."), currency=hold.currency)
    if amount is not None and isinstance(lines, Mapping):
        raise Invalid("amount", _("Write one amount, or an amount for each line."))
    found = {part.line: part for part in parts_of(hold)}
    for line in lines or ():
        if line not in found:
            raise Invalid("parts", _("There is no line “{line}” in this order."), line=line)
    members = [part for part in found.values() if lines is None or part.line in lines]
    left = [part.with_seller.amount_minor for part in members]
    if isinstance(lines, Mapping):
        shares = [lines[part.line] for part in members]
    else:
        wanted = sum(left) if amount is None else amount.amount_minor
        shares = split.spread(wanted, left) if 0 < wanted <= sum(left) else [wanted]
    if min(shares, default=0) < 0 or not any(shares):
        raise Invalid("amount", _("Write an amount above zero.")) if any(left) else MoreThanReleased(left=str(Money.zero(hold.currency)))
    if len(shares) != len(left) or any(share > there for share, there in zip(shares, left, strict=True)):
        raise MoreThanReleased(field="amount", left=str(Money(sum(left), hold.currency)))
    return [(part, split.cut_returned(part.with_seller, share)) for part, share in zip(members, shares, strict=True) if share]


def _refuse_cash(hold: Hold, piece: split.Piece) -> None:
    """Never more cash than was paid and neither refunded nor taken by a bank, also where the platform bore what the bank took."""
    if not piece.cash_minor:
        return
    asked = Refund.objects.filter(hold=hold.reference).aggregate(total=Sum("amount_minor", default=0))["total"]
    left = max(hold.cash_minor - asked - hold.charged_back_minor, 0)
    if piece.cash_minor > left:
        raise MoreThanReleased(field="amount", left=str(Money(left, hold.currency)))


def _book(hold: Hold, cuts: list[tuple[HoldPart, split.Piece]], piece: split.Piece, *, reason: str, at: datetime, actor: Actor) -> None:
    """Parts, entry, event and the order to the provider, in one transaction."""
    for part, cut in cuts:
        part.add_returned(cut)
    HoldPart.objects.bulk_update([part for part, _cut in cuts], RETURNED)
    entry = entries.late_refund(hold, piece)
    hold_entries.write([entry], actor=actor, at=at)
    facts = {"amount_minor": piece.amount_minor, "reason": reason, "entry": entry.key}
    turn(hold, "give_back", to=hold.state, actor=actor, at=at, facts=facts, steps=hold.steps + 1)
    if piece.cash_minor:
        cash = Money(piece.cash_minor, hold.currency)
        payments.refund(payment=hold.payment, hold_ref=hold.reference, amount=cash, key=entry.key, reason=reason, at=at, actor=actor)
