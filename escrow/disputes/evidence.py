"""What both sides show, and what the house knows by itself. Pictures are kept as pixels only: nobody learns where they were taken. Every file has
the hash of what is kept; no address shows one as a page.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import pictures
from core.actors import Actor
from core.errors import Invalid
from escrow.disputes import signals
from escrow.disputes.models import Dispute, Exhibit
from escrow.disputes.moves import DisputeOver, locked, worded
from escrow.disputes.states import Side, State

LARGEST: Final = 10_000_000
MOST_OF_A_SIDE: Final = 30
PDF: Final = b"%PDF-"
ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def show(*, dispute: Dispute, side: str, title: str, words: str = "", file: bytes = b"", file_name: str = "", at: datetime, actor: Actor) -> Exhibit:
    """Add a piece of evidence; both sides and our team see it, nobody can change it. Its picture is read before anything is locked."""
    kept, kind = _kept(file) if file else (b"", "")
    with transaction.atomic():
        return _add(dispute, side, title, words, kept, kind, file_name, at=at, actor=actor)


def _add(dispute: Dispute, side: str, title: str, words: str, kept: bytes, kind: str, file_name: str, *, at: datetime, actor: Actor) -> Exhibit:
    dispute = locked(dispute)
    if dispute.state == State.CLOSED:
        raise DisputeOver
    title = worded("title", title)
    if len(title) > 120:
        raise Invalid("title", _("Write at most {most} characters."), most=120)
    words = worded("words", words, needed=not kept)
    if dispute.exhibits.filter(side=side).count() >= MOST_OF_A_SIDE:
        raise Invalid(None, _("You have shown enough. Our team will decide by what is here."))
    piece = Exhibit(dispute=dispute, side=side, title=title, words=words, by=actor.reference, given_at=at)
    if kept:
        _keep(piece, kept, kind, file_name)
    else:
        piece.sha256 = hashlib.sha256(words.encode()).hexdigest()
    piece.save(force_insert=True)
    signals.dispute_moved.send(Dispute, dispute=dispute, name="exhibit", side=side, at=at)
    return piece


def _kept(file: bytes) -> tuple[bytes, str]:
    """What is kept of it, and its media type: told by its content, never by its name."""
    if len(file) > LARGEST:
        raise Invalid("file", _("A file may have {most} MB."), most=LARGEST // 1_000_000)
    if file.startswith(PDF):
        return file, "application/pdf"
    try:
        kept, kind = pictures.cleaned(file, most_bytes=LARGEST)
    except pictures.Unreadable as refused:
        if refused.why == "not_a_picture":
            raise Invalid("file", _("Add a PDF, a JPEG, a PNG or a WebP.")) from refused
        raise Invalid("file", _("This picture cannot be read. Save it again as a JPEG, and add that.")) from refused
    if kind not in ENDINGS:
        raise Invalid("file", _("Add a PDF, a JPEG, a PNG or a WebP."))
    return kept, kind


def _keep(piece: Exhibit, file: bytes, kind: str, file_name: str) -> None:
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
