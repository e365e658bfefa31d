"""What is said in defence: kept as it was given, in time, and sent once."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.actors import Actor
from core.errors import Invalid
from escrow.chargebacks import evidence
from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks.models import ChargebackEvidence
from tests.escrow.chargebacks.conftest import PARTS, Bank
from tests.escrow.holds.conftest import STAFF, Maker

SELLER = Actor("user", "SELLERUSER01")


def test_later_words_count_and_both_are_kept(maker: Maker, at: datetime) -> None:
    case = Bank(maker.shipped(parts=PARTS).payment, 10_500).takes()
    evidence.add(case=case, name="summary", words="Sent.", at=at, actor=SELLER)
    evidence.add(case=case, name="summary", words="Sent and signed for.", at=at, actor=STAFF)
    evidence.add(case=case, name="shipping_proof", file=b"%PDF-1.7 receipt", file_name="../receipt.pdf", at=at, actor=SELLER)
    assert evidence.draft(case)["summary"] == "Sent and signed for."
    piece = ChargebackEvidence.objects.get(name="shipping_proof")
    assert (piece.media_type, len(piece.sha256), ChargebackEvidence.objects.count()) == ("application/pdf", 64, 3)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "summary", "words": " "},
        {"name": "receipt", "words": "a file's name"},
        {"name": "summary", "file": b"%PDF-1"},
        {"name": "receipt", "file": b"<svg onload=alert(1)>"},
        {"name": "password", "words": "x"},
    ],
)
def test_evidence_that_no_bank_takes_is_refused(maker: Maker, at: datetime, said: dict[str, object]) -> None:
    case = Bank(maker.shipped(parts=PARTS).payment, 10_500).takes()
    with pytest.raises(Invalid):
        evidence.add(case=case, at=at, actor=SELLER, **said)  # type: ignore[arg-type]


def test_after_the_answer_nothing_is_added(maker: Maker, at: datetime) -> None:
    case = Bank(maker.shipped(parts=PARTS).payment, 10_500).takes()
    with pytest.raises(evidence.NothingToSay):
        evidence.submit(case=case, at=at, actor=STAFF)
    answered = chargebacks.mark_answered(case=case, at=at, actor=STAFF)
    assert answered.state == "evidence"
    for verb in (
        lambda: evidence.add(case=answered, name="summary", words="Late.", at=at, actor=SELLER),
        lambda: evidence.submit(case=answered, at=at, actor=STAFF),
    ):
        with pytest.raises(evidence.AnsweredAlready):
            verb()
