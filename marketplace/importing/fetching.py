"""The pictures that tables named: fetched one after the other, long after the rows are in. A dead address is a note, never a failure.

No network call stands inside a transaction: an address is claimed by moving its `due_at`, fetched, and then settled.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from core import crashes
from core.errors import Refusal
from marketplace.catalog.photos import encoding, fetching
from marketplace.catalog.photos import operations as photos
from marketplace.catalog.photos.encoding import Encoded, Unreadable
from marketplace.catalog.photos.fetching import NotFetched
from marketplace.importing.models import ImportPicture
from marketplace.importing.operations import actor_of
from marketplace.importing.states import PictureState

LEASE = timedelta(minutes=2)
PAUSES = (timedelta(minutes=5), timedelta(hours=1))
"""After each failure that a later try may mend; then it is given up."""


def is_due(*, at: datetime) -> bool:
    return ImportPicture.objects.filter(state=PictureState.WAITING, due_at__lte=at).exists()


def fetch_due(*, now: Callable[[], datetime], seconds: float, fetch: Callable[[str], bytes] = fetching.fetch) -> bool:
    """Fetch what is due for so many seconds; answers whether something is left that is due now."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        picture = _claim(now())
        if picture is None:
            return False
        _fetch(picture, now, fetch)
    return is_due(at=now())


def _claim(at: datetime) -> ImportPicture | None:
    """The next one, leased: whoever dies with it in hand leaves it to the next."""
    with transaction.atomic():
        due = ImportPicture.objects.filter(state=PictureState.WAITING, due_at__lte=at).order_by("due_at", "pk")
        picture = due.select_for_update(skip_locked=True).first()
        if picture is not None:
            ImportPicture.objects.filter(pk=picture.pk).update(due_at=at + LEASE)
    return picture


def _fetch(picture: ImportPicture, now: Callable[[], datetime], fetch: Callable[[str], bytes]) -> None:
    try:
        encoded = encoding.encode(fetch(picture.address))
    except NotFetched as failed:
        _put_off(picture, failed, now())
    except Unreadable as unreadable:
        _settle(picture, PictureState.REFUSED, unreadable.why)
    else:
        crashes.point("import.picture_fetched")
        _show(picture, encoded, now())


def _show(picture: ImportPicture, encoded: Encoded, at: datetime) -> None:
    try:
        with transaction.atomic():
            photos.add_encoded(listing=picture.listing, encoded=encoded, actor=actor_of(picture.batch), at=at, alt=picture.listing.title[:200])
            _settle(picture, PictureState.FETCHED, "")
    except Refusal:
        _settle(picture, PictureState.REFUSED, "not_taken")


def _settle(picture: ImportPicture, state: str, why: str) -> None:
    ImportPicture.objects.filter(pk=picture.pk).update(state=state, why=why)


def _put_off(picture: ImportPicture, failed: NotFetched, at: datetime) -> None:
    """Later again, or never. A host that is down costs one try for all its pictures, not one each."""
    alike = ImportPicture.objects.filter(pk=picture.pk)
    if failed.host_is_down and picture.host:
        alike = ImportPicture.objects.filter(state=PictureState.WAITING, host=picture.host, tries=picture.tries)
    if failed.again and picture.tries < len(PAUSES):
        alike.update(tries=F("tries") + 1, due_at=at + PAUSES[picture.tries], why=failed.why)
    else:
        alike.update(state=PictureState.REFUSED, why=failed.why)
