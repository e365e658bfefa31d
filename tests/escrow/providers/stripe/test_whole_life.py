"""One whole life over Stripe, through our own operations: onboarding, payment, refunds, transfer, reversal, payout, dispute with evidence.

Once before an independent judge: every request goes to stripe-mock too, which refuses what Stripe would refuse. And once in bad weather:
every write is hindered when it is first asked, before or after Stripe has acted, and is asked again until it has an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
import stripe as sdk
from django.db import transaction

from core import clock, jobs
from core.actors import CARRIER, SYSTEM, Actor
from core.errors import Refusal
from core.money import Money
from escrow.chargebacks import evidence
from escrow.chargebacks.models import Chargeback
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.late_refunds import operations as late_refunds
from escrow.ledger import accounts, checks
from escrow.ledger import queries as book
from escrow.payments import operations as payments
from escrow.payments.jobs import heal_payments, read_waiting_events, reconcile, settle_statements
from escrow.payments.models import Payment, PaymentException, ProviderMovement, Refund, WebhookEvent
from escrow.payouts import onboarding, sending
from escrow.payouts import operations as payouts
from escrow.payouts.models import Payout, SellerAccount
from escrow.providers.stripe import connection, methods
from tests.escrow.holds.conftest import BUYER, SELLER, STAFF
from tests.escrow.providers.stripe.judge import NOT_YET_KNOWN
from tests.escrow.providers.stripe.test_webhooks import knock, message
from tests.escrow.providers.stripe.wire import FakeStripe

pytestmark = pytest.mark.django_db(transaction=True)
PARTY, TRADE = "SELLERPARTY1", "TRADE0000001"
PAID = 20_000
UUID = re.compile(r"[0-9a-f-]{36}")
WEATHER = ("lost", "500", "unreachable", "429", "garbage", "empty")


@dataclass
class Judged(FakeStripe):
    """Every request is first shown to stripe-mock."""

    address: str = ""
    answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.carrier = sdk.RequestsClient(timeout=30)

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any) -> Any:
        body, status, _headers = self.carrier.request(method, re.sub(r"^https://[^/]+", self.address, url), headers, post_data)
        assert status == 200, (method, url, body)
        self.answered.add(f"{method.upper()} {'/'.join(url.partition('/v1/')[2].partition('?')[0].split('/')[:2])}")
        return super().request(method, url, headers, post_data, **more)


class Stormy(FakeStripe):
    """Whatever is written under a key of its own is hindered the first time."""

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any) -> Any:
        self.weather = getattr(self, "weather", cycle(WEATHER))
        self.met: set[str] = getattr(self, "met", set())
        key = dict(headers).get("Idempotency-Key", "")
        key = url if UUID.fullmatch(key) else key  # the SDK gives a new one to whoever has none
        if method.upper() == "POST" and key and key not in self.met:
            self.met.add(key)
            self.faults.append(next(self.weather))
        return super().request(method, url, headers, post_data, **more)


def until_answered(ask: Callable[[], Any]) -> Any:
    """A person who is told to try again in a minute does."""
    for _try in range(6):
        try:
            return ask()
        except Refusal as refusal:
            if refusal.retry_after_seconds is None:
                raise
            clock.travel(timedelta(minutes=2))
    raise AssertionError("never answered")


def time_passes(**by: float) -> None:
    """The clockwork of the house, a few times."""
    clock.travel(timedelta(**by))
    for _round in range(4):
        clock.travel(timedelta(minutes=25))
        jobs.run_due()
        heal_payments.func()
        read_waiting_events.func()
        sending.chase(at=clock.now())
    jobs.run_due()


@pytest.fixture
def world(settings, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    settings.PAYMENT_PROVIDER, settings.STRIPE_SECRET_KEY, settings.STRIPE_COUNTRY = "stripe", "sk_test_1", "DE"
    settings.STRIPE_PAYMENT_METHODS, settings.STRIPE_WEBHOOK_SECRETS = ("card", "alipay", "klarna"), ("whsec_new",)
    monkeypatch.setattr(methods, "STRANGERS", tuple(kind for kind in methods.STRANGERS if kind not in NOT_YET_KNOWN))


def live(wire: FakeStripe) -> None:
    wire.seconds = int(clock.now().timestamp())
    with connection.using(connection.built("sk_test_1", "", wire, retries=0)):
        _onboard(wire)
        hold = _buy(wire)
        _give_some_back(hold)
        _release_and_be_paid(wire, hold)
        _regret_after_the_payout(wire, hold)
        _defend(wire, _buy(wire, trade="TRADE0000002"))
        for _day in range(2):
            settle_statements.func()
            time_passes(hours=1)
        reconcile.func()
        assert checks.violations() == []
        assert not ProviderMovement.objects.filter(entry_key="").exists()
        assert not PaymentException.objects.exclude(kind="message_extra").exists()  # this Stripe keeps no list of its messages
        assert not WebhookEvent.objects.exclude(state="done").exists()


def _onboard(wire: FakeStripe) -> None:
    ask = {"party": PARTY, "currency": "EUR", "country": "DE", "return_url": "https://souk.example/a/", "refresh_url": "https://souk.example/b/"}
    assert until_answered(lambda: onboarding.link(**ask, at=clock.now(), actor=SELLER)).startswith("https://connect.stripe.com")
    account = SellerAccount.objects.get().account_ref
    wire.verify(account)
    knock(message("account.updated", account, account=account))
    time_passes()
    assert SellerAccount.objects.get().ready
    assert until_answered(lambda: onboarding.dashboard(party=PARTY))


def _buy(wire: FakeStripe, trade: str = TRADE) -> Hold:
    at = clock.now()
    with transaction.atomic():
        payment = payments.request(
            trade=trade, buyer="BUYERPARTY01", amount=Money(PAID, "EUR"), snapshot_hash="5" * 64, return_url="https://souk.example/back/",
            expires_at=at + timedelta(hours=2), description="Three parcels", at=at, actor=SYSTEM,
        )  # fmt: skip
        hold = holds.open(
            payment=payment, trade=trade, buyer="BUYERPARTY01", seller=PARTY, terms=holds.HoldTerms(), at=at, actor=BUYER,
            parts=[holds.PartDraft(line="LINE1", gross_minor=PAID, commission_minor=1_600)],
        )  # fmt: skip
    until_answered(lambda: payments.start(payment_reference=payment.reference))
    session = Payment.objects.get(pk=payment.pk).provider_ref
    wire.pay(session)
    knock(message("checkout.session.completed", session))
    time_passes()
    settle_statements.func()
    return holds.mark_shipped(hold=Hold.objects.get(pk=hold.pk), at=clock.now(), actor=SELLER)


def _give_some_back(hold: Hold) -> None:
    holds.refund(hold=hold, amount=Money(2_000, "EUR"), reason="A scratch", at=clock.now(), actor=SELLER, by="seller")
    time_passes()
    assert Refund.objects.get().state == "confirmed"


def _release_and_be_paid(wire: FakeStripe, hold: Hold) -> None:
    delivered = holds.mark_delivered(hold=Hold.objects.get(pk=hold.pk), by="carrier", at=clock.now(), actor=CARRIER)
    holds.confirm(hold=delivered, at=clock.now(), actor=BUYER)
    payouts.request(seller=PARTY, currency="EUR", at=clock.now(), actor=SELLER)
    time_passes()
    (sent,) = (one for one in wire.things.values() if one["object"] == "transfer")
    assert (sent["transfer_group"], wire.things[sent["source_transaction"]]["object"]) == (TRADE, "charge")
    _bank_says(wire, "failed")
    assert Payout.objects.get().state == "returned"


def _bank_says(wire: FakeStripe, word: str) -> None:
    own = wire.things[Payout.objects.get().payout_ref.partition("/")[2]]
    own["status"] = word
    knock(message(f"payout.{word}", own["id"], account=own["account"]))
    time_passes()


def _regret_after_the_payout(wire: FakeStripe, hold: Hold) -> None:
    """The money of a late refund is called back from the seller's account; the rest goes to the bank."""
    late_refunds.give_back(hold=Hold.objects.get(pk=hold.pk), amount=Money(5_000, "EUR"), reason="Broken", at=clock.now(), actor=STAFF, by="staff")
    debt = accounts.seller_receivable(PARTY, "EUR")
    assert book.balance(debt) > 0
    time_passes(days=8)
    time_passes(days=1)
    payout = Payout.objects.get()
    assert (payout.state, book.balance(debt), payout.reversed_minor + payout.bank_minor) == ("confirmed", 0, payout.amount_minor)
    knock(message("transfer.reversed", payout.transfer_ref))
    _bank_says(wire, "paid")
    assert (Payout.objects.get().state, Refund.objects.filter(state="confirmed").count()) == ("paid", 2)


def _defend(wire: FakeStripe, hold: Hold) -> None:
    dispute = wire.dispute(Payment.objects.get(trade=hold.trade).provider_ref, minor=12_000)
    knock(message("charge.dispute.created", dispute["id"]))
    time_passes()
    case = Chargeback.objects.get()
    assert (case.state, Hold.objects.get(pk=hold.pk).chargeback_open) == ("open", True)
    at = clock.now()
    evidence.add(case=case, name="summary", words="Delivered and signed for.", at=at, actor=SELLER)
    evidence.add(case=case, name="shipping_proof", file=b"%PDF-1.7 label", file_name="label.pdf", at=at, actor=Actor("user", "SELLERUSER01"))
    until_answered(lambda: evidence.submit(case=Chargeback.objects.get(), at=clock.now(), actor=STAFF))
    assert (dispute["status"], Chargeback.objects.get().state) == ("under_review", "evidence")
    wire.win(dispute)
    knock(message("charge.dispute.closed", dispute["id"]))
    time_passes()
    assert (Chargeback.objects.get().state, Hold.objects.get(pk=hold.pk).left_minor) == ("won", PAID)


@pytest.mark.usefixtures("world")
def test_whole_life_in_bad_weather_acts_once() -> None:
    wire = Stormy()
    live(wire)
    made = [one["object"] for one in wire.things.values()]
    assert {name: made.count(name) for name in ("account", "checkout.session", "refund", "transfer", "transfer_reversal")} == {
        "account": 1, "checkout.session": 2, "refund": 2, "transfer": 1, "transfer_reversal": 1,
    }  # fmt: skip
    assert len(wire.met) >= 9


@pytest.fixture
def judged(judge: str) -> Judged:
    return Judged(address=judge)


@pytest.mark.usefixtures("world")
def test_every_request_of_our_rooms_is_accepted_by_the_judge(judged: Judged) -> None:
    live(judged)
    writes = {"checkout/sessions", "account_links", "accounts", "files", "payouts", "refunds", "transfers"}
    assert {f"POST {path}" for path in writes} <= judged.answered
    assert any(asked.startswith("POST disputes/") for asked in judged.answered)
    assert any(asked.startswith("POST transfers/") for asked in judged.answered)
