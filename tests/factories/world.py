"""Two small lives side by side, each with something of everything: for tests that let strangers knock at every door."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.addresses import operations as addresses
from accounts.models import ApiToken, User
from accounts.tokens import operations as tokens
from accounts.users import queries as users
from core import clock, references
from core.actors import Actor
from escrow.disputes import evidence
from escrow.models import Exhibit
from marketplace.assortment import operations as assortment
from marketplace.assortment.actions import Restock
from marketplace.assortment.models import BulkChange
from marketplace.cart import operations as carts
from marketplace.catalog.listings.models import Listing
from marketplace.importing import operations as imports
from marketplace.importing.models import Import
from marketplace.importing.terms import Terms
from marketplace.orders import operations as orders
from marketplace.orders import queries as order_queries
from marketplace.orders.models import Order
from marketplace.papers import bodies
from marketplace.papers import operations as papers
from marketplace.papers.models import Paper, PaperKind
from marketplace.returns.models import Return
from messaging.models import Notification
from tests.factories import goods, trade
from vendors.members import operations as members
from vendors.members.models import Member
from vendors.models import Vendor


@dataclass
class Life:
    """A buyer and a seller, the secrets of their tokens, and what is theirs by kind."""

    buyer: User
    seller: User
    buyer_token: str
    seller_token: str
    things: dict[str, list[str]] = field(default_factory=dict)


def life(name: str) -> Life:
    """`name` is in every text of this life that nobody else may read."""
    at = clock.now()
    buyer, owner = goods.person(f"buyer-{name}@example.com".lower()), goods.person(f"seller-{name}@example.com".lower())
    found = Life(buyer, owner, _token(buyer), _token(owner))
    vendor = goods.shop(owner)
    method, place = trade.method(vendor), trade.place_to_pick_up(vendor)
    lamp, chair = goods.published(vendor, on_hand=20), goods.published(vendor, title="Chair", on_hand=20)
    draft = goods.draft(vendor, title=f"Secret draft {name}")
    paid = _bought(buyer, lamp, name)
    sick = orders.report_issue(
        order=_bought(buyer, lamp, name), reason="not_received", words=f"Private words {name}", actor=users.actor_of(buyer), at=at
    )
    waiting = trade.place(trade.basket(lamp, user=buyer))
    cart = trade.basket(chair, user=buyer)
    address = addresses.add(user=buyer, data=addresses.address_data(**{**trade.LYON, "name": f"Private {name}"}), at=at)
    invitation = members.invite(vendor=vendor, email=f"guest-{name}@example.com".lower(), role="lister", by=owner, actor=users.actor_of(owner), at=at)
    found.things = {
        "order": [paid.reference, sick.reference],
        "vendor": [vendor.slug],
        "listing": [draft.reference, lamp.reference],
        "photo": [row.reference for row in draft.photos.all()],
        "address": [address.reference],
        "token": [row.reference for row in ApiToken.objects.filter(user__in=[buyer, owner])],
        "notification": [row.reference for row in Notification.objects.filter(user__in=[buyer, owner])],
        "member": [row.reference for row in Member.objects.filter(vendor=vendor)],
        "invitation": [invitation.reference],
        "secret": [members.token_of(invitation)],
        "method": [method.reference],
        "place": [place.reference],
        "line": [row.reference for row in carts.Cart.objects.get(pk=cart.pk).lines.all()],
        "checkout": [waiting.reference, trade.draft_checkout(cart).reference],
        "payment": [waiting.payment.reference if waiting.payment else ""],
        "bank": [paid.hold.payment.provider_ref],
        "paper": [paper_of(paid).reference],
        "month": [f"{at:%Y-%m}"],
        "exhibit": [_shown(sick).reference],
        "return": [asked_back(paid).reference],
        "hold": [paid.hold.reference, sick.hold.reference],
        "import": [_table_of(vendor, owner).reference],
        "bulk_change": [_changed(vendor, lamp).reference],
        "variant": [lamp.variants.get().reference],
    }
    return found


def paper_of(order: Order) -> Paper:
    """An invoice without waiting for the goods to leave."""
    day = order.placed_at.date().isoformat()
    buyer = {"name": order.buyer_name, "email": order.email, "lines": []}
    about = {"order": order.number, "ordered_on": day, "supplied_on": day, "lines": bodies.lines_of(order)}
    body = {"issuer": bodies.issuer_of(order.vendor), "buyer": buyer, **about}
    facts: dict[str, Any] = {"vendor": order.vendor, "order": order, "body": body, "language": "en", "at": order.placed_at}
    with transaction.atomic():
        return papers.issue(kind=PaperKind.INVOICE, key=f"invoice:{order.reference}", **facts)


def _shown(order: Order) -> Exhibit:
    """A letter in the dispute."""
    dispute = order_queries.dispute_of(order)
    assert dispute is not None
    return evidence.show(dispute=dispute, side="buyer", title="Letter", file=b"%PDF-1.4", file_name="letter.pdf", at=clock.now(), actor=Actor("user"))


def asked_back(order: Order) -> Return:
    """The buyer wants to send everything back; asked without waiting for the carrier."""
    lines, at = list(order.lines.all()), order.placed_at
    asked = Return.objects.create(
        order=order, of_right=True, reason="other", words="Private", paid_by="buyer", currency=order.currency,
        amount_minor=sum(line.total_minor for line in lines), asked_at=at, due_at=at + timedelta(days=5), due_move="approve",
    )  # fmt: skip
    for line in lines:
        asked.lines.create(order_line=line, part=line.reference, quantity=line.quantity, amount_minor=line.total_minor)
    return asked


def _table_of(vendor: Vendor, owner: User) -> Import:
    file = io.BytesIO(b"sku,title,price,stock\nA-1,Aurelio,10.00,1\nA-2,Brisk,cheap,1\n")
    terms = Terms(currency=vendor.currency, category="computers")
    return imports.upload(vendor=vendor, user=owner, name="table.csv", file=file, terms=terms, actor=users.actor_of(owner), at=clock.now())


def staff() -> User:
    """Somebody who sits at every desk."""
    person = goods.person("desk@example.com")
    person.is_staff = True
    person.save()
    person.groups.set(Group.objects.filter(name__in=["arbitrators", "moderators", "finance", "admins"]))
    return person


def _bought(buyer: User, listing: object, name: str) -> object:
    cart = trade.basket(listing, user=buyer)  # type: ignore[arg-type]
    checkout, at = trade.draft_checkout(cart), clock.now()
    said = trade.typed(cart, name=f"Private {name}")
    total = trade.quotes.quote(cart=cart, currency="EUR", country="FR", choices={}, at=at).totals.total_minor
    placed = trade.operations.place(
        checkout=checkout, details=said, shown_total_minor=total, return_url="/checkout/done/", actor=trade.actor_of(cart), at=at
    )
    return trade.orders_of(trade.pay(placed))[0]


def _changed(vendor: Vendor, listing: Listing) -> BulkChange:
    stock_up = Restock("add", 1)
    return assortment.begin(vendor=vendor, listing_ids=[listing.pk], action=stock_up, key=references.new(), actor=goods.SELLER, at=clock.now())


def _token(user: User) -> str:
    at = clock.now()
    return tokens.issue(user=user, name="Robot", scopes=["read", "buy", "sell", "money", "account"], expires_at=at + timedelta(days=30), at=at)[1]
