"""What Stripe wrote down and never reached us: found in its own list, as far back as it keeps it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock, jobs
from escrow.payments.jobs import reconcile
from escrow.payments.models import Payment, PaymentException, Reconciliation, WebhookEvent
from escrow.payments.reconciling import operations as reconciling
from escrow.payments.signals import payment_succeeded
from escrow.providers.event_log import KeepsEvents
from escrow.providers.stripe.provider import Stripe
from tests.escrow.payments.test_payments import later
from tests.escrow.providers.stripe.test_webhooks import knock, message
from tests.escrow.providers.stripe.wire import FakeStripe
from tests.factories.escrow import fund_when_paid, start_payment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _stripe_takes_payments(stripe: Stripe, wire: FakeStripe, settings) -> Iterator[None]:  # type: ignore[no-untyped-def]
    settings.PAYMENT_PROVIDER = "stripe"
    wire.seconds = int(clock.now().timestamp())
    payment_succeeded.connect(fund_when_paid)
    yield
    payment_succeeded.disconnect(fund_when_paid)


def test_messages_of_a_long_silence_are_taken_in(wire: FakeStripe) -> None:
    reconcile.func()
    payment = start_payment()
    wire.pay(payment.provider_ref)
    lost = wire.happens("checkout.session.completed", payment.provider_ref)
    wire.happens("charge.succeeded", "ch_9")  # concerns nothing of ours
    later(days=10)
    knock(message("payout.paid", "po_9", account="acct_9"))  # in another list than ours: not an extra one
    reconcile.func()
    jobs.run_due()
    assert Payment.objects.get().state == "succeeded"
    assert set(WebhookEvent.objects.values_list("event_id", flat=True)) == {lost["id"], "evt_payout.paid_po_9"}
    assert Reconciliation.objects.get(provider="stripe").until >= clock.now() - timedelta(minutes=1)
    assert reconciling.differences(provider="stripe", since=clock.now() - timedelta(days=60), at=clock.now()) == []
    assert not PaymentException.objects.exists()


def test_message_that_stripe_never_wrote_is_put_before_a_person(wire: FakeStripe) -> None:
    knock(message("refund.updated", "re_9"))
    reconcile.func()
    assert PaymentException.objects.get().kind == "message_extra"


def test_list_is_read_from_the_oldest_in_pages(stripe: Stripe, wire: FakeStripe) -> None:
    assert isinstance(stripe, KeepsEvents)
    since = clock.now() - timedelta(minutes=1)
    refs = [wire.happens("refund.updated", f"re_{number}")["id"] for number in range(130)]
    wire.happens("customer.created", "cus_1")
    first = stripe.list_events(since=since, limit=50)
    rest = stripe.list_events(since=since, after=first[-1].event_id, limit=500)
    assert [one.event_id for one in first + rest] == refs
    assert stripe.list_events(since=since, after=refs[-1]) == []
