"""Prices of many variants at once, inside the caller's transaction: the same rows and the same history as one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.actors import Actor
from marketplace.sale_formats.fixed_price.models import Price, PriceChange
from marketplace.sale_formats.fixed_price.operations import PriceDraft, clean_price


def repriced(*, price: Price | None, price_minor: int, at: datetime) -> PriceDraft:
    """The price table with another ordinary price; Invalid where its special or its quantity prices would no longer be lower."""
    if price is None:
        return clean_price(PriceDraft(price_minor), at)
    ended = price.special_until is not None and price.special_until <= at
    special = None if ended else price.special_minor
    draft = PriceDraft(price_minor, price.min_quantity, special, price.special_from, price.special_until, price.table.breaks)
    clean_price(draft, at)
    return draft


def price_many(*, prices: Mapping[int, int], actor: Actor, at: datetime) -> None:
    """Variant id → its ordinary price in minor units, clean already; specials and quantity prices stay as they are."""
    known = {price.variant_id: price for price in Price.objects.filter(variant_id__in=list(prices)).select_for_update().order_by("pk")}
    for variant, price in known.items():
        price.price_minor = prices[variant]
        if price.special_until is not None and price.special_until <= at:
            price.special_minor = price.special_from = price.special_until = None  # over, and maybe no longer lower
    Price.objects.bulk_update(known.values(), ["price_minor", "special_minor", "special_from", "special_until"])
    new = [Price(variant_id=variant, price_minor=minor) for variant, minor in prices.items() if variant not in known]
    Price.objects.bulk_create(new)
    PriceChange.objects.bulk_create(
        PriceChange(
            variant_id=price.variant_id,
            at=at,
            price_minor=price.price_minor,
            special_minor=price.special_minor,
            special_from=price.special_from,
            special_until=price.special_until,
            actor_kind=actor.kind,
            actor_reference=actor.reference,
        )
        for price in (*known.values(), *new)
    )
