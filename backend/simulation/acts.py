"""What people do, each act the same operations that their page or API call runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.addresses import access as addresses
from accounts.users import queries as users
from accounts.users.models import User
from core.actors import Actor
from core.errors import NotHere
from core.money import Money
from escrow.chargebacks import evidence
from escrow.chargebacks.models import Chargeback
from escrow.disputes import rulings
from escrow.models import Payment
from escrow.payments import operations as payments
from escrow.payments import sandbox_bank
from escrow.payouts import operations as payouts
from marketplace.cart import operations as carts
from marketplace.catalog.listings.models import Variant
from marketplace.checkout import operations as checkouts
from marketplace.checkout import quotes
from marketplace.checkout.details import Details
from marketplace.checkout.models import Checkout
from marketplace.fulfilment.kinds.pickup import operations as pickups
from marketplace.fulfilment.kinds.pickup.models import Pickup
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders import operations as orders
from marketplace.orders import paying
from marketplace.orders.models import Order
from marketplace.orders.queries import dispute_of
from vendors.models import Vendor

Wish = tuple[Variant, int]
SECOND = Actor("staff", "SECONDPERSON")  # approves what is large


@dataclass(frozen=True)
class Buyer:
    """Somebody who buys: with an account (`user`), or as a guest with an e-mail and an address."""

    email: str
    address: dict[str, str]
    user: User | None = None
    language: str = "en"

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return users.actor_of(self.user) if self.user else Actor("guest", label=self.email)


def buyer_of(user: User) -> Buyer:
    """A person with their default address."""
    kept = addresses.of(user).filter(is_default=True).first()
    return Buyer(user.email, kept.data.as_json() if kept else {}, user, user.language)


def place(buyer: Buyer, wishes: Sequence[Wish], *, at: datetime, pickup: bool = False, in_parts: bool = False) -> Checkout:
    """Basket, checkout, place, and the way to the payment page; one payment, one order per seller."""
    cart = carts.open_for(user=buyer.user, at=at) if buyer.user else carts.open_for_guest(at=at)[0]
    currency = wishes[0][0].listing.vendor.currency
    lines = [carts.add(cart=cart, variant=variant, quantity=quantity, at=at) for variant, quantity in wishes]
    carts.choose(cart=cart, chosen=[line.reference for line in lines], at=at)
    checkout, _quote = checkouts.begin(cart=cart, currency=currency, user=buyer.user, language=buyer.language, at=at)
    details = Details(email=buyer.email, address=buyer.address)
    quote = quotes.quote(cart=cart, currency=currency, country=details.country, choices={}, at=at)
    if pickup:
        details = Details(email=buyer.email, address=buyer.address, choices=_pickups(quote))
        quote = quotes.quote(cart=cart, currency=currency, country=details.country, choices=details.choices, at=at)
    if in_parts:
        details = replace(details, plans=tuple(seller.vendor.reference for seller in quote.sellers if seller.offers))
    return checkouts.place(
        checkout=checkout,
        details=details,
        shown_total_minor=quote.total.amount_minor,
        return_url=f"/checkout/{checkout.reference}/",
        actor=buyer.actor,
        at=at,
    )


def _pickups(quote: quotes.Quote) -> dict[str, str]:
    found = {}
    for seller in quote.sellers:
        codes = [view.option.code for view in seller.options if view.option.kind == "pickup"]
        if codes:
            found[seller.vendor.reference] = codes[0]
    return found


def payment_of(checkout: Checkout) -> Payment:
    """The checkout's payment as it stands."""
    return Payment.objects.get(trade=checkout.trade)


def go_to_bank(checkout: Checkout, *, at: datetime) -> str:
    """Open the payment page; the provider's name of the payment."""
    checkouts.start_payment(checkout=checkout)
    return payment_of(checkout).provider_ref


def pay(checkout: Checkout, *, at: datetime, method: str = "card", decline: bool = False, manner: sandbox_bank.Manner = "") -> None:
    """Pay on the hosted page, or be declined there."""
    sandbox_bank.pay(go_to_bank(checkout, at=at), method=method, at=at, decline=decline, manner=manner)


def is_challenged(checkout: Checkout) -> bool:
    """Whether the payer's bank wants to know if it is really them."""
    ref = payment_of(checkout).provider_ref
    return bool(ref) and sandbox_bank.page(ref).challenged


def authenticate(checkout: Checkout, *, passed: bool, at: datetime) -> None:
    """The payer answers their bank, or cannot."""
    sandbox_bank.authenticate(payment_of(checkout).provider_ref, passed=passed, at=at)


def ask_bank(order: Order, *, at: datetime, inquiry: bool = False) -> str:
    """The buyer asks their bank for the money of the whole purchase; the bank's name of the case."""
    payment = Payment.objects.get(pk=order.hold.payment_id)
    return sandbox_bank.dispute(payment.provider_ref, at=at, reason="product_not_received", inquiry=inquiry).ref


def defend(case: Chargeback, by: Actor, *, name: str = "summary", words: str, at: datetime) -> None:
    """Seller or desk say what happened."""
    evidence.add(case=case, name=name, words=words, at=at, actor=by)


def answer_bank(case: Chargeback, staff: Actor, *, at: datetime) -> None:
    """The desk sends what was said and what the house knows."""
    evidence.submit(case=case, at=at, actor=staff)


def pay_part(order: Order, buyer: Buyer, *, at: datetime) -> None:
    """The next part of an order, on its own hosted page."""
    assert order.plan is not None
    part = order.plan.parts.filter(state="waiting").order_by("position")[0]
    payment = paying.pay_part(order=order, part=part.reference, return_url=f"/orders/{order.reference}/", actor=buyer.actor, at=at)
    paying.start(reference=payment.reference)
    payment.refresh_from_db()
    sandbox_bank.pay(payment.provider_ref, method="card", at=at)


def pay_too_late(checkout: Checkout, *, at: datetime) -> None:
    """A transfer that was on its way arrives after the session has ended."""
    sandbox_bank.pay_after_the_end(payment_of(checkout).provider_ref, at=at)


def come_back(checkout: Checkout, *, at: datetime) -> None:
    """The buyer returns to the shop, which asks the provider."""
    payments.refresh(payment_reference=payment_of(checkout).reference)


def walk_away(checkout: Checkout, buyer: Buyer, *, at: datetime) -> None:
    """The buyer gives up before paying."""
    checkouts.abandon(checkout=checkout, actor=buyer.actor, at=at)


def orders_of(checkout: Checkout) -> list[Order]:
    """Its orders, one per seller."""
    return list(Order.objects.filter(trade=checkout.trade).order_by("id"))


def ship(order: Order, seller: Actor, *, at: datetime, number: str = "") -> None:
    """Pack and give the parcel to the carrier."""
    if order.state == "paid":
        orders.pack(order=order, actor=seller, at=at)
    shipping.send(order=order, carrier="sandbox", tracking_number=number, actor=seller, at=at)


def hand_over(order: Order, seller: Actor, *, at: datetime) -> None:
    """Meet: the buyer shows the code, the seller enters it."""
    pickups.hand_over(order=order, code=Pickup.objects.get(order=order).code, actor=seller, at=at)


def confirm(order: Order, buyer: Buyer, *, at: datetime) -> None:
    """Everything is right."""
    orders.confirm_receipt(order=order, actor=buyer.actor, at=at)


def report(order: Order, buyer: Buyer, *, reason: str, words: str, at: datetime) -> None:
    """I have an issue."""
    orders.report_issue(order=order, reason=reason, words=words, actor=buyer.actor, at=at)


def settle(order: Order, staff: Actor, *, outcome: str, reason: str, at: datetime) -> None:
    """The desk decides."""
    dispute = dispute_of(order)
    if dispute is None:  # the report came too late and was refused
        raise NotHere
    rulings.begin_deciding(dispute=dispute, by="staff", at=at, actor=staff)
    hold = dispute.hold
    to_buyer = hold.left if outcome == "refund" else Money.zero(hold.currency)
    ruling = rulings.rule(dispute=dispute, to_buyer=to_buyer, reason=reason, at=at, actor=staff)
    if ruling.needs_approval:
        rulings.approve(dispute=dispute, at=at, actor=SECOND)


def refund_part(order: Order, seller: Actor, *, amount_minor: int, reason: str, at: datetime) -> None:
    """The seller gives some of it back before the release."""
    orders.refund_part(order=order, amount=Money(amount_minor, order.currency), reason=reason, actor=seller, at=at)


def open_account(vendor: Vendor, actor: Actor, *, at: datetime) -> None:
    """The seller's account with the provider."""
    payouts.ensure_account(party=vendor.party.key, currency=vendor.currency, country=str(vendor.country), at=at, actor=actor)


def ask_payout(vendor: Vendor, actor: Actor, *, at: datetime, amount_minor: int | None = None) -> None:
    """All that is available, or some of it."""
    amount = None if amount_minor is None else Money(amount_minor, vendor.currency)
    payouts.request(seller=vendor.party.key, currency=vendor.currency, amount=amount, at=at, actor=actor)
