from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import F, QuerySet

from marketplace.catalog.listings.models import Variant
from marketplace.catalog.listings.states import PUBLISHED
from marketplace.catalog.stock.models import Reservation, StockMove
from marketplace.catalog.stock.states import HELD


def available(variant_ids: Iterable[int]) -> dict[int, int]:
    """How many of each a buyer could take now; 0 for what is not for sale."""
    wanted = list(variant_ids)
    rows = Variant.objects.offered().filter(pk__in=wanted, listing__state=PUBLISHED, listing__vendor__state="active")
    left = dict(rows.values_list("pk", F("on_hand") - F("reserved")))
    return {variant: left.get(variant, 0) for variant in wanted}


def held_for(trade: str) -> QuerySet[Reservation]:
    return Reservation.objects.filter(trade=trade, state=HELD)


def moves_of(variant: Variant) -> QuerySet[StockMove]:
    return StockMove.objects.filter(variant=variant)


def miscounted() -> list[str]:
    """Variants whose counters are not the sum of their moves and open reservations: always empty, and a test says so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT variant FROM v_stock WHERE (on_hand, reserved, reserved) IS DISTINCT FROM (moved_on_hand, moved_reserved, held)")
        return [reference for (reference,) in cursor.fetchall()]
