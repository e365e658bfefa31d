"""Told once each time something runs low, and never twice of the same."""

from datetime import timedelta

import pytest

from core import jobs
from core.errors import Invalid
from marketplace.catalog.alarms import operations as alarms
from marketplace.catalog.stock import operations as stock
from messaging.models import Notification
from tests.factories import goods
from tests.factories.goods import NOON, SELLER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lamp():
    goods.tree()
    listing = goods.published(on_hand=5)
    alarms.set_threshold(vendor=listing.vendor, threshold=2, actor=SELLER, at=NOON)
    return listing.variants.get()


def sell(variant, quantity, trade, hours):
    at = NOON + timedelta(hours=hours)
    stock.reserve(lines=[(variant.pk, quantity)], trade=trade, until=at + timedelta(minutes=15), at=at)
    stock.commit_sale(trade=trade, at=at)
    jobs.run_due()
    return Notification.objects.filter(category="stock").count()


def test_one_notice_for_each_crossing(lamp):
    assert sell(lamp, 2, "A", 1) == 0
    assert sell(lamp, 1, "B", 2) == 1
    assert sell(lamp, 1, "C", 3) == 1
    assert "Running low" in Notification.objects.get(category="stock").title
    stock.count(variant=lamp, on_hand=9, actor=SELLER, at=NOON + timedelta(hours=4))
    assert sell(lamp, 8, "D", 5) == 2


def test_a_reservation_that_is_given_up_tells_nobody(lamp):
    stock.reserve(lines=[(lamp.pk, 4)], trade="A", until=NOON, at=NOON)
    stock.release(trade="A", at=NOON)
    jobs.run_due()
    lamp.refresh_from_db()
    assert (lamp.low_since, Notification.objects.filter(category="stock").count()) == (None, 0)


def test_a_variant_may_have_its_own_line(lamp):
    alarms.set_own(variant=lamp, low_at=0, actor=SELLER, at=NOON)
    assert sell(lamp, 4, "A", 1) == 0
    assert sell(lamp, 1, "B", 2) == 1


def test_setting_the_line_marks_but_tells_nobody(lamp):
    alarms.set_threshold(vendor=lamp.listing.vendor, threshold=50, actor=SELLER, at=NOON)
    jobs.run_due()
    lamp.refresh_from_db()
    assert lamp.low_since == NOON
    assert Notification.objects.filter(category="stock").count() == 0
    alarms.set_threshold(vendor=lamp.listing.vendor, threshold=None, actor=SELLER, at=NOON)
    lamp.refresh_from_db()
    assert lamp.low_since is None


@pytest.mark.parametrize("wrong", [-1, 1_000_001, "3", True])
def test_set_threshold_refuses_nonsense(lamp, wrong):
    with pytest.raises(Invalid):
        alarms.set_threshold(vendor=lamp.listing.vendor, threshold=wrong, actor=SELLER, at=NOON)
