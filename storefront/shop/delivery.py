"""What it costs until it is at somebody's door, as pages say it before there is a basket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django_countries import countries

from core.money import Money
from marketplace.catalog.listings.cards import ListingCard
from marketplace.catalog.listings.models import HandOver
from marketplace.catalog.listings.queries import ListingDetail
from marketplace.fulfilment.kinds.shipping import queries as shipping
from marketplace.fulfilment.rates import DeliveryRate, delivery_price


@dataclass(frozen=True)
class ShownCard:
    """A card and what its cheapest parcel costs inside the seller's own country; None where there is none."""

    card: ListingCard
    delivery: Money | None

    @property
    def total(self) -> Money | None:
        """What one pays for one, delivered; None where only the basket can say."""
        card = self.card
        return card.price + self.delivery if card.price and self.delivery and card.min_quantity == 1 else card.price


@dataclass(frozen=True)
class Arrival:
    """The cheapest way by parcel to a country: its price for one purchase of the smallest quantity, and its days."""

    country: str
    price: Money
    earliest: date | None
    latest: date | None

    @property
    def country_name(self) -> str:
        return str(countries.name(self.country))


def with_delivery(cards: Sequence[ListingCard]) -> list[ShownCard]:
    """One query for all of them."""
    rates = shipping.rates_at_home({card.vendor_slug for card in cards if card.ships})
    return [ShownCard(card, _for_least(card, rates.get(card.vendor_slug, ()))) for card in cards]


def _for_least(card: ListingCard, rates: Sequence[DeliveryRate]) -> Money | None:
    """What the smallest purchase of this one thing costs to send; dear things often travel free."""
    if not (card.ships and card.price and rates):
        return None
    items = card.min_quantity
    goods = card.price.amount_minor * items
    return Money(min(delivery_price(rate=rate, goods_minor=goods, items=items) for rate in rates), card.price.currency)


def arrival(shown: ListingDetail, *, unit: Money, least: int, country: str, at: datetime) -> Arrival | None:
    """None when nobody carries it there, or when it is only picked up."""
    if HandOver.PARCEL not in shown.listing.hand_overs:
        return None
    vendor = shown.listing.vendor
    options = shipping.options(vendor=vendor, methods=shipping.on_offer(vendor.pk), country=country, handling_days=shown.seller.handling_days, at=at)
    priced = [(option.price_minor(goods_minor=unit.amount_minor * least, items=least), option) for option in options]
    if not priced:
        return None
    minor, option = min(priced, key=lambda one: one[0])
    return Arrival(country, Money(minor, unit.currency), option.earliest, option.latest)
