"""The words by which a shop hears that something runs low, in each reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from marketplace.catalog.listings.models import Variant
from messaging.notifications import operations as notifications
from messaging.notifications.recipients import Recipient
from vendors.members import queries as members

CATEGORY = "stock"


def tell_low_stock(*, variant: Variant, since: str, at: datetime) -> None:
    """Everybody who keeps the shop's listings, once for this crossing (`since`)."""
    listing = variant.listing
    name = f"{listing.title} ({variant.label})" if variant.label else listing.title
    for user in members.people_with(listing.vendor, permission="edit_listings"):
        to = Recipient.of_user(user)
        with override(to.language):
            left = ngettext("{n} piece is left.", "{n} pieces are left.", variant.on_hand) if variant.on_hand else _("None is left.")
            notifications.notify(
                to=to,
                category=CATEGORY,
                key=f"low_stock:{variant.reference}:{since}",
                title=_("Running low: {name}").format(name=name)[:200],
                body=left.format(n=variant.on_hand) + " " + _("Count again when you have more, or pause the listing."),
                url=f"/sell/{listing.vendor.slug}/listings/{listing.reference}/stock/",
                at=at,
            )
