"""A buyer's bank from the first message to the last, through the sandbox's own webhooks: what it takes, who answers, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock, jobs
from core.actors import Actor
from escrow.chargebacks import evidence
from escrow.chargebacks.jobs import follow_chargebacks
from escrow.chargebacks.models import Chargeback
from escrow.holds import operations as holds
from escrow.holds.models import Hold
from escrow.holds.moves import HoldFrozen
from escrow.ledger import accounts
from escrow.ledger import queries as book
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.payments.jobs import settle_statements
from escrow.payments.models import PaymentException, ProviderMovement, WebhookEvent
from escrow.payments.reconciling import operations as reconciling
from escrow.providers.base import ProviderDispute
from escrow.providers.sandbox.models import SandboxDispute
from tests.escrow.chargebacks.conftest import PARTS
from tests.escrow.holds.conftest import STAFF, Maker

SELLER = Actor("user", "SELLERUSER01", "Jonas")


@pytest.fixture
def hold(maker: Maker) -> Iterator[Hold]:
    """Paid at the sandbox bank, and on its way to the buyer."""
    hold = maker.pending(parts=PARTS)
    payments.start(payment_reference=hold.payment.reference)
    hold.payment.refresh_from_db()
    sandbox_bank.pay(hold.payment.provider_ref, method="card", at=clock.now())
    jobs.run_due()
    yield holds.mark_shipped(hold=Hold.objects.select_related("payment").get(pk=hold.pk), at=clock.now(), actor=SELLER)
    settle_statements.func()
    clock.travel(timedelta(minutes=6))
    assert reconciling.differences(provider="sandbox", since=clock.now() - timedelta(days=1), at=clock.now()) == []
    assert not ProviderMovement.objects.filter(entry_key="").exists()
    assert not WebhookEvent.objects.exclude(state="done").exists()
    assert not PaymentException.objects.exists()


def disputed(hold: Hold, **options: object) -> ProviderDispute:
    said = sandbox_bank.dispute(hold.payment.provider_ref, at=clock.now(), **options)  # type: ignore[arg-type]
    jobs.run_due()
    return said


def judged(said: ProviderDispute, verdict: sandbox_bank.Verdict) -> Chargeback:
    sandbox_bank.judge(said.ref, verdict, at=clock.now())
    jobs.run_due()
    return Chargeback.objects.get(ref=said.ref)


def answered(said: ProviderDispute) -> SandboxDispute:
    """The seller brings the label and words, the desk puts the words right and sends it."""
    at, case = clock.now(), Chargeback.objects.get(ref=said.ref)
    evidence.add(case=case, name="summary", words="I sent it.", at=at, actor=SELLER)
    evidence.add(case=case, name="shipping_proof", file=b"%PDF-1.7 label", file_name="label.pdf", at=at, actor=SELLER)
    evidence.add(case=case, name="summary", words="Sent and signed for.", at=at, actor=STAFF)
    evidence.submit(case=case, at=at, actor=STAFF)
    jobs.run_due()
    return SandboxDispute.objects.get(ref=said.ref)


def stands(hold: Hold, case: Chargeback) -> tuple[str, str, int, int, int]:
    """The case, the hold, what is frozen, what the bank has of ours, and what the case cost."""
    frozen, fees = accounts.hold_frozen(hold.reference, "EUR"), accounts.dispute_fees("EUR")
    return case.state, Hold.objects.get(pk=hold.pk).state, book.balance(frozen), book.balance(case.account), book.balance(fees)


def test_case_that_is_won_with_evidence(hold: Hold) -> None:
    said = disputed(hold)
    case = Chargeback.objects.get(ref=said.ref)
    assert stands(hold, case) == ("open", "shipped", 10_500, 10_500, 1_500)
    with pytest.raises(HoldFrozen):
        holds.refund(hold=hold, reason="x", at=clock.now(), actor=STAFF)
    told = answered(said)
    assert (told.status, told.words["summary"], list(told.files)) == ("under_review", "Sent and signed for.", ["shipping_proof"])
    case = judged(said, "win")
    assert stands(hold, case) == ("won", "shipped", 0, 0, 1_500)
    assert Hold.objects.get(pk=hold.pk).left_minor == 10_500


def test_case_that_is_lost_and_won_after_all(hold: Hold) -> None:
    said = disputed(hold)
    answered(said)
    case = judged(said, "lose")
    assert stands(hold, case) == ("lost", "refunded", 0, 0, 1_500)
    case = judged(said, "win")
    assert (case.state, case.is_lost, book.balance(case.account)) == ("won", False, 0)


def test_inquiry_freezes_and_takes_only_when_it_is_escalated(hold: Hold) -> None:
    said = disputed(hold, inquiry=True)
    case = Chargeback.objects.get(ref=said.ref)
    assert stands(hold, case) == ("inquiry", "shipped", 10_500, 0, 0)
    assert stands(hold, judged(said, "escalate")) == ("open", "shipped", 10_500, 10_500, 1_500)
    assert stands(hold, judged(said, "withdraw")) == ("won", "shipped", 0, 0, 1_500)


def test_case_whose_every_message_is_lost_is_found_by_its_line_and_by_asking(hold: Hold) -> None:
    sandbox_bank.configure(drop=1000)
    said = disputed(hold)
    settle_statements.func()
    assert Chargeback.objects.get(ref=said.ref).state == "open"
    sandbox_bank.judge(said.ref, "lose", at=clock.now())
    clock.travel(timedelta(hours=7))
    follow_chargebacks.func()
    assert Chargeback.objects.get(ref=said.ref).state == "lost"
    sandbox_bank.configure(drop=0)
    reconciling.heal(provider="sandbox", at=clock.now())
    jobs.run_due()
