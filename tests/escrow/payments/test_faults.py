"""Many payments with a provider that declines, repeats, delays, loses messages and acts without answering. At the end every cent is explained."""

import random
from datetime import timedelta

import pytest

from core import clock, jobs
from core.actors import SYSTEM
from core.errors import Refusal
from escrow.ledger import accounts, checks, queries
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.payments.jobs import expire_due_payments, heal_payments, read_waiting_events, settle_statements
from escrow.payments.models import Payment, Refund
from escrow.payments.states import RefundState
from escrow.providers.sandbox.jobs import work_through_the_day
from escrow.providers.sandbox.models import SandboxPayment
from tests.escrow.payments.test_refunds import ask
from tests.factories.escrow import pay, request_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("funded_on_payment")]

FAULTS = {"decline": 150, "duplicate": 300, "delay": 300, "drop": 300, "error_after_success": 250, "refund_failure": 150}


def a_minute_passes() -> None:
    clock.travel(timedelta(seconds=61))
    jobs.run_due()
    for work in (work_through_the_day, read_waiting_events, expire_due_payments, heal_payments, settle_statements):
        work.func()


def act(payment: Payment, chance: random.Random) -> None:
    """One random thing that a buyer or a hold does with a payment."""
    payment.refresh_from_db()
    deed = chance.choice(["pay", "pay", "cancel", "late", "refund", "wait"])
    if deed == "pay" and payment.state == "started":
        pay(payment)
    elif deed == "cancel" and payment.is_open:
        payments.cancel(payment_reference=payment.reference, actor=SYSTEM, at=clock.now())
    elif deed == "late" and payment.state in ("cancelled", "expired") and payment.provider_ref:
        sandbox_bank.pay_after_the_end(payment.provider_ref, at=clock.now())
    elif deed == "refund" and payment.state == "succeeded":
        ask(payment, payment.amount_minor // 3, key=f"back:{payment.reference}:{chance.randrange(3)}")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cent_is_explained_whatever_goes_wrong(seed: int) -> None:
    chance = random.Random(seed)
    sandbox_bank.configure(seed=seed, **FAULTS)
    mine = [request_payment(amount_minor=chance.randrange(100, 50_000), minutes=30) for _ in range(12)]
    for _round in range(8):
        for payment in mine:
            try:
                act(payment, chance)
            except Refusal:
                continue  # the provider was silent: somebody tries again later
        a_minute_passes()
        assert checks.violations() == []
    sandbox_bank.configure(**dict.fromkeys(FAULTS, 0))
    clock.travel(timedelta(minutes=31))
    for _minute in range(4):
        a_minute_passes()
    assert checks.violations() == []
    assert not [payment for payment in Payment.objects.all() if payment.is_open]
    assert set(Refund.objects.values_list("state", flat=True)) <= {RefundState.CONFIRMED, RefundState.FAILED}
    assert queries.balance(accounts.psp_clearing("sandbox", "EUR")) == 0
    assert queries.balance(accounts.refund_pending("EUR")) == 0
    assert SandboxPayment.objects.filter(status="paid").count() == sum(payment.has_money for payment in Payment.objects.all())
