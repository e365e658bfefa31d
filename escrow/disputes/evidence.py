"""What both sides show, and what the house knows by itself. Files are kept as they were given, with their hash; no address shows them as pages."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid
from escrow.disputes import signals
from escrow.disputes.models import Dispute, Exhibit
from escrow.disputes.moves import DisputeOver, locked, worded
from escrow.disputes.states import Side, State

LARGEST: Final = 10_000_000
MOST_OF_A_SIDE: Final = 30
BEGINNINGS: Final = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@transaction.atomic
def show(*, dispute: Dispute, side: str, title: str, words: str = "", file: bytes = b"", file_name: str = "", at: datetime, actor: Actor) -> Exhibit:
    """Add a piece of evidence; both sides and our team see it, nobody can change it."""
    dispute = locked(dispute)
    if dispute.state == State.CLOSED:
        raise DisputeOver
    title = worded("title", title)
    if len(title) > 120:
        raise Invalid("title", _("Write at most {most} characters."), most=120)
    words = worded("words", words, needed=not file)
    if dispute.exhibits.filter(side=side).count() >= MOST_OF_A_SIDE:
        raise Invalid(None, _("You have shown enough. Our team will decide by what is here."))
    piece = Exhibit(dispute=dispute, side=side, title=title, words=words, by=actor.reference, given_at=at)
    if file:
        _keep(piece, file, file_name)
    else:
        piece.sha256 = hashlib.sha256(words.encode()).hexdigest()
    piece.save(force_insert=True)
    signals.dispute_moved.send(Dispute, dispute=dispute, name="exhibit", side=side, at=at)
    return piece


def _keep(piece: Exhibit, file: bytes, file_name: str) -> None:
    kind = next((kind for beginning, kind in BEGINNINGS.items() if file.startswith(beginning)), None)
    if kind is None:
        raise Invalid("file", _("Add a PDF, a JPEG or a PNG."))
    if len(file) > LARGEST:
        raise Invalid("file", _("A file may have {most} MB."), most=LARGEST // 1_000_000)
    piece.media_type, piece.size, piece.sha256 = kind, len(file), hashlib.sha256(file).hexdigest()
    piece.file_name = "".join(letter for letter in file_name if letter.isprintable() and letter not in '/\\"')[-120:] or f"file.{ENDINGS[kind]}"
    piece.file = storages["private"].save(f"disputes/{piece.dispute.reference}/{piece.reference}", ContentFile(file))


def record_facts(*, dispute: Dispute, at: datetime) -> None:
    """What the rooms above know about the trade: tracking, hand-over codes, the listing as it was sold. Said once; a changed fact is said again."""
    known = set(dispute.exhibits.filter(side=Side.SYSTEM).values_list("sha256", flat=True))
    for _receiver, answer in signals.facts_wanted.send(Dispute, dispute=dispute):
        said: list[tuple[str, str]] = answer  # type: ignore[assignment]  # the signal's own word
        for title, words in said:
            digest = hashlib.sha256(f"{title}\n{words}".encode()).hexdigest()
            if words and digest not in known:
                Exhibit.objects.create(dispute=dispute, side=Side.SYSTEM, title=title[:120], words=words, sha256=digest, given_at=at)
                known.add(digest)


def content(piece: Exhibit) -> bytes:
    """The file, if it is still the one that was given."""
    with storages["private"].open(piece.file) as file:
        found = file.read()
    if hashlib.sha256(found).hexdigest() != piece.sha256:
        raise Invalid(None, _("This file is no longer the one that was given. Our team has been told."))
    return bytes(found)
