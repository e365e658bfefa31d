"""The tabs over every page of one's own shop, and the day it promised. `{% load shops %}{% shop_tabs shop "listings" %}`"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext as _

from core.business_days import business_days_after
from core.money import Money
from marketplace.checkout.quotes import SellerQuote
from marketplace.orders import parts
from marketplace.orders.models import Order
from vendors.members import access, roles
from vendors.profiles.models import Vendor

register = template.Library()


class Tab(NamedTuple):
    """One page of the shop."""

    code: str
    words: str
    icon: str
    href: str


@register.inclusion_tag("my_shop/_tabs.html", takes_context=True)
def shop_tabs(context: dict[str, Any], shop: Vendor, here: str) -> dict[str, Any]:
    """Only what this person may open in this shop."""
    mine = access.permissions_in(context["request"].user, shop)
    every = [
        (roles.EDIT_LISTINGS, Tab("listings", _("Listings"), "tag", "listings")),
        (roles.VIEW_ORDERS, Tab("orders", _("Orders"), "box", "orders")),
        (roles.FULFIL_ORDERS, Tab("shipping", _("Delivery"), "truck", "shipping")),
        (roles.VIEW_MONEY, Tab("payouts", _("Payouts"), "coin", "payouts")),
        (roles.VIEW_SHOP, Tab("members", _("Members"), "people", "members")),
        (roles.EDIT_PROFILE, Tab("settings", _("Settings"), "settings", "settings")),
    ]
    return {"shop": shop, "here": here, "tabs": [tab._replace(href=f"/sell/{shop.slug}/{tab.href}/") for right, tab in every if right in mine]}


class Promise(NamedTuple):
    """The last day on which a paid parcel leaves as the shop said it would. Missing it cancels nothing yet; the deadline does."""

    day: date
    is_late: bool


@register.simple_tag
def promise_of(order: Order, now: datetime) -> Promise | None:
    """For parcels that wait; the shop's working days in the shop's zone."""
    if order.is_pickup or not order.is_before_hand_over or order.paid_at is None:
        return None
    zone = order.vendor.zone
    day = business_days_after(order.paid_at.astimezone(zone).date(), order.hold.handling_days)
    return Promise(day, now.astimezone(zone).date() > day)


@register.simple_tag
def schedule_of(seller: SellerQuote, at: datetime) -> list[dict[str, Any]]:
    """The parts in which a seller may be paid: what each is called, how much, and by when."""
    dues, kind = seller.schedule(at), seller.offers.kind if seller.offers else ""
    titles = [parts.title_of(kind, due.position, len(dues), due.name) for due in dues]
    currency = seller.vendor.currency
    return [{"title": title, "amount": Money(due.amount_minor, currency), "due_at": due.due_at} for title, due in zip(titles, dues, strict=True)]
