"""A whole life before an independent judge: stripe-mock checks every request with Stripe's own description of its API.

It answers with fixtures, so what is proved here is that each request is one that Stripe accepts, not what comes of it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe as sdk

from core.money import Money
from escrow.providers.base import EVIDENCE_FILES, EVIDENCE_WORDS, PaymentRequest, ProviderRejected
from escrow.providers.stripe import checkout, connection, methods
from escrow.providers.stripe.provider import Stripe
from tests.escrow.providers.stripe.judge import NOT_YET_KNOWN

KEY = "sk_test_123"
NOW = datetime(2027, 1, 15, tzinfo=UTC)


class Listening(sdk.RequestsClient):
    """Notes what was answered."""

    def __init__(self) -> None:
        super().__init__(timeout=30)
        self.answered: list[tuple[str, str, int]] = []

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_more: Any) -> Any:
        answer = super().request(method, url, headers, post_data)
        self.answered.append((method.upper(), url.partition("/v1/")[2].partition("?")[0], answer[1]))
        return answer


@pytest.fixture
def listening(judge: str, settings, monkeypatch) -> Iterator[Listening]:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(methods, "STRANGERS", tuple(kind for kind in methods.STRANGERS if kind not in NOT_YET_KNOWN))
    settings.STRIPE_SECRET_KEY, settings.STRIPE_COUNTRY = KEY, "DE"
    settings.STRIPE_PAYMENT_METHODS = tuple(sorted(methods.CODES))
    http = Listening()
    with connection.using(connection.built(KEY, judge, http, retries=0)):
        yield http


def test_judge_refuses_a_misspelt_parameter(listening: Listening) -> None:
    """Else its silence below would mean nothing."""
    wrong: Any = {"payment_intent": "pi_1", "amount_": 1}
    with pytest.raises(sdk.InvalidRequestError):
        connection.client().v1.refunds.create(wrong)


def request(currency: str, country: str) -> PaymentRequest:
    return PaymentRequest(
        key=f"payment:{currency}:{country}",
        amount=Money(60_000, currency),
        description="Three parcels",
        return_url="https://souk.example/back/",
        expires_at=NOW,
        metadata={"payment": "PAYMENT00001", "trade": "TRADE0000001", "snapshot": "5" * 64},
        country=country,
        email="buyer@souk.example",
        language="zh-hans",
    )


def test_every_request_of_a_whole_life_is_accepted(listening: Listening) -> None:
    stripe = Stripe()
    # onboard
    seller = stripe.open_account(key="account:P", currency="EUR", country="DE", metadata={"party": "P"}).ref
    stripe.open_account(key="account:Q", currency="THB", country="TH", metadata={"party": "Q"})
    stripe.retrieve_account(seller)
    assert stripe.onboarding_link(account_ref=seller, return_url="https://souk.example/a/", refresh_url="https://souk.example/b/")
    assert stripe.dashboard_link(account_ref=seller)
    # pay, in every currency that has a method of its own
    for currency, country in [("EUR", "DE"), ("EUR", "AT"), ("USD", "US"), ("GBP", "GB"), ("JPY", "JP"), ("MXN", "MX"), ("CNY", "CN"), ("KWD", "KW")]:
        ref = stripe.create_payment(request(currency, country)).ref
    stripe.retrieve_payment(ref)
    stripe.retrieve_payment("pi_1")
    stripe.close_payment(ref)
    checkout._call_off("pi_1")
    # transfer, a partial refund, its reversal
    euros = Money(1_000, "EUR")
    sent = stripe.transfer(key="t", account_ref=seller, amount=euros, metadata={"payout": "P"}, group="TRADE0000001", funded_by=ref)
    stripe.retrieve_transfer(sent.ref)
    refund = stripe.refund(key="refund:R", payment_ref=ref, amount=Money(400, "EUR"), metadata={"refund": "R"})
    stripe.retrieve_refund(refund.ref)
    stripe.reverse(key="r", transfer_ref=sent.ref, amount=Money(400, "EUR"))
    # payout
    payout = stripe.payout(key="p", account_ref=seller, amount=Money(600, "EUR"), metadata={"payout": "P"})
    stripe.retrieve_payout(payout.ref)
    # dispute and evidence
    stripe.list_disputes(since=NOW)
    file = stripe.upload_evidence(key="f", name="label.pdf", content=b"%PDF-1.4", media_type="application/pdf")
    words, files = dict.fromkeys(EVIDENCE_WORDS, "Delivered."), dict.fromkeys(EVIDENCE_FILES, file)
    stripe.submit_evidence(key="e", dispute_ref="du_1", words=words, files=files, final=False)
    stripe.submit_evidence(key="e2", dispute_ref="du_1", words=words, files=files)
    stripe.retrieve_dispute("du_1")
    stripe.accept_dispute(key="a", dispute_ref="du_1")
    # the statement, and what was written down about all this
    stripe.list_events(since=NOW - timedelta(days=1))
    stripe.list_events(since=NOW - timedelta(days=1), after="evt_1")
    stripe.balance("EUR")
    lines = stripe.list_balance_transactions(since=NOW - timedelta(days=1))
    stripe.list_balance_transactions(since=NOW - timedelta(days=1), after=lines[-1].ref)
    assert {status for _method, _path, status in listening.answered} == {200}
    assert len({(method, path.split("/")[0]) for method, path, _status in listening.answered}) >= 18
    with pytest.raises(ProviderRejected):  # the judge was awake to the end
        stripe.retrieve_payout("acct_1/")


@pytest.mark.django_db(transaction=True)
def test_looking_for_older_writes_is_accepted(listening: Listening) -> None:
    from core import clock

    stripe, old, euros = Stripe(), clock.now() - timedelta(hours=30), Money(1_000, "EUR")
    stripe.create_payment(replace(request("EUR", "DE"), asked_at=old))
    stripe.open_account(key="account:P", currency="EUR", country="DE", metadata={}, asked_at=old)
    stripe.transfer(key="t", account_ref="acct_1", amount=euros, metadata={}, asked_at=old)
    stripe.reverse(key="r", transfer_ref="tr_1", amount=euros, asked_at=old)
    stripe.payout(key="p", account_ref="acct_1", amount=euros, metadata={}, asked_at=old)
    stripe.refund(key="refund:R", payment_ref="cs_1", amount=euros, metadata={}, asked_at=old)
    assert {status for _method, _path, status in listening.answered} == {200}
    assert sum(method == "GET" for method, _path, _status in listening.answered) >= 6
