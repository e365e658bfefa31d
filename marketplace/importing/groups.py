"""Rows of one listing: which listing a table's group means in this shop, and whether a further variant fits beside the others."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.listings.states import REMOVED
from marketplace.catalog.listings.variants import MOST_VARIANTS
from marketplace.importing.wishes import Wish
from vendors.models import Vendor

Options = dict[str, str]


class Groups:
    """For one chunk. A group is the seller's own word, or the Souk reference of the listing, as an export writes it."""

    def __init__(self, wishes: Iterable[Wish], known: Iterable[Variant], vendor: Vendor) -> None:
        wishes = list(wishes)
        named = {wish.group for wish in wishes if wish.group}
        self._listings: dict[str, Listing] = {}
        self._siblings: dict[str, dict[str, Options]] = {}
        if named:
            here = Q(table_group__in=named) | Q(reference__in={group.upper() for group in named})
            rows = list(Listing.objects.filter(here, vendor=vendor).exclude(state=REMOVED).select_related("category"))
            self._listings = {row.reference: row for row in rows} | {row.table_group: row for row in rows if row.table_group}
        if named or any(wish.options for wish in wishes):
            self._read_siblings({row.pk for row in self._listings.values()} | {variant.listing_id for variant in known})

    def _read_siblings(self, listing_ids: Iterable[int]) -> None:
        rows = Variant.objects.offered().filter(listing__in=list(listing_ids)).values_list("listing__reference", "reference", "options")
        for listing, variant, options in rows:
            self._siblings.setdefault(listing, {})[variant] = options

    def listing(self, group: str) -> Listing | None:
        return (self._listings.get(group) or self._listings.get(group.upper())) if group else None

    def open(self, wish: Wish, listing: Listing) -> None:
        """A new listing, whose first variant this row is."""
        self._siblings[listing.reference] = {wish.sku: wish.options}
        if wish.group:
            self._listings[wish.group] = listing

    def admit(self, wish: Wish, listing: Listing, *, own: Variant | None = None) -> None:
        """Its options differ from those of the others in the same way; Invalid otherwise."""
        here = self._siblings.setdefault(listing.reference, {})
        others = [options for key, options in here.items() if own is None or key != own.reference]
        if others and not wish.options:
            raise Invalid("options", _("Say how this variant differs from the others of its listing, like {example}."), example="“Size: M”")
        if any(set(other) != set(wish.options) for other in others):
            raise Invalid("options", _("Every variant needs the same kinds of options."))
        if wish.options in others:
            raise Invalid("options", _("This variant is there twice."))
        if len(others) >= MOST_VARIANTS:
            raise Invalid("group", _("A listing has 1 to {most} variants."), most=MOST_VARIANTS)
        here[own.reference if own else wish.sku] = wish.options

    def adopted(self, wish: Wish, variant: Variant) -> str:
        """The word by which the listing of this known article is called from now on; empty when nothing changes."""
        listing, meant = variant.listing, self.listing(wish.group)
        if meant is not None and meant.reference != listing.reference:
            raise Invalid("group", _("This article is a variant of another listing, and stays there. Give it the group of that listing, or none."))
        if not wish.group or meant is not None or listing.table_group:
            return ""
        self._listings[wish.group] = listing
        return wish.group
