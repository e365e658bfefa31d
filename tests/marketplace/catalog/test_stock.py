import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error, IntegrityError

from core.errors import Invalid
from core.states import check
from marketplace.catalog.listings.models import Variant
from marketplace.catalog.stock import operations as stock
from marketplace.catalog.stock import queries, states
from marketplace.catalog.stock.models import StockMove
from tests.factories import goods
from tests.factories.goods import NOON, SELLER

UNTIL = NOON + timedelta(minutes=15)


def numbers(variant):
    variant.refresh_from_db()
    return variant.on_hand, variant.reserved


@pytest.mark.django_db
def test_reservation_flow_is_whole():
    assert check(states.FLOW) == []


@pytest.mark.django_db
def test_units_are_reserved_sold_and_put_back():
    variant = goods.published(on_hand=5).variants.get()
    stock.reserve(lines=[(variant.pk, 2), (variant.pk, 1)], trade="T1", until=UNTIL, at=NOON)
    assert numbers(variant) == (5, 3)
    assert queries.available([variant.pk, 10**9]) == {variant.pk: 2, 10**9: 0}
    assert stock.commit_sale(trade="T1", at=NOON) == 1
    assert stock.commit_sale(trade="T1", at=NOON) == 0
    assert stock.release(trade="T1", at=NOON) == 0
    assert numbers(variant) == (2, 0)
    assert stock.put_back(trade="T1", lines=[(variant.pk, 1)], at=NOON) == 1
    assert stock.put_back(trade="T1", at=NOON) == 2
    assert stock.put_back(trade="T1", at=NOON) == 0
    assert numbers(variant) == (5, 0)
    assert queries.miscounted() == []


@pytest.mark.django_db
def test_reserve_takes_all_or_none_and_says_what_is_short():
    plenty, scarce = goods.published(on_hand=5).variants.get(), goods.published(on_hand=1).variants.get()
    with pytest.raises(stock.StockShort) as refused, transaction.atomic():
        stock.reserve(lines=[(plenty.pk, 2), (scarce.pk, 2)], trade="T1", until=UNTIL, at=NOON)
    assert [(row["variant"], row["wanted"], row["available"]) for row in refused.value.short] == [(scarce.reference, 2, 1)]
    assert numbers(plenty) == (5, 0)


@pytest.mark.django_db
def test_reserve_again_for_the_same_trade_takes_nothing_more():
    variant = goods.published(on_hand=5).variants.get()
    for _ in range(2):
        stock.reserve(lines=[(variant.pk, 2)], trade="T1", until=UNTIL, at=NOON)
    assert numbers(variant) == (5, 2)
    stock.release(trade="T1", at=NOON)
    with pytest.raises(stock.ReservationEnded):
        stock.reserve(lines=[(variant.pk, 2)], trade="T1", until=UNTIL, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [0, -1, 10**9, 1.5, True, "2"])
def test_reserve_refuses_nonsense(quantity):
    variant = goods.published(on_hand=5).variants.get()
    with pytest.raises(Invalid):
        stock.reserve(lines=[(variant.pk, quantity)], trade="T1", until=UNTIL, at=NOON)


@pytest.mark.django_db
def test_drafts_and_paused_listings_sell_nothing():
    variant = goods.offer(goods.draft(), on_hand=5).variants.get()
    with pytest.raises(stock.StockShort):
        stock.reserve(lines=[(variant.pk, 1)], trade="T1", until=UNTIL, at=NOON)


@pytest.mark.django_db
def test_count_refuses_what_somebody_changed_or_reserved():
    variant = goods.published(on_hand=5).variants.get()
    stock.reserve(lines=[(variant.pk, 3)], trade="T1", until=UNTIL, at=NOON)
    with pytest.raises(Invalid, match="3 of these"):
        stock.count(variant=variant, on_hand=2, actor=SELLER, at=NOON)
    stock.commit_sale(trade="T1", at=NOON)
    with pytest.raises(stock.StockStale):
        stock.count(variant=variant, on_hand=9, if_on_hand=5, actor=SELLER, at=NOON)
    for wrong in (-1, 10**7, True, "3", 1.5):
        with pytest.raises(Invalid):
            stock.count(variant=variant, on_hand=wrong, actor=SELLER, at=NOON)
    assert stock.count(variant=variant, on_hand=9, if_on_hand=2, actor=SELLER, at=NOON).on_hand == 9
    assert queries.miscounted() == []


@pytest.mark.django_db
def test_database_itself_refuses_overselling_and_rewriting():
    variant = goods.published(on_hand=1).variants.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.filter(pk=variant.pk).update(reserved=2)
    for change in (lambda: StockMove.objects.update(trade="X"), lambda: StockMove.objects.all().delete()):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_miscounted_stock_is_found():
    variant = goods.published(on_hand=5).variants.get()
    assert queries.miscounted() == []
    Variant.objects.filter(pk=variant.pk).update(on_hand=6)
    assert queries.miscounted() == [variant.reference]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(5))
def test_fifty_buyers_for_ten_units_buy_exactly_ten(round_number):
    variant = goods.published(on_hand=10).variants.get()
    gate, won, lost, broken = threading.Barrier(50), [], [], []

    def buy(number):
        try:
            gate.wait(20)
            stock.reserve(lines=[(variant.pk, 1)], trade=f"R{round_number}B{number}", until=UNTIL, at=NOON)
            stock.commit_sale(trade=f"R{round_number}B{number}", at=NOON)
            won.append(number)
        except stock.StockShort:
            lost.append(number)
        except Exception as error:
            broken.append(repr(error))
        finally:
            connection.close()

    buyers = [threading.Thread(target=buy, args=(number,)) for number in range(50)]
    [buyer.start() for buyer in buyers]
    [buyer.join(60) for buyer in buyers]
    assert broken == []
    assert (len(won), len(lost)) == (10, 40)
    assert numbers(variant) == (0, 0)
    assert variant.listing.__class__.objects.get(pk=variant.listing_id).state == "sold_out"
    assert queries.miscounted() == []


@pytest.mark.django_db(transaction=True)
def test_crossing_baskets_never_deadlock():
    """Buyers take the same two things in opposite orders while the seller counts both."""
    first, second = goods.published(on_hand=40).variants.get(), goods.published(on_hand=40).variants.get()
    broken = []

    def run(number):
        try:
            lines = [(first.pk, 1), (second.pk, 1)]
            stock.reserve(lines=lines[:: 1 if number % 2 else -1], trade=f"X{number}", until=UNTIL, at=NOON)
            (stock.commit_sale if number % 3 else stock.release)(trade=f"X{number}", at=NOON)
        except Exception as error:
            broken.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(30)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert broken == []
    assert numbers(first) == numbers(second) == (20, 0)
