"""Faults at the wire: what may have acted is asked again and acts once, and every error is told in our words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from stripe import StripeObject

from core import clock
from escrow.providers.base import ProviderDeclined, ProviderRejected, ProviderUnavailable
from escrow.providers.stripe import errors
from escrow.providers.stripe.connection import PAUSE_SECONDS, Circuit
from escrow.providers.stripe.provider import Stripe
from tests.escrow.providers.stripe.test_adapter import euros, paid, ready_seller, request
from tests.escrow.providers.stripe.wire import FakeStripe

WRITES: dict[str, Callable[[Stripe, str, str], Any]] = {
    "payment": lambda stripe, ref, seller: stripe.create_payment(request(key="k")),
    "refund": lambda stripe, ref, seller: stripe.refund(key="k", payment_ref=ref, amount=euros(100), metadata={}),
    "account": lambda stripe, ref, seller: stripe.open_account(key="k", currency="EUR", country="FR", metadata={}),
    "transfer": lambda stripe, ref, seller: stripe.transfer(key="k", account_ref=seller, amount=euros(100), metadata={}),
    "payout": lambda stripe, ref, seller: stripe.payout(key="k", account_ref=seller, amount=euros(100), metadata={}),
    "reverse": lambda stripe, ref, seller: stripe.reverse(key="k", transfer_ref="tr_known", amount=euros(100)),
}


@pytest.fixture
def scene(stripe: Stripe, wire: FakeStripe) -> tuple[Stripe, str, str]:
    ref, seller = paid(stripe, wire), ready_seller(stripe, wire)
    wire.things["tr_known"] = {**wire.new("tr", "transfer"), "id": "tr_known", "amount": 500, "amount_reversed": 0, "currency": "eur"}
    return stripe, ref, seller


@pytest.mark.parametrize("fault", ["429", "500", "unreachable", "lost", "garbage", "empty"])
@pytest.mark.parametrize("name", WRITES)
def test_silence_is_asked_again_and_acts_once(name: str, fault: str, scene: tuple[Stripe, str, str], wire: FakeStripe) -> None:
    wire.faults.append(fault)
    with pytest.raises(ProviderUnavailable):
        WRITES[name](*scene)
    made = WRITES[name](*scene)
    assert WRITES[name](*scene) == made
    assert len([thing for thing in wire.things.values() if thing["metadata"].get("souk_key") == "k"]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [name for name in WRITES if name != "payment"])
def test_write_older_than_stripes_memory_is_looked_for_first(name: str, scene: tuple[Stripe, str, str], wire: FakeStripe) -> None:
    stripe, ref, seller = scene
    old: dict[str, Callable[[datetime], Any]] = {
        "refund": lambda at: stripe.refund(key="k", payment_ref=ref, amount=euros(100), metadata={}, asked_at=at),
        "account": lambda at: stripe.open_account(key="k", currency="EUR", country="FR", metadata={}, asked_at=at),
        "transfer": lambda at: stripe.transfer(key="k", account_ref=seller, amount=euros(100), metadata={}, asked_at=at),
        "payout": lambda at: stripe.payout(key="k", account_ref=seller, amount=euros(100), metadata={}, asked_at=at),
        "reverse": lambda at: stripe.reverse(key="k", transfer_ref="tr_known", amount=euros(100), asked_at=at),
    }
    wire.seconds = int(clock.now().timestamp())
    wire.faults.append("lost")
    with pytest.raises(ProviderUnavailable):
        old[name](clock.now())
    wire.forget_keys()
    made = old[name](clock.now() - timedelta(hours=25))
    assert made.ref
    assert len([thing for thing in wire.things.values() if thing["metadata"].get("souk_key") == "k"]) == 1
    wire.things = {key: thing for key, thing in wire.things.items() if thing["metadata"].get("souk_key") != "k"}
    old[name](clock.now() - timedelta(hours=50))
    assert wire.asked[-1].key == "k#2"  # what was kept under yesterday's key may be a 500


@pytest.mark.parametrize("name", ["refund", "transfer", "payout", "reverse"])
def test_same_key_with_another_amount_is_rejected(name: str, scene: tuple[Stripe, str, str]) -> None:
    stripe, ref, seller = scene
    WRITES[name](*scene)
    others: dict[str, Callable[[], object]] = {
        "refund": lambda: stripe.refund(key="k", payment_ref=ref, amount=euros(101), metadata={}),
        "transfer": lambda: stripe.transfer(key="k", account_ref=seller, amount=euros(101), metadata={}),
        "payout": lambda: stripe.payout(key="k", account_ref=seller, amount=euros(101), metadata={}),
        "reverse": lambda: stripe.reverse(key="k", transfer_ref="tr_known", amount=euros(101)),
    }
    with pytest.raises(ProviderRejected, match="key_reused"):
        others[name]()


@pytest.mark.django_db
def test_nothing_is_said_inside_a_transaction(stripe: Stripe, wire: FakeStripe) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        stripe.retrieve_payment("cs_1")
    assert wire.asked == []


@pytest.mark.parametrize(
    ("status", "error", "kind", "code"),
    [
        (402, {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"}, ProviderDeclined, "insufficient_funds"),
        (402, {"type": "invalid_request_error", "code": "balance_insufficient"}, ProviderRejected, "balance_insufficient"),
        (400, {"type": "invalid_request_error", "param": "amount"}, ProviderRejected, "invalid_amount"),
        (404, {"type": "invalid_request_error", "code": "resource_missing"}, ProviderRejected, "resource_missing"),
        (400, {"type": "idempotency_error"}, ProviderRejected, "key_reused"),
        (409, {"type": "invalid_request_error", "code": "idempotency_key_in_use"}, ProviderUnavailable, "idempotency_key_in_use"),
        (429, {"type": "invalid_request_error", "code": "lock_timeout"}, ProviderUnavailable, "lock_timeout"),
        (429, {"type": "invalid_request_error"}, ProviderUnavailable, "rate_limit"),
        (401, {"type": "invalid_request_error"}, ProviderUnavailable, "not_authorised"),
        (403, {"type": "invalid_request_error"}, ProviderUnavailable, "not_authorised"),
        (403, {"type": "invalid_request_error", "code": "account_invalid"}, ProviderRejected, "account_invalid"),
        (500, {"type": "api_error"}, ProviderUnavailable, "http_500"),
        (503, {"type": "api_error"}, ProviderUnavailable, "http_503"),
    ],
)
def test_errors_are_told_in_our_words(status: int, error: dict[str, str], kind: type, code: str, stripe: Stripe, wire: FakeStripe) -> None:
    wire._act_once = lambda _asked: (status, {"error": {"message": "No.", **error}})  # type: ignore[method-assign]
    with pytest.raises(kind) as told:
        stripe.retrieve_transfer("tr_1")
    assert (type(told.value), told.value.code) == (kind, code)


def test_unreadable_answer_is_no_answer() -> None:
    with pytest.raises(ProviderUnavailable, match="answer_unreadable"), errors.answering():
        StripeObject().amount  # noqa: B018


def test_circuit_opens_after_some_silences_and_lets_one_through() -> None:
    circuit = Circuit()
    for _number in range(5):
        assert circuit.allows(100.0)
        circuit.note(answered=False, now=100.0)
    assert not circuit.allows(100.0 + PAUSE_SECONDS - 1)
    assert circuit.allows(100.0 + PAUSE_SECONDS)
    assert not circuit.allows(100.0 + PAUSE_SECONDS)
    circuit.note(answered=True, now=131.0)
    assert circuit.allows(131.0)
