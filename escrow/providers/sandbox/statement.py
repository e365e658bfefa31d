"""The platform's statement and balance at the sandbox."""

from datetime import datetime, timedelta

from django.db.models import F, Q, Sum

from core import references, rows
from core.money import Money
from escrow.providers.base import BalanceTransaction, ProviderBalance
from escrow.providers.sandbox import switches
from escrow.providers.sandbox.models import SandboxMovement


def write(*, kind: str, source_ref: str, gross: Money, at: datetime, fee_minor: int = 0, settles_later: bool = False) -> None:
    delay = timedelta(seconds=switches.current().settlement_seconds if settles_later else 0)
    line = SandboxMovement(
        ref=f"txn_{references.new()}",
        kind=kind,
        source_ref=source_ref,
        currency=gross.currency,
        gross_minor=gross.amount_minor,
        fee_minor=fee_minor,
        created_at=at,
        available_at=at + delay,
    )
    rows.insert(line)


def fee_on(amount: Money) -> int:
    """What the sandbox keeps for a payment."""
    row = switches.current()
    return min(amount.amount_minor, (amount.amount_minor * row.fee_bp + 5_000) // 10_000 + row.fee_fixed_minor)


def balance(currency: str, at: datetime) -> ProviderBalance:
    net = Sum(F("gross_minor") - F("fee_minor"), default=0)
    sums = SandboxMovement.objects.filter(currency=currency).aggregate(
        available=Sum(F("gross_minor") - F("fee_minor"), filter=Q(available_at__lte=at), default=0), total=net
    )
    available = int(sums["available"])
    return ProviderBalance(available=Money(available, currency), pending=Money(int(sums["total"]) - available, currency))


def lines(*, since: datetime, after: str, limit: int) -> list[BalanceTransaction]:
    found = SandboxMovement.objects.filter(created_at__gte=since).order_by("id")
    if after:
        found = found.filter(id__gt=SandboxMovement.objects.get(ref=after).pk)
    return [_line(row) for row in found[:limit]]


def _line(row: SandboxMovement) -> BalanceTransaction:
    return BalanceTransaction(
        ref=row.ref,
        kind=row.kind,  # type: ignore[arg-type]  # written only by `write` with these words
        source_ref=row.source_ref,
        gross=Money(row.gross_minor, row.currency),
        fee=Money(row.fee_minor, row.currency),
        created_at=row.created_at,
        available_at=row.available_at,
    )
