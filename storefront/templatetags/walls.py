"""What stands many times on a page of goods: cards, boxes to tick, bars of prices. `{% load walls %}<ul class="wall">{% wall cards %}</ul>`

People look at walls most of all, and the template engine took longer to draw one than the search to find it, so these few parts are written in
Python: the same words and marks as a template would have, and `_filled` escapes whatever is not marked as safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from marketplace.catalog.listings.cards import ListingCard
from marketplace.catalog.listings.states import ListingState
from marketplace.catalog.pictures import Picture
from storefront.templatetags.souk import html_lang, icon, money

if TYPE_CHECKING:
    from storefront.shop.delivery import ShownCard
    from storefront.shop.results import Bar, FacetBox

register = template.Library()
SEEN_AT_ONCE = 4  # pictures that most screens show before anybody scrolls
CARD = (
    '<li class="card{}"><div class="card__picture">{}{}</div>\n<div class="card__text"><p class="price">{}{}</p>'
    '<h3 class="card__title" lang="{}"><a href="{}">{}</a></h3><p class="card__meta">{}</p><p class="card__meta">{}{}</p></div></li>\n'
)
PICTURE = (
    '<picture><source type="image/avif" srcset="{}" sizes="(max-width: 47.99rem) 50vw, 15rem"><img src="{}" srcset="{}" '
    'sizes="(max-width: 47.99rem) 50vw, 15rem" width="600" height="600"{} decoding="async" alt=""></picture>'
)
NO_PICTURE = '<img src="{}" width="600" height="600" alt="">'
BADGE = '<span class="badge card__format">{}{}</span>'
TICK = '<label class="tick"><input type="checkbox" name="{}" value="{}"{}><span>{}</span><span>{}</span></label>\n'
BAR = '<rect{} x="{}" y="{}" width="{}" height="{}" rx="2"/>'
_SPECIAL = re.compile("[&<>\"']")
NOTHING, GONE, LAZY, CHECKED, INSIDE = map(SafeString, ("", " card--gone", ' loading="lazy"', " checked", ' class="in"'))


def _filled(frame: str, *words: object) -> SafeString:
    return SafeString(frame.format(*(word if isinstance(word, SafeString) else _escaped(str(word)) for word in words)))


def _escaped(text: str) -> str:
    return escape(text) if _SPECIAL.search(text) else text


@register.simple_tag
def wall(cards: Iterable[ShownCard], lazy: bool = False) -> SafeString:
    """Each as an item of a list; with `lazy` even the first pictures may come later."""
    return SafeString("".join(_card(shown, lazy or place >= SEEN_AT_ONCE) for place, shown in enumerate(cards)))


@register.simple_tag
def ticks(facet: FacetBox) -> SafeString:
    """The boxes of one facet, each with what it would find."""
    chosen = (NOTHING, CHECKED)
    return SafeString("".join(_filled(TICK, facet.name, one.value, chosen[one.chosen], one.label, one.count) for one in facet.options))


@register.simple_tag
def bars(prices: Iterable[Bar]) -> SafeString:
    """The histogram of what things cost; bars of nothing are left out."""
    inside = (NOTHING, INSIDE)
    return SafeString("".join(_filled(BAR, inside[bar.is_inside], bar.x, bar.y, bar.width, bar.height) for bar in prices if bar.height))


def _card(shown: ShownCard, lazy: bool) -> SafeString:
    card = shown.card
    return _filled(
        CARD,
        GONE if card.state != ListingState.PUBLISHED else NOTHING,
        _picture(card.photo, lazy),
        _badge(card),
        _filled("<small>{}</small> ", _("from")) if card.varies else NOTHING,
        money(shown.total or card.price),
        html_lang(card.language),
        card.href,
        card.title,
        _way(shown),
        card.condition_words,
        " · " + _("Business") if card.vendor_kind == "business" else f" · {card.place}" if card.place else "",
    )


def _picture(photo: Picture | None, lazy: bool) -> SafeString:
    if photo is None:
        return _filled(NO_PICTURE, static("img/no-picture.svg"))
    return _filled(PICTURE, photo.avif, photo.small, photo.webp, LAZY if lazy else NOTHING)


def _badge(card: ListingCard) -> SafeString:
    if card.state != ListingState.PUBLISHED:
        return _filled(BADGE, NOTHING, _("Sold"))
    if card.min_quantity > 1:
        return _filled(BADGE, icon("stack", small=True), _("From %(count)s") % {"count": card.min_quantity})
    return NOTHING


def _way(shown: ShownCard) -> str:
    """How it comes, and what of the price is for that."""
    card, delivery = shown.card, shown.delivery
    if delivery and card.price and shown.total != card.price:
        return _("%(price)s + %(cost)s delivery") % {"price": money(card.price), "cost": money(delivery)}
    if card.ships and delivery is not None and delivery.is_zero:
        return _("Delivery included")
    if card.ships and card.pickup:
        return _("Delivery or pick up")
    return _("Pick up, no delivery cost") if card.pickup else _("By parcel")
