from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.db.utils import Error

from core.errors import Invalid, NotHere
from core.states import MoveNotAllowed, check
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings import queries, states
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import ListingVersion
from marketplace.catalog.listings.signals import listing_changed
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.catalog.stock import operations as stock
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantOffer
from tests.factories import goods
from tests.factories.goods import NOON, SELLER

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def test_flow_tables_are_whole():
    assert check(states.FLOW) == []


def test_publish_names_everything_that_is_missing():
    listing = listings.draft(vendor=goods.shop(), actor=SELLER, at=NOON)
    with pytest.raises(listings.NotReady) as refused:
        listings.publish(listing=listing, actor=SELLER, at=NOON)
    assert {problem.field for problem in refused.value.problems} == {"photos", "title", "category", "condition", "price", "stock"}
    assert queries.of_vendor(listing.vendor).get().state == "draft"


def test_publish_asks_for_required_answers():
    listing = goods.offer(goods.draft(attributes={}))
    with pytest.raises(listings.NotReady) as refused:
        listings.publish(listing=listing, actor=SELLER, at=NOON)
    assert [problem.field for problem in refused.value.problems] == ["attributes.place"]


def test_life_from_draft_to_removed():
    listing = goods.published()
    assert listing.state == "published"
    listings.pause(listing=listing, actor=SELLER, at=LATER)
    with pytest.raises(NotHere):
        queries.public(listing.reference, at=LATER)
    listings.resume(listing=listing, actor=SELLER, at=LATER)
    assert queries.public(listing.reference, at=LATER).card.price.plain() == "45.00"
    listings.remove(listing=listing, actor=SELLER, at=LATER)
    with pytest.raises(MoveNotAllowed):
        listings.resume(listing=listing, actor=SELLER, at=LATER)
    with pytest.raises(listings.ListingRemoved):
        listings.change(listing=listing, content=Content(title="Another thing"), actor=SELLER, at=LATER)


def test_change_refuses_an_older_version():
    listing = goods.published()
    seen = listing.version
    listings.change(listing=listing, content=Content(title="A better title"), actor=SELLER, at=LATER, if_version=seen)
    with pytest.raises(listings.ListingStale):
        listings.change(listing=listing, content=Content(title="Somebody else's title"), actor=SELLER, at=LATER, if_version=seen)
    listing.refresh_from_db()
    assert listing.title == "A better title"


def test_published_listing_stays_whole():
    listing = goods.published()
    with pytest.raises(listings.NotReady):
        listings.change(listing=listing, content=Content(title=""), actor=SELLER, at=LATER)
    listing.refresh_from_db()
    assert listing.title


def test_each_published_change_keeps_a_version_that_never_changes():
    listing = goods.published(price_minor=4500)
    first = queries.latest_version(listing)
    goods.offer(listing, price_minor=3900)
    listings.change(listing=listing, content=Content(title="Lamp"), actor=SELLER, at=LATER)
    last = queries.latest_version(listing)
    assert (first.body["title"], last.body["title"]) == ("Jointed desk lamp, 1962", "Lamp")
    reference = listing.variants.get().reference
    assert first.body["terms"]["prices"][reference]["price_minor"] == 4500
    assert last.body["terms"]["prices"][reference]["price_minor"] == 3900
    for change in (lambda: ListingVersion.objects.filter(pk=first.pk).update(body={}), first.delete):
        with pytest.raises((InternalError, Error), match="append-only"), transaction.atomic():
            change()


def test_drafts_keep_no_version_and_announce_nothing():
    heard = []
    listing_changed.connect(lambda listing_id, **_: heard.append(listing_id), weak=False, dispatch_uid="test")
    try:
        listing = goods.offer(goods.draft())
        assert not heard
        assert not listing.versions.exists()
        listings.publish(listing=listing, actor=SELLER, at=NOON)
        assert heard == [listing.pk]
    finally:
        listing_changed.disconnect(dispatch_uid="test")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (Content(title="x" * 121), "title"),
        (Content(title=7), "title"),
        (Content(title="a\x00b"), "title"),
        (Content(description="x" * 8001), "description"),
        (Content(condition="mint"), "condition"),
        (Content(language="tlh"), "language"),
        (Content(hand_overs=["drone"]), "hand_overs"),
        (Content(hand_overs="parcel"), "hand_overs"),
        (Content(attributes={"place": "moon"}), "attributes.place"),
        (Content(attributes={"height": "-3"}), "attributes.height"),
        (Content(attributes={"height": "1e400"}), "attributes.height"),
        (Content(attributes={"height": True}), "attributes.height"),
        (Content(attributes={"works": "perhaps"}), "attributes.works"),
        (Content(attributes={"nothing": "x"}), "attributes.nothing"),
        (Content(attributes=["place"]), "attributes"),
        (Content(place="x" * 81), "place"),
    ],
)
def test_change_refuses_wrong_content_by_field(content, field):
    listing = goods.draft()
    with pytest.raises(Invalid) as refused:
        listings.change(listing=listing, content=content, actor=SELLER, at=LATER)
    assert refused.value.field == field
    assert refused.value.message


def test_change_of_category_drops_answers_that_no_longer_fit():
    listing = goods.draft(attributes={"place": "table", "height": "40"})
    listings.change(listing=listing, content=Content(category=goods.category("plants")), actor=SELLER, at=LATER)
    assert listing.attributes == {"height": "40"}


def test_category_must_be_a_leaf():
    with pytest.raises(Invalid, match="smaller"):
        listings.change(listing=goods.draft(), content=Content(category=goods.category("home")), actor=SELLER, at=LATER)


def test_set_variants_retires_what_is_left_out():
    listing = goods.draft()
    listings.set_variants(listing=listing, variants=[VariantDraft({"Size": "S"}), VariantDraft({"Size": "M"})], actor=SELLER, at=LATER)
    small, medium = queries.variants_of(listing)
    listings.set_variants(listing=listing, variants=[VariantDraft({"Size": "M"}, reference=medium.reference)], actor=SELLER, at=LATER)
    assert [variant.label for variant in queries.variants_of(listing)] == ["M"]
    small.refresh_from_db()
    assert small.retired_at
    assert small.available == 0


def test_published_variant_never_becomes_another_choice():
    listing = goods.draft()
    listings.set_variants(listing=listing, variants=[VariantDraft({"Size": "S"}), VariantDraft({"Size": "M"})], actor=SELLER, at=NOON)
    small, medium = queries.variants_of(listing)
    rows = [VariantOffer(VariantDraft(v.options, reference=v.reference), PriceDraft(900), 3) for v in (small, medium)]
    fixed_price.edit(listing=listing, offers=rows, publish=True, actor=SELLER, at=NOON)
    rows[0] = VariantOffer(VariantDraft({"Size": "XL"}, reference=small.reference), PriceDraft(900), 3)
    fixed_price.edit(listing=listing, offers=rows, actor=SELLER, at=LATER)
    small.refresh_from_db()
    assert small.options == {"Size": "S"}
    assert small.retired_at
    assert [v.label for v in queries.variants_of(listing)] == ["XL", "M"]


@pytest.mark.parametrize(
    "drafts",
    [
        [],
        [VariantDraft({"Size": "S"}), VariantDraft({"Size": "S"})],
        [VariantDraft({"Size": "S"}), VariantDraft({"Colour": "red"})],
        [VariantDraft(), VariantDraft()],
        [VariantDraft({"Size": ""})],
        [VariantDraft({"a": "1", "b": "1", "c": "1", "d": "1"})],
        [VariantDraft({"Size": str(n)}) for n in range(101)],
        [VariantDraft({"Size": 7})],
        [VariantDraft(sku="x" * 61)],
    ],
)
def test_set_variants_refuses_nonsense(drafts):
    with pytest.raises(Invalid):
        listings.set_variants(listing=goods.draft(), variants=drafts, actor=SELLER, at=LATER)


def test_variant_of_another_listing_is_not_here():
    stranger = goods.draft().variants.get()
    with pytest.raises(NotHere):
        listings.set_variants(listing=goods.draft(), variants=[VariantDraft(reference=stranger.reference)], actor=SELLER, at=LATER)


def test_sold_out_by_itself_and_back_when_restocked():
    listing = goods.published(on_hand=2)
    variant = listing.variants.get()
    stock.reserve(lines=[(variant.pk, 2)], trade="T1", until=LATER, at=NOON)
    listing.refresh_from_db()
    assert listing.state == "sold_out"
    assert queries.public(listing.reference, at=NOON).is_available is False
    stock.release(trade="T1", at=NOON)
    listing.refresh_from_db()
    assert listing.state == "published"


def test_edit_writes_all_or_nothing():
    listing = goods.published()
    variant = listing.variants.get()
    row = VariantOffer(VariantDraft(reference=variant.reference), PriceDraft(-5), 9)
    with pytest.raises(Invalid) as refused:
        fixed_price.edit(listing=listing, content=Content(title="New words"), offers=[row], actor=SELLER, at=LATER)
    assert refused.value.field == "variants.0.price"
    listing.refresh_from_db()
    assert listing.title == "Jointed desk lamp, 1962"


def test_editing_stock_inside_a_revision_moves_the_state_once():
    listing = goods.published(on_hand=1)
    variant = listing.variants.get()
    row = VariantOffer(VariantDraft(reference=variant.reference), None, 0, 1)
    fixed_price.edit(listing=listing, offers=[row], actor=SELLER, at=LATER)
    assert listing.state == "sold_out"


def test_cards_cost_the_same_for_one_and_for_many(django_assert_num_queries):
    vendor = goods.shop()
    references = [goods.published(vendor, special_minor=4000).reference for _ in range(4)]
    with django_assert_num_queries(3):  # cards, prices, and the past of what is reduced
        assert len(queries.cards_for(references[:1], at=LATER)) == 1
    with django_assert_num_queries(3):  # cards, prices, and the past of what is reduced
        cards = queries.cards_for(reversed(references), at=LATER)
    assert [card.reference for card in cards] == references[::-1]
    assert cards[0].price.amount_minor == 4000
    assert cards[0].photo.small.endswith("320.webp")


def test_public_detail_speaks_the_readers_language():
    from django.utils import translation

    listing = goods.published()
    assert queries.public(listing.reference, at=LATER).facts == (queries.Fact("Where it goes", "Table"),)
    with translation.override("zh-hans"):
        assert queries.public(listing.reference, at=LATER).facts == (queries.Fact("摆放位置", "桌面"),)


def test_resting_shop_shows_its_things_but_sells_nothing():
    listing = goods.published()
    type(listing.vendor).objects.update(state="paused")
    assert queries.public(listing.reference, at=LATER).is_available is False
    with pytest.raises(stock.StockShort):
        stock.reserve(lines=[(listing.variants.get().pk, 1)], trade="T1", until=LATER, at=NOON)
    type(listing.vendor).objects.update(state="closed")
    with pytest.raises(NotHere):
        queries.public(listing.reference, at=LATER)
