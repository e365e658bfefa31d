"""What this visitor left half done: something to pay, to look at, or to finish writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.compiled import attach
from core.together import together
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.listings.queries import picture_of
from marketplace.catalog.listings.states import ListingState
from marketplace.catalog.photos.models import Photo
from marketplace.catalog.pictures import Picture
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState
from vendors.members import queries as members

ORDERS = 2


@dataclass(frozen=True)
class Unfinished:
    title: str
    language: str
    words: str
    href: str
    photo: Picture | None
    due_at: datetime | None
    is_held: bool


def of(user: User) -> list[Unfinished]:
    """At most three, what has a deadline first."""
    waiting = orders.bought_by(user).filter(state__in=(OrderState.AWAITING_PAYMENT, OrderState.DELIVERED)).order_by("-id")[:ORDERS]
    mine = Listing.objects.filter(vendor__in=members.shops_of(user, permission="edit_listings"), state=ListingState.DRAFT)
    drafts = mine.exclude(title="").select_related("vendor")[:1]
    lines, photos = orders.lines_of(waiting), Photo.objects.filter(listing__in=drafts.values("pk"))
    waiting = waiting.prefetch_related(None)  # they come along
    together(waiting, lines, drafts, photos)
    attach(waiting, "lines", lines, by="order")
    return [*(_of_order(order) for order in waiting), *(_of_draft(draft, photos) for draft in drafts)]


def _of_order(order: Order) -> Unfinished:
    line = order.lines.all()[0]
    unpaid = order.state == OrderState.AWAITING_PAYMENT
    return Unfinished(
        title=line.title,
        language="",
        words=_("Waiting for your payment") if unpaid else _("Is it all right? The money is held until you say so."),
        href=f"/orders/{order.reference}/",
        photo=line.photo,
        due_at=order.hold.due_at,
        is_held=not unpaid,
    )


def _of_draft(listing: Listing, photos: Sequence[Photo]) -> Unfinished:
    return Unfinished(
        title=listing.title,
        language=listing.language,
        words=_("A draft of yours. Finish it and sell."),
        href=f"/sell/{listing.vendor.slug}/listings/{listing.reference}/",
        photo=picture_of(photos[0]) if photos else None,
        due_at=None,
        is_held=False,
    )
