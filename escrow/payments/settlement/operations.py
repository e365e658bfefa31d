"""Reading the statement with overlap, and explaining each line by exactly one entry."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from core import clock, crashes
from core.actors import PROVIDER
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger import queries as book
from escrow.ledger.models import Transfer
from escrow.ledger.operations import credit, debit
from escrow.payments import operations as payments
from escrow.payments.exceptions import operations as exceptions
from escrow.payments.models import Payment, PaymentException, ProviderMovement, Refund
from escrow.payments.refunds import operations as refunds
from escrow.payments.refunds import suspense
from escrow.payments.signals import provider_event
from escrow.payments.states import RefundState
from escrow.providers import registry
from escrow.providers.base import BalanceTransaction, ProviderRejected, ProviderUnavailable

OVERLAP = timedelta(hours=1)
MOST_ASKED_AGAIN = 10
PATIENCE = timedelta(hours=24)
PAGE = 500
UNEXPLAINED, EXPLAINED = "unexplained", "explained"
DISPUTES = {"dispute": "chargeback_opened", "dispute_won": "chargeback_won"}
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def read_statement(*, provider: str) -> int:
    """Copy the lines that we have not seen; how many."""
    newest = ProviderMovement.objects.filter(provider=provider).aggregate(at=Max("created_at"))["at"]
    since, after, copied = (newest - OVERLAP if newest else BEGINNING), "", 0
    while lines := registry.get(provider).list_balance_transactions(since=since, after=after, limit=PAGE):
        copied += take_in(provider=provider, lines=lines)
        after = lines[-1].ref
    crashes.point("settlement.copied")
    return copied


def take_in(*, provider: str, lines: list[BalanceTransaction]) -> int:
    """Copy those of these lines that we do not have; how many."""
    known = set(ProviderMovement.objects.filter(provider=provider, ref__in=[line.ref for line in lines]).values_list("ref", flat=True))
    fresh = [_copy(provider, line) for line in lines if line.ref not in known]
    ProviderMovement.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _copy(provider: str, line: BalanceTransaction) -> ProviderMovement:
    return ProviderMovement(
        provider=provider,
        ref=line.ref,
        kind=line.kind,
        source_ref=line.source_ref,
        currency=line.gross.currency,
        gross_minor=line.gross.amount_minor,
        fee_minor=line.fee.amount_minor,
        created_at=line.created_at,
        available_at=line.available_at,
    )


def explain_waiting(*, at: datetime, limit: int = 1000) -> int:
    """Explain what can be explained now; how many lines were."""
    waiting = ProviderMovement.objects.filter(entry_key="").order_by("id")[:limit]
    return sum(explain(movement_id=movement.pk, at=at) for movement in waiting)


def explain(*, movement_id: int, at: datetime) -> bool:
    """Find or write the entry of one line. Objects that are behind are first read again, outside the transaction."""
    movement = ProviderMovement.objects.get(pk=movement_id)
    if movement.entry_key:
        return True
    _catch_up(movement, at)
    with transaction.atomic():
        movement = ProviderMovement.objects.select_for_update().get(pk=movement_id)
        movement.entry_key = movement.entry_key or _entry_for(movement, at)
        crashes.point("settlement.booked")
        movement.save(update_fields=["entry_key"])
    return bool(movement.entry_key)


def explain_disputes(*, at: datetime) -> int:
    """Lines of cases that went to suspense because nobody told us of the case: it has its entry since. How many."""
    suspended = ProviderMovement.objects.filter(kind__in=DISPUTES, entry_key__startswith=f"{UNEXPLAINED}:").values_list("pk", flat=True)
    return sum(_take_out(movement_id=pk, at=at) for pk in suspended)


@transaction.atomic
def _take_out(*, movement_id: int, at: datetime) -> bool:
    """What stood for the case until now is reversed, and the line gets the case's own entry."""
    movement = ProviderMovement.objects.select_for_update().get(pk=movement_id)
    key = _known(f"{DISPUTES[movement.kind]}:{movement.source_ref}")
    if not key or not movement.is_in_suspense:
        return False
    _book(movement, EXPLAINED, accounts.suspense(movement.provider, movement.currency), "", at, back=True)
    movement.entry_key = key
    movement.save(update_fields=["entry_key"])
    for one in PaymentException.objects.filter(provider=movement.provider, kind="movement_unexplained", object_ref=movement.ref, resolved_at=None):
        exceptions.resolve(exception_id=one.pk, resolution=key, actor=PROVIDER, at=at)
    return True


def _catch_up(movement: ProviderMovement, at: datetime) -> None:
    if movement.kind == "payment" and (payment := _payment(movement)) and not payment.has_money:
        payments.refresh(payment_reference=payment.reference)
    if movement.kind in ("refund", "refund_failed") and (row := _refund(movement) or _unheard_refund(movement, at)):
        refunds.refresh(refund_reference=row.reference)
    if movement.kind in DISPUTES and not _known(f"{DISPUTES[movement.kind]}:{movement.source_ref}"):
        _tell_of_dispute(movement)


def _unheard_refund(movement: ProviderMovement, at: datetime) -> Refund | None:
    """Before the line is called unexplained: refunds of this amount whose answer never came are asked for again, under their keys."""
    if at - movement.created_at < PATIENCE:
        return None
    alike = Q(currency=movement.currency, amount_minor=abs(movement.gross_minor), provider_ref="", state=RefundState.ASKED)
    for row in Refund.objects.filter(alike, payment__provider=movement.provider).order_by("asked_at")[:MOST_ASKED_AGAIN]:
        try:
            refunds.send(refund_reference=row.reference)
        except ProviderUnavailable:  # it keeps silent about this one: when it speaks, the line is moved out of suspense
            continue
        if found := _refund(movement):
            return found
    return None


def _tell_of_dispute(movement: ProviderMovement) -> None:
    try:
        seen = registry.get(movement.provider).retrieve_dispute(movement.source_ref)
    except ProviderRejected:  # the line names something else, or something that is gone: it waits, and then a person looks
        return
    provider_event.send(sender=ProviderMovement, kind="dispute", provider=movement.provider, object=seen, at=clock.now())


def _entry_for(movement: ProviderMovement, at: datetime) -> str:
    """The key of the entry that explains the line, '' when it must wait."""
    if movement.kind == "payment" and (payment := _payment(movement)):
        return _settle(movement, payment, at)
    if movement.kind in ("refund", "refund_failed") and (row := _refund(movement)):
        return _refund_entry(movement, row, at)
    if movement.kind in ("transfer", "reversal"):
        return _payout_entry(movement, at)
    if movement.kind in DISPUTES and (key := _known(f"{DISPUTES[movement.kind]}:{movement.source_ref}")):
        return key
    if movement.kind == "fee":
        return _book(movement, "provider_fee", accounts.psp_fees(movement.currency), "", at)
    if movement.kind == "topup":
        return _book(movement, "topup", accounts.platform_float(movement.currency), "", at)
    if movement.kind in ("payout", "payout_failed") and (key := _own_payout(movement, at)):
        return key
    if movement.kind != "other" and at - movement.created_at < PATIENCE:
        return ""
    return _to_suspense(movement, at)


def _settle(movement: ProviderMovement, payment: Payment, at: datetime) -> str:
    if payment.exceptions.filter(kind="payment_mismatch").exists() and not payment.has_money:
        return _to_suspense(movement, at)
    if not payment.has_money:
        return ""
    return _book(movement, "settle", accounts.psp_clearing(movement.provider, movement.currency), payment.trade, at)


def _refund_entry(movement: ProviderMovement, row: Refund, at: datetime) -> str:
    if movement.kind == "refund" and row.confirmed_at:
        return f"refund_confirmed:{row.reference}"
    if row.state == RefundState.FAILED and not row.confirmed_at and suspense.came_and_went(movement):
        return _book(movement, UNEXPLAINED, accounts.suspense(movement.provider, movement.currency), "", at)
    return f"refund_failed:{row.reference}" if row.state == RefundState.FAILED else ""


def _payout_entry(movement: ProviderMovement, at: datetime) -> str:
    """Payouts book their transfers themselves, under a key that we can find."""
    word = "transfer_confirmed" if movement.kind == "transfer" else "transfer_reversed"
    key = f"{word}:{movement.source_ref}"
    if Transfer.objects.filter(key=key).exists():
        return key
    if at - movement.created_at > PATIENCE:
        exceptions.report(provider=movement.provider, kind=f"{movement.kind}_unexplained", object_ref=movement.ref, at=at)
    return ""


def _known(key: str) -> str:
    return key if Transfer.objects.filter(key=key).exists() else ""


def _own_payout(movement: ProviderMovement, at: datetime) -> str:
    """To the platform's own bank: only what was set aside for it, which is written under the name of the line; '' when nobody asked."""
    transit = accounts.platform_transit(movement.currency)
    if movement.kind == "payout" and book.balance(transit) < -movement.gross_minor:
        return ""
    return _book(movement, "platform_payout", transit, "", at)


def _to_suspense(movement: ProviderMovement, at: datetime) -> str:
    exceptions.report(
        provider=movement.provider,
        kind="movement_unexplained",
        object_ref=movement.ref,
        at=at,
        amount=str(Money(movement.gross_minor, movement.currency)),
    )
    return _book(movement, UNEXPLAINED, accounts.suspense(movement.provider, movement.currency), "", at)


def _book(movement: ProviderMovement, event: str, other: accounts.AccountName, trade: str, at: datetime, *, back: bool = False) -> str:
    """psp_balance moves by the net, psp_fees take the fee, the other account answers for the gross; a negative line turns around, and `back`
    reverses it."""
    key, sign = f"{event}:{movement.provider}:{movement.ref}", -1 if back else 1
    balance = accounts.psp_balance(movement.provider, movement.currency)
    fees = accounts.psp_fees(movement.currency)
    amounts = ((balance, sign * movement.net_minor), (fees, sign * movement.fee_minor), (other, -sign * movement.gross_minor))
    lines = [debit(name, amount) if amount > 0 else credit(name, -amount) for name, amount in amounts]
    ledger.post(key=key, event=event, lines=lines, trade=trade, actor=PROVIDER, at=at)
    return key


def _payment(movement: ProviderMovement) -> Payment | None:
    """By its session, or by our reference where the line carries only that."""
    named = Q(provider_ref=movement.source_ref) | Q(reference=movement.source_ref)
    return Payment.objects.filter(named, provider=movement.provider).first()


def _refund(movement: ProviderMovement) -> Refund | None:
    return Refund.objects.filter(payment__provider=movement.provider, provider_ref=movement.source_ref).first()
