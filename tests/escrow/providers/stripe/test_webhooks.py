"""Stripe's door: its real signature, two secrets, and what a message makes us read again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from stripe import WebhookSignature

from core import clock, jobs
from escrow.payments.jobs import heal_payments, read_waiting_events
from escrow.payments.models import Payment, PaymentException, WebhookEvent
from escrow.payments.settlement import operations as settlement
from escrow.payments.signals import provider_event
from escrow.providers.base import ProviderDispute, ProviderPayout, SignatureInvalid
from escrow.providers.stripe import events
from escrow.providers.stripe.provider import Stripe
from tests.escrow.payments.test_payments import later
from tests.escrow.providers.stripe.wire import FakeStripe
from tests.factories.escrow import fund_when_paid, start_payment

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/webhooks/stripe/"


@pytest.fixture(autouse=True)
def _stripe_takes_payments(stripe: Stripe, wire: FakeStripe, settings):  # type: ignore[no-untyped-def]
    from escrow.payments.signals import payment_succeeded

    settings.PAYMENT_PROVIDER = "stripe"
    wire.seconds = int(clock.now().timestamp())
    payment_succeeded.connect(fund_when_paid)
    yield
    payment_succeeded.disconnect(fund_when_paid)


def message(name: str, ref: str, **changes: Any) -> bytes:
    body = {"id": f"evt_{name}_{ref}", "object": "event", "type": name, "created": int(clock.now().timestamp()), "livemode": False}
    return json.dumps({**body, "data": {"object": {"id": ref}}, **changes}, indent=2).encode()


def knock(payload: bytes, *, secret: str = "whsec_new", minutes: float = 0, signature: str | None = None) -> int:
    at = int((clock.now() + timedelta(minutes=minutes)).timestamp())
    header = WebhookSignature.generate_signature_header(payload.decode(errors="replace"), secret, at) if signature is None else signature
    return Client().post(PATH, data=payload, content_type="application/json", headers={"Stripe-Signature": header}).status_code


def test_session_that_was_paid_pays_the_payment(wire: FakeStripe) -> None:
    payment = start_payment()
    assert payment.hosted_url.startswith("https://checkout.stripe.com/")
    wire.pay(payment.provider_ref)
    assert knock(message("checkout.session.completed", payment.provider_ref)) == 200
    assert knock(message("checkout.session.completed", payment.provider_ref)) == 200
    assert Payment.objects.get().state == "started"
    jobs.run_due()
    assert (Payment.objects.get().state, Payment.objects.get().method, WebhookEvent.objects.get().state) == ("succeeded", "card", "done")
    assert settlement.read_statement(provider="stripe") == 1
    assert settlement.explain_waiting(at=clock.now()) == 1
    assert settlement.read_statement(provider="stripe") == 0


def test_message_about_the_intent_finds_the_payment(wire: FakeStripe) -> None:
    payment = start_payment()
    wire.decline(payment.provider_ref)
    knock(message("payment_intent.payment_failed", wire.things[payment.provider_ref]["payment_intent"]))
    jobs.run_due()
    assert (Payment.objects.get().tries_failed, WebhookEvent.objects.get().state) == (1, "done")


def test_lost_message_is_healed(wire: FakeStripe) -> None:
    payment = start_payment()
    wire.pay(payment.provider_ref)
    later(minutes=2)
    heal_payments.func()
    assert Payment.objects.get().state == "succeeded"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("amount", lambda session, intent: intent.update(amount_received=999)),
        ("currency", lambda session, intent: intent.update(currency="usd")),
        ("livemode", lambda session, intent: session.update(livemode=True)),
        ("payment", lambda session, intent: session.update(metadata={**session["metadata"], "payment": "SOMEBODYELSE"})),
        ("snapshot", lambda session, intent: session.update(metadata={})),
    ],
)
def test_money_that_does_not_match_pays_nothing(name: str, change: Any, wire: FakeStripe) -> None:
    payment = start_payment()
    wire.pay(payment.provider_ref)
    session = wire.things[payment.provider_ref]
    change(session, wire.things[session["payment_intent"]])
    knock(message("checkout.session.completed", payment.provider_ref))
    jobs.run_due()
    assert Payment.objects.get().state == "started"
    assert name in PaymentException.objects.get().details["wrong"]


def test_expired_payment_waits_until_stripe_has_closed_its_page(wire: FakeStripe) -> None:
    from escrow.payments import operations as payments

    payment = start_payment()
    wire.begin(payment.provider_ref, status="processing", complete=True)
    assert payments.expire(payment_reference=payment.reference, at=clock.now()).state == "started"
    wire.things[wire.things[payment.provider_ref]["payment_intent"]]["status"] = "requires_payment_method"
    assert payments.refresh(payment_reference=payment.reference).state == "failed"
    other = start_payment()
    assert payments.expire(payment_reference=other.reference, at=clock.now()).state == "expired"
    assert wire.things[other.provider_ref]["status"] == "expired"


@pytest.mark.parametrize("signature", ["", "nonsense", "t=,v1=", "t=1,t=2,v1=00", "v1=00", "t=99999999999999999999,v1=00"])
def test_unsigned_message_leaves_no_trace(signature: str) -> None:
    assert knock(message("refund.updated", "re_1"), signature=signature) == 400
    assert WebhookEvent.objects.count() == 0


@pytest.mark.parametrize("minutes", [-5.2, 5.2])
def test_stale_message_leaves_no_trace(minutes: float) -> None:
    assert knock(message("refund.updated", "re_1"), minutes=minutes) == 400
    assert knock(message("refund.updated", "re_1"), minutes=minutes * 0.9) == 200
    assert WebhookEvent.objects.count() == 1


def test_forged_and_reserialised_messages_leave_no_trace(settings) -> None:  # type: ignore[no-untyped-def]
    body = message("refund.updated", "re_1")
    at = int(clock.now().timestamp())
    signature = WebhookSignature.generate_signature_header(body.decode(), "whsec_new", at)
    assert knock(json.dumps(json.loads(body)).encode(), signature=signature) == 400
    assert knock(body.replace(b"re_1", b"re_2"), signature=signature) == 400
    assert knock(body, secret="whsec_other") == 400
    settings.STRIPE_WEBHOOK_SECRETS = ()
    assert knock(body) == 400
    assert knock(body, signature=WebhookSignature.generate_signature_header(body.decode(), " ", at)) == 400
    assert WebhookEvent.objects.count() == 0


def test_both_secrets_are_believed_while_one_replaces_the_other(settings) -> None:  # type: ignore[no-untyped-def]
    body = message("customer.created", "cus_1")
    assert knock(body, secret="whsec_old") == 200
    settings.STRIPE_WEBHOOK_SECRETS = ("whsec_new",)
    assert knock(body, secret="whsec_old") == 400


def test_what_we_sign_stripe_believes() -> None:
    from escrow.providers.signatures import sign

    body = message("refund.updated", "re_1")
    header = sign(payload=body, secret="whsec_new", at=clock.now())
    assert WebhookSignature.verify_header(body, header, "whsec_new", 300)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"id": 1}', b'{"data": {}}'])
def test_signed_nonsense_leaves_no_trace(body: bytes) -> None:
    from escrow.providers.signatures import sign

    assert knock(body, signature=sign(payload=body, secret="whsec_new", at=clock.now())) == 400
    assert WebhookEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "account", "kind", "ref"),
    [
        ("checkout.session.async_payment_succeeded", "", "payment", "x_1"),
        ("payment_intent.succeeded", "", "payment", "x_1"),
        ("charge.dispute.created", "", "dispute", "x_1"),
        ("charge.dispute.funds_withdrawn", "", "dispute", "x_1"),
        ("charge.refund.updated", "", "refund", "x_1"),
        ("refund.failed", "", "refund", "x_1"),
        ("charge.refunded", "", "other", "x_1"),
        ("transfer.reversed", "", "transfer", "x_1"),
        ("payout.paid", "", "other", "x_1"),
        ("payout.paid", "acct_1", "payout", "acct_1/x_1"),
        ("payout.failed", "acct_1", "payout", "acct_1/x_1"),
        ("account.updated", "acct_1", "account", "acct_1"),
        ("account.application.deauthorized", "acct_1", "account", "acct_1"),
        ("capability.updated", "acct_1", "account", "acct_1"),
        ("charge.succeeded", "acct_1", "other", "acct_1"),
        ("something.new", "", "other", "x_1"),
    ],
)
def test_message_is_about(name: str, account: str, kind: str, ref: str) -> None:
    from escrow.providers.signatures import sign

    body = message(name, "x_1", **({"account": account} if account else {}))
    event = events.parse(payload=body, signature=sign(payload=body, secret="whsec_new", at=clock.now()), at=clock.now())
    assert (event.object_kind, event.object_ref) == (kind, ref)
    with pytest.raises(SignatureInvalid):
        events.parse(payload=body + b" ", signature=sign(payload=body, secret="whsec_new", at=clock.now()), at=clock.now())


def test_what_is_not_ours_is_kept_and_done() -> None:
    knock(message("customer.created", "cus_1"))
    jobs.run_due()
    assert WebhookEvent.objects.get().state == "done"


def test_unknown_object_waits(wire: FakeStripe) -> None:
    knock(message("checkout.session.completed", "cs_unknown"))
    knock(message("refund.updated", "re_unknown"))
    jobs.run_due()
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"waiting"}
    for _day in range(4):
        later(days=1)
        read_waiting_events.func()
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"set_aside"}


def test_dispute_and_connected_payout_are_passed_on(wire: FakeStripe, stripe: Stripe) -> None:
    payment = start_payment()
    wire.pay(payment.provider_ref)
    dispute = wire.dispute(payment.provider_ref)
    payout = wire.new("po", "payout", account="acct_9", amount=5, currency="eur", status="paid", arrival_date=wire.seconds, failure_code=None)
    heard: list[Any] = []

    def mine(object: Any, **_rest: Any) -> bool:
        heard.append(object)
        return True

    knock(message("charge.dispute.created", dispute["id"]))
    knock(message("payout.paid", payout["id"], account="acct_9"))
    provider_event.connect(mine)
    jobs.run_due()
    provider_event.disconnect(mine)
    told = {type(one): one for one in heard}
    assert told[ProviderDispute].payment_ref == payment.provider_ref
    assert told[ProviderPayout].ref == f"acct_9/{payout['id']}"
