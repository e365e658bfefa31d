import random

import pytest
from django.test import override_settings

from backend.demo import seed, shelves
from backend.demo.album import Album
from backend.demo.darkroom import develop
from core import clock, references
from escrow.ledger import checks
from escrow.models import Chargeback, Payout
from marketplace.catalog.listings.models import Listing
from marketplace.orders.models import Order
from marketplace.returns.models import Return

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_demo_stands_in_every_state_and_its_book_is_proved(tmp_path) -> None:
    one = develop(("books", 0, 0))
    slow = override_settings(MEDIA_ROOT=tmp_path, SOUK_SANDBOX_CARRIER_SECONDS=seed.CARRIER_STEP.total_seconds())
    with slow, references.drawn_from(random.Random(1)):
        demo = seed._live(random.Random(1), clock.now(), Album(dict.fromkeys(shelves.shots(), lambda: one)))
    clock.thaw()

    states = set(Order.objects.values_list("state", flat=True))
    assert states >= {"awaiting_payment", "paid", "packed", "shipped", "delivered", "completed", "cancelled", "refunded", "issue", "expired"}
    assert set(Return.objects.values_list("state", flat=True)) == {"requested", "sent", "refunded"}
    assert Order.objects.filter(cancel_due_at__gt=clock.now(), state="packed").count() == 1
    assert set(Payout.objects.values_list("state", flat=True)) >= {"confirmed", "paid", "settled", "failed", "returned"}
    assert Payout.objects.filter(attempt__gt=1).exists()
    assert set(Chargeback.objects.values_list("state", flat=True)) >= {"open", "evidence", "lost"}
    assert Listing.objects.count() == 298
    assert checks.violations() == []
    listed = demo.as_json()
    assert len(listed["categories"]) == 20
    assert {"email", "password", "role", "api_token"} <= set(listed["accounts"][0])
    assert {"slug", "kind", "owner"} <= set(listed["vendors"][0])
