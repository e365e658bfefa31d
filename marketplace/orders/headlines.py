"""What the page of an order says first, to each side in its own words. Written here as they may be said, translated when one is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from babel.numbers import format_currency
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _

from core.money import Money
from marketplace.orders.models import Order
from marketplace.orders.states import OrderState

Viewer = Literal["buyer", "seller", "staff"]
Text = str | Promise
Pair = tuple[Text, Text]
S = OrderState

WITHDRAWN: Pair = _("You cancelled before paying"), _("Nothing was charged. Your things are back in the basket.")
PAY_PART: Pair = _("Pay {part}: {amount}"), _("Until {day}. It is held like the first part, until you confirm that everything is right.")
PART_AWAITED: Pair = _("Waiting for {part} from {buyer}"), _("{amount}, until {day}. You may give more time.")
ASKED_TO_CANCEL: Pair = _("You asked to cancel it"), _("It was packed already, so {shop} agrees, or sends it if it is too late to stop it.")
ASKS_TO_CANCEL: Pair = (
    _("{buyer} asks to cancel it"),
    _("Agree, and {buyer} gets everything back. If it has left already, enter its tracking number."),
)
TO_PICK_UP: Pair = _("Pick it up and show your code"), _("Look at it first. When {shop} enters the code, the hand-over is proven.")
TO_HAND_OVER: Pair = _("Hand it over to {buyer}"), _("Ask for the code when {buyer} has looked at it, and enter it here.")
TO_BUYER: dict[str, Pair] = {
    S.AWAITING_PAYMENT: (_("Waiting for your payment"), _("Your things are reserved for you meanwhile.")),
    S.PAID: (_("{shop} is getting it ready"), _("You have nothing to do. Your money waits.")),
    S.PACKED: (_("Packed, about to be sent"), _("You have nothing to do. Your money waits.")),
    S.SHIPPED: (_("On its way to you"), _("Confirm when you have it and everything is right.")),
    S.DELIVERED: (_("Is everything right?"), _("Look at it closely, try it. Your money waits until you say so.")),
    S.ISSUE: (_("Your money is frozen"), _("Our team reads both sides and decides before the date above.")),
    S.COMPLETED: (_("Completed"), _("{shop} has been paid.")),
    S.CANCELLED: (_("Cancelled"), _("What you paid goes back the way you paid it.")),
    S.REFUNDED: (_("Refunded"), _("Your money goes back the way you paid it.")),
    S.EXPIRED: (_("Not paid in time"), _("Nothing was charged. Your things are back in the basket.")),
}
TO_SELLER: dict[str, Pair] = {
    S.AWAITING_PAYMENT: (_("Waiting for the payment"), ""),
    S.PAID: (_("Send it to {buyer}"), _("It is paid, and the money is held for you.")),
    S.PACKED: (_("Send it to {buyer}"), _("It is paid, and the money is held for you.")),
    S.SHIPPED: (_("On its way to {buyer}"), _("You have nothing to do.")),
    S.DELIVERED: (_("{buyer} is looking at it"), _("You are paid when {buyer} confirms.")),
    S.ISSUE: (_("{buyer} has an issue"), _("The money is frozen. Our team reads both sides and decides.")),
    S.COMPLETED: (_("Completed"), _("The money is in your balance.")),
    S.CANCELLED: (_("Cancelled"), _("The money went back to {buyer}. Do not send it.")),
    S.REFUNDED: (_("Refunded"), _("The money went back to {buyer}.")),
    S.EXPIRED: (_("Never paid"), ""),
}
SILENCE: dict[str, Text] = {
    "expire": _("The order ends and nothing is paid."),
    "refund": _("The order is cancelled and the buyer gets everything back."),
    "dispute": _("An issue opens by itself and the money is frozen."),
    "release": _("{shop} is paid."),
}
SILENCE_TO: dict[tuple[str, Viewer], Text] = {
    ("refund", "buyer"): _("The order is cancelled and you get everything back."),
    ("release", "seller"): _("You are paid."),
}


def headline(order: Order, viewer: Viewer) -> tuple[str, str]:
    """Where it stands, and what that means for whoever looks."""
    names = {"shop": order.vendor.name, "buyer": order.buyer_name}
    first, words = (_for_buyer if viewer == "buyer" else _for_seller)(order)
    return str(first).format(**names), str(words).format(**names)


def of_part(order: Order, viewer: Viewer, *, title: str, amount: Money, due_at: datetime) -> tuple[str, str]:
    """Before anything else happens a part must be paid."""
    first, words = PAY_PART if viewer == "buyer" else PART_AWAITED
    names = {"part": title, "amount": _shown(amount), "buyer": order.buyer_name, "day": date_format(localtime(due_at), "DATE_FORMAT")}
    return str(first).format(**names), str(words).format(**names)


def part_words(order: Order, facts: Mapping[str, Any]) -> str:
    """Which part a line of the timeline is about."""
    amount = Money(int(facts.get("amount_minor", 0)), order.currency)
    return f"{facts.get('name') or gettext('Part {number}').format(number=facts['part'])}: {_shown(amount)}"


def _shown(amount: Money) -> str:
    return str(format_currency(amount.plain(), amount.currency, locale=to_locale(get_language() or "en")))


def of_wish(order: Order, viewer: Viewer) -> tuple[str, str]:
    """The buyer asks to cancel what is packed."""
    first, words = ASKED_TO_CANCEL if viewer == "buyer" else ASKS_TO_CANCEL
    names = {"shop": order.vendor.name, "buyer": order.buyer_name}
    return str(first).format(**names), str(words).format(**names)


def silence(order: Order, move: str, viewer: Viewer) -> str:
    """What happens if nobody does anything."""
    return str(SILENCE_TO.get((move, viewer)) or SILENCE.get(move, "")).format(shop=order.vendor.name)


def _for_buyer(order: Order) -> Pair:
    if order.state == S.EXPIRED and order.is_withdrawn:
        return WITHDRAWN
    return TO_PICK_UP if order.is_pickup and order.is_before_hand_over else TO_BUYER[order.state]


def _for_seller(order: Order) -> Pair:
    return TO_HAND_OVER if order.is_pickup and order.is_before_hand_over else TO_SELLER[order.state]
