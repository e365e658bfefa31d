from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.catalog.stock import operations as stock
from marketplace.sale_formats.fixed_price.models import LARGEST_PRICE_MINOR, Price, PriceBreak, PriceChange
from marketplace.sale_formats.fixed_price.pricing import Break

MOST_BREAKS = 10
LARGEST_QUANTITY = 100_000
LONGEST_SPECIAL = timedelta(days=366)


@dataclass(frozen=True)
class PriceDraft:
    """A whole price table to be set. Amounts are minor units of the vendor's currency."""

    price_minor: int
    min_quantity: int = 1
    special_minor: int | None = None
    special_from: datetime | None = None
    special_until: datetime | None = None
    breaks: Sequence[Break] = ()


@dataclass(frozen=True)
class VariantOffer:
    """One row of the editor: the choice, its price, its stock. `on_hand_seen` is the count the seller started from."""

    variant: VariantDraft = field(default_factory=VariantDraft)
    price: PriceDraft | None = None
    on_hand: int | None = None
    on_hand_seen: int | None = None


def clean_price(draft: PriceDraft, at: datetime, where: str = "") -> PriceDraft:
    """The draft with its special's beginning filled in; Invalid names the field that is wrong."""
    _amount(draft.price_minor, f"{where}price")
    if type(draft.min_quantity) is not int or not 1 <= draft.min_quantity <= LARGEST_QUANTITY:
        raise Invalid(f"{where}min_quantity", _("Write the smallest quantity as a whole number from 1 to {most}."), most=LARGEST_QUANTITY)
    breaks = _clean_breaks(draft, f"{where}breaks")
    if draft.special_minor is None:
        return PriceDraft(draft.price_minor, draft.min_quantity, breaks=breaks)
    starts_at = _clean_special(draft, at, where)
    return PriceDraft(draft.price_minor, draft.min_quantity, draft.special_minor, starts_at, draft.special_until, breaks)


def _amount(minor: object, where: str) -> int:
    if type(minor) is not int or not 1 <= minor <= LARGEST_PRICE_MINOR:
        raise Invalid(where, _("Write a price above zero, like 12.50."))
    return minor


def _clean_special(draft: PriceDraft, at: datetime, where: str) -> datetime:
    if _amount(draft.special_minor, f"{where}special_price") >= draft.price_minor:
        raise Invalid(f"{where}special_price", _("The special price must be lower than the ordinary price."))
    starts_at = draft.special_from or at
    if draft.special_until is not None and draft.special_until <= starts_at:
        raise Invalid(f"{where}special_until", _("The special price must end after it begins."))
    if draft.special_until is not None and draft.special_until <= at:
        raise Invalid(f"{where}special_until", _("This date has passed. Choose a later one."))
    if draft.special_until is not None and draft.special_until - starts_at > LONGEST_SPECIAL:
        raise Invalid(f"{where}special_until", _("A special price lasts at most a year. Lower the ordinary price instead."))
    return starts_at


def _clean_breaks(draft: PriceDraft, where: str) -> tuple[Break, ...]:
    if len(draft.breaks) > MOST_BREAKS:
        raise Invalid(where, _("At most {most} quantity prices."), most=MOST_BREAKS)
    ordered = tuple(sorted(draft.breaks, key=lambda step: (step.min_quantity, step.price_minor)))
    quantity, price = max(draft.min_quantity, 1), draft.price_minor
    for step in ordered:
        _amount(step.price_minor, where)
        if type(step.min_quantity) is not int or not quantity < step.min_quantity <= LARGEST_QUANTITY:
            raise Invalid(where, _("Each quantity price needs a larger quantity than the one before."))
        if step.price_minor >= price:
            raise Invalid(where, _("Each quantity price must be lower than the one before."))
        quantity, price = step.min_quantity, step.price_minor
    return ordered


def set_price(*, variant: Variant, price: PriceDraft, actor: Actor, at: datetime, if_version: int | None = None) -> Price:
    """Set the whole price table of a variant and remember it in the history."""
    with listings.revision(listing=variant.listing, actor=actor, at=at, if_version=if_version):
        return write_price(variant=variant, price=price, actor=actor, at=at)


def write_price(*, variant: Variant, price: PriceDraft, actor: Actor, at: datetime, where: str = "") -> Price:
    """Inside a revision."""
    before = Price.objects.filter(variant=variant).first()
    if before and price.special_minor is not None and price.special_minor == before.special_minor and price.special_from is None:
        price = PriceDraft(**{**price.__dict__, "special_from": before.special_from})
    clean = clean_price(price, at, where)
    values = {name: getattr(clean, name) for name in ("price_minor", "min_quantity", "special_minor", "special_from", "special_until")}
    written, _made = Price.objects.update_or_create(variant=variant, defaults=values)
    _write_breaks(variant, clean.breaks)
    if before is None or any(getattr(before, name) != value for name, value in values.items() if name != "min_quantity"):
        del values["min_quantity"]
        PriceChange.objects.create(variant=variant, at=at, actor_kind=actor.kind, actor_reference=actor.reference, **values)
    return written


def _write_breaks(variant: Variant, breaks: Sequence[Break]) -> None:
    variant.price_breaks.all().delete()
    PriceBreak.objects.bulk_create(PriceBreak(variant=variant, min_quantity=s.min_quantity, price_minor=s.price_minor) for s in breaks)


def edit(
    *,
    listing: Listing,
    actor: Actor,
    at: datetime,
    content: Content | None = None,
    offers: Sequence[VariantOffer] | None = None,
    if_version: int | None = None,
    publish: bool = False,
) -> Listing:
    """Everything the editor sends: words, variants, prices, stock, in one revision, all or nothing.

    Publishing comes after it: a draft that is not ready yet is kept as it was written, and NotReady says what is missing.
    """
    with listings.revision(listing=listing, actor=actor, at=at, if_version=if_version) as locked:
        if content is not None:
            listings.write_content(listing=locked, content=content)
        if offers is not None:
            _write_offers(locked, offers, actor, at)
    return listings.publish(listing=listing, actor=actor, at=at) if publish else listing


def _write_offers(locked: Listing, offers: Sequence[VariantOffer], actor: Actor, at: datetime) -> None:
    written = listings.write_variants(listing=locked, variants=[offer.variant for offer in offers], at=at)
    for index, (variant, offer) in enumerate(zip(written, offers, strict=True)):
        if offer.price is not None:
            write_price(variant=variant, price=offer.price, actor=actor, at=at, where=f"variants.{index}.")
        if offer.on_hand is not None and offer.on_hand != offer.on_hand_seen:
            stock.count(variant=variant, on_hand=offer.on_hand, actor=actor, at=at, if_on_hand=offer.on_hand_seen)
