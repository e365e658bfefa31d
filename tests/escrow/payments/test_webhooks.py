"""The door through which a provider speaks, knocked at in every way."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from core import clock, jobs
from escrow.ledger.models import Transfer
from escrow.payments.jobs import read_waiting_events
from escrow.payments.models import Payment, PaymentException, WebhookEvent
from escrow.payments.signals import provider_event
from escrow.providers.sandbox import sellers
from escrow.providers.sandbox.events import secrets
from escrow.providers.sandbox.models import SandboxEvent
from escrow.providers.signatures import sign
from tests.escrow.payments.test_payments import later, state_of
from tests.factories.escrow import pay, start_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("funded_on_payment")]

PATH = "/webhooks/sandbox/"


def knock(payload: bytes, signature: str | None) -> int:
    headers = {} if signature is None else {"Sandbox-Signature": signature}
    return Client().post(PATH, data=payload, content_type="application/json", headers=headers).status_code


def genuine(payload: bytes, **options: object) -> str:
    return sign(payload=payload, **{"secret": secrets()[0], "at": clock.now(), **options})  # type: ignore[arg-type]


@pytest.fixture
def payload() -> bytes:
    """The message of a payment that was paid; nobody has delivered it yet."""
    pay(start_payment())
    return SandboxEvent.objects.get().payload.encode()


def test_genuine_message_is_kept_and_answered_at_once(payload: bytes) -> None:
    assert knock(payload, genuine(payload)) == 200
    assert WebhookEvent.objects.get().state == "waiting"
    assert Payment.objects.get().state == "started"
    jobs.run_due()
    assert (WebhookEvent.objects.get().state, Payment.objects.get().state) == ("done", "succeeded")


@pytest.mark.parametrize(
    "signature",
    ["", "nonsense", "t=,v1=", "t=abc,v1=00", "t=1,t=2,v1=00", "t=99999999999999999999,v1=00", "v1=00", "t=\u0663,v1=00", None],
)
def test_unsigned_message_leaves_no_trace(payload: bytes, signature: str | None) -> None:
    assert knock(payload, signature) == 400
    assert WebhookEvent.objects.count() == 0


def test_forged_message_leaves_no_trace(payload: bytes) -> None:
    assert knock(payload, genuine(payload, secret="another secret")) == 400
    assert knock(payload, genuine(payload, secret="")) == 400
    assert knock(payload.replace(b"false", b"true "), genuine(payload)) == 400
    assert WebhookEvent.objects.count() == 0


def test_reserialised_message_leaves_no_trace(payload: bytes) -> None:
    signature = genuine(payload)
    assert knock(json.dumps(json.loads(payload), separators=(",", ":")).encode(), signature) == 400
    assert WebhookEvent.objects.count() == 0


@pytest.mark.parametrize("minutes", [-6, 6])
def test_stale_message_leaves_no_trace(payload: bytes, minutes: int) -> None:
    assert knock(payload, genuine(payload, at=clock.now() + timedelta(minutes=minutes))) == 400
    assert WebhookEvent.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"id": "x"}', b'{"id":1,"type":2,"data":3,"livemode":4,"created":5}'])
def test_signed_nonsense_leaves_no_trace(body: bytes) -> None:
    assert knock(body, genuine(body)) == 400
    assert WebhookEvent.objects.count() == 0


def test_oversized_message_is_not_read() -> None:
    assert knock(b"x" * (256 * 1024 + 1), "t=1,v1=00") == 413


def test_only_post_is_answered() -> None:
    assert Client().get(PATH).status_code == 405


def test_both_secrets_are_believed_while_one_replaces_the_other(payload: bytes, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SANDBOX_WEBHOOK_SECRETS = ("new", "old")
    assert knock(payload, genuine(payload, secret="old")) == 200
    assert knock(payload, genuine(payload, secret="new")) == 200
    settings.SANDBOX_WEBHOOK_SECRETS = ("new",)
    assert knock(payload, genuine(payload, secret="old")) == 400
    assert WebhookEvent.objects.count() == 1


def test_thirty_equal_messages_at_once_have_one_effect(payload: bytes) -> None:
    signature = genuine(payload)

    def once(_number: int) -> int:
        try:
            return knock(payload, signature)
        finally:
            connection.close()

    with ThreadPoolExecutor(15) as pool:
        assert set(pool.map(once, range(30))) == {200}
    assert WebhookEvent.objects.count() == 1

    def read(_number: int) -> None:
        from escrow.payments.webhooks.operations import read_event

        read_event(event_id=WebhookEvent.objects.get().pk)
        connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(read, range(10)))
    jobs.run_due()
    assert Transfer.objects.filter(event="fund").count() == 1
    assert state_of(Payment.objects.get()) == "succeeded"


def test_message_about_an_unknown_object_waits_and_is_set_aside_at_last(payload: bytes) -> None:
    payment = Payment.objects.get()
    known = payment.provider_ref
    Payment.objects.update(provider_ref="")
    knock(payload, genuine(payload))
    jobs.run_due()
    assert WebhookEvent.objects.get().state == "waiting"
    Payment.objects.update(provider_ref=known)
    later(seconds=30)
    read_waiting_events.func()
    assert (WebhookEvent.objects.get().state, state_of(payment)) == ("done", "succeeded")

    stray = json.dumps(json.loads(payload) | {"id": "evt_stray", "data": {"object": "payment", "id": "pay_NOBODYS"}}).encode()
    knock(stray, genuine(stray))
    for _day in range(4):
        later(days=1)
        read_waiting_events.func()
    assert WebhookEvent.objects.get(event_id="evt_stray").state == "set_aside"
    assert PaymentException.objects.get().kind == "webhook_unknown_object"


def test_message_with_the_wrong_livemode_moves_nothing(payload: bytes) -> None:
    live = payload.replace(b'"livemode": false', b'"livemode": true')
    assert knock(live, genuine(live)) == 200
    jobs.run_due(limit=3)
    assert PaymentException.objects.filter(kind="webhook_wrong_livemode").exists()


def test_message_about_others_objects_is_passed_on_with_the_object_itself() -> None:
    account = sellers.open_account(key="a", currency="EUR", country="FR", metadata={})
    body = json.dumps(
        {"id": "evt_1", "type": "account.updated", "created": 1, "livemode": False, "data": {"object": "account", "id": account.ref}}
    ).encode()
    heard: list[object] = []

    def mine(kind: str, object: object, **_rest: object) -> bool:
        heard.append((kind, object))
        return True

    knock(body, genuine(body))
    provider_event.connect(mine)
    jobs.run_due()
    provider_event.disconnect(mine)
    assert heard == [("account", account)]
    assert WebhookEvent.objects.get().state == "done"
