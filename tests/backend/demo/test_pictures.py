from collections import Counter

from backend.demo.goods import THINGS
from backend.demo.people import PEOPLE, SHOPS
from backend.demo.pictures import KINDS, photo, picture
from backend.demo.pictures.palette import LOOKS
from marketplace.catalog.categories.tree import TREE


def test_every_kind_has_four_looks_and_repeats_itself() -> None:
    assert set(KINDS) == set(LOOKS)
    assert all(len({picture(kind, look) for look in range(4)}) == 4 for kind in KINDS)
    assert picture("tea", 2) == picture("tea", 2)


def test_a_detail_is_another_photo_of_the_same_thing() -> None:
    assert photo("chair", 0) != photo("chair", 0, view=1)
    assert photo("chair", 0)[:4] == b"\x89PNG"


def test_the_goods_fit_the_tree_the_shops_and_the_pictures() -> None:
    leaves = {leaf.slug for branch in TREE for leaf in branch.children}
    assert len(leaves) == 20
    assert Counter(thing.category for thing in THINGS).keys() == leaves
    assert {thing.shop for thing in THINGS} == {shop.slug for shop in SHOPS}
    assert {thing.picture[0] for thing in THINGS} <= set(KINDS)
    assert {shop.owner for shop in SHOPS} <= {person.handle for person in PEOPLE}
    assert 110 <= len(THINGS) <= 130
