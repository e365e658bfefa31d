"""What is said in defence: facts that we know, words and files that the seller and the desk add, sent to the bank once and in time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid, Kind, Refusal
from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks import signals
from escrow.chargebacks.models import Chargeback, ChargebackEvidence
from escrow.providers import registry
from escrow.providers.base import EVIDENCE_FILES, EVIDENCE_WORDS, ProviderRejected, ProviderUnavailable

LONGEST_WORDS: Final = 10_000
LARGEST: Final = 4_500_000  # all files of a case together, as the strictest bank takes them
MOST_PIECES: Final = 60
BEGINNINGS: Final = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class AnsweredAlready(Refusal):
    code = "chargeback_answered"
    kind = Kind.CONFLICT
    sentence = _("The bank takes evidence once and until its last day. For this case that is over.")


class NothingToSay(Refusal):
    code = "evidence_missing"
    kind = Kind.CONFLICT
    sentence = _("There is nothing to send yet. Add what happened in your words, or a file.")


class EvidenceRefused(Refusal):
    code = "evidence_refused"
    kind = Kind.CONFLICT
    sentence = _("The payment service does not take this evidence: {words}. Change it and send it again.")


class BankSilent(Refusal):
    code = "payment_service_silent"
    kind = Kind.BUSY
    sentence = _("The payment service does not answer right now. Nothing is lost: send it again in a minute.")
    retry_after_seconds = 60


@transaction.atomic
def add(*, case: Chargeback, name: str, words: str = "", file: bytes = b"", file_name: str = "", at: datetime, actor: Actor) -> ChargebackEvidence:
    """Words or a file. Said again under the same name, the later one counts; both are kept."""
    case = chargebacks.locked(case)
    if not case.may_answer:
        raise AnsweredAlready
    if name not in (EVIDENCE_FILES if file else EVIDENCE_WORDS):
        raise Invalid("name", _("Choose what this shows."))
    if len(words) > LONGEST_WORDS:
        raise Invalid("words", _("Write at most {most} characters."), most=LONGEST_WORDS)
    if not file and not words.strip():
        raise Invalid("words", _("Write something, or add a file."))
    if case.evidence.count() >= MOST_PIECES:
        raise Invalid(None, _("This case has enough evidence. Say the rest in the summary."))
    piece = ChargebackEvidence(chargeback=case, name=name, words=words.strip(), by_kind=actor.kind, by=actor.reference, given_at=at)
    if file:
        piece.media_type = _kind_of(file)
        if len(file) + _size_of(case) > LARGEST:
            raise Invalid("file", _("All files of a case may have 4.5 MB together."))
        piece.file_name, piece.sha256 = file_name[-120:] or name, hashlib.sha256(file).hexdigest()
        piece.file = storages["private"].save(f"chargebacks/{case.reference}/{piece.reference}", ContentFile(file))
    piece.save(force_insert=True)
    return piece


def _kind_of(file: bytes) -> str:
    for beginning, kind in BEGINNINGS.items():
        if file.startswith(beginning):
            return kind
    raise Invalid("file", _("Add a PDF, a JPEG or a PNG."))


def _size_of(case: Chargeback) -> int:
    return sum(storages["private"].size(piece.file) for piece in case.evidence.exclude(file=""))


def facts(case: Chargeback) -> dict[str, str]:
    """What the house knows by itself: each room above answers for the holds of the case."""
    known: dict[str, str] = {}
    for share in sorted(case.shares.all(), key=lambda share: share.hold_id):
        for _receiver, answer in signals.evidence_wanted.send(Chargeback, chargeback=case, hold=share.hold):
            said: dict[str, str] = answer  # type: ignore[assignment]  # the signal's own word
            for name, words in said.items():
                known[name] = f"{known[name]}\n{words}" if name in known else words
    if returned := [refund for refund in case.payment.refunds.all() if refund.state != "failed"]:
        told = "; ".join(f"{refund.asked_at:%Y-%m-%d}: {refund.amount_minor} ({case.currency}, minor units)" for refund in returned)
        known["refund_refusal"] = f"Already refunded: {told}"
    return known


def draft(case: Chargeback) -> dict[str, str]:
    """The words as they would be sent now: what people wrote goes before what we know."""
    written = {piece.name: piece.words for piece in sorted(case.evidence.all(), key=lambda piece: piece.pk) if piece.words}
    return facts(case) | written


def submit(*, case: Chargeback, at: datetime, actor: Actor) -> Chargeback:
    """Send it, once. Outside any transaction: asked again after a lost answer, it is the same submission."""
    if not case.may_answer:
        raise AnsweredAlready
    words = draft(case)
    pieces = {piece.name: piece for piece in case.evidence.exclude(file="").order_by("id")}
    if not words and not pieces:
        raise NothingToSay
    provider = registry.get(case.provider)
    try:
        files = {name: _upload(provider, piece) for name, piece in pieces.items()}
        said = _cut(words)
        provider.submit_evidence(key=_key(case, said, files), dispute_ref=case.ref, words=said, files=files, final=True)
    except ProviderUnavailable as silent:
        raise BankSilent from silent
    except ProviderRejected as refused:
        raise EvidenceRefused(words=str(refused)) from refused
    return chargebacks.mark_answered(case=case, at=at, actor=actor)


def _key(case: Chargeback, words: Mapping[str, str], files: Mapping[str, str]) -> str:
    """The same words are the same submission; what we know may have grown since an answer that never came, and then they are others."""
    content = json.dumps([words, files], sort_keys=True)
    return f"evidence:{case.reference}:{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def _upload(provider: Any, piece: ChargebackEvidence) -> str:
    with storages["private"].open(piece.file) as file:
        key = f"evidence:{piece.reference}"
        return str(provider.upload_evidence(key=key, name=piece.file_name, content=file.read(), media_type=piece.media_type))


def _cut(words: Mapping[str, str]) -> dict[str, str]:
    return {name: text[:LONGEST_WORDS] for name, text in words.items() if text}
