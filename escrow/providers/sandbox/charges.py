"""The buyer's side of the sandbox: payment sessions, and what the hosted page does to them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core import clock, references, rows
from core.compiled import compiled
from core.jobs import defer
from core.money import Money
from escrow.providers.base import PaymentRequest, ProviderPayment, ProviderRejected
from escrow.providers.sandbox import statement, switches
from escrow.providers.sandbox.events import emit
from escrow.providers.sandbox.models import SandboxPayment

Status = SandboxPayment.Status
CARDS = ("card", "unionpay")  # whose banks ask questions, before and afterwards
PAGE = "/pay/sandbox/"  # the bank's own site; in this house the storefront plays it


def create(request: PaymentRequest) -> ProviderPayment:
    with transaction.atomic(durable=True):
        row = SandboxPayment(
            key=request.key,
            ref=f"pay_{references.new()}",
            amount_minor=request.amount.amount_minor,
            currency=request.amount.currency,
            description=request.description[:300],
            return_url=request.return_url,
            metadata=dict(request.metadata),
            expires_at=request.expires_at,
            method=request.methods[0] if request.methods else "",
        )
        made = rows.insert_once(row)
        if not made:
            row = SandboxPayment.objects.get(key=request.key)
        if not made and (row.amount_minor, row.currency) != (request.amount.amount_minor, request.amount.currency):
            raise ProviderRejected("key_reused", "this key was used with another amount")
    return _payment(row)


def retrieve(ref: str) -> ProviderPayment:
    found = _by_ref(ref)
    if not found:
        raise ProviderRejected("no_such_payment", ref)
    return _payment(found[0])


def close(ref: str) -> ProviderPayment:
    at = clock.now()
    with transaction.atomic(durable=True):
        row = locked(ref)
        if row.status == Status.OPEN:
            row.status = Status.CLOSED
            row.save(update_fields=["status"])
            emit(name="payment.closed", object_kind="payment", object_ref=ref, at=at)
    return _payment(row)


def pay(ref: str, *, method: str, at: datetime, manner: str = "", wish: str = "") -> ProviderPayment:
    """The payer pressed the button of the hosted page. Pressing it twice pays once. `wish`: decline, challenge, slow_refunds or regret."""
    with transaction.atomic(durable=True):
        row = locked(ref)
        if row.status != Status.OPEN:
            return _payment(row)
        if row.expires_at <= at:
            _close(row, at=at, manner=manner)
        elif wish == "decline" or switches.strikes("decline"):
            _decline(row, at=at, manner=manner)
        elif wish == "challenge" or (method in CARDS and switches.strikes("challenge")):
            rows.update(row, challenged=True, method=method)
            emit(name="payment.challenged", object_kind="payment", object_ref=ref, at=at, manner=manner)
        else:
            row.slow_refunds = wish == "slow_refunds"
            row.regretted_at = _regret(method, wish, at)
            _take(row, method=method, at=at, manner=manner)
    return _payment(row)


def _regret(method: str, wish: str, at: datetime) -> datetime | None:
    """When this payer will ask their bank for the money; None for nearly everybody."""
    if wish == "regret":
        return at + timedelta(seconds=switches.current().delay_seconds)
    return at + timedelta(seconds=switches.current().dispute_seconds) if method in CARDS and switches.strikes("dispute") else None


def authenticate(ref: str, *, passed: bool, at: datetime, manner: str = "") -> ProviderPayment:
    """The payer answers the bank's question, or cannot: then nothing is taken, and they may try again."""
    with transaction.atomic(durable=True):
        row = locked(ref)
        if row.status != Status.OPEN or not row.challenged:
            return _payment(row)
        row.challenged = False
        if row.expires_at <= at:
            _close(row, at=at, manner=manner)
        elif not passed:
            _decline(row, at=at, manner=manner)
        else:
            row.regretted_at = _regret(row.method, "", at)
            _take(row, method=row.method, at=at, manner=manner)
    return _payment(row)


def _close(row: SandboxPayment, *, at: datetime, manner: str) -> None:
    rows.update(row, status=Status.CLOSED, challenged=row.challenged)
    emit(name="payment.closed", object_kind="payment", object_ref=row.ref, at=at, manner=manner)


def _decline(row: SandboxPayment, *, at: datetime, manner: str) -> None:
    rows.update(row, tries_failed=row.tries_failed + 1, challenged=row.challenged)
    emit(name="payment.declined", object_kind="payment", object_ref=row.ref, at=at, manner=manner)


def send_too_late(ref: str, *, at: datetime) -> ProviderPayment:
    """The payer sends the money by bank transfer and the page closes before it is there; it arrives when a late message would."""
    with transaction.atomic(durable=True):
        row = locked(ref)
        if row.status == Status.OPEN:
            row.status, row.arrives_at = Status.CLOSED, at + timedelta(seconds=switches.current().delay_seconds)
            row.save(update_fields=["status", "arrives_at"])
            emit(name="payment.closed", object_kind="payment", object_ref=ref, at=at)
            defer("escrow.providers.sandbox.jobs.take_late_money", at=row.arrives_at, ref=ref)
    return _payment(row)


def take_due(at: datetime) -> int:
    """Money that reaches closed pages by now; returns how many."""
    refs = list(SandboxPayment.objects.filter(status=Status.CLOSED, arrives_at__lte=at).order_by("id").values_list("ref", flat=True))
    for ref in refs:
        pay_after_the_end(ref, at=at)
    return len(refs)


def pay_after_the_end(ref: str, *, at: datetime) -> ProviderPayment:
    """Money that was already on its way reaches a closed session."""
    with transaction.atomic(durable=True):
        row = locked(ref)
        if row.status == Status.CLOSED:
            _take(row, method="bank_transfer", at=at, manner="")
    return _payment(row)


def _take(row: SandboxPayment, *, method: str, at: datetime, manner: str) -> None:
    rows.update(
        row,
        status=Status.PAID,
        method=method,
        paid_at=at,
        slow_refunds=row.slow_refunds,
        challenged=row.challenged,
        regretted_at=row.regretted_at,
    )
    amount = Money(row.amount_minor, row.currency)
    statement.write(kind="payment", source_ref=row.ref, gross=amount, fee_minor=statement.fee_on(amount), at=at, settles_later=True)
    emit(name="payment.paid", object_kind="payment", object_ref=row.ref, at=at, manner=manner)


def locked(ref: str) -> SandboxPayment:
    found = _locked_by_ref(ref)
    if not found:
        raise ProviderRejected("no_such_payment", ref)
    return found[0]


@compiled
def _by_ref(ref: str) -> QuerySet[SandboxPayment]:
    return SandboxPayment.objects.filter(ref=ref)


@compiled
def _locked_by_ref(ref: str) -> QuerySet[SandboxPayment]:
    return SandboxPayment.objects.filter(ref=ref).select_for_update()


def _payment(row: SandboxPayment) -> ProviderPayment:
    return ProviderPayment(
        ref=row.ref,
        status=row.status,  # type: ignore[arg-type]  # the TextChoices above are these words
        amount=Money(row.amount_minor, row.currency),
        livemode=False,
        metadata=dict(row.metadata),
        hosted_url=f"{PAGE}{row.ref}/",
        method=row.method,
        paid_at=row.paid_at,
        tries_failed=row.tries_failed,
    )
