"""The painter of the demo market."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from backend.demo.goods import THINGS
from backend.demo.people import PEOPLE, SHOPS
from backend.demo.pictures import KINDS, VIEWS, photo, picture
from backend.demo.pictures.looks import LOOKS
from backend.demo.pictures.photo import CLOSE_UPS
from marketplace.catalog.categories.tree import TREE


@pytest.mark.parametrize("kind", KINDS)
def test_picture_repeats_itself_and_has_four_looks(kind):
    pictures = [picture(kind, seed) for seed in range(4)]
    assert pictures == [picture(kind, seed) for seed in range(4)]
    assert len(set(pictures)) == 4
    for svg in pictures:
        assert "<text" not in svg
        ElementTree.fromstring(svg)


def test_every_kind_has_looks_and_close_ups():
    assert set(KINDS) == set(LOOKS) == set(CLOSE_UPS)
    assert all(len(looks) == 4 for looks in LOOKS.values())


def test_every_thing_for_sale_can_be_painted():
    assert {thing.picture[0] for thing in THINGS} <= set(KINDS)
    assert max(thing.photos for thing in THINGS) <= VIEWS


@pytest.mark.parametrize("kind", ["chair", "jacket"])
def test_photo_is_square_repeats_itself_and_looks_closer(kind):
    whole, close = photo(kind, 1), photo(kind, 1, view=1)
    assert whole == photo(kind, 1)
    assert whole != close
    for taken in (whole, close):
        image = Image.open(BytesIO(taken))
        assert (image.format, image.size) == ("JPEG", (800, 800))


def test_shadow_on_the_wall_lies_below_the_thing():
    """The jacket throws a soft shadow to the lower right, and none to the upper left."""
    image = Image.open(BytesIO(photo("jacket", 0))).convert("L")
    shadow, light = image.getpixel((426, 650)), image.getpixel((220, 200))
    assert shadow < light - 12


def test_the_goods_fit_the_tree_the_shops_and_the_pictures() -> None:
    leaves = {leaf.slug for branch in TREE for leaf in branch.children}
    assert len(leaves) == 20
    assert Counter(thing.category for thing in THINGS).keys() == leaves
    assert {thing.shop for thing in THINGS} == {shop.slug for shop in SHOPS}
    assert {thing.picture[0] for thing in THINGS} <= set(KINDS)
    assert {shop.owner for shop in SHOPS} <= {person.handle for person in PEOPLE}
    assert 110 <= len(THINGS) <= 130
