from __future__ import annotations

from django.db import models

from core.models import Referenced
from marketplace.catalog.listings.models import Listing

LONGEST_ALT = 200


class Photo(Referenced):
    """`folder` is a path in the media storage; `widths` maps each file's name to its real width."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=LONGEST_ALT, blank=True, default="")
    folder = models.CharField(max_length=80, unique=True)
    widths = models.JSONField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.reference} of {self.listing_id}"
