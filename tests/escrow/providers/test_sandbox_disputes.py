"""The payers' banks of the sandbox: cases from the question to the end, the extra step, and messages that overtake each other."""

import json
from datetime import timedelta

import pytest

from core import clock, jobs
from escrow.payments import sandbox_bank
from escrow.payments.models import WebhookEvent
from escrow.providers import registry
from escrow.providers.base import PaymentProvider, PaymentRequest, ProviderRejected, ProviderUnavailable
from escrow.providers.sandbox.jobs import work_through_the_day
from escrow.providers.sandbox.models import SandboxDispute, SandboxEvent
from tests.escrow.providers.test_sandbox import euros, paid

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bank() -> PaymentProvider:
    sandbox_bank.configure(fee_bp=0, fee_fixed_minor=0)
    return registry.get("sandbox")


def test_case_takes_the_money_and_a_fee_and_gives_back_what_is_won(bank: PaymentProvider) -> None:
    ref = paid(bank)
    said = sandbox_bank.dispute(ref, amount=euros(4_000), at=clock.now())
    assert (said.status, said.withdrawn, said.is_open, bank.balance("EUR").total) == ("needs_response", euros(5_500), True, euros(4_500))
    with pytest.raises(ProviderRejected, match="charge_disputed"):
        bank.refund(key="r", payment_ref=ref, amount=euros(6_001), metadata={})
    with pytest.raises(ProviderRejected, match="not_disputable"):
        sandbox_bank.dispute(ref, amount=euros(6_001), at=clock.now())
    file = bank.upload_evidence(key="f", name="label.pdf", content=b"%PDF-1.4", media_type="application/pdf")
    assert bank.upload_evidence(key="f", name="label.pdf", content=b"%PDF-1.4", media_type="application/pdf") == file
    bank.submit_evidence(key="draft", dispute_ref=said.ref, words={"summary": "Sent."}, final=False)
    answered = bank.submit_evidence(key="e", dispute_ref=said.ref, words={"summary": "Signed for."}, files={"shipping_proof": file})
    assert (answered.status, answered.evidence_sent) == ("under_review", True)
    assert bank.submit_evidence(key="e", dispute_ref=said.ref, words={"summary": "Signed for."}, files={"shipping_proof": file}) == answered
    with pytest.raises(ProviderRejected, match="dispute_answered"):
        bank.submit_evidence(key="again", dispute_ref=said.ref, words={"summary": "More."})
    won = sandbox_bank.judge(said.ref, "win", at=clock.now())
    assert (won.status, won.taken, bank.balance("EUR").total) == ("won", euros(1_500), euros(8_500))
    assert sandbox_bank.judge(said.ref, "lose", at=clock.now()) == won == bank.retrieve_dispute(said.ref)
    assert [one.ref for one in bank.list_disputes(since=clock.now() - timedelta(hours=1))] == [said.ref]


def test_bank_may_change_its_mind_and_an_inquiry_takes_nothing_until_it_is_escalated(bank: PaymentProvider) -> None:
    ref = paid(bank)
    asked = sandbox_bank.dispute(ref, inquiry=True, at=clock.now())
    assert (asked.status, bank.balance("EUR").total) == ("inquiry", euros(10_000))
    assert sandbox_bank.judge(asked.ref, "escalate", at=clock.now()).withdrawn == euros(11_500)
    assert bank.accept_dispute(key="a", dispute_ref=asked.ref).status == "lost"
    assert sandbox_bank.judge(asked.ref, "win", at=clock.now()).status == "won"
    other = sandbox_bank.dispute(paid(bank, key="other"), inquiry=True, at=clock.now())
    closed = sandbox_bank.judge(other.ref, "withdraw", at=clock.now())
    assert (closed.status, closed.taken) == ("inquiry_closed", euros(0))


def test_silence_loses_and_an_answer_is_decided_by_chance(bank: PaymentProvider) -> None:
    sandbox_bank.configure(dispute=1000, dispute_seconds=3600, dispute_loss=0, decision_seconds=3600)
    refs = [paid(bank, key=key) for key in ("silent", "answered")]
    clock.travel(timedelta(hours=2))
    work_through_the_day.func()
    silent, answered = (SandboxDispute.objects.get(payment__ref=ref) for ref in refs)
    bank.submit_evidence(key="e", dispute_ref=answered.ref, words={"summary": "Delivered."})
    clock.travel(timedelta(days=8))
    work_through_the_day.func()
    assert [bank.retrieve_dispute(one.ref).status for one in (silent, answered)] == ["lost", "won"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"words": {"password": "x"}}, "evidence_unknown"),
        ({"words": {}, "files": {"receipt": "file_none"}}, "no_such_file"),
        ({"dispute_ref": "dp_none", "words": {}}, "no_such_dispute"),
    ],
)
def test_strange_evidence_is_rejected(said: dict[str, object], code: str, bank: PaymentProvider) -> None:
    case = sandbox_bank.dispute(paid(bank), at=clock.now())
    with pytest.raises(ProviderRejected, match=code):
        bank.submit_evidence(**{"key": "e", "dispute_ref": case.ref, **said})  # type: ignore[arg-type]


def test_lost_answer_of_evidence_has_acted_once(bank: PaymentProvider) -> None:
    case = sandbox_bank.dispute(paid(bank), at=clock.now())
    sandbox_bank.configure(error_after_success=1000)
    for _try in range(2):
        with pytest.raises(ProviderUnavailable):
            bank.submit_evidence(key="e", dispute_ref=case.ref, words={"summary": "Delivered."})
    sandbox_bank.configure(error_after_success=0)
    assert bank.submit_evidence(key="e", dispute_ref=case.ref, words={"summary": "Delivered."}).evidence_sent
    assert SandboxEvent.objects.filter(payload__contains="dispute.updated").count() == 1


@pytest.mark.parametrize(("passed", "ends"), [(True, ("paid", 0)), (False, ("open", 1))])
def test_challenged_payer_pays_only_after_the_extra_step(passed: bool, ends: tuple[str, int], bank: PaymentProvider) -> None:
    sandbox_bank.configure(challenge=1000)
    ref = paid(bank)
    assert (bank.retrieve_payment(ref).status, sandbox_bank.page(ref).challenged, bank.balance("EUR").total) == ("open", True, euros(0))
    for _press in range(2):
        sandbox_bank.authenticate(ref, passed=passed, at=clock.now())
    seen = bank.retrieve_payment(ref)
    assert ((seen.status, seen.tries_failed), sandbox_bank.page(ref).challenged) == (ends, False)


def test_challenge_of_a_closed_page_is_too_late(bank: PaymentProvider) -> None:
    sandbox_bank.configure(challenge=1000)
    ref = paid(bank)
    clock.travel(timedelta(hours=2))
    assert sandbox_bank.authenticate(ref, passed=True, at=clock.now()).status == "closed"


def test_messages_overtake_each_other(bank: PaymentProvider) -> None:
    def heard() -> list[str]:
        jobs.run_due()
        return [json.loads(told)["type"] for told in WebhookEvent.objects.order_by("id").values_list("payload", flat=True)]

    sandbox_bank.configure(reorder=1000)
    request = PaymentRequest(key="k", amount=euros(1_000), description="", return_url="/", expires_at=clock.now() + timedelta(hours=1))
    ref = bank.create_payment(request).ref
    sandbox_bank.pay(ref, method="card", decline=True, at=clock.now())
    assert heard() == []
    sandbox_bank.configure(reorder=0)
    sandbox_bank.pay(ref, method="card", at=clock.now())
    assert heard() == ["payment.paid", "payment.declined"]
    assert not SandboxEvent.objects.filter(delivered_at=None).exists()
