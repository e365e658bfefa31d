from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import Error

from core.errors import Invalid
from marketplace.catalog.listings import queries as listings
from marketplace.sale_formats import registry
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.models import LARGEST_PRICE_MINOR, PriceChange
from marketplace.sale_formats.fixed_price.operations import PriceDraft
from marketplace.sale_formats.fixed_price.pricing import Break
from marketplace.sale_formats.fixed_price.queries import MinimumQuantity, NoPrice
from tests.factories import goods
from tests.factories.goods import NOON, SELLER

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("price", "field"),
    [
        (PriceDraft(0), "price"),
        (PriceDraft(-1), "price"),
        (PriceDraft(LARGEST_PRICE_MINOR + 1), "price"),
        (PriceDraft(12.5), "price"),
        (PriceDraft(True), "price"),
        (PriceDraft("100"), "price"),
        (PriceDraft(100, min_quantity=0), "min_quantity"),
        (PriceDraft(100, min_quantity=10**9), "min_quantity"),
        (PriceDraft(100, special_minor=100), "special_price"),
        (PriceDraft(100, special_minor=0), "special_price"),
        (PriceDraft(100, special_minor=90, special_from=NOON, special_until=NOON), "special_until"),
        (PriceDraft(100, special_minor=90, special_from=NOON - 2 * DAY, special_until=NOON - DAY), "special_until"),
        (PriceDraft(100, special_minor=90, special_until=NOON + 400 * DAY), "special_until"),
        (PriceDraft(100, breaks=[Break(1, 90)]), "breaks"),
        (PriceDraft(100, breaks=[Break(5, 100)]), "breaks"),
        (PriceDraft(100, breaks=[Break(5, 90), Break(5, 80)]), "breaks"),
        (PriceDraft(100, breaks=[Break(5, 80), Break(9, 90)]), "breaks"),
        (PriceDraft(100, min_quantity=10, breaks=[Break(5, 80)]), "breaks"),
        (PriceDraft(100, breaks=[Break(n, 100 - n) for n in range(2, 14)]), "breaks"),
    ],
)
def test_set_price_refuses_nonsense_by_field(price, field):
    variant = goods.draft().variants.get()
    with pytest.raises(Invalid) as refused:
        fixed_price.set_price(variant=variant, price=price, actor=SELLER, at=NOON)
    assert refused.value.field == field
    assert not PriceChange.objects.filter(variant=variant).exists()


def test_asking_price_knows_quantities_and_the_minimum():
    listing = goods.published(price_minor=100, min_quantity=10, breaks=[Break(50, 90), Break(200, 70)], on_hand=500)
    variant, ask = listing.variants.get(), registry.get("fixed_price").asking_price
    assert [ask(variant, quantity, NOON).unit_minor for quantity in (10, 49, 50, 200)] == [100, 100, 90, 70]
    with pytest.raises(MinimumQuantity) as refused:
        ask(variant, 9, NOON)
    assert "10" in refused.value.message
    assert registry.get("fixed_price").asking_prices([(variant, 9)], NOON) == {}
    assert registry.get("fixed_price").asking_prices([(variant, 60)], NOON)[variant.pk].unit_minor == 90


def test_variant_without_a_price_cannot_be_bought():
    with pytest.raises(NoPrice):
        registry.get("fixed_price").asking_price(goods.draft().variants.get(), 1, NOON)


def test_history_remembers_every_price_and_cannot_be_rewritten():
    listing = goods.published(price_minor=100)
    variant = listing.variants.get()
    fixed_price.set_price(variant=variant, price=PriceDraft(120), actor=SELLER, at=NOON + DAY)
    fixed_price.set_price(variant=variant, price=PriceDraft(120), actor=SELLER, at=NOON + 2 * DAY)
    assert list(variant.price_changes.values_list("price_minor", flat=True)) == [100, 120]
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        PriceChange.objects.update(price_minor=1)


def test_card_strikes_only_an_honest_price():
    listing = goods.published(price_minor=10_000)
    variant = listing.variants.get()
    fixed_price.set_price(variant=variant, price=PriceDraft(10_000, special_minor=8_000), actor=SELLER, at=NOON + 40 * DAY)
    (card,) = listings.cards_for([listing.reference], at=NOON + 41 * DAY)
    assert (card.price.amount_minor, card.was.amount_minor) == (8_000, 10_000)
    fixed_price.set_price(variant=variant, price=PriceDraft(20_000, special_minor=9_900), actor=SELLER, at=NOON + 42 * DAY)
    (card,) = listings.cards_for([listing.reference], at=NOON + 43 * DAY)
    assert (card.price.amount_minor, card.was) == (9_900, None)


def test_special_that_is_saved_again_keeps_its_beginning():
    listing = goods.published(price_minor=100)
    variant = listing.variants.get()
    for days in (1, 5):
        draft = PriceDraft(100, special_minor=80, special_until=NOON + 9 * DAY)
        price = fixed_price.set_price(variant=variant, price=draft, actor=SELLER, at=NOON + days * DAY)
    assert price.special_from == NOON + DAY
