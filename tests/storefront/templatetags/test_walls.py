"""Cards are drawn in Python: whatever a seller wrote comes out escaped, and the words are the reader's."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from core.money import Money
from marketplace.catalog.listings.cards import ListingCard
from marketplace.catalog.pictures import Picture
from storefront.shop.delivery import ShownCard
from storefront.shop.results import Bar, FacetBox, Option
from storefront.templatetags import walls

NASTY = "<b>&\"'{}"
SAFE = "&lt;b&gt;&amp;&quot;&#x27;{}"
LAMP = ListingCard(
    reference="LAMP", title="Lamp", price=Money(1_000, "EUR"), was=None, varies=False, min_quantity=1, condition="good", condition_words="Good",
    place="Lyon", vendor_name="", vendor_slug="", vendor_kind="individual", photo=None, href="/listing/LAMP/lamp/", state="published",
    state_words="", language="en", ships=True, pickup=False, category_slug="",
)  # fmt: skip


def test_card_escapes_what_people_wrote() -> None:
    photo = Picture("P", f"/media/{NASTY}", {320: 320}, 320, 200)
    html = walls.wall([ShownCard(replace(LAMP, title=NASTY, place=NASTY, language=NASTY, href=NASTY, photo=photo), None)])
    assert NASTY not in html
    assert html.count(SAFE) == 7


def test_card_tells_price_and_delivery_in_the_readers_language() -> None:
    shown = ShownCard(LAMP, Money(500, "EUR"))
    assert "€15.00" in walls.wall([shown])
    assert "€10.00 + €5.00 delivery" in walls.wall([shown])
    with translation.override("zh-hans"):
        assert "€10.00 + 运费 €5.00" in walls.wall([shown])


def test_first_pictures_of_a_wall_come_at_once_and_those_of_a_shelf_later() -> None:
    row = [ShownCard(replace(LAMP, photo=Picture("P", "/media/p", {320: 320}, 320, 200)), None)] * 6
    assert walls.wall(row).count('loading="lazy"') == 2
    assert walls.wall(row, lazy=True).count('loading="lazy"') == 6


def test_gone_and_packs_wear_a_badge() -> None:
    assert "card--gone" in walls.wall([ShownCard(replace(LAMP, state="sold_out"), None)])
    assert "From 10" in walls.wall([ShownCard(replace(LAMP, min_quantity=10), None)])


def test_boxes_and_bars() -> None:
    box = FacetBox("a.brand", "Brand", (Option(NASTY, NASTY, 1234, True), Option("b", "B", 0, False)), True)
    assert walls.ticks(box).count(SAFE) == 2
    assert walls.ticks(box).count(" checked") == 1
    assert walls.bars([Bar(0, 1, 2, 3, True), Bar(0, 0, 2, 0, False)]) == '<rect class="in" x="0" y="1" width="2" height="3" rx="2"/>'
