"""What people do with their carts. Every change locks the cart and raises its version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import crashes, locks, references, rows
from core.compiled import compiled
from core.errors import Invalid, Kind, NotHere, Refusal, Stale
from core.sql import fetch
from core.whole import operation
from marketplace.cart.models import LARGEST_QUANTITY, Cart, CartLine
from marketplace.cart.queries import CartView
from marketplace.cart.states import CartState
from marketplace.catalog.listings.models import Variant
from marketplace.catalog.stock import queries as stock
from marketplace.sale_formats import registry as formats
from vendors.members import access as members
from vendors.models import Vendor

MOST_LINES = 100
GUEST_CART_KEPT = timedelta(days=90)


class CartFull(Refusal):
    """More lines than anybody can look through."""

    code = "cart_full"
    kind = Kind.CONFLICT
    sentence = _("A basket holds at most {most} different things. Remove one first.")


class CartClosed(Refusal):
    """The guest's cart has flowed into a signed-in one."""

    code = "cart_closed"
    kind = Kind.GONE
    sentence = _("This basket was moved to your account. Sign in to see it.")


class NotForSale(Refusal):
    """Paused, sold out, removed, or its shop is closed."""

    code = "not_for_sale"
    kind = Kind.CONFLICT
    sentence = _("This is not for sale at the moment.")


class StockShort(Refusal):
    """More than there is. The sentence is the basket's own."""

    code = "stock_short"
    kind = Kind.CONFLICT

    def __init__(self, sentence: str) -> None:
        super().__init__(field="quantity")
        self.sentence = sentence  # type: ignore[misc]  # as the basket says it


class OwnGoods(Refusal):
    """Nobody buys from a shop in which they work: the price, the praise and the money would go in a circle."""

    code = "own_goods"
    kind = Kind.CONFLICT
    sentence = _("This is from a shop of yours. You cannot buy from yourself.")


def open_for(*, user: User, at: datetime) -> Cart:
    """The person's open cart; made when there is none."""
    found = Cart.objects.filter(user=user, state=CartState.OPEN).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Cart.objects.create(user=user, created_at=at, changed_at=at)
    except IntegrityError:  # a twin request was faster
        return Cart.objects.get(user=user, state=CartState.OPEN)


def open_for_guest(*, at: datetime) -> tuple[Cart, str]:
    """A new guest's cart and its token, which is shown this once."""
    token = references.secret()
    cart = rows.insert(Cart(token_hash=references.fingerprint(token), created_at=at, changed_at=at))
    cart.is_new = True
    return cart, token


@operation
def add(*, cart: Cart, variant: Variant, quantity: int, at: datetime, if_version: int | None = None) -> CartLine:
    """Put some of it in; more of what is already there adds up."""
    _check_quantity(quantity)
    is_new, cart.is_new = cart.is_new, False  # nobody else knows it yet, and nothing is in it
    cart = cart if is_new else _locked(cart, if_version)
    refuse_own(cart, [variant.listing.vendor])
    lines = [] if is_new else _lines(cart.pk)
    line = next((line for line in lines if line.variant_id == variant.pk and not line.parked_by), None)
    if line is None and len(lines) >= MOST_LINES:
        raise CartFull(most=MOST_LINES)
    total = quantity + (line.quantity if line else 0)
    _check_quantity(total)
    unit = _unit_price(variant, total, at)
    if line is None:
        line = rows.insert(CartLine(cart=cart, variant=variant, quantity=total, seen_unit_minor=unit, added_at=at))
    else:
        line.quantity, line.seen_unit_minor, line.chosen = total, unit, True
        line.save(update_fields=["quantity", "seen_unit_minor", "chosen"])
    crashes.point("cart.line_written")
    _touch(cart, at)
    return line


@dataclass(frozen=True, slots=True)
class Put:
    """What became of putting something in: `fitted` when there was less of it than was asked for."""

    line: CartLine
    fitted: bool


@transaction.atomic
def put(*, cart: Cart, variant: Variant, quantity: int, at: datetime, instead: bool = False) -> Put:
    """As a listing's page puts it in: never more than there is, so that a second press on the last piece leaves one.

    `instead`: this many in all, however many were there; buying now twice buys once.
    """
    _check_quantity(quantity)
    cart = _locked(cart, None)
    line = cart.lines.free().filter(variant=variant).first()
    there = line.quantity if line else 0
    wanted = quantity if instead else there + quantity
    most = stock.available([variant.pk])[variant.pk] or wanted  # nothing left is a sentence of its own
    total = min(wanted, most)
    if line is None:
        return Put(add(cart=cart, variant=variant, quantity=total, at=at), total < wanted)
    _unit_price(variant, total, at)  # in its own words: not for sale, or fewer than it is sold in
    if total != there:
        set_quantity(cart=cart, line=line.reference, quantity=total, at=at)
    change_line(cart=cart, line=line.reference, chosen=True, at=at)
    return Put(_line(cart, line.reference), total < wanted)


@transaction.atomic
def set_quantity(*, cart: Cart, line: str, quantity: int, at: datetime, if_version: int | None = None) -> None:
    """Zero takes the line out."""
    if quantity == 0:
        return remove(cart=cart, line=line, at=at, if_version=if_version)
    _check_quantity(quantity)
    cart = _locked(cart, if_version)
    row = _line(cart, line)
    row.quantity = quantity
    row.seen_unit_minor = _unit_price(row.variant, quantity, at, strict=False) or row.seen_unit_minor
    row.save(update_fields=["quantity", "seen_unit_minor"])
    _touch(cart, at)
    return None


@transaction.atomic
def choose(*, cart: Cart, chosen: Collection[str], at: datetime, if_version: int | None = None) -> None:
    """Exactly these lines are bought with the next checkout. A line that is not in this cart is not here."""
    cart = _locked(cart, if_version)
    if not set(chosen) <= set(cart.lines.free().values_list("reference", flat=True)):
        raise NotHere
    cart.lines.free().update(chosen=False)
    cart.lines.free().filter(reference__in=chosen).update(chosen=True)
    _touch(cart, at)


@transaction.atomic
def change_line(
    *, cart: Cart, line: str, at: datetime, quantity: int | None = None, chosen: bool | None = None, if_version: int | None = None
) -> None:
    """What is given changes, the rest stays."""
    if quantity is not None:
        set_quantity(cart=cart, line=line, quantity=quantity, at=at, if_version=if_version)
        if_version = None
    if chosen is not None and quantity != 0:
        cart = _locked(cart, if_version)
        row = _line(cart, line)
        row.chosen = chosen
        row.save(update_fields=["chosen"])
        _touch(cart, at)


@transaction.atomic
def remove(*, cart: Cart, line: str, at: datetime, if_version: int | None = None) -> None:
    cart = _locked(cart, if_version)
    _line(cart, line).delete()
    _touch(cart, at)


@transaction.atomic
def accept_prices(*, cart: Cart, at: datetime) -> None:
    """The buyer has seen today's prices: they are no longer news."""
    cart = _locked(cart, None)
    for row in cart.lines.free().select_related("variant__listing"):
        unit = _unit_price(row.variant, row.quantity, at, strict=False)
        if unit is not None and unit != row.seen_unit_minor:
            CartLine.objects.filter(pk=row.pk).update(seen_unit_minor=unit)
    _touch(cart, at)


@transaction.atomic
def merge_guest(*, guest: Cart, into: Cart, at: datetime) -> Cart:
    """A guest signed in: what they had flows into their own cart; the larger quantity wins, so twice is once."""
    if guest.pk == into.pk or not guest.is_guest:
        return into
    locked = {row.pk: row for row in locks.rows(Cart.objects.filter(pk__in=[guest.pk, into.pk]))}
    guest, into = locked[guest.pk], locked[into.pk]
    if not guest.is_open:
        return into
    theirs = {row.variant_id: row for row in into.lines.free()}
    for row in guest.lines.free():
        if row.variant_id in theirs:
            mine = theirs[row.variant_id]
            CartLine.objects.filter(pk=mine.pk).update(quantity=max(mine.quantity, row.quantity))
            row.delete()
        elif into.lines.count() < MOST_LINES:
            CartLine.objects.filter(pk=row.pk).update(cart=into)
    Cart.objects.filter(pk=guest.pk).update(state=CartState.MERGED, changed_at=at)
    _touch(into, at)
    return into


@transaction.atomic
def revise(*, cart: Cart, quantities: Mapping[str, int], chosen: Collection[str], at: datetime) -> None:
    """Everything that a basket's form says at once. Lines that left the basket meanwhile are passed over: another tab was faster."""
    cart = _locked(cart, None)
    there = {row.reference: row for row in cart.lines.free().select_related("variant__listing")}
    for reference, row in there.items():
        quantity = quantities.get(reference, row.quantity)
        if quantity == 0:
            row.delete()
            continue
        if quantity != row.quantity:
            _check_quantity(quantity)
            row.seen_unit_minor = _unit_price(row.variant, quantity, at, strict=False) or row.seen_unit_minor
        row.quantity, row.chosen = quantity, reference in chosen
        row.save(update_fields=["quantity", "seen_unit_minor", "chosen"])
    _touch(cart, at)


@transaction.atomic
def choose_with(*, cart: Cart, line: CartLine, at: datetime) -> None:
    """Buy this now: in its currency, this line alone is chosen."""
    cart = _locked(cart, None)
    same = cart.lines.free().filter(variant__listing__vendor__currency=line.variant.listing.vendor.currency)
    same.exclude(pk=line.pk).update(chosen=False)
    same.filter(pk=line.pk).update(chosen=True)
    _touch(cart, at)


def require_stock(*, seen: CartView, line: str) -> None:
    """For callers who must not keep more of it than there is: StockShort, which undoes what was put in with it."""
    for problem in (problem for one in seen.lines if one.reference == line for problem in one.problems):
        if problem.code in ("stock_short", "sold_out"):
            raise StockShort(problem.sentence)


# ── what checkout does ────────────────────────────────────────────────────────────────────────────
def park(*, cart: Cart, lines: Collection[str], checkout: str, at: datetime) -> int:
    """These lines wait for a payment: they leave the basket but are not forgotten. Answers how many there were."""
    ((parked, cart.version),) = fetch(PARK, [checkout, cart.pk, list(lines), at, cart.pk])
    return int(parked)


def unpark(*, cart: Cart, checkout: str, at: datetime) -> None:
    """The payment did not happen: the lines are back, together with what was added meanwhile."""
    free = {row.variant_id: row for row in CartLine.objects.filter(cart=cart, parked_by="")}
    for row in CartLine.objects.filter(cart=cart, parked_by=checkout):
        if row.variant_id in free:
            twin = free[row.variant_id]
            CartLine.objects.filter(pk=twin.pk).update(quantity=min(LARGEST_QUANTITY, twin.quantity + row.quantity))
            row.delete()
        else:
            CartLine.objects.filter(pk=row.pk).update(parked_by="")
    _touch(cart, at)


def forget_parked(*, cart: Cart, checkout: str, at: datetime) -> None:
    """Bought. When only things remain that were left out of it, all of them are chosen again: nobody comes back to a basket worth nothing."""
    ((cart.version,),) = fetch(FORGET, [cart.pk, checkout, cart.pk, at, cart.pk])


TOUCH = "UPDATE marketplace_cart SET version = version + 1, changed_at = %s WHERE id = %s RETURNING version"
PARK = f"""
WITH parked AS (UPDATE marketplace_cartline SET parked_by = %s WHERE cart_id = %s AND parked_by = '' AND reference = ANY(%s) RETURNING id),
touched AS ({TOUCH})
SELECT (SELECT count(*) FROM parked), (SELECT version FROM touched)"""  # noqa: S608  # our own words
FORGET = f"""
WITH bought AS (DELETE FROM marketplace_cartline WHERE cart_id = %s AND parked_by = %s),
left_over AS (
    UPDATE marketplace_cartline line SET chosen = true WHERE line.cart_id = %s AND line.parked_by = '' AND NOT EXISTS (
        SELECT FROM marketplace_cartline other WHERE other.cart_id = line.cart_id AND other.parked_by = '' AND other.chosen)),
touched AS ({TOUCH})
SELECT version FROM touched"""  # noqa: S608  # our own words


def drop_abandoned(*, at: datetime) -> int:
    """Guests' baskets that nobody touched for long, and from which nothing was ever bought; returns how many."""
    old = Cart.objects.filter(user=None, changed_at__lt=at - GUEST_CART_KEPT, checkouts=None)
    return old.delete()[1].get("marketplace.Cart", 0)


def refuse_own(cart: Cart, vendors: Iterable[Vendor]) -> None:
    """When goods go in, and again when they are bought: a guest's basket may have flowed into the seller's own."""
    if cart.user and any(members.may_enter(cart.user, vendor) for vendor in vendors):
        raise OwnGoods


def _locked(cart: Cart, if_version: int | None) -> Cart:
    with locks.refusing_to_wait():
        row = _locked_row(cart.pk)[0]
    if not row.is_open:
        raise CartClosed
    if if_version is not None and if_version != row.version:
        raise Stale
    return row


@compiled
def _locked_row(cart_id: int) -> QuerySet[Cart]:
    return Cart.objects.filter(pk=cart_id).select_for_update(of=("self",))


@compiled
def _lines(cart_id: int) -> QuerySet[CartLine]:
    return CartLine.objects.filter(cart_id=cart_id).order_by("id")


def _line(cart: Cart, reference: str) -> CartLine:
    line = cart.lines.free().select_related("variant__listing").filter(reference=reference).first()
    if line is None:
        raise NotHere
    return line


def _touch(cart: Cart, at: datetime) -> None:
    ((cart.version,),) = fetch(TOUCH, [at, cart.pk])
    cart.changed_at = at


def _check_quantity(quantity: int) -> None:
    if type(quantity) is not int or not 1 <= quantity <= LARGEST_QUANTITY:
        raise Invalid("quantity", _("Enter a whole number from 1 to {most}."), most=LARGEST_QUANTITY)


def _unit_price(variant: Variant, quantity: int, at: datetime, *, strict: bool = True) -> int | None:
    if variant.retired_at is not None or not variant.listing.is_for_sale:
        if strict:
            raise NotForSale
        return None
    if strict:
        return formats.get(variant.listing.sale_format).asking_price(variant, quantity, at).unit_minor
    found = formats.get(variant.listing.sale_format).asking_prices([(variant, quantity)], at)
    return found[variant.pk].unit_minor if variant.pk in found else None
