from datetime import timedelta

import pytest
from django.db import transaction

from core import clock, jobs
from core.actors import SYSTEM
from core.money import Money
from escrow.ledger import accounts, checks, queries
from escrow.ledger import operations as ledger
from escrow.ledger.operations import credit, debit
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.payments.jobs import heal_payments, settle_statements
from escrow.payments.models import Payment, PaymentException, Refund
from escrow.payments.refunds.operations import MoreThanPaid, NotPaid, RefundKeyReused, RefundWindowOver
from escrow.payments.signals import refund_confirmed, refund_failed
from escrow.providers.sandbox import refunds
from escrow.providers.sandbox.jobs import work_through_the_day
from escrow.providers.sandbox.models import SandboxRefund
from tests.escrow.payments.test_payments import later
from tests.factories.escrow import paid_payment, start_payment, waiting_money

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("funded_on_payment")]

PENDING, OWED = accounts.refund_pending("EUR"), accounts.buyer_owed("EUR")
BALANCE, SUSPENSE = accounts.psp_balance("sandbox", "EUR"), accounts.suspense("sandbox", "EUR")


def ask(payment: Payment, amount_minor: int, key: str = "back:1", currency: str = "EUR") -> Refund:
    """What holds do: book the refund and ask for it in one transaction."""
    at = clock.now()
    with transaction.atomic():
        ledger.post(
            key=key,
            event="refund",
            lines=[debit(waiting_money(payment), amount_minor), credit(PENDING, amount_minor)],
            trade=payment.trade,
            actor=SYSTEM,
            at=at,
        )
        return payments.refund(
            payment=payment,
            hold_ref=payment.reference,
            amount=Money(amount_minor, currency),
            key=key,
            reason="damaged",
            at=at,
            actor=SYSTEM,
        )


def balances() -> list[int]:
    return [queries.balance(name) for name in (PENDING, OWED, BALANCE)]


@pytest.fixture
def payment() -> Payment:
    payment = paid_payment(amount_minor=1000)
    settle_statements.func()
    return payment


def test_refund_is_confirmed_only_by_the_provider(payment: Payment) -> None:
    heard: list[str] = []
    refund_confirmed.connect(lambda refund, **_rest: heard.append(refund.state), weak=False, dispatch_uid="test")
    row = ask(payment, 400)
    assert (row.state, balances()) == ("asked", [400, 0, 960])
    jobs.run_due()
    settle_statements.func()
    row.refresh_from_db()
    assert (row.state, balances(), heard) == ("confirmed", [0, 0, 560], ["confirmed"])
    refund_confirmed.disconnect(dispatch_uid="test")
    assert checks.violations() == []


def test_refund_with_a_lost_answer_returns_the_money_once(payment: Payment) -> None:
    sandbox_bank.configure(error_after_success=1000)
    row = ask(payment, 400)
    jobs.run_due()
    row.refresh_from_db()
    assert (row.state, SandboxRefund.objects.count()) == ("asked", 1)
    sandbox_bank.configure(error_after_success=0)
    later(seconds=61)
    heal_payments.func()
    settle_statements.func()
    row.refresh_from_db()
    assert (row.state, SandboxRefund.objects.count(), balances()) == ("confirmed", 1, [0, 0, 560])
    assert checks.violations() == []


def test_refused_refund_is_owed_to_the_buyer(payment: Payment) -> None:
    heard: list[str] = []
    refund_failed.connect(lambda refund, **_rest: heard.append(refund.failure), weak=False, dispatch_uid="test")
    sandbox_bank.configure(refund_failure=1000)
    ask(payment, 400)
    jobs.run_due()
    settle_statements.func()
    assert (balances(), heard) == ([0, 400, 960], ["account_closed"])
    refund_failed.disconnect(dispatch_uid="test")
    assert PaymentException.objects.get().kind == "refund_failed"
    assert checks.violations() == []


def test_refund_that_comes_back_after_it_was_confirmed_is_owed_to_the_buyer(payment: Payment) -> None:
    row = ask(payment, 400)
    jobs.run_due()
    settle_statements.func()
    row.refresh_from_db()
    refunds.bounce(row.provider_ref, at=clock.now())
    jobs.run_due()
    settle_statements.func()
    row.refresh_from_db()
    assert (row.state, balances()) == ("failed", [0, 400, 960])
    assert checks.violations() == []


def test_refund_that_came_and_went_unheard_is_explained_by_the_statement(payment: Payment) -> None:
    sandbox_bank.configure(error_after_success=1000, drop=1000)
    row = ask(payment, 400)
    jobs.run_due()
    sandbox_bank.configure(error_after_success=0)
    refunds.bounce(SandboxRefund.objects.get().ref, at=clock.now())
    later(seconds=61)
    heal_payments.func()
    settle_statements.func()
    row.refresh_from_db()
    assert (row.state, balances()) == ("failed", [0, 400, 960])
    assert checks.violations() == []


@pytest.fixture
def unheard(payment: Payment) -> Refund:
    """The money went back, but the provider's answer stayed lost for more than a day, and its messages too."""
    row = ask(payment, 400)
    sandbox_bank.configure(error_after_success=1000, drop=1000)
    jobs.run_due()
    clock.travel(timedelta(hours=25))
    return row


def speak_again() -> None:
    sandbox_bank.configure(error_after_success=0, drop=0)
    heal_payments.func()
    settle_statements.func()


def test_old_line_finds_a_refund_whose_answer_was_lost(unheard: Refund) -> None:
    sandbox_bank.configure(error_after_success=0)
    settle_statements.func()
    unheard.refresh_from_db()
    assert (unheard.state, balances(), queries.balance(SUSPENSE)) == ("confirmed", [0, 0, 560], 0)
    assert checks.violations() == []


def test_line_in_suspense_is_moved_out_when_its_refund_is_confirmed(unheard: Refund) -> None:
    settle_statements.func()
    assert (balances(), queries.balance(SUSPENSE)) == ([400, 0, 560], -400)
    speak_again()
    unheard.refresh_from_db()
    assert (unheard.state, balances(), queries.balance(SUSPENSE)) == ("confirmed", [0, 0, 560], 0)
    assert PaymentException.objects.get().resolution == f"refund {unheard.reference}"
    refunds.bounce(unheard.provider_ref, at=clock.now())
    jobs.run_due()
    settle_statements.func()
    assert (balances(), queries.balance(SUSPENSE)) == ([0, 400, 960], 0)
    assert checks.violations() == []


@pytest.mark.parametrize("both_in_suspense", [False, True])
def test_refund_that_came_and_went_while_its_line_lay_in_suspense(unheard: Refund, both_in_suspense: bool) -> None:
    settle_statements.func()
    refunds.bounce(SandboxRefund.objects.get().ref, at=clock.now())
    if both_in_suspense:
        clock.travel(timedelta(hours=25))
        settle_statements.func()
    speak_again()
    unheard.refresh_from_db()
    assert (unheard.state, balances(), queries.balance(SUSPENSE)) == ("failed", [0, 400, 960], 0)
    assert checks.violations() == []


def test_same_key_asks_once(payment: Payment) -> None:
    assert ask(payment, 400).pk == ask(payment, 400).pk
    jobs.run_due()
    assert SandboxRefund.objects.count() == 1
    with pytest.raises(RefundKeyReused), transaction.atomic():
        payments.refund(payment=payment, hold_ref="", amount=Money(1, "EUR"), key="back:1", reason="", at=clock.now(), actor=SYSTEM)


def test_refunds_never_exceed_the_payment(payment: Payment) -> None:
    ask(payment, 700)
    for amount in (301, 0, -5):
        with pytest.raises(MoreThanPaid), transaction.atomic():
            payments.refund(payment=payment, hold_ref="", amount=Money(amount, "EUR"), key="back:2", reason="", at=clock.now(), actor=SYSTEM)
    ask(payment, 300, key="back:3")
    assert Refund.objects.count() == 2


def test_unpaid_payment_has_nothing_to_refund() -> None:
    payment = start_payment()
    with pytest.raises(NotPaid), transaction.atomic():
        payments.refund(payment=payment, hold_ref="", amount=Money(1, "EUR"), key="k", reason="", at=clock.now(), actor=SYSTEM)


@pytest.mark.parametrize(("fails", "state", "left"), [(0, "confirmed", [0, 0, 560]), (1000, "failed", [0, 400, 960])])
def test_slow_refund_is_on_its_way_until_the_bank_has_spoken(payment: Payment, fails: int, state: str, left: list[int]) -> None:
    sandbox_bank.configure(refund_delay=1000, refund_failure=fails)
    row = ask(payment, 400)
    jobs.run_due()
    settle_statements.func()
    row.refresh_from_db()
    assert (row.state, balances()) == ("sent", [400, 0, 960])
    assert checks.violations() == []
    work_through_the_day.func()  # too early
    later(seconds=121)
    work_through_the_day.func()
    jobs.run_due()
    settle_statements.func()
    row.refresh_from_db()
    assert (row.state, balances()) == (state, left)
    assert checks.violations() == []


def test_slow_refund_is_healed_when_nobody_tells_of_its_end(payment: Payment) -> None:
    sandbox_bank.configure(refund_delay=1000, drop=1000)
    row = ask(payment, 400)
    jobs.run_due()
    later(seconds=121)
    work_through_the_day.func()
    jobs.run_due()
    row.refresh_from_db()
    assert row.state == "sent"
    later(seconds=61)
    heal_payments.func()
    settle_statements.func()
    row.refresh_from_db()
    assert (row.state, balances()) == ("confirmed", [0, 0, 560])


@pytest.mark.parametrize(("way", "days"), [("alipay", 90), ("wechat_pay", 180)])
def test_refund_is_refused_when_the_way_takes_nothing_back_any_more(payment: Payment, way: str, days: int) -> None:
    Payment.objects.filter(pk=payment.pk).update(method=way, succeeded_at=clock.now() - timedelta(days=days, minutes=1))
    with pytest.raises(RefundWindowOver) as refused:
        ask(payment, 100)
    assert str(days) in refused.value.message
    assert not Refund.objects.exists()
    assert queries.balance(PENDING) == 0
    Payment.objects.filter(pk=payment.pk).update(succeeded_at=clock.now() - timedelta(days=days) + timedelta(minutes=1))
    assert ask(payment, 100).reference
