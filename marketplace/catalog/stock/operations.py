from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from core import locks, rows
from core.actors import SYSTEM, Actor
from core.compiled import compiled
from core.errors import Invalid, Kind, Refusal, Stale
from core.sql import execute, fetch
from core.whole import block
from marketplace.catalog.listings import bulk
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.models import LARGEST_STOCK, Listing, Variant
from marketplace.catalog.stock.models import Reservation, StockMove
from marketplace.catalog.stock.signals import units_counted
from marketplace.catalog.stock.states import HELD, RELEASED, RETURNED, SOLD

Lines = Sequence[tuple[int, int]]
"""(variant id, quantity) pairs."""


class StockShort(Refusal):
    """`short` lists {variant, wanted, available} for every line that cannot be served."""

    code = "stock_short"
    kind = Kind.CONFLICT
    sentence = _("There are not enough left: somebody was faster. Change the quantity and try again.")

    def __init__(self, short: list[dict[str, object]]) -> None:
        self.short = short
        super().__init__(field="quantity")


class ReservationEnded(Refusal):
    code = "reservation_ended"
    kind = Kind.CONFLICT
    sentence = _("The time to pay has run out and the goods went back on the shelf. Start again from your basket.")


class StockStale(Stale):
    code = "stock_changed"
    sentence = _("The stock has changed since you opened this: {on_hand} are there now. Count again.")


def reserve(*, lines: Lines, trade: str, until: datetime, at: datetime, actor: Actor = SYSTEM) -> list[Reservation]:
    """Take all of these units for the trade, or none: one conditional UPDATE per variant, in id order.

    Call it once per trade. Repeating it with the same lines changes nothing.
    """
    wanted = _summed(lines)
    with block():
        _lock_listings(wanted)
        left: dict[int, int] = {}
        before = {row.variant_id: row for row in _reservations(trade) if row.variant_id in wanted}
        if any(row.state not in (HELD, SOLD) for row in before.values()):
            raise ReservationEnded()
        fresh = {variant: quantity for variant, quantity in wanted.items() if variant not in before}
        short = [variant for variant, quantity in fresh.items() if not _take(variant, quantity, left)]
        if short:
            raise StockShort(_shortages(short, fresh))
        made = [Reservation(trade=trade, variant_id=variant, quantity=quantity, until=until, at=at) for variant, quantity in fresh.items()]
        if made:
            moves = _moves(((v, 0, q) for v, q in fresh.items()), StockMove.Kind.RESERVED, trade, actor, at)
            rows.insert_all(*made, *moves)
        _follow([variant for variant, available in left.items() if not available], at, counted=False)
    return [*before.values(), *made]


def _summed(lines: Lines) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for variant, quantity in sorted(lines):
        if type(quantity) is not int or not 1 <= quantity <= LARGEST_STOCK:
            raise Invalid("quantity", _("Choose a quantity of at least 1."))
        wanted[variant] = wanted.get(variant, 0) + quantity
    return wanted


def _lock_listings(variants: Iterable[int]) -> None:
    """Listings before variants, each by id: everybody who changes stock waits here and nowhere else."""
    with locks.refusing_to_wait():
        _numbers_of(list(variants))


@compiled
def _numbers_of(variant_ids: list[int]) -> QuerySet[Listing, tuple[int]]:
    return _locking(Variant.objects.filter(pk__in=variant_ids)).values_list("pk")


@compiled
def _numbers_of_held(trade: str) -> QuerySet[Listing, tuple[int]]:
    held = Reservation.objects.filter(trade=trade, state=HELD).values("variant_id")
    return _locking(Variant.objects.filter(pk__in=held)).values_list("pk")


@compiled
def _listings_of(variant_ids: list[int]) -> QuerySet[Listing]:
    return _locking(Variant.objects.filter(pk__in=variant_ids))


def _locking(variants: QuerySet[Variant]) -> QuerySet[Listing]:
    return Listing.objects.filter(pk__in=variants.values("listing_id")).order_by("pk").select_for_update(of=("self",))


@compiled
def _reservations(trade: str) -> QuerySet[Reservation]:
    return Reservation.objects.filter(trade=trade).order_by("pk")


@compiled
def _held(trade: str) -> QuerySet[Reservation]:
    return Reservation.objects.filter(trade=trade, state=HELD).order_by("pk").select_for_update(of=("self",))


TAKE = """
UPDATE marketplace_variant AS variant SET reserved = variant.reserved + %(quantity)s
FROM marketplace_listing AS listing JOIN vendors_vendor AS vendor ON vendor.id = listing.vendor_id
WHERE variant.id = %(variant)s AND listing.id = variant.listing_id AND variant.retired_at IS NULL
AND variant.on_hand >= variant.reserved + %(quantity)s AND listing.state = 'published' AND vendor.state = 'active'
RETURNING variant.on_hand - variant.reserved"""
SETTLE = "UPDATE marketplace_variant SET on_hand = on_hand + %(sold)s, reserved = reserved + %(back)s WHERE id = %(variant)s"


def _take(variant: int, quantity: int, left: dict[int, int]) -> bool:
    """Whether there were that many; `left` learns how many more there are."""
    for (available,) in fetch(TAKE, {"variant": variant, "quantity": quantity}):
        left[variant] = available
    return variant in left


def _shortages(short: Sequence[int], wanted: dict[int, int]) -> list[dict[str, object]]:
    variants = Variant.objects.select_related("listing__vendor").filter(pk__in=short)
    return [
        {
            "variant": row.reference,
            "listing": row.listing.reference,
            "title": row.listing.title,
            "wanted": wanted[row.pk],
            "available": row.available if row.listing.is_for_sale else 0,
        }
        for row in variants
    ]


def commit_sale(*, trade: str, at: datetime, actor: Actor = SYSTEM) -> int:
    """The reserved units have been paid for and leave the stock. Twice is once. Answers how many lines moved."""
    return _settle(trade, SOLD, StockMove.Kind.SOLD, actor, at)


def release(*, trade: str, at: datetime, actor: Actor = SYSTEM) -> int:
    """The trade did not happen: its units are available again. Twice is once."""
    return _settle(trade, RELEASED, StockMove.Kind.RELEASED, actor, at)


def _settle(trade: str, state: str, kind: str, actor: Actor, at: datetime) -> int:
    """Held reservations of the trade become `state`; sold units leave `on_hand` too."""
    with block():
        with locks.refusing_to_wait():
            _numbers_of_held(trade)
            held = _held(trade)
        changes: list[int] = []
        for reservation in sorted(held, key=lambda row: row.variant_id):
            sold = -reservation.quantity if state == SOLD else 0
            change = reservation.variant_id, sold, -reservation.quantity
            execute(SETTLE, {"variant": reservation.variant_id, "sold": sold, "back": -reservation.quantity})
            rows.move(reservation, *_moves([change], kind, trade, actor, at), where={"state": HELD}, state=state)
            changes.append(reservation.variant_id)
        if state == SOLD:  # what was reserved was not available before either: no listing changes its state
            units_counted.send(sender=Variant, variant_ids=changes, at=at)
        else:
            _follow(changes, at, counted=False)
    return len(held)


def put_back(*, trade: str, at: datetime, lines: Lines | None = None, actor: Actor = SYSTEM) -> int:
    """Sold units of the trade (all, or these lines) return to the shelf, never more than were sold. Answers how many."""
    with block():
        sold = Reservation.objects.filter(trade=trade, state=SOLD)
        wanted = dict(_summed(lines)) if lines is not None else None
        _lock_listings(sold.values_list("variant_id", flat=True))
        changes: dict[int, int] = {}
        for row in sorted(locks.rows(sold), key=lambda row: row.variant_id):
            left = row.quantity - row.returned
            back = left if wanted is None else min(left, wanted.get(row.variant_id, 0))
            if not back:
                continue
            row.returned += back
            row.state = RETURNED if row.returned == row.quantity else SOLD
            row.save(update_fields=["returned", "state"])
            Variant.objects.filter(pk=row.variant_id).update(on_hand=F("on_hand") + back)
            changes[row.variant_id] = back
        _write_moves(((v, back, 0) for v, back in changes.items()), StockMove.Kind.RETURNED, trade, actor, at)
        _follow(changes, at)
    return sum(changes.values())


def count(*, variant: Variant, on_hand: int, actor: Actor, at: datetime, if_on_hand: int | None = None, reason: str = "") -> Variant:
    """The seller counted: this many are on hand now. `if_on_hand` is what the seller saw when they began."""
    if type(on_hand) is not int or not 0 <= on_hand <= LARGEST_STOCK:
        raise Invalid("on_hand", _("Write how many you have as a whole number from 0 to {most}."), most=LARGEST_STOCK)
    with block():
        _lock_listings([variant.pk])
        row = locks.rows(Variant.objects.filter(pk=variant.pk))[0]
        if if_on_hand is not None and row.on_hand != if_on_hand:
            raise StockStale(field="on_hand", on_hand=row.on_hand)
        if on_hand < row.reserved:
            sentence = _("{reserved} of these are reserved for buyers who are paying. Keep at least that many.")
            raise Invalid("on_hand", sentence, reserved=row.reserved)
        change = on_hand - row.on_hand
        if change:
            Variant.objects.filter(pk=row.pk).update(on_hand=on_hand)
            _write_moves([(row.pk, change, 0)], StockMove.Kind.COUNTED, "", actor, at, reason)
            _follow([row.pk], at)
    variant.refresh_from_db()
    return variant


def count_many(*, counts: Mapping[int, int], actor: Actor, at: datetime) -> dict[int, int]:
    """The seller counted many at once: variant id → on hand. Answers those it left alone, with how many are reserved of each:
    fewer than that cannot be on hand."""
    with block():
        _lock_listings(counts)
        variants = locks.rows(Variant.objects.filter(pk__in=list(counts)))
        short = {row.pk: row.reserved for row in variants if counts[row.pk] < row.reserved}
        moved = [row for row in variants if row.pk not in short and counts[row.pk] != row.on_hand]
        _write_moves([(row.pk, counts[row.pk] - row.on_hand, 0) for row in moved], StockMove.Kind.COUNTED, "", actor, at)
        for row in moved:
            row.on_hand = counts[row.pk]
        Variant.objects.bulk_update(moved, ["on_hand"])
        bulk.follow_stock(listing_ids=[row.listing_id for row in moved], at=at)
    return short


def _write_moves(changes: Iterable[tuple[int, int, int]], kind: str, trade: str, actor: Actor, at: datetime, reason: str = "") -> None:
    rows.insert_many(_moves(changes, kind, trade, actor, at, reason))


def _moves(changes: Iterable[tuple[int, int, int]], kind: str, trade: str, actor: Actor, at: datetime, reason: str = "") -> list[StockMove]:
    return [
        StockMove(
            variant_id=variant,
            kind=kind,
            on_hand_change=on_hand,
            reserved_change=reserved,
            trade=trade,
            reason=reason,
            actor_kind=actor.kind,
            actor_reference=actor.reference,
            at=at,
        )
        for variant, on_hand, reserved in changes
    ]


def _follow(variants: Iterable[int], at: datetime, *, counted: bool = True) -> None:
    variants = list(variants)
    if counted:
        units_counted.send(sender=Variant, variant_ids=variants, at=at)
    for listing in _listings_of(variants) if variants else ():  # locked by now
        listings.follow_stock(listing=listing, at=at)
