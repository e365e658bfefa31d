"""Our rooms over Stripe: a payment, a refund that fails later, a seller, a transfer whose answer is lost, a payout; and the book agrees."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from core import clock, jobs
from core.actors import SYSTEM
from core.money import Money
from escrow.ledger import accounts, checks
from escrow.ledger import operations as ledger
from escrow.ledger import queries as books
from escrow.ledger.operations import credit, debit
from escrow.payments import operations as payments
from escrow.payments.jobs import heal_payments, settle_statements
from escrow.payments.models import Payment, Refund
from escrow.payments.signals import payment_succeeded
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.payouts.models import Payout, SellerAccount
from escrow.providers.stripe.provider import Stripe
from tests.escrow.payments.test_payments import later
from tests.escrow.providers.stripe.test_webhooks import knock, message
from tests.escrow.providers.stripe.wire import FakeStripe
from tests.factories.escrow import fund_when_paid, start_payment, waiting_money

pytestmark = pytest.mark.django_db(transaction=True)
PARTY = "SELLERPARTY1"


@pytest.fixture(autouse=True)
def _sound_book(stripe: Stripe, wire: FakeStripe, settings) -> Iterator[None]:  # type: ignore[no-untyped-def]
    settings.PAYMENT_PROVIDER = "stripe"
    wire.seconds = int(clock.now().timestamp())
    payment_succeeded.connect(fund_when_paid)
    yield
    payment_succeeded.disconnect(fund_when_paid)
    settle_statements.func()
    assert checks.violations() == []


def moved(key: str, payment: Payment, amount_minor: int, to: accounts.AccountName) -> None:
    lines = [debit(waiting_money(payment), amount_minor), credit(to, amount_minor)]
    ledger.post(key=key, event=key, lines=lines, trade=payment.trade, actor=SYSTEM, at=clock.now())


def paid(wire: FakeStripe) -> Payment:
    payment = start_payment(amount_minor=10_000)
    wire.pay(payment.provider_ref)
    knock(message("checkout.session.completed", payment.provider_ref))
    jobs.run_due()
    settle_statements.func()
    payment.refresh_from_db()
    assert payment.state == "succeeded"
    return payment


def refunded(payment: Payment, amount_minor: int) -> Refund:
    with transaction.atomic():
        moved(f"give_back_{amount_minor}", payment, amount_minor, accounts.refund_pending("EUR"))
        return payments.refund(
            payment=payment, hold_ref="", amount=Money(amount_minor, "EUR"), key=f"R{amount_minor}", reason="", at=clock.now(), actor=SYSTEM
        )


def test_refund_whose_answer_was_lost_happens_once_and_may_fail_later(wire: FakeStripe) -> None:
    payment = paid(wire)
    row = refunded(payment, 4_000)
    wire.faults.append("lost")
    jobs.run_due(limit=1)
    row.refresh_from_db()
    assert row.state == "asked"
    later(minutes=2)
    heal_payments.func()
    row.refresh_from_db()
    assert (row.state, len([one for one in wire.things.values() if one["object"] == "refund"])) == ("confirmed", 1)
    wire.things[row.provider_ref] |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    wire.line("refund_failure", wire.things[row.provider_ref], 4_000)
    knock(message("refund.failed", row.provider_ref))
    jobs.run_due()
    row.refresh_from_db()
    assert (row.state, row.failure) == ("failed", "expired_or_canceled_card")
    assert books.balance(accounts.buyer_owed("EUR")) == 4_000


def test_seller_is_onboarded_paid_and_returned(wire: FakeStripe) -> None:
    payment = paid(wire)
    payouts.ensure_account(party=PARTY, currency="EUR", country="DE", at=clock.now(), actor=SYSTEM)
    jobs.run_due()
    account = SellerAccount.objects.get()
    assert (account.provider, account.ready) == ("stripe", False)
    wire.verify(account.account_ref)
    knock(message("account.updated", account.account_ref, account=account.account_ref))
    jobs.run_due()
    account.refresh_from_db()
    assert account.ready
    with transaction.atomic():
        moved("earn", payment, 9_000, accounts.seller_payable(PARTY, "EUR"))
    payout = payouts.request(seller=PARTY, currency="EUR", at=clock.now(), actor=SYSTEM)
    wire.faults.append("lost")
    jobs.run_due(limit=1)
    assert Payout.objects.get().state == "sent"
    wire.forget_keys()
    later(hours=30)
    sending.chase(at=clock.now())
    payout.refresh_from_db()
    assert (payout.state, len([one for one in wire.things.values() if one["object"] == "transfer"])) == ("confirmed", 1)
    jobs.run_due()
    sending.chase(at=clock.now() + timedelta(days=1))
    payout.refresh_from_db()
    own = wire.things[payout.payout_ref.partition("/")[2]]
    for status, state in [("paid", "paid"), ("failed", "returned")]:
        own["status"] = status
        knock(message(f"payout.{status}", own["id"], account=account.account_ref))
        jobs.run_due()
        payout.refresh_from_db()
        assert payout.state == state
