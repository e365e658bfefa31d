"""One page with everything on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from core.money import Money
from marketplace.catalog.listings.cards import ListingCard
from storefront.shop.delivery import ShownCard

SPRITE = Path(__file__).parents[1] / "static" / "img" / "icons.svg"
AMOUNTS = [("EUR", 123450), ("CNY", 5200), ("HKD", 880000), ("JPY", 5200), ("GBP", 99), ("KWD", 1500)]


class Sample(forms.Form):
    """One field of every sort, sent with two mistakes."""

    name = forms.CharField(label="Full name", max_length=80)
    phone = forms.RegexField(r"^\d{10}$", label="Phone", help_text="The courier calls only when the door stays shut.", required=False)
    place = forms.ChoiceField(label="Place", choices=[("lyon", "Lyon"), ("porto", "Porto")])
    delivery = forms.ChoiceField(label="Delivery", choices=[("home", "To the door"), ("pickup", "Pick up")], widget=forms.RadioSelect)
    words = forms.CharField(label="Words to the seller", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="Tell me when something like this is for sale", required=False)


def showroom(request: HttpRequest) -> HttpResponse:
    """All parts in all states."""
    now = clock.now()
    holds = [Money(19290, "EUR"), Money(6200, "EUR"), Money(5200, "EUR")]
    return render(
        request,
        "showroom/showroom.html",
        {
            "icons": icon_names(),
            "form": Sample({"name": "", "phone": "06 12", "place": "lyon", "delivery": "home"}),
            "amounts": [Money(minor, currency) for currency, minor in AMOUNTS],
            "holds": holds,
            "total": sum(holds[1:], holds[0]),
            "now": now,
            "deadlines": [
                (now + timedelta(days=2, hours=4), now - timedelta(days=12)),
                (now + timedelta(hours=3, minutes=10), now - timedelta(days=2)),
            ],
            "page": Paginator(range(200), 10).page(4),
            "cards": _cards(),
        },
    )


def icon_names() -> list[str]:
    """Every symbol of the sprite."""
    sprite = ElementTree.parse(SPRITE)  # noqa: S314 (our own file)
    return sorted(symbol.attrib["id"].removeprefix("i-") for symbol in sprite.getroot() if symbol.tag.endswith("symbol"))


def _cards() -> list[ShownCard]:
    lamp = ListingCard(
        reference="", title="", price=None, was=None, varies=False, min_quantity=1, condition="very_good", condition_words="Very good",
        place="Grenoble", vendor_name="", vendor_slug="", vendor_kind="individual", photo=None, href="#cards", state="published",
        state_words="", language="en", ships=True, pickup=False, category_slug="",
    )  # fmt: skip
    cards = (
        replace(lamp, price=Money(18600, "EUR"), title="Rangefinder film camera, 35 mm, serviced in May"),
        replace(lamp, price=Money(5200, "EUR"), title="白瓷盖碗与公道杯，六人套", language="zh-hans", ships=False, pickup=True, varies=True),
        replace(lamp, price=Money(62, "EUR"), title="Shipping cartons 40 × 30 × 30", min_quantity=50, vendor_kind="business"),
        replace(lamp, price=Money(6490, "EUR"), title="Pocket console with a new screen", state="sold_out"),
    )
    return [ShownCard(card, None) for card in cards]
