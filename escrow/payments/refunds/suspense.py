"""A refund whose line the statement showed long before its answer came: the line lies in suspense, and is moved out of it."""

from datetime import datetime

from core.actors import PROVIDER
from escrow.ledger import accounts
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import PaymentException, ProviderMovement, Refund


def other_side(row: Refund, *, kind: str, at: datetime) -> accounts.AccountName:
    """What answers for the refund's money: the balance at the provider, or suspense where its line already moved that balance."""
    provider = row.payment.provider
    # Locked, also while it waits: whoever explains this line right now is either done, or finds the refund.
    lines = ProviderMovement.objects.select_for_update().filter(provider=provider, kind=kind, source_ref=row.provider_ref or None)
    for line in lines.order_by("id"):
        if line.is_in_suspense:
            _explain(line, row, at)
            return accounts.suspense(provider, row.currency)
    return accounts.psp_balance(provider, row.currency)


def came_and_went(movement: ProviderMovement) -> bool:
    """The line of the way there lies in suspense, and the refund failed before we heard of it: the way back belongs beside it."""
    way_there = ProviderMovement.objects.filter(provider=movement.provider, kind="refund", source_ref=movement.source_ref)
    return way_there.filter(entry_key__startswith="unexplained:").exists()


def _explain(line: ProviderMovement, row: Refund, at: datetime) -> None:
    waiting = PaymentException.objects.filter(provider=line.provider, kind="movement_unexplained", object_ref=line.ref, resolved_at=None)
    for one in waiting:
        exceptions.resolve(exception_id=one.pk, resolution=f"refund {row.reference}", actor=PROVIDER, at=at)
