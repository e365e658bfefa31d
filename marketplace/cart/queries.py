"""The cart as it stands today: groups by currency, then by seller, with a word about every problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db.models import OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.users.models import User
from core import references
from core.compiled import attach, compiled
from core.errors import Refusal
from core.money import Money
from marketplace.cart.models import Cart, CartLine
from marketplace.cart.states import CartState
from marketplace.catalog.listings.models import Condition
from marketplace.catalog.listings.queries import picture_of
from marketplace.catalog.photos.models import Photo
from marketplace.catalog.pictures import Picture
from marketplace.sale_formats import registry as formats
from marketplace.sale_formats.base import UnitPrice
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class Problem:
    """`blocks`: the line cannot be bought as it is."""

    code: str
    sentence: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class LineView:
    row: CartLine
    title: str
    href: str
    language: str
    options: str
    condition: str
    picture: Picture | None
    quantity: int
    unit: Money | None
    total: Money | None
    available: int
    least: int
    problems: tuple[Problem, ...]

    @property
    def reference(self) -> str:
        return str(self.row.reference)

    @property
    def chosen(self) -> bool:
        return self.row.chosen

    @property
    def is_blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)

    @property
    def fewer(self) -> int | None:
        """One press less, and never more than there is; None at the smallest quantity: to remove the line is another button."""
        return max(min(self.quantity - 1, self.available), self.least) if self.quantity > self.least else None

    @property
    def more(self) -> int | None:
        """One press more; None when that is all there is."""
        return max(self.quantity + 1, self.least) if self.quantity < self.available else None

    @property
    def counts(self) -> bool:
        """Whether it would be bought with the next checkout."""
        return self.chosen and not self.is_blocked


@dataclass(frozen=True, slots=True)
class SellerGroup:
    vendor: Vendor
    lines: tuple[LineView, ...]

    @property
    def to_buy(self) -> list[LineView]:
        return [line for line in self.lines if line.counts]

    @property
    def goods(self) -> Money:
        return Money.total((line.total for line in self.to_buy if line.total), self.vendor.currency)

    @property
    def hand_overs(self) -> list[str]:
        """The ways in which all chosen things of this seller can be handed over together."""
        ways = [set(line.row.variant.listing.hand_overs) for line in self.to_buy]
        return sorted(set.intersection(*ways)) if ways else []


@dataclass(frozen=True, slots=True)
class CurrencyGroup:
    currency: str
    sellers: tuple[SellerGroup, ...]

    @property
    def to_buy(self) -> list[SellerGroup]:
        return [seller for seller in self.sellers if seller.to_buy]

    @property
    def goods(self) -> Money:
        return Money.total((seller.goods for seller in self.sellers), self.currency)

    @property
    def items(self) -> int:
        return sum(line.quantity for seller in self.sellers for line in seller.to_buy)

    @property
    def chosen_but_blocked(self) -> list[LineView]:
        return [line for seller in self.sellers for line in seller.lines if line.chosen and line.is_blocked]


@dataclass(frozen=True, slots=True)
class CartView:
    cart: Cart | None
    currencies: tuple[CurrencyGroup, ...] = ()
    parked_by: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not self.currencies

    @property
    def things(self) -> int:
        return sum(len(seller.lines) for group in self.currencies for seller in group.sellers)

    @property
    def lines(self) -> list[LineView]:
        return [line for group in self.currencies for seller in group.sellers for line in seller.lines]

    def group(self, currency: str) -> CurrencyGroup | None:
        return next((group for group in self.currencies if group.currency == currency), None)


def lines_in_basket_of(user: User | OuterRef) -> QuerySet[CartLine]:
    """The different things that a person's badge counts."""
    return CartLine.objects.free().filter(cart__user=user, cart__state=CartState.OPEN)  # type: ignore[misc]  # a reference, too


def count_of_guest(*, token: str) -> int:
    """How many different things the badge of a guest shows."""
    if not token:
        return 0
    return CartLine.objects.free().filter(cart__user=None, cart__token_hash=references.fingerprint(token), cart__state=CartState.OPEN).count()


def view(cart: Cart | None, *, at: datetime, pictures: bool = True) -> CartView:
    """The whole cart as its page and the API show it."""
    if cart is None:
        return CartView(None)
    rows = _with_goods(cart, pictures=pictures)
    parked = dict.fromkeys(row.parked_by for row in rows if row.parked_by)
    return CartView(cart, _grouped(lines_of([row for row in rows if not row.parked_by], at=at)), tuple(parked))


def groups(cart: Cart, *, at: datetime, pictures: bool = True) -> tuple[CurrencyGroup, ...]:
    """What is in it and not parked: three queries, however much that is."""
    return _grouped(lines_of([row for row in _with_goods(cart, pictures=pictures) if not row.parked_by], at=at))


def _with_goods(cart: Cart, *, pictures: bool) -> list[CartLine]:
    rows = _lines(cart.pk)
    for row in rows:
        row.cart = cart
    listings = [row.variant.listing for row in rows]
    attach(listings, "photos", _photos([listing.pk for listing in listings]) if pictures else (), by="listing")
    return rows


@compiled
def _lines(cart_id: int) -> QuerySet[CartLine]:
    related = ("variant__listing__vendor__party", "variant__listing__vendor__policy", "variant__listing__category")
    return CartLine.objects.filter(cart_id=cart_id).select_related(*related).order_by("id")


@compiled
def _photos(listing_ids: list[int]) -> QuerySet[Photo]:
    return Photo.objects.filter(listing_id__in=listing_ids)


def lines_of(rows: Sequence[CartLine], *, at: datetime) -> list[LineView]:
    prices = _unit_prices(rows, at)
    return [_line(row, price=prices.get(row.pk), at=at) for row in rows]


def _unit_prices(rows: Sequence[CartLine], at: datetime) -> dict[int, UnitPrice]:
    """Cart line → today's price of one, where it can be bought in this quantity. Constant queries per format."""
    prices: dict[int, UnitPrice] = {}
    for code in {row.variant.listing.sale_format for row in rows}:
        group = [row for row in rows if row.variant.listing.sale_format == code]
        found = formats.get(code).asking_prices([(row.variant, row.quantity) for row in group], at)
        prices |= {row.pk: found[row.variant_id] for row in group if row.variant_id in found}
    return prices


def _grouped(lines: Iterable[LineView]) -> tuple[CurrencyGroup, ...]:
    def vendor(line: LineView) -> Vendor:
        return line.row.variant.listing.vendor

    ordered = sorted(lines, key=lambda line: (vendor(line).currency, vendor(line).pk, line.row.pk))
    sellers = [SellerGroup(vendor(group[0]), tuple(group)) for group in _runs(ordered)]
    return tuple(CurrencyGroup(currency, tuple(group)) for currency, group in groupby(sellers, key=lambda seller: seller.vendor.currency))


def _runs(ordered: Sequence[LineView]) -> list[list[LineView]]:
    return [list(group) for _vendor, group in groupby(ordered, key=lambda line: line.row.variant.listing.vendor_id)]


def _line(row: CartLine, *, price: UnitPrice | None, at: datetime) -> LineView:
    variant, listing = row.variant, row.variant.listing
    unit, least = (Money(price.unit_minor, listing.vendor.currency), price.least) if price else (None, 1)
    on_sale = listing.is_for_sale and variant.retired_at is None
    available = variant.available if on_sale else 0
    problems: list[Problem] = []
    if unit is None and on_sale:  # ask again alone, for the reason
        try:
            formats.get(listing.sale_format).asking_price(variant, row.quantity, at)
        except Refusal as refusal:
            least = int(refusal.params.get("minimum", 1))
            problems.append(Problem(refusal.code, refusal.message))
    if not on_sale:
        problems = [_away(listing.vendor) if listing.state == "published" and listing.vendor.is_resting else _gone(listing.state)]
    elif available < row.quantity:
        problems.append(_short(available))
    elif unit and row.seen_unit_minor is not None and unit.amount_minor != row.seen_unit_minor:
        problems.append(_repriced(cheaper=unit.amount_minor < row.seen_unit_minor))
    photos = list(listing.photos.all())
    return LineView(
        row=row,
        title=listing.title,
        href=listing.href,
        language=listing.language,
        options=variant.label,
        condition=str(Condition(listing.condition).label) if listing.condition else "",
        picture=picture_of(photos[0]) if photos else None,
        quantity=row.quantity,
        unit=unit,
        total=unit * row.quantity if unit else None,
        available=available,
        least=least,
        problems=tuple(problems),
    )


def _gone(state: str) -> Problem:
    if state == "sold_out":
        return Problem("sold_out", _("Sold out. It is kept here in case some come back."))
    return Problem("not_for_sale", _("Not for sale at the moment. It is kept here in case it comes back."))


def _away(vendor: Vendor) -> Problem:
    if (day := vendor.first_day_back) is None:
        return Problem("shop_rests", _("{shop} rests at the moment. It is kept here until the shop opens again.").format(shop=vendor.name))
    back = date_format(day, "DATE_FORMAT")
    return Problem("shop_rests", _("{shop} is on holiday and sells again from {day}. It is kept here until then.").format(shop=vendor.name, day=back))


def _short(available: int) -> Problem:
    if available <= 0:
        return Problem("sold_out", _("All of them are sold or reserved at the moment."))
    sentence = ngettext("Only {left} is left. Choose one.", "Only {left} are left. Choose that many or fewer.", available)
    return Problem("stock_short", sentence.format(left=available))


def _repriced(*, cheaper: bool) -> Problem:
    sentence = _("Cheaper than when you put it in.") if cheaper else _("Costs more than when you put it in.")
    return Problem("price_changed", sentence, blocks=False)
