"""Template tags of the desk. `{% load desk %}`."""

from __future__ import annotations

from datetime import datetime

from babel.numbers import format_decimal
from django import template
from django.utils.translation import gettext, ngettext

from core.money import Money
from escrow.holds.models import Hold
from escrow.holds.states import State

register = template.Library()
_BADGES = {
    State.FUNDED: "badge--wait",
    State.SHIPPED: "badge--wait",
    State.DELIVERED: "badge--wait",
    State.DISPUTED: "badge--stop",
    State.RELEASED: "badge--go",
}


@register.filter
def hold_badge(hold: Hold) -> str:
    """The colour of a state: saffron waits, pomegranate is frozen, mint is done."""
    return _BADGES.get(State(hold.state), "")


@register.filter
def minor(amount_minor: int, currency: str) -> str:
    """A plain number of the currency: 1,234.50."""
    money = Money(int(amount_minor), currency)
    return str(format_decimal(money.plain(), format="#,##0" + ("." + "0" * money.exponent if money.exponent else ""), locale="en"))


@register.filter
def minor_abs(amount_minor: int, currency: str) -> str:
    """The same without its sign: a credit in its own column."""
    return minor(abs(int(amount_minor)), currency)


@register.filter
def left_at(due: datetime, at: datetime) -> str:
    """'3 h 10 min', '5 d 2 h', 'now'."""
    minutes = int((due - at).total_seconds() // 60)
    if minutes <= 0:
        return gettext("now")
    if minutes >= 1440:
        return gettext("{days} d {hours} h").format(days=minutes // 1440, hours=minutes // 60 % 24)
    if minutes >= 60:
        return gettext("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    return ngettext("{minutes} min", "{minutes} min", minutes).format(minutes=minutes)
