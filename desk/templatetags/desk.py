"""Template tags of the desk. `{% load desk %}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from core.money import Money
from desk import words
from escrow.holds.models import Hold
from escrow.holds.states import Outcome, Reason, State
from marketplace.orders.states import OrderState

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


# ── the book's own names in words ─────────────────────────────────────────────────────────────────

register.filter("account_words", words.account)
register.filter("entry_words", words.entry)
register.filter("move_words", words.move)
register.filter("who_words", words.who)
register.filter("mover_words", words.mover)


@register.simple_tag(takes_context=True)
def account_detail(context: dict[str, Any], code: str) -> SafeString:
    """Whose account, or which hold's: the party's name where the page knows it."""
    names: dict[str, str] = context.get("names", {})
    parts = [names.get(part, part) for part in words.about_account(code)]
    return format_html('<span class="muted">{}</span>', " · ".join(parts)) if parts else mark_safe("")


@register.filter
def kind_words(kind: str) -> str:
    """What sort of account it is."""
    return str(words.KINDS.get(kind, kind))


@register.filter
def state_words(state: str) -> str:
    """A state of a hold or an order as its badge says it."""
    for states in (State, OrderState):
        if state in states.values:
            return str(states(state).label)
    return state


@register.filter
def reason_words(reason: str) -> str:
    """A reason that the house itself wrote; what a person wrote stays as it is."""
    for reasons in (Reason, Outcome):
        if reason in reasons.values:
            return str(reasons(reason).label)
    return str(words.REASONS.get(reason, reason))


@register.filter
def lookup(names: dict[str, str], key: str) -> str:
    """The name that belongs to a key, or nothing."""
    return names.get(key, "")
