"""Begin a checkout, place it, and follow its payment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.addresses import access as addresses
from accounts.addresses.operations import AddressInvalid
from accounts.models import User
from accounts.parties import operations as parties
from core import audit, crashes, locks, references, rows
from core.actors import Actor
from core.compiled import compiled
from core.errors import Invalid, Kind, Refusal
from core.whole import operation
from escrow.models import Payment
from escrow.payments import operations as payments
from escrow.payments.payer import Payer
from marketplace.cart import operations as carts
from marketplace.cart.models import Cart
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.stock import operations as stock
from marketplace.checkout import details as buyer_details
from marketplace.checkout import orders_of, quotes
from marketplace.checkout.details import Details
from marketplace.checkout.models import Checkout
from marketplace.checkout.quotes import Quote
from marketplace.checkout.states import FLOW, CheckoutState

RESERVED_FOR = timedelta(minutes=15)
DRAFT_KEPT = timedelta(days=30)


class NothingToBuy(Refusal):
    """The basket has nothing chosen that can be bought in this currency."""

    code = "nothing_to_buy"
    kind = Kind.CONFLICT
    sentence = _("Nothing in your basket is chosen that can be bought now.")


class PriceChanged(Refusal):
    """What it costs is no longer what the buyer saw; `total_minor` is what it costs now."""

    code = "price_changed"
    kind = Kind.CONFLICT
    sentence = _("Something changed while you were here: it now comes to {total}. Look at it again, then pay.")


class NoDelivery(Refusal):
    """One of the sellers has no way to this address."""

    code = "no_delivery"
    kind = Kind.CONFLICT
    sentence = _("{shop} cannot hand this over to you in the chosen way. Choose another way, or leave it in the basket.")


class CheckoutOver(Refusal):
    """It was paid, or it ran out."""

    code = "checkout_over"
    kind = Kind.GONE
    sentence = _("This checkout is over. Your basket is still there.")


# ── before ────────────────────────────────────────────────────────────────────────────────────────
@operation
def begin(*, cart: Cart, currency: str, user: User | None, language: str, at: datetime) -> tuple[Checkout, Quote]:
    """The draft for this basket and currency, and what it costs now: the one that was begun before, or a new one with what we know of the buyer."""
    known = _known(user)
    found = next(iter(_drafts(cart.pk, currency)), None)
    draft = found or _draft(cart=cart, currency=currency, user=user, language=language, details=known, at=at)
    said = buyer_details.of_json(draft.details)
    quote = quotes.quote(cart=cart, currency=currency, country=said.country, choices=said.choices, at=at, plans=said.plans, pictures=False)
    if quote.is_empty:
        raise NothingToBuy
    if user is not None and draft.user_id is None:  # a guest signed in on the way
        draft.user = user
        draft.save(update_fields=["user"])
    crashes.point("checkout.begun")
    return draft, quote


@transaction.atomic
def change(*, checkout: Checkout, details: Details) -> Checkout:
    """Keep what was typed, right or wrong, so that nothing is ever typed twice."""
    checkout = _locked(checkout)
    if checkout.is_draft:
        checkout.details = details.as_json()
        checkout.save(update_fields=["details"])
    return checkout


# ── the moment ────────────────────────────────────────────────────────────────────────────────────
@operation
def place(*, checkout: Checkout, details: Details, shown_total_minor: int, return_url: str, actor: Actor, at: datetime) -> Checkout:
    """Agree: everything is computed again, reserved, ordered, and one payment asked for. A second press finds it done."""
    checkout = _locked(checkout)
    if checkout.state in (CheckoutState.PLACED, CheckoutState.PAID):
        return checkout
    if not checkout.is_draft:
        raise CheckoutOver
    quote = _quote_as_shown(checkout, details, shown_total_minor, at)
    email, address, name = _checked(quote, details)
    party = checkout.user.party if checkout.user else parties.of_guest(email=email, at=at)
    references_of = {seller.vendor.pk: references.new() for seller in quote.sellers}
    expires_at = at + RESERVED_FOR
    for seller in quote.sellers:  # by vendor, then by variant: everybody reserves in this order
        lines = [(line.row.variant_id, line.quantity) for line in seller.lines]
        stock.reserve(lines=lines, trade=references_of[seller.vendor.pk], until=expires_at, at=at, actor=actor)
    crashes.point("checkout.stock_reserved")
    snapshot = quote.snapshot()
    payment = payments.request(
        trade=checkout.trade,
        buyer=party.key,
        amount=quote.due_now(at),
        snapshot_hash=quotes.fingerprint(snapshot),
        return_url=return_url,
        expires_at=expires_at,
        description=_description(quote),
        payer=Payer(country=details.country, email=email, language=checkout.language, method=details.method),
        starts_now=True,
        at=at,
        actor=actor,
    )
    crashes.point("checkout.payment_requested")
    buyer = orders_of.Buyer(party.key, checkout.user, name, email, details.phone, checkout.language, address)
    versions = listings.latest_versions(line.row.variant.listing_id for seller in quote.sellers for line in seller.lines)
    for seller in quote.sellers:
        orders_of.open_order(
            reference=references_of[seller.vendor.pk], checkout=checkout, payment=payment, seller=seller,
            buyer=buyer, versions=versions, actor=actor, at=at,
        )  # fmt: skip
    crashes.point("checkout.orders_opened")
    _park(checkout, quote, at)
    return _placed(checkout, details, quote, snapshot, payment, expires_at, actor, at)


def start_payment(*, checkout: Checkout) -> str:
    """The provider's page where the buyer pays. Talks to the network: never inside a transaction."""
    assert checkout.payment is not None
    return str(payments.start(payment_reference=checkout.payment.reference))


def refresh(*, checkout: Checkout) -> Checkout:
    """The buyer came back from the provider: ask how it stands. The webhook does the same and may have been faster."""
    if checkout.payment is not None and checkout.state == CheckoutState.PLACED:
        paid = payments.refresh(payment_reference=checkout.payment.reference)
        ((checkout.state, checkout.ended_at),) = _ended(checkout.pk)
        checkout.payment = paid
    return checkout


@compiled
def _ended(checkout_id: int) -> QuerySet[Checkout, tuple[str, datetime | None]]:
    return Checkout.objects.filter(pk=checkout_id).values_list("state", "ended_at").order_by()


def abandon(*, checkout: Checkout, actor: Actor, at: datetime) -> Checkout:
    """The buyer will not pay: the provider closes its page first, and only then stock and basket come back."""
    if checkout.payment is not None and checkout.state == CheckoutState.PLACED:
        payments.cancel(payment_reference=checkout.payment.reference, at=at, actor=actor)
        checkout.refresh_from_db()
    return checkout


# ── after ─────────────────────────────────────────────────────────────────────────────────────────
def mark_paid(*, checkout: Checkout, actor: Actor, at: datetime) -> Checkout:
    checkout = _end(checkout, "pay", by="provider", actor=actor, at=at)
    carts.forget_parked(cart=checkout.cart, checkout=checkout.reference, at=at)
    return checkout


def mark_expired(*, checkout: Checkout, actor: Actor, at: datetime) -> Checkout:
    checkout = _end(checkout, "expire", by="provider", actor=actor, at=at)
    carts.unpark(cart=checkout.cart, checkout=checkout.reference, at=at)
    return checkout


def drop_old(*, at: datetime) -> int:
    """Drafts that nobody came back to lose what was typed into them."""
    old = Checkout.objects.filter(state=CheckoutState.DRAFT, created_at__lt=at - DRAFT_KEPT)
    return old.update(state=CheckoutState.DROPPED, details={}, ended_at=at)


# ── beats ─────────────────────────────────────────────────────────────────────────────────────────
def _known(user: User | None) -> Details:
    if user is None:
        return Details()
    first = addresses.of(user).first()
    address = first.data.as_json() if first else {"name": user.name}
    return buyer_details.tidy(email=user.email, address=address, choices={})


def _draft(*, cart: Cart, currency: str, user: User | None, language: str, details: Details, at: datetime) -> Checkout:
    draft = Checkout(cart=cart, currency=currency, user=user, language=language, details=details.as_json(), created_at=at)
    return draft if rows.insert_once(draft) else _drafts(cart.pk, currency)[0]  # begun twice at once


@compiled
def _drafts(cart_id: int, currency: str) -> QuerySet[Checkout]:
    return Checkout.objects.filter(cart_id=cart_id, currency=currency, state=CheckoutState.DRAFT).order_by("id")


def _locked(checkout: Checkout) -> Checkout:
    locks.trade(checkout.trade)
    with locks.refusing_to_wait():
        return _locked_row(checkout.pk)[0]


@compiled
def _locked_row(checkout_id: int) -> QuerySet[Checkout]:
    return Checkout.objects.select_related("cart", "user__party", "payment").filter(pk=checkout_id).order_by().select_for_update(of=("self",))


def _quote_as_shown(checkout: Checkout, details: Details, shown_total_minor: int, at: datetime) -> Quote:
    quote = quotes.quote(cart=checkout.cart, currency=checkout.currency, country=details.country, choices=details.choices, at=at, plans=details.plans)
    if quote.is_empty:
        raise NothingToBuy
    carts.refuse_own(checkout.cart, [seller.vendor for seller in quote.sellers])
    for seller in quote.sellers:
        wanted = details.choices.get(seller.vendor.reference)
        if seller.chosen is None or (wanted and wanted != seller.chosen.code):
            raise NoDelivery(field=f"choice-{seller.vendor.reference}", shop=seller.vendor.name)
    if quote.totals.total_minor != shown_total_minor:
        raise PriceChanged(total=str(quote.total), total_minor=quote.totals.total_minor)
    return quote


def _checked(quote: Quote, details: Details) -> tuple[str, dict[str, str] | None, str]:
    """E-mail, address and name; everything that is wrong is said at once."""
    wrong: dict[str, str] = {}
    address = None
    try:
        buyer_details.checked_email(details)
    except Invalid as invalid:
        wrong["email"] = invalid.message
    try:
        if quote.needs_address:
            address = buyer_details.checked_address(details)
        else:
            buyer_details.checked_name(details)
    except AddressInvalid as several:
        wrong |= several.fields
    except Invalid as invalid:
        wrong[invalid.field or ""] = invalid.message
    if wrong:
        raise AddressInvalid(wrong)
    return details.email, address, address["name"] if address else details.name[:120]


def _park(checkout: Checkout, quote: Quote, at: datetime) -> None:
    wanted = [line.reference for seller in quote.sellers for line in seller.lines]
    if carts.park(cart=checkout.cart, lines=wanted, checkout=checkout.reference, at=at) != len(wanted):
        raise NothingToBuy  # a twin checkout of the same basket was faster


def _placed(
    checkout: Checkout, details: Details, quote: Quote, snapshot: dict[str, Any], payment: Payment, expires_at: datetime, actor: Actor, at: datetime
) -> Checkout:
    chosen = {seller.vendor.reference: seller.chosen.code for seller in quote.sellers if seller.chosen}
    before = checkout.state
    trail = audit.event(
        kind="checkout", reference=checkout.reference, name="place", actor=actor, at=at,
        after={"total_minor": quote.totals.total_minor, "currency": checkout.currency, "payment": payment.reference},
    )  # fmt: skip
    moved = rows.move(
        checkout,
        trail,
        where={"state": before},
        state=FLOW.target(checkout.state, "place", by="buyer"),
        details=replace(details, choices=chosen).as_json(),
        total_minor=quote.totals.total_minor,
        snapshot=snapshot,
        snapshot_hash=payment.snapshot_hash,
        payment_id=payment.pk,
        placed_at=at,
        expires_at=expires_at,
    )
    assert moved, "the checkout was not locked"
    checkout.payment = payment
    crashes.point("checkout.placed")
    return checkout


def _end(checkout: Checkout, move: str, *, by: str, actor: Actor, at: datetime) -> Checkout:
    before = checkout.state
    trail = audit.event(kind="checkout", reference=checkout.reference, name=move, actor=actor, at=at, before={"state": before})
    moved = rows.move(checkout, trail, where={"state": before}, state=FLOW.target(before, move, by=by), ended_at=at)
    assert moved, "the checkout was not locked"
    return checkout


def _description(quote: Quote) -> str:
    first = quote.sellers[0].lines[0].title
    others = sum(len(seller.lines) for seller in quote.sellers) - 1
    return first if not others else f"{first} + {others}"
