"""Entries and payments for tests. Money tests commit for real: mark them `django_db(transaction=True)`."""

from datetime import timedelta

from django.db import transaction

from core import clock, jobs, references
from core.actors import SYSTEM
from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import operations as ledger
from escrow.ledger.models import Transfer
from escrow.ledger.operations import credit, debit
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.payments.models import Payment


def post_fund(key: str, hold: str, amount_minor: int, currency: str = "EUR", trade: str = "TRADE") -> Transfer:
    """A buyer's money arrives on a hold."""
    lines = [
        debit(accounts.psp_clearing("sandbox", currency), amount_minor),
        credit(accounts.hold(hold, currency), amount_minor),
    ]
    with transaction.atomic():
        return ledger.post(key=key, event="fund", lines=lines, trade=trade, actor=SYSTEM, at=clock.now())


def waiting_money(payment: Payment) -> accounts.AccountName:
    """Where the money of a test's payment waits: not on a hold's account, because there is no hold."""
    return accounts.reserve(payment.reference, payment.currency)


def fund_when_paid(payment: Payment, at: object, **_more: object) -> None:
    """A stand-in for holds: takes the whole payment."""
    lines = [
        debit(accounts.psp_clearing(payment.provider, payment.currency), payment.amount_minor),
        credit(waiting_money(payment), payment.amount_minor),
    ]
    ledger.post(key=f"fund:{payment.reference}:{payment.reference}", event="fund", lines=lines, trade=payment.trade, actor=SYSTEM, at=clock.now())


def request_payment(amount_minor: int = 1000, currency: str = "EUR", minutes: int = 30) -> Payment:
    at = clock.now()
    with transaction.atomic():
        return payments.request(
            trade=references.new(),
            buyer=references.new(),
            amount=Money(amount_minor, currency),
            snapshot_hash="5" * 64,
            return_url="/checkout/back/",
            expires_at=at + timedelta(minutes=minutes),
            description="Three parcels",
            at=at,
            actor=SYSTEM,
        )


def start_payment(**options: object) -> Payment:
    payment = request_payment(**options)  # type: ignore[arg-type]
    payments.start(payment_reference=payment.reference)
    payment.refresh_from_db()
    return payment


def pay(payment: Payment, **options: object) -> Payment:
    """The buyer pays on the hosted page; nothing of ours has run yet."""
    sandbox_bank.pay(payment.provider_ref, method="card", at=clock.now(), **options)  # type: ignore[arg-type]
    return payment


def paid_payment(**options: object) -> Payment:
    """A payment whose webhook has arrived and was read."""
    payment = pay(start_payment(**options))
    jobs.run_due()
    payment.refresh_from_db()
    return payment
