"""A shop that goes on holiday closes, says why, and opens again by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.audit import events_for
from core.errors import Invalid
from marketplace.cart import queries as carts
from marketplace.catalog.stock.operations import StockShort, reserve
from search import operations as search
from search import queries as found
from search.query import SearchQuery
from tests.factories import goods, trade
from tests.factories.goods import SELLER
from vendors.holidays import operations as holidays
from vendors.holidays.queries import handling_days
from vendors.models import Vendor
from vendors.profiles import operations as profiles

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def shop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    goods.tree()
    shop = goods.shop()
    Vendor.objects.filter(pk=shop.pk).update(time_zone="Europe/Paris")
    shop.refresh_from_db()
    return shop


def plan(shop, first, last, words="In the mountains.", at=NOW, **more):
    return holidays.plan(vendor=shop, first_day=first, last_day=last, words=words, actor=SELLER, at=at, **more)


def state(shop):
    shop.refresh_from_db()
    return shop.state


def test_a_planned_holiday_begins_and_ends_by_itself(shop):
    plan(shop, date(2026, 12, 24), date(2027, 1, 3))
    assert state(shop) == "active"
    midnight = datetime(2026, 12, 23, 23, tzinfo=UTC)  # in Paris
    assert holidays.follow(at=midnight - timedelta(seconds=1)) == 0
    assert holidays.follow(at=midnight) == 1
    assert state(shop) == "paused"
    assert holidays.follow(at=midnight + timedelta(minutes=1)) == 0
    assert shop.first_day_back == date(2027, 1, 4)
    assert holidays.follow(at=datetime(2027, 1, 3, 23, tzinfo=UTC)) == 1
    assert (state(shop), shop.away_from, shop.away_words) == ("active", None, "")
    assert [event.name for event in events_for("vendor", shop.reference)][-4:] == ["holiday_planned", "paused", "holiday_over", "resumed"]


def test_a_holiday_that_has_begun_closes_at_once_and_come_back_opens(shop):
    plan(shop, NOW.date(), NOW.date() + timedelta(days=3))
    assert state(shop) == "paused"
    assert holidays.come_back(vendor=shop, actor=SELLER, at=NOW).state == "active"


def test_moving_a_running_holiday_into_the_future_opens_meanwhile(shop):
    plan(shop, NOW.date(), NOW.date() + timedelta(days=3))
    assert plan(shop, NOW.date() + timedelta(days=10), NOW.date() + timedelta(days=12)).state == "active"
    shop.refresh_from_db()
    assert shop.away_words


def test_opening_by_hand_ends_the_holiday_for_good(shop):
    plan(shop, NOW.date(), NOW.date() + timedelta(days=3))
    profiles.resume(vendor=shop, actor=SELLER, at=NOW + timedelta(days=1))
    assert holidays.follow(at=NOW + timedelta(days=2)) == 0
    assert (state(shop), shop.away_until) == ("active", None)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 5), date(2026, 12, 4), ""),
        (date(2026, 11, 1), date(2026, 11, 9), ""),
        (date(2026, 12, 5), date(2027, 8, 4), ""),
        (date(2026, 12, 5), date.max, ""),
        (date(2026, 12, 5), date(2026, 12, 6), "x" * 301),
        (date(2026, 12, 5), date(2026, 12, 6), "a\x00b"),
    ],
)
def test_plan_refuses_nonsense(shop, first, last, words):
    with pytest.raises(Invalid):
        plan(shop, first, last, words)
    assert state(shop) == "active"


def test_everybody_is_told_and_nothing_is_sold(shop, client):
    lamp = goods.published(shop, on_hand=2)
    cart = trade.basket(lamp)
    search.rebuild(at=NOW)
    plan(shop, NOW.date(), NOW.date() + timedelta(days=3))
    page = client.get(lamp.href)
    assert page.status_code == 200
    for address in (lamp.href, f"/shops/{shop.slug}/"):
        text = client.get(address).content.decode()
        assert "on holiday" in text
        assert "In the mountains." in text
    assert "Add to basket" not in page.content.decode()
    [line] = [line for group in carts.view(cart, at=NOW).currencies for seller in group.sellers for line in seller.lines]
    assert line.is_blocked
    assert "on holiday" in line.problems[0].sentence
    with pytest.raises(StockShort):
        reserve(lines=[(lamp.variants.get().pk, 1)], trade="T", until=NOW, at=NOW)
    search.rebuild(at=NOW)
    assert found.find(SearchQuery(words="lamp"), at=NOW).total == 0


def test_a_shop_that_sells_while_away_promises_to_ship_once_it_is_back(shop, client):
    lamp = goods.published(shop)
    trade.method(shop)
    shop = plan(shop, date(2026, 12, 2), date(2026, 12, 15), sells=True)
    assert holidays.follow(at=NOW + timedelta(days=2)) == 0
    assert state(shop) == "active"
    away, back = NOW + timedelta(days=2), NOW + timedelta(days=20)  # Thursday the 3rd: eight working days until the 15th, then two
    assert [handling_days(shop, at=at) for at in (NOW, away, back)] == [2, 10, 2]
    clock.freeze(away)
    try:
        text, face = (client.get(address).content.decode() for address in (lamp.href, f"/shops/{shop.slug}/"))
        [order] = trade.orders_of(trade.place(trade.basket(lamp)))
    finally:
        clock.thaw()
    assert order.hold.handling_days == 10
    assert "ships again from" in text
    assert "ships again from" in face
    assert "Add to basket" in text
    assert holidays.follow(at=back) == 1
    assert (state(shop), shop.away_until, shop.away_sells) == ("active", None, False)


def test_a_closed_holiday_may_become_one_that_sells(shop):
    plan(shop, NOW.date(), NOW.date() + timedelta(days=3))
    shop = plan(shop, NOW.date(), NOW.date() + timedelta(days=4), sells=True)
    assert (shop.state, shop.away_sells, shop.is_away_and_sells(NOW)) == ("active", True, True)


def test_buyers_wait_four_weeks_at_most(shop):
    with pytest.raises(Invalid, match="four weeks"):
        plan(shop, date(2026, 12, 2), date(2026, 12, 30), sells=True)
    assert plan(shop, date(2026, 12, 2), date(2026, 12, 29), sells=True).away_sells
