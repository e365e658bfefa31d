from __future__ import annotations

from core import clock
from core.jobs import job
from marketplace.catalog.photos import operations
from marketplace.catalog.photos.models import Photo


@job(queue="files")
def delete_photo_files(folder: str) -> None:
    """Remove a photo's files unless a photo (again) stands in that folder."""
    if not Photo.objects.filter(folder=folder).exists():
        operations.forget_files(folder)


@job(queue="files")
def forget_unclaimed_files() -> None:
    """Delete the files that no photo and no version shows."""
    operations.forget_unclaimed(at=clock.now())
