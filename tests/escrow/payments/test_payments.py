"""A payment from the demand to its end, with everything a provider can do wrong."""

from datetime import timedelta

import pytest
from django.db import transaction

from core import clock, jobs
from core.actors import SYSTEM
from core.errors import Invalid
from core.money import Money
from core.states import check
from escrow.ledger import accounts, checks, queries
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.payments.jobs import expire_due_payments, heal_payments, settle_statements
from escrow.payments.models import Payment, PaymentException, Refund
from escrow.payments.operations import PaymentUnavailable
from escrow.payments.signals import payment_expired, payment_failed_try, payment_succeeded
from escrow.payments.states import FLOWS, PaymentState
from escrow.providers.sandbox.models import SandboxPayment
from tests.factories.escrow import paid_payment, pay, request_payment, start_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("funded_on_payment")]

CLEARING = accounts.psp_clearing("sandbox", "EUR")
BALANCE = accounts.psp_balance("sandbox", "EUR")
PENDING = accounts.refund_pending("EUR")


def settle() -> None:
    settle_statements.func()


def later(**by: int) -> None:
    clock.travel(timedelta(**by))


def state_of(payment: Payment) -> str:
    payment.refresh_from_db()
    return payment.state


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    """Every announcement about payments."""
    seen: list[tuple[str, str]] = []

    def listener(name: str):  # type: ignore[no-untyped-def]
        return lambda payment, **_rest: seen.append((name, payment.reference))

    pairs = [(payment_succeeded, listener("succeeded")), (payment_expired, listener("expired")), (payment_failed_try, listener("failed_try"))]
    for signal, receiver in pairs:
        signal.connect(receiver)
    yield seen  # type: ignore[misc]
    for signal, receiver in pairs:
        signal.disconnect(receiver)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_flows_are_whole(flow) -> None:  # type: ignore[no-untyped-def]
    assert check(flow) == []


def test_paid_payment_succeeds_once_and_settles(heard: list[tuple[str, str]]) -> None:
    payment = paid_payment(amount_minor=1000)
    assert state_of(payment) == "succeeded"
    assert heard == [("succeeded", payment.reference)]
    settle()
    settle()
    assert [queries.balance(name) for name in (CLEARING, BALANCE, accounts.psp_fees("EUR"))] == [0, 960, 40]
    assert checks.violations() == []


def test_the_return_page_and_the_webhook_are_the_same_fact(heard: list[tuple[str, str]]) -> None:
    payment = pay(start_payment())
    payments.refresh(payment_reference=payment.reference)
    jobs.run_due()
    payments.refresh(payment_reference=payment.reference)
    assert heard == [("succeeded", payment.reference)]


def test_start_twice_opens_one_session() -> None:
    payment = request_payment()
    assert payments.start(payment_reference=payment.reference) == payments.start(payment_reference=payment.reference)
    jobs.run_due()
    assert SandboxPayment.objects.count() == 1


def test_job_starts_what_no_door_started() -> None:
    payment = request_payment()
    jobs.run_due()
    assert state_of(payment) == "started"


def test_start_never_runs_inside_a_transaction() -> None:
    payment = request_payment()
    with pytest.raises(RuntimeError), transaction.atomic():
        payments.start(payment_reference=payment.reference)
    assert SandboxPayment.objects.count() == 0


def test_request_refuses_nothing_to_pay() -> None:
    at = clock.now()
    with pytest.raises(Invalid):
        payments.request(
            trade="T", buyer="B", amount=Money(0, "EUR"), snapshot_hash="", return_url="/", expires_at=at, description="", at=at, actor=SYSTEM
        )


def test_declined_try_leaves_the_payment_open(heard: list[tuple[str, str]]) -> None:
    payment = start_payment()
    pay(payment, decline=True)
    jobs.run_due()
    assert state_of(payment) == "started"
    assert payment.tries_failed == 1
    pay(payment)
    jobs.run_due()
    assert heard == [("failed_try", payment.reference), ("succeeded", payment.reference)]


def test_dropped_webhook_is_healed() -> None:
    payment = pay(start_payment(), manner="drop")
    jobs.run_due()
    assert state_of(payment) == "started"
    later(seconds=61)
    heal_payments.func()
    assert state_of(payment) == "succeeded"


def test_duplicate_and_delayed_webhooks_have_one_effect(heard: list[tuple[str, str]]) -> None:
    first, second = pay(start_payment(), manner="duplicate"), pay(start_payment(), manner="delay")
    jobs.run_due()
    assert (state_of(first), state_of(second)) == ("succeeded", "started")
    later(seconds=121)
    jobs.run_due()
    assert heard == [("succeeded", first.reference), ("succeeded", second.reference)]


def test_lost_answer_of_start_is_asked_again_and_opens_one_session() -> None:
    sandbox_bank.configure(error_after_success=1000)
    payment = request_payment()
    with pytest.raises(PaymentUnavailable):
        payments.start(payment_reference=payment.reference)
    assert state_of(payment) == "created"
    sandbox_bank.configure(error_after_success=0)
    jobs.run_due()
    assert state_of(payment) == "started"
    assert SandboxPayment.objects.count() == 1


def test_session_whose_answer_was_lost_is_found_and_closed_at_expiry() -> None:
    sandbox_bank.configure(error_after_success=1000)
    payment = request_payment(minutes=30)
    with pytest.raises(PaymentUnavailable):
        payments.start(payment_reference=payment.reference)
    sandbox_bank.configure(error_after_success=0)
    later(minutes=31)
    expire_due_payments.func()
    assert state_of(payment) == "expired"
    assert SandboxPayment.objects.get().status == "closed"


def test_expiry_waits_until_the_provider_has_closed(heard: list[tuple[str, str]]) -> None:
    payment = start_payment(minutes=30)
    later(minutes=31)
    sandbox_bank.configure(error_after_success=1000)
    expire_due_payments.func()
    assert state_of(payment) == "started"
    assert heard == []
    sandbox_bank.configure(error_after_success=0)
    expire_due_payments.func()
    expire_due_payments.func()
    assert state_of(payment) == "expired"
    assert heard == [("expired", payment.reference)]


def test_expiry_of_a_paid_payment_is_its_success() -> None:
    payment = pay(start_payment(minutes=30), manner="drop")
    later(minutes=31)
    expire_due_payments.func()
    assert state_of(payment) == "succeeded"


def test_expiry_before_any_session_needs_no_provider() -> None:
    payment = request_payment(minutes=30)
    later(minutes=31)
    payments.expire(payment_reference=payment.reference, at=clock.now())
    jobs.run_due()
    assert state_of(payment) == "expired"
    assert SandboxPayment.objects.count() == 0


def test_cancelled_session_cannot_be_paid() -> None:
    payment = start_payment()
    payments.cancel(payment_reference=payment.reference, actor=SYSTEM, at=clock.now())
    pay(payment)
    jobs.run_due()
    assert state_of(payment) == "cancelled"
    assert SandboxPayment.objects.get().status == "closed"
    assert checks.violations() == []


@pytest.mark.parametrize("manner", ["webhook", "statement"])
def test_late_money_is_booked_and_goes_back_by_itself(manner: str, heard: list[tuple[str, str]]) -> None:
    payment = start_payment()
    payments.cancel(payment_reference=payment.reference, actor=SYSTEM, at=clock.now())
    sandbox_bank.configure(drop=1000 if manner == "statement" else 0)
    sandbox_bank.pay_after_the_end(payment.provider_ref, at=clock.now())
    if manner == "webhook":
        jobs.run_due()
    settle()
    jobs.run_due()
    settle()
    assert state_of(payment) == "cancelled"
    assert payment.late
    assert heard == [("expired", payment.reference)]
    assert Refund.objects.get().state == "confirmed"
    assert [queries.balance(name) for name in (CLEARING, PENDING, BALANCE)] == [0, 0, -40]
    assert checks.violations() == []


@pytest.mark.parametrize(
    "forged",
    [
        {"amount_minor": 999},
        {"amount_minor": 1001},
        {"currency": "USD"},
        {"metadata": {}},
        {"metadata": {"payment": "SOMEONEELSE0", "trade": "X", "snapshot": "Y"}},
    ],
)
def test_what_does_not_match_is_not_paid(forged: dict[str, object], heard: list[tuple[str, str]]) -> None:
    payment = start_payment()
    SandboxPayment.objects.update(**forged)
    pay(payment)
    jobs.run_due()
    settle()
    assert state_of(payment) == "started"
    assert heard == []
    assert {row.kind for row in PaymentException.objects.all()} == {"payment_mismatch", "movement_unexplained"}
    currency = str(forged.get("currency", "EUR"))
    assert queries.balance(accounts.suspense("sandbox", currency)) == forged.get("amount_minor", 1000)
    assert queries.balance(CLEARING) == 0
    assert checks.violations() == []


def test_another_snapshot_is_another_order(heard: list[tuple[str, str]]) -> None:
    payment = start_payment()
    Payment.objects.update(snapshot_hash="6" * 64)
    pay(payment)
    jobs.run_due()
    assert state_of(payment) == PaymentState.STARTED
    assert heard == []
