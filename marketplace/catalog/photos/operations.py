from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from core import jobs
from core.actors import Actor
from core.errors import Invalid, Kind, NotHere, Refusal
from core.references import file_name
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.models import Listing, ListingVersion
from marketplace.catalog.listings.states import REMOVED
from marketplace.catalog.photos import encoding
from marketplace.catalog.photos.encoding import Encoded, Unreadable
from marketplace.catalog.photos.models import LONGEST_ALT, Photo
from marketplace.catalog.pictures import WIDTHS

MOST_PHOTOS = 12
LONGEST_NAME = 60
UNCLAIMED_KEPT = timedelta(days=1)  # an upload whose row is not committed yet has files and no row
WORDS = {
    "too_heavy": _("This file is larger than 12 MB. Send a smaller picture."),
    "not_a_picture": _("This is not a picture we can read. Send a JPEG, PNG, WebP or AVIF file."),
    "too_large": _("This picture has too many pixels. Send one of at most 50 megapixels."),
    "too_small": _("This picture is too small to see anything. Send one of at least 200 × 200 pixels."),
    "damaged": _("This picture is damaged. Take it again or send another one."),
}


class TooManyPhotos(Refusal):
    code = "too_many_photos"
    kind = Kind.CONFLICT
    sentence = _("A listing has at most {most} photos. Remove one first.")


class Upload(Protocol):
    size: int | None

    def read(self, amount: int = ..., /) -> bytes: ...


def require_light(file: Upload | BinaryIO) -> None:
    if (getattr(file, "size", 0) or 0) > encoding.LARGEST_BYTES:
        raise Invalid("photo", WORDS["too_heavy"])


def read(file: Upload | BinaryIO) -> bytes:
    """The bytes of an upload, never more than the limit allows."""
    require_light(file)
    return file.read(encoding.LARGEST_BYTES + 1)


def add(*, listing: Listing, file: Upload | BinaryIO, actor: Actor, at: datetime, alt: str = "", if_version: int | None = None) -> Photo:
    """Check and encode first (slow, outside any lock), then put it last."""
    _require_room(listing)
    clean_alt = _alt(alt)
    try:
        encoded = encoding.encode(read(file))
    except Unreadable as refused:
        raise Invalid("photo", WORDS[refused.why]) from None
    return add_encoded(listing=listing, encoded=encoded, actor=actor, at=at, alt=clean_alt, if_version=if_version)


def encode_all(files: Iterable[Upload]) -> tuple[list[Encoded], list[str]]:
    """What can be used of these uploads, and why the others cannot, each by its name. Slow, outside any lock."""
    usable, refused = [], []
    for file in files:
        try:
            usable.append(encoding.encode(read(file)))
        except Unreadable as unreadable:
            refused.append(f"{name_of(file)}: {WORDS[unreadable.why]}")
        except Refusal as refusal:
            refused.append(f"{name_of(file)}: {refusal.message}")
    return usable, refused


def name_of(file: object) -> str:
    """The file's own name, as short as a line can bear."""
    name = str(getattr(file, "name", "") or "?")
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def add_encoded(*, listing: Listing, encoded: Encoded, actor: Actor, at: datetime, alt: str = "", if_version: int | None = None) -> Photo:
    """The same for a picture that is encoded already."""
    folder = new_folder()
    store(encoded, folder)
    try:
        with listings.revision(listing=listing, actor=actor, at=at, if_version=if_version) as locked:
            _require_room(locked)
            return put_up(listing=locked, folder=folder, frame=encoded, at=at, alt=alt)
    except BaseException:
        forget_files(folder)
        raise


class Frame(Protocol):
    """How large a picture is in each of its files."""

    @property
    def widths(self) -> dict[int, int]: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def put_up(*, listing: Listing, folder: str, frame: Frame, at: datetime, alt: str = "") -> Photo:
    """Inside a revision: the picture in this folder comes last. Its files may still be on their way there (a seed draws while it lives)."""
    last = listing.photos.order_by("position").last()
    return Photo.objects.create(
        listing=listing,
        position=last.position + 1 if last else 0,
        alt=_alt(alt),
        folder=folder,
        widths=frame.widths,
        width=frame.width,
        height=frame.height,
        added_at=at,
    )


def copy_all(*, source: Listing, listing: Listing, at: datetime) -> None:
    """Inside a revision of a new draft: the same pictures in files of their own, so that each listing may lose its own."""
    made: list[str] = []
    try:
        for photo in source.photos.all():
            made.append(_copy_files(photo.folder, list(photo.widths)))
            kept = {name: getattr(photo, name) for name in ("position", "alt", "widths", "width", "height")}
            Photo.objects.create(listing=listing, folder=made[-1], added_at=at, **kept)
    except BaseException:
        for folder in made:
            forget_files(folder)
        raise


def _copy_files(folder: str, names: Sequence[str]) -> str:
    copied = new_folder()
    for width in names:
        for extension in ("avif", "webp"):
            with default_storage.open(f"{folder}/{width}.{extension}") as file:
                default_storage.save(f"{copied}/{width}.{extension}", ContentFile(file.read()))
    return copied


def _require_room(listing: Listing) -> None:
    if listing.state == REMOVED:
        raise listings.ListingRemoved()
    if listing.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos(field="photo", most=MOST_PHOTOS)


def new_folder() -> str:
    name = file_name()
    return f"photos/{name[:2]}/{name}"


def store(encoded: Encoded, folder: str) -> None:
    for file in encoded.files:
        default_storage.save(f"{folder}/{file.name}.{file.extension}", ContentFile(file.data))


def forget_files(folder: str) -> None:
    for name in WIDTHS:
        for extension in ("avif", "webp"):
            default_storage.delete(f"{folder}/{name}.{extension}")


def _alt(words: object) -> str:
    if not isinstance(words, str) or "\x00" in words:
        raise Invalid("alt", _("Describe the photo in plain words."))
    line = " ".join(words.split())
    if len(line) > LONGEST_ALT:
        raise Invalid("alt", _("Describe the photo in at most {longest} characters."), longest=LONGEST_ALT)
    return line


def describe(*, photo: Photo, alt: str, actor: Actor, at: datetime, if_version: int | None = None) -> Photo:
    with listings.revision(listing=photo.listing, actor=actor, at=at, if_version=if_version):
        photo.alt = _alt(alt)
        photo.save(update_fields=["alt"])
    return photo


def reorder(*, listing: Listing, references: Sequence[str], actor: Actor, at: datetime, if_version: int | None = None) -> None:
    """All photos of the listing in their new order; the first is the one on cards."""
    with listings.revision(listing=listing, actor=actor, at=at, if_version=if_version) as locked:
        photos = {photo.reference: photo for photo in locked.photos.all()}
        if sorted(references) != sorted(photos):
            raise Invalid("photos", _("Send every photo of the listing exactly once."))
        for position, reference in enumerate(references):
            photos[reference].position = position
        Photo.objects.bulk_update(photos.values(), ["position"])


def move(*, photo: Photo, by: int, actor: Actor, at: datetime) -> None:
    """One place earlier (−1) or later (+1); at the end of the row nothing happens."""
    order = [other.reference for other in photo.listing.photos.all()]
    here = order.index(photo.reference)
    there = min(max(here + by, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    reorder(listing=photo.listing, references=order, actor=actor, at=at)


def remove(*, photo: Photo, actor: Actor, at: datetime, if_version: int | None = None) -> None:
    """Off the listing. Its files stay when a version shows them: somebody may have bought by this picture."""
    with listings.revision(listing=photo.listing, actor=actor, at=at, if_version=if_version) as locked:
        if not Photo.objects.filter(pk=photo.pk).delete()[0]:
            raise NotHere()
        shown = ListingVersion.objects.filter(listing=locked, body__photos__contains=[{"reference": photo.reference}])
        if not shown.exists():
            jobs.defer("marketplace.catalog.photos.jobs.delete_photo_files", folder=photo.folder)


def forget_unclaimed(*, at: datetime) -> int:
    """Delete the files that no photo and no version shows: what a killed upload or a lost job left behind; returns how many folders."""
    claimed = set(Photo.objects.values_list("folder", flat=True))
    for pictures in ListingVersion.objects.values_list("body__photos", flat=True).iterator():
        claimed.update("/".join(picture["folder"].split("/")[-3:]) for picture in pictures or ())
    unclaimed = [folder for folder in _stored() if folder not in claimed and _is_older(folder, than=at - UNCLAIMED_KEPT)]
    for folder in unclaimed:
        forget_files(folder)
        default_storage.delete(folder)
    return len(unclaimed)


def _stored() -> Iterator[str]:
    if not default_storage.exists("photos"):
        return
    for shelf in default_storage.listdir("photos")[0]:
        for name in default_storage.listdir(f"photos/{shelf}")[0]:
            yield f"photos/{shelf}/{name}"


def _is_older(folder: str, *, than: datetime) -> bool:
    files = default_storage.listdir(folder)[1]
    return all(default_storage.get_modified_time(f"{folder}/{file}") < than for file in files)
