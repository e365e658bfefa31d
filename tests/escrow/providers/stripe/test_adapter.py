"""The adapter over its own wire: real requests of the SDK, each one described by it, and answers in Stripe's shapes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.money import Money
from escrow.providers.base import (
    EVIDENCE_FILES,
    EVIDENCE_WORDS,
    PaymentRequest,
    ProviderRejected,
)
from escrow.providers.stripe import disputes
from escrow.providers.stripe.amounts import from_stripe, to_stripe
from escrow.providers.stripe.connection import API_VERSION
from escrow.providers.stripe.provider import Stripe
from tests.escrow.providers.stripe.wire import START, FakeStripe

NOW = datetime.fromtimestamp(START, UTC)
EXPIRES = NOW + timedelta(minutes=15)
METADATA = {"payment": "PAYMENT00001", "trade": "TRADE0000001", "snapshot": "5" * 64}


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def request(**changes: Any) -> PaymentRequest:
    values: dict[str, Any] = {"key": "payment:PAYMENT00001", "amount": euros(10_000), "description": "Three parcels"}
    values |= {"return_url": "https://souk.example/back/", "expires_at": EXPIRES, "metadata": METADATA}
    return PaymentRequest(**{**values, **changes})


def paid(stripe: Stripe, wire: FakeStripe, **options: Any) -> str:
    ref = stripe.create_payment(request()).ref
    wire.pay(ref, **options)
    return ref


def ready_seller(stripe: Stripe, wire: FakeStripe) -> str:
    ref = stripe.open_account(key="account:P", currency="EUR", country="DE", metadata={"party": "P"}).ref
    wire.verify(ref)
    return ref


# ── paying ────────────────────────────────────────────────────────────────────────────────────────
def test_payment_is_bound_to_the_trade_and_closes_in_time(stripe: Stripe, wire: FakeStripe) -> None:
    seen = stripe.create_payment(request(language="zh-hans", email="a@b.example"))
    sent = wire.asked[-1]
    assert (seen.status, seen.amount, seen.livemode, seen.hosted_url) == ("open", euros(10_000), False, "https://checkout.stripe.com/c/pay/x#fid")
    assert dict(seen.metadata) == METADATA
    assert sent.headers["Stripe-Version"] == API_VERSION
    assert sent.key == "payment:PAYMENT00001"
    assert sent.given["payment_intent_data"]["transfer_group"] == "TRADE0000001"
    assert sent.given["payment_intent_data"]["metadata"]["payment"] == "PAYMENT00001"
    assert int(sent.given["expires_at"]) - START >= 30 * 60
    assert sent.given["locale"] == "zh"
    assert "application_fee_amount" not in str(sent.given)
    assert "transfer_data" not in str(sent.given)


def test_only_methods_that_fit_are_offered(stripe: Stripe, wire: FakeStripe) -> None:
    stripe.create_payment(request(country="FR"))
    excluded = set(wire.asked[-1].given["excluded_payment_method_types"].values())
    assert {"affirm", "customer_balance", "sepa_debit", "paypal"} <= excluded
    assert not {"card", "alipay", "wechat_pay", "klarna"} & excluded
    assert wire.asked[-1].given["payment_method_options"] == {"wechat_pay": {"client": "web"}}
    with pytest.raises(ProviderRejected, match="no_payment_method"):
        stripe.create_payment(request(key="other", amount=Money(100, "TRY"), methods=("alipay",)))


def test_payer_of_a_bank_transfer_becomes_a_customer(stripe: Stripe, wire: FakeStripe, settings) -> None:  # type: ignore[no-untyped-def]
    settings.STRIPE_PAYMENT_METHODS = ("customer_balance",)
    stripe.create_payment(request(country="DE", email="a@b.example"))
    given = wire.asked[-1].given
    assert given["customer"].startswith("cus_")
    assert given["payment_method_options"]["customer_balance"]["bank_transfer"] == {
        "type": "eu_bank_transfer",
        "eu_bank_transfer": {"country": "DE"},
    }


def test_end_that_stripe_does_not_take_becomes_its_own(stripe: Stripe, wire: FakeStripe) -> None:
    for expires_at in (NOW + timedelta(days=5), NOW - timedelta(minutes=10)):
        wire.asked.clear()
        first = stripe.create_payment(request(key=f"k{expires_at}", expires_at=expires_at))
        assert [one.key for one in wire.asked] == [f"k{expires_at}", f"k{expires_at}:day"]
        assert stripe.create_payment(request(key=f"k{expires_at}", expires_at=expires_at)).ref == first.ref


def test_paid_payment_shows_what_arrived(stripe: Stripe, wire: FakeStripe) -> None:
    seen = stripe.retrieve_payment(paid(stripe, wire, brand="unionpay"))
    assert (seen.status, seen.amount, seen.method) == ("paid", euros(10_000), "unionpay")
    assert seen.paid_at is not None
    short = stripe.create_payment(request(key="short")).ref
    wire.pay(short, received=9_999)
    assert stripe.retrieve_payment(short).amount == euros(9_999)


def test_payment_is_found_by_the_name_that_messages_use(stripe: Stripe, wire: FakeStripe) -> None:
    ref = paid(stripe, wire)
    assert stripe.retrieve_payment(wire.things[ref]["payment_intent"]).ref == ref
    with pytest.raises(ProviderRejected, match="resource_missing"):
        stripe.retrieve_payment("pi_of_somebody_else")
    with pytest.raises(ProviderRejected, match="resource_missing"):
        stripe.retrieve_payment("cs_of_somebody_else")


def test_declined_tries_are_counted(stripe: Stripe, wire: FakeStripe) -> None:
    ref = stripe.create_payment(request()).ref
    wire.decline(ref)
    wire.decline(ref)
    assert (stripe.retrieve_payment(ref).status, stripe.retrieve_payment(ref).tries_failed) == ("open", 2)


def test_open_session_is_closed(stripe: Stripe, wire: FakeStripe) -> None:
    ref = stripe.create_payment(request()).ref
    assert stripe.close_payment(ref).status == "closed"
    assert stripe.close_payment(ref).status == "closed"


def test_money_that_was_faster_is_not_closed(stripe: Stripe, wire: FakeStripe) -> None:
    assert stripe.close_payment(paid(stripe, wire)).status == "paid"


@pytest.mark.parametrize(("status", "told"), [("requires_action", "closed"), ("processing", "processing"), ("requires_payment_method", "closed")])
def test_money_on_its_way_is_called_off_only_where_stripe_can(status: str, told: str, stripe: Stripe, wire: FakeStripe) -> None:
    """A transfer that has not been sent can be called off; a debit that runs cannot, and its goods stay reserved."""
    ref = stripe.create_payment(request()).ref
    wire.begin(ref, status=status, complete=True)
    assert stripe.retrieve_payment(ref).status == ("failed" if status == "requires_payment_method" else "processing")
    assert stripe.close_payment(ref).status == told


def test_session_of_nobody_is_not_closed(stripe: Stripe) -> None:
    with pytest.raises(ProviderRejected, match="resource_missing"):
        stripe.close_payment("cs_nobody")


# ── refunds, sellers, disputes ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("theirs", "ours", "failure"),
    [
        ("pending", "pending", ""),
        ("requires_action", "requires_action", ""),
        ("succeeded", "succeeded", ""),
        ("failed", "failed", "lost_or_stolen_card"),
        ("canceled", "failed", "canceled"),
    ],
)
def test_refund_is_what_stripe_says_it_is(theirs: str, ours: str, failure: str, stripe: Stripe, wire: FakeStripe) -> None:
    ref = paid(stripe, wire)
    refund = stripe.refund(key="refund:R", payment_ref=ref, amount=euros(2_500), metadata={"refund": "R", "hold": ""})
    assert (refund.status, refund.payment_ref, refund.amount) == ("succeeded", ref, euros(2_500))
    wire.things[refund.ref] |= {"status": theirs} | ({"failure_reason": failure} if theirs == "failed" else {})
    seen = stripe.retrieve_refund(refund.ref)
    assert (seen.status, seen.failure, seen.payment_ref) == (ours, failure, ref)


def test_refund_made_in_the_dashboard_still_names_its_payment(stripe: Stripe, wire: FakeStripe) -> None:
    ref = paid(stripe, wire)
    by_hand = wire.new("re", "refund", amount=5, currency="eur", status="succeeded", payment_intent=wire.things[ref]["payment_intent"])
    assert stripe.retrieve_refund(by_hand["id"]).payment_ref == ref


def test_refund_of_nothing_is_rejected(stripe: Stripe, wire: FakeStripe) -> None:
    ref = stripe.create_payment(request()).ref
    with pytest.raises(ProviderRejected, match="not_paid"):
        stripe.refund(key="k", payment_ref=ref, amount=euros(1), metadata={})
    wire.pay(ref)
    with pytest.raises(ProviderRejected, match="charge_already_refunded"):
        stripe.refund(key="k", payment_ref=ref, amount=euros(10_001), metadata={})


def test_seller_is_ready_when_stripe_says_so(stripe: Stripe, wire: FakeStripe, settings) -> None:  # type: ignore[no-untyped-def]
    settings.STRIPE_COUNTRY = "DE"
    account = stripe.open_account(key="account:P", currency="EUR", country="DE", metadata={"party": "P"})
    assert (account.ready, account.currency, account.missing) == (False, "EUR", ("external_account", "tos_acceptance.date"))
    assert wire.asked[-1].given["controller"]["stripe_dashboard"] == {"type": "express"}
    assert "tos_acceptance" not in wire.asked[-1].given
    wire.verify(account.ref)
    assert stripe.retrieve_account(account.ref).ready
    assert stripe.onboarding_link(account_ref=account.ref, return_url="https://a.example/").startswith("https://")
    assert stripe.dashboard_link(account_ref=account.ref).startswith("https://")
    stripe.open_account(key="account:Q", currency="THB", country="TH", metadata={})
    assert wire.asked[-1].given["tos_acceptance"] == {"service_agreement": "recipient"}


def test_seller_who_disconnects_is_no_longer_ready(stripe: Stripe, wire: FakeStripe) -> None:
    gone = {"type": "invalid_request_error", "code": "account_invalid", "message": "No access."}
    wire._act_once = lambda _asked: (403, {"error": gone})  # type: ignore[method-assign]
    seen = stripe.retrieve_account("acct_1")
    assert (seen.ready, seen.missing) == (False, ("account_invalid",))


def test_transfer_belongs_to_its_trade_and_charge(stripe: Stripe, wire: FakeStripe) -> None:
    ref, seller = paid(stripe, wire), ready_seller(stripe, wire)
    sent = stripe.transfer(key="t", account_ref=seller, amount=euros(9_000), metadata={"payout": "P"}, group="TRADE0000001", funded_by=ref)
    given = wire.asked[-1].given
    assert (given["transfer_group"], given["source_transaction"][:3]) == ("TRADE0000001", "ch_")
    assert (sent.status, sent.account_ref, sent.amount) == ("paid", seller, euros(9_000))
    back = stripe.reverse(key="r", transfer_ref=sent.ref, amount=euros(4_000))
    assert (back.transfer_ref, back.amount) == (sent.ref, euros(4_000))
    assert (stripe.retrieve_transfer(sent.ref).status, stripe.retrieve_transfer(sent.ref).reversed_minor) == ("paid", 4_000)
    stripe.reverse(key="r2", transfer_ref=sent.ref, amount=euros(5_000))
    assert stripe.retrieve_transfer(sent.ref).status == "reversed"


def test_transfer_without_money_may_be_asked_again(stripe: Stripe, wire: FakeStripe) -> None:
    with pytest.raises(ProviderRejected) as refused:
        stripe.transfer(key="t", account_ref=ready_seller(stripe, wire), amount=euros(1), metadata={})
    assert refused.value.code == "balance_insufficient"


def test_payout_is_found_through_its_account(stripe: Stripe, wire: FakeStripe) -> None:
    seller = ready_seller(stripe, wire)
    made = stripe.payout(key="p", account_ref=seller, amount=euros(500), metadata={"payout": "P"})
    assert wire.asked[-1].headers["Stripe-Account"] == seller
    assert (made.status, made.ref) == ("pending", f"{seller}/{made.ref.partition('/')[2]}")
    own = wire.things[made.ref.partition("/")[2]]
    for theirs, ours in [("in_transit", "pending"), ("paid", "paid"), ("failed", "failed"), ("canceled", "failed")]:
        own |= {"status": theirs, "failure_code": "account_closed" if theirs == "failed" else None}
        assert stripe.retrieve_payout(made.ref).status == ours
    with pytest.raises(ProviderRejected):
        stripe.retrieve_payout("po_without_account")


def test_dispute_is_answered_once_and_for_all(stripe: Stripe, wire: FakeStripe) -> None:
    ref = paid(stripe, wire)
    opened = wire.dispute(ref)
    seen = stripe.retrieve_dispute(opened["id"])
    assert (seen.payment_ref, seen.status, seen.amount, seen.taken) == (ref, "needs_response", euros(10_000), euros(11_500))
    assert seen.is_open
    assert stripe.list_disputes(since=NOW) == [seen]
    file = stripe.upload_evidence(key="f", name="label.pdf", content=b"%PDF-1.4", media_type="application/pdf")
    assert b"label.pdf" in wire.asked[-1].given["bytes"]
    words = dict.fromkeys(EVIDENCE_WORDS, "It was delivered on 3 May.")
    answered = stripe.submit_evidence(key="e", dispute_ref=seen.ref, words=words, files=dict.fromkeys(EVIDENCE_FILES, file))
    assert (answered.status, answered.evidence_sent) == ("under_review", True)
    assert wire.asked[-2].given["submit"] == "true"
    assert stripe.accept_dispute(key="a", dispute_ref=seen.ref).status == "lost"


def test_evidence_that_stripe_would_not_take_is_not_sent(stripe: Stripe, wire: FakeStripe) -> None:
    for words in ({"colour": "red"}, {"summary": "x" * 20_001}, dict.fromkeys(sorted(EVIDENCE_WORDS)[:8], "x" * 20_000)):
        with pytest.raises(ProviderRejected, match="evidence_"):
            stripe.submit_evidence(key="e", dispute_ref="du_1", words=words)
    for content, media_type in ((b"", "application/pdf"), (b"x", "image/svg+xml"), (b"x" * 4_500_001, "image/png")):
        with pytest.raises(ProviderRejected, match="file_unacceptable"):
            stripe.upload_evidence(key="f", name="a", content=content, media_type=media_type)
    assert wire.asked == []


def test_every_word_of_evidence_has_a_name_at_stripe() -> None:
    assert (set(disputes.WORDS), set(disputes.FILES)) == (EVIDENCE_WORDS, EVIDENCE_FILES)


def test_inquiry_takes_nothing(stripe: Stripe, wire: FakeStripe) -> None:
    opened = wire.dispute(paid(stripe, wire), status="warning_needs_response")
    assert (stripe.retrieve_dispute(opened["id"]).status, stripe.retrieve_dispute(opened["id"]).taken) == ("inquiry", euros(0))


# ── the statement ─────────────────────────────────────────────────────────────────────────────────
def test_statement_is_read_from_the_oldest_line_in_pages(stripe: Stripe, wire: FakeStripe) -> None:
    ref, seller = paid(stripe, wire), ready_seller(stripe, wire)
    refund = stripe.refund(key="refund:R", payment_ref=ref, amount=euros(1_000), metadata={})
    sent = stripe.transfer(key="t", account_ref=seller, amount=euros(5_000), metadata={})
    back = stripe.reverse(key="r", transfer_ref=sent.ref, amount=euros(100))
    dispute = wire.dispute(ref)
    wire.line("adjustment", dispute, 10_000, category="dispute_reversal")
    wire.line("refund_failure", wire.things[refund.ref], 1_000)
    wire.line("payout", wire.new("po", "payout", currency="eur"), -10)
    wire.line("payout_failure", wire.new("po", "payout", currency="eur"), 10)
    wire.line("stripe_fee", wire.new("fee", "fee", currency="eur"), -3)
    wire.line("topup", wire.new("tu", "topup", currency="eur"), 50)
    wire.line("something_new", wire.new("x", "x", currency="eur"), 1)
    everything = stripe.list_balance_transactions(since=NOW, limit=500)
    assert [(line.kind, line.source_ref) for line in everything[:6]] == [
        ("payment", "PAYMENT00001"),
        ("refund", refund.ref),
        ("transfer", sent.ref),
        ("reversal", back.ref),
        ("dispute", dispute["id"]),
        ("dispute_won", dispute["id"]),
    ]
    assert [line.kind for line in everything[6:]] == ["refund_failed", "payout", "payout_failed", "fee", "topup", "other"]
    assert (everything[0].gross, everything[0].fee, everything[0].net) == (euros(10_000), euros(175), euros(9_825))
    assert sum(line.net.amount_minor for line in everything) == stripe.balance("EUR").total.amount_minor
    assert stripe.balance("USD").total == Money(7, "USD")
    paged, after = [], ""
    while page := stripe.list_balance_transactions(since=NOW, after=after, limit=5):
        assert len(page) <= 5
        paged += page
        after = page[-1].ref
    assert paged == everything
    late = wire.line("topup", wire.new("tu", "topup", currency="eur"), 1)
    assert [line.ref for line in stripe.list_balance_transactions(since=NOW, after=after)] == [late["id"]]


def test_statement_of_many_pages_is_walked(stripe: Stripe, wire: FakeStripe) -> None:
    for _number in range(230):
        wire.line("topup", wire.new("tu", "topup", currency="eur"), 1)
    first = stripe.list_balance_transactions(since=NOW, limit=150)
    second = stripe.list_balance_transactions(since=NOW, after=first[-1].ref, limit=150)
    assert (len(first), len(second), len({line.ref for line in first + second})) == (150, 80, 230)


def test_money_that_stripe_exchanged_goes_to_a_person(stripe: Stripe, wire: FakeStripe) -> None:
    wire.line("charge", wire.new("ch", "charge", currency="hkd", payment_intent=None), 100, currency="eur")
    assert stripe.list_balance_transactions(since=NOW)[0].kind == "other"


def test_amounts_are_stripes() -> None:
    assert (to_stripe(Money(5, "JPY")), to_stripe(Money(5, "UGX")), to_stripe(Money(1230, "KWD"))) == (5, 500, 1230)
    assert (from_stripe(500, "ugx"), from_stripe(1230, "kwd")) == (Money(5, "UGX"), Money(1230, "KWD"))
    with pytest.raises(ProviderRejected, match="amount_invalid"):
        to_stripe(Money(1234, "KWD"))
    with pytest.raises(ValueError, match="hundredths"):
        from_stripe(501, "ugx")
