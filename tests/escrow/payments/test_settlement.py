"""The statement: every line is explained by exactly one entry, and what nobody can explain is put before a person."""

from datetime import timedelta

import pytest

from core import clock, jobs
from core.money import Money
from escrow.ledger import accounts, checks, queries
from escrow.payments import sandbox_bank
from escrow.payments.jobs import settle_statements
from escrow.payments.models import PaymentException, ProviderMovement
from escrow.payments.settlement import operations as settlement
from escrow.providers.sandbox import statement
from escrow.providers.sandbox.models import SandboxMovement
from tests.factories.escrow import paid_payment, pay, start_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("funded_on_payment")]

SUSPENSE = accounts.suspense("sandbox", "EUR")


@pytest.mark.parametrize("minor", [250, -250])
def test_unexplained_money_goes_to_suspense_and_before_a_person(minor: int) -> None:
    statement.write(kind="other", source_ref="fee_1", gross=Money(minor, "EUR"), at=clock.now())
    settle_statements.func()
    settle_statements.func()
    assert queries.balance(SUSPENSE) == minor
    assert PaymentException.objects.get().kind == "movement_unexplained"
    assert checks.violations() == []
    clock.travel(timedelta(hours=25))
    assert any("suspense" in line for line in checks.violations())


def test_providers_own_bill_is_our_cost_at_once() -> None:
    statement.write(kind="fee", source_ref="bill_1", gross=Money(-1_990, "EUR"), at=clock.now())
    settle_statements.func()
    assert (queries.balance(accounts.psp_fees("EUR")), queries.balance(accounts.psp_balance("sandbox", "EUR"))) == (1_990, -1_990)
    assert not PaymentException.objects.exists()
    assert checks.violations() == []


def test_line_of_an_unknown_payment_waits_a_day_before_suspense() -> None:
    statement.write(kind="payment", source_ref="pay_unknown", gross=Money(700, "EUR"), at=clock.now())
    settle_statements.func()
    assert queries.balance(SUSPENSE) == 0
    clock.travel(timedelta(hours=25))
    settle_statements.func()
    assert queries.balance(SUSPENSE) == 700


def test_statement_alone_makes_a_payment_succeed() -> None:
    payment = pay(start_payment(), manner="drop")
    settle_statements.func()
    payment.refresh_from_db()
    assert payment.state == "succeeded"
    assert queries.balance(accounts.psp_clearing("sandbox", "EUR")) == 0


def test_pages_are_read_to_the_end_and_again_with_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settlement, "PAGE", 2)
    for _ in range(5):
        paid_payment()
    assert settlement.read_statement(provider="sandbox") == 5
    assert settlement.read_statement(provider="sandbox") == 0
    late = SandboxMovement.objects.order_by("id").first()
    assert late is not None
    ProviderMovement.objects.filter(ref=late.ref).delete()  # committed after a younger line was read
    assert settlement.read_statement(provider="sandbox") == 1


def test_book_that_forgot_a_line_is_named() -> None:
    payment = paid_payment()
    settle_statements.func()
    assert checks.violations() == []
    ProviderMovement.objects.update(gross_minor=999)
    names = {line.split(":")[0] for line in checks.violations()}
    assert names == {"6 statement_lines_equal_entries", "6 statement_is_complete"}
    ProviderMovement.objects.update(gross_minor=payment.amount_minor)
    SandboxMovement.objects.update(fee_minor=41)
    assert {line.split(":")[0] for line in checks.violations()} == {"6 statement_is_complete"}


def test_unsettled_money_is_named_after_a_day() -> None:
    paid_payment()
    assert checks.violations() == []
    clock.travel(timedelta(hours=25))
    assert any(line.startswith("8 clearing_returns_to_zero") for line in checks.violations())


def test_fees_come_from_the_statement_and_are_never_computed() -> None:
    sandbox_bank.configure(fee_bp=0, fee_fixed_minor=333)
    paid_payment(amount_minor=1000)
    jobs.run_due()
    settle_statements.func()
    assert queries.balance(accounts.psp_fees("EUR")) == 333
    assert queries.balance(accounts.psp_balance("sandbox", "EUR")) == 667
