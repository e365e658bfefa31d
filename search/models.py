from __future__ import annotations

from django.db import models

INDEXER = "search-indexer"  # the one lock that whoever writes the index holds


class OutboxEntry(models.Model):
    """A listing the index has to look at again. Written in the transaction of the change, deleted by the indexer."""

    listing_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "outbox entries"

    def __str__(self) -> str:
        return f"listing {self.listing_id}"


class SweepMark(models.Model):
    """Until when a recurring sweep has looked, so that a pause of the worker leaves no gap."""

    name = models.CharField(max_length=40, unique=True)
    looked_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.looked_until}"
