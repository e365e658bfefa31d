"""Many listings changed at once: the good ones go through, each failure is named, and nothing happens twice."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from core import jobs
from core.audit import events_for
from core.errors import Invalid, NotHere
from marketplace.assortment import actions, operations, queries
from marketplace.assortment.actions import Move, Recategorise, Reprice, Restock
from marketplace.assortment.queries import Filter
from marketplace.assortment.repricing import Rule
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.stock import operations as stock
from marketplace.catalog.stock.queries import miscounted
from tests.factories import goods
from tests.factories.goods import NOON, SELLER

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with override("en"):
        yield


@pytest.fixture
def vendor():
    goods.tree()
    return goods.shop()


def shelf(vendor, count=3, **price):
    return [goods.published(vendor, title=f"Lamp number {n}", **{"price_minor": 1000 * (n + 1), "on_hand": n + 1, **price}) for n in range(count)]


def begin(vendor, rows, action, **more):
    given = {"key": "first", "actor": SELLER, "at": LATER, **more}
    return operations.begin(vendor=vendor, listing_ids=[row.pk for row in rows], action=action, **given)


def prices(rows):
    return [Listing.objects.get(pk=row.pk).variants.offered().get().price.price_minor for row in rows]


def test_begin_changes_the_good_ones_and_names_the_bad(vendor):
    rows = shelf(vendor, special_minor=950)
    change = begin(vendor, rows, Reprice(Rule("amount", -900)))
    assert (change.changed, change.unchanged, change.failed, change.is_finished) == (2, 0, 1, True)
    assert change.failures[0]["reference"] == rows[0].reference
    assert "special price" in change.failures[0]["sentence"]
    assert prices(rows) == [1000, 1100, 2100]
    for row in rows[1:]:
        assert events_for("listing", row.reference).last().name == "changed"


def test_begin_again_under_the_same_key_changes_nothing(vendor):
    rows = shelf(vendor)
    first = begin(vendor, rows, Reprice(Rule("percent", 1000)))
    assert begin(vendor, rows, Reprice(Rule("percent", 1000))).pk == first.pk
    assert prices(rows) == [1100, 2200, 3300]
    begin(vendor, rows, Reprice(Rule("percent", 1000)), key="second")
    assert prices(rows) == [1210, 2420, 3630]


def test_begin_leaves_alone_what_changed_after_the_preview(vendor):
    rows = shelf(vendor)
    listings.change(listing=rows[1], content=listings.Content(place="Nice"), actor=SELLER, at=NOON + timedelta(hours=2))
    change = begin(vendor, rows, Reprice(Rule("set", 500)), seen_at=NOON + timedelta(hours=1))
    assert prices(rows) == [500, 2000, 500]
    assert change.failures[0]["code"] == "listing_changed_meanwhile"


def test_carry_on_finishes_what_a_kill_left(vendor, monkeypatch):
    rows = shelf(vendor, count=5)
    monkeypatch.setattr(operations, "AT_A_TIME", 2)
    change = begin(vendor, rows, Restock("add", 10))
    assert (change.done, change.is_finished) == (2, False)
    jobs.run_due()
    change.refresh_from_db()
    assert (change.changed, change.is_finished) == (5, True)
    assert [row.variants.get().on_hand for row in rows] == [11, 12, 13, 14, 15]
    assert operations.carry_on(reference=change.reference, at=LATER).changed == 5
    assert miscounted() == []


def test_restock_never_takes_what_buyers_hold(vendor):
    rows = shelf(vendor)
    stock.reserve(lines=[(rows[2].variants.get().pk, 2)], trade="T1", until=LATER, at=NOON)
    change = begin(vendor, rows, Restock("set", 1))
    assert (change.changed, change.unchanged, change.failed) == (1, 1, 1)
    assert "reserved" in change.failures[0]["sentence"]


def test_move_and_recategorise(vendor):
    rows = shelf(vendor)
    draft = goods.draft(vendor)
    change = begin(vendor, [*rows, draft], Move("pause"))
    assert (change.changed, change.failed) == (3, 1)
    change = begin(vendor, [*rows, draft], Move("publish"), key="b")
    assert (change.changed, change.failed) == (3, 1)
    assert change.failures[0]["reference"] == draft.reference
    change = begin(vendor, rows, Recategorise("tea"), key="c")
    assert (change.changed, change.failed) == (0, 3)
    assert "Fill in" in change.failures[0]["sentence"]
    change = begin(vendor, rows, Move("remove"), key="d")
    assert set(Listing.objects.filter(pk__in=[row.pk for row in rows]).values_list("state", flat=True)) == {"removed"}


def test_strangers_listings_are_not_touched(vendor):
    other = goods.published(goods.shop())
    change = begin(vendor, [other], Move("pause"))
    assert (change.changed, change.failed) == (0, 1)
    assert change.failures[0]["title"] == ""
    with pytest.raises(NotHere):
        queries.chosen_of(vendor, [other.reference])


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"name": "price", "kind": "double", "value": 3},
        {"name": "price", "kind": "set", "value": 0},
        {"name": "price", "kind": "percent", "value": -10_000},
        {"name": "price", "kind": "amount", "value": "5"},
        {"name": "price", "kind": "amount", "value": 5, "ending": "77"},
        {"name": "stock", "kind": "set", "quantity": -1},
        {"name": "stock", "kind": "more", "quantity": 1},
        {"name": "move", "move": "burn"},
    ],
)
def test_actions_refuse_what_they_do_not_know(words):
    with pytest.raises(Invalid):
        actions.of(words)


def test_actions_survive_their_own_words():
    for action in (Reprice(Rule("percent", -500, "99")), Restock("add", -2), Move("remove", "Damp"), Recategorise("lighting")):
        assert actions.of(actions.words_of(action)) == action


def test_find_and_figures(vendor, django_assert_num_queries):
    rows = shelf(vendor)
    goods.published(goods.shop(), title="Lamp of a stranger")
    found = queries.find(vendor, Filter(words="lamp NUMBER 1"))
    assert [row.pk for row in found] == [rows[1].pk]
    with django_assert_num_queries(1):
        shown = queries.rows_of(list(queries.with_figures(queries.find(vendor, Filter(state="published")).order_by("pk"), at=NOON)), vendor)
    assert [(row.price.amount_minor, row.available, row.choices, row.varies) for row in shown] == [
        (1000, 1, 1, False),
        (2000, 2, 1, False),
        (3000, 3, 1, False),
    ]
    assert shown[0].photo.small
    with django_assert_num_queries(1):
        counted = queries.shelf(vendor, Filter())
    assert (counted.states, counted.everything) == ({"published": 3}, 3)


def test_duplicate_is_a_draft_with_everything_but_stock(vendor):
    source = goods.published(vendor, price_minor=4500, special_minor=4000)
    source.variants.update(sku="LAMP-1")
    copy = operations.duplicate(listing=source, actor=SELLER, at=LATER)
    again = operations.duplicate(listing=source, actor=SELLER, at=LATER)
    variant = copy.variants.offered().get()
    assert (copy.state, copy.title, copy.attributes, variant.on_hand, variant.sku) == ("draft", source.title, source.attributes, 0, "LAMP-1-2")
    assert again.variants.offered().get().sku == "LAMP-1-3"
    assert (variant.price.price_minor, variant.price.special_minor) == (4500, None)
    assert copy.photos.get().folder != source.photos.get().folder
    assert copy.photos.get().alt == "The lamp"
    stock.count(variant=variant, on_hand=2, actor=SELLER, at=LATER)
    assert listings.publish(listing=copy, actor=SELLER, at=LATER).state == "published"
