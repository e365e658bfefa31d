from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, jobs, locks
from core.actors import Actor
from core.errors import Invalid
from core.sql import execute, fetch
from marketplace.catalog.alarms.models import StockAlarm
from marketplace.catalog.listings.models import LARGEST_STOCK, Listing, Variant
from marketplace.catalog.listings.states import ON_SHOW
from vendors.models import Vendor

# What crossed its line since it was looked at last; the line is the variant's own or the shop's.
CROSSINGS = """
UPDATE marketplace_variant variant SET low_since = CASE WHEN variant.low_since IS NULL THEN %(at)s::timestamptz END
FROM marketplace_listing listing LEFT JOIN marketplace_stockalarm alarm ON alarm.vendor_id = listing.vendor_id
WHERE listing.id = variant.listing_id AND {chosen}
  AND coalesce(variant.on_hand <= coalesce(variant.low_at, alarm.threshold), false) <> (variant.low_since IS NOT NULL)
RETURNING variant.reference, variant.low_since, listing.state
"""


def watch(*, variant_ids: Iterable[int], at: datetime) -> None:
    """Look again at these (locked) variants: what has just run low is told of, what is full again may run low anew."""
    some = list(variant_ids)
    one = len(some) == 1  # of an array the database makes a new plan each time
    words = CROSSINGS.format(chosen="variant.id = %(chosen)s" if one else "variant.id = ANY(%(chosen)s)")
    for reference, low_since, state in fetch(words, {"at": at, "chosen": some[0] if one else some}):
        if low_since is not None and state in ON_SHOW:
            jobs.defer("marketplace.catalog.alarms.jobs.tell_low_stock", reference=reference, since=low_since.isoformat())


def set_threshold(*, vendor: Vendor, threshold: int | None, actor: Actor, at: datetime) -> StockAlarm:
    """The shop's own line. What lies below it already is marked, but nobody is told of what they just saw themselves."""
    clean = _clean(threshold)
    with transaction.atomic():
        locks.rows(Vendor.objects.filter(pk=vendor.pk))
        alarm, _made = StockAlarm.objects.get_or_create(vendor=vendor)
        before, alarm.threshold = alarm.threshold, clean
        alarm.save()
        _mark("listing.vendor_id = %(chosen)s", vendor.pk, at)
        if before != clean:
            _record("vendor", vendor.reference, {"threshold": before}, {"threshold": clean}, actor, at)
    return alarm


def set_own(*, variant: Variant, low_at: int | None, actor: Actor, at: datetime) -> Variant:
    """A variant's own line instead of the shop's; None goes back to the shop's."""
    clean = _clean(low_at)
    with transaction.atomic():
        locks.rows(Listing.objects.filter(pk=variant.listing_id))
        Variant.objects.filter(pk=variant.pk).update(low_at=clean)
        _mark("variant.id = %(chosen)s", variant.pk, at)
        if clean != variant.low_at:
            _record("listing", variant.listing.reference, {"low_at": variant.low_at}, {"variant": variant.reference, "low_at": clean}, actor, at)
    variant.refresh_from_db()
    return variant


def _record(kind: str, reference: str, before: dict[str, object], after: dict[str, object], actor: Actor, at: datetime) -> None:
    audit.record(kind=kind, reference=reference, name="low_stock_line_set", actor=actor, at=at, before=before, after=after)


def _mark(chosen: str, value: int, at: datetime) -> None:
    execute(CROSSINGS.format(chosen=chosen), {"at": at, "chosen": value})


def _clean(threshold: object) -> int | None:
    if threshold is not None and (type(threshold) is not int or not 0 <= threshold <= LARGEST_STOCK):
        raise Invalid("threshold", _("Write a whole number from 0 to {most}, or leave it empty."), most=LARGEST_STOCK)
    return threshold
