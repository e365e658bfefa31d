"""Over which holds a case is shared, and how it lies over them while the bank decides."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Sum

from core.actors import Actor
from escrow.chargebacks.models import Chargeback, ChargebackShare
from escrow.chargebacks.states import PENDING
from escrow.holds import overlay, split
from escrow.holds.models import Hold, HoldPart
from escrow.payments.refunds import operations as refunds


def share_out(case: Chargeback, *, at: datetime, actor: Actor) -> None:
    """By the cash that each hold still has of the buyer's, largest remainder. What was refunded is excluded, and never taken twice."""
    # Money that came too late never reached its holds: it is on its way back, and what the bank takes of it besides is our loss.
    holds = list(Hold.objects.filter(payment=case.payment_id, funded_at__isnull=False).order_by("pk"))
    left = _cash_left(holds)
    weights = [left[hold.pk] for hold in holds]
    covered = min(case.amount_minor, sum(weights))
    shares = split.spread(covered, weights)
    ChargebackShare.objects.bulk_create(
        ChargebackShare(chargeback=case, hold=hold, amount_minor=share) for hold, share in zip(holds, shares, strict=True) if share
    )
    case.excess_minor = case.amount_minor - covered
    case.save(update_fields=["amount_minor", "excess_minor"])
    refunds.withhold(payment=case.payment, amount_minor=covered)
    for hold, share in zip(holds, shares, strict=True):
        if share:
            overlay.lay(hold, at=at, actor=actor)


def share_anew(case: Chargeback, *, amount_minor: int, at: datetime, actor: Actor) -> None:
    """The bank took another amount than it had asked for."""
    let_go(case, at=at, actor=actor)
    case.shares.all().delete()
    case.amount_minor = amount_minor
    share_out(case, at=at, actor=actor)


def let_go(case: Chargeback, *, at: datetime, actor: Actor) -> None:
    """Nothing of it is withheld any more, and its holds move again."""
    refunds.withhold(payment=case.payment, amount_minor=case.excess_minor - case.amount_minor)
    lift(case, at=at, actor=actor)


def lift(case: Chargeback, *, at: datetime, actor: Actor) -> None:
    """Its holds move again, unless another case lies over them."""
    others = ChargebackShare.objects.filter(chargeback__state__in=PENDING).exclude(chargeback=case)
    for share in case.shares.select_related("hold").exclude(hold__in=others.values("hold")).order_by("hold_id"):
        overlay.lift(share.hold, at=at, actor=actor)


def _cash_left(holds: list[Hold]) -> dict[int, int]:
    """Per hold: paid by the buyer, not given back in any way, and not asked for by another open case."""
    parts = defaultdict(list)
    for part in HoldPart.objects.filter(hold__in=holds):
        parts[part.hold_id].append(part)
    asked = ChargebackShare.objects.filter(hold__in=holds, chargeback__state__in=PENDING).values_list("hold").annotate(Sum("amount_minor"))
    gone = dict(asked)
    platform = dict(ChargebackShare.objects.filter(hold__in=holds).exclude(absorbed_minor=0).values_list("hold").annotate(Sum("absorbed_minor")))
    return {hold.pk: max(0, overlay.cash_with_us_or_seller(parts[hold.pk]) - gone.get(hold.pk, 0) - platform.get(hold.pk, 0)) for hold in holds}
