"""A listing of a table is shown, bought and delivered before its pictures are there."""

from __future__ import annotations

import pytest
from django.test import Client

from core import clock, jobs
from marketplace.catalog.listings.models import Listing
from search import operations as search
from tests.factories import goods, trade
from tests.factories.tables import taken_in, written

pytestmark = pytest.mark.django_db


def test_a_listing_without_a_photo_is_found_shown_and_bought(client: Client) -> None:
    search.rebuild(at=clock.now())
    vendor = goods.shop()
    trade.method(vendor)
    taken_in(vendor, written(["A-1", "Aurelio 14 notebook", "899.00", 3]))
    jobs.run_due()
    listing = Listing.objects.get()
    buyer = goods.person()
    client.force_login(buyer, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/", "/search/?q=aurelio", f"/shops/{vendor.slug}/", listing.href, "/c/computers/", f"/api/v1/listings/{listing.reference}/"):
        answer = client.get(address, follow=True)
        assert (answer.status_code, "Aurelio" in answer.content.decode()) == (200, True), address
    answer = client.post("/basket/lines/", {"variant": listing.variants.get().reference, "quantity": "1"}, follow=True)
    assert (answer.status_code, "Aurelio" in answer.content.decode()) == (200, True)
    order = trade.paid_order(listing, user=buyer)
    assert "Aurelio" in client.get(f"/orders/{order.reference}/").content.decode()
    owner = Client()
    owner.force_login(vendor.members.get().user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[attr-defined]
    for address in (
        f"/sell/{vendor.slug}/listings/",
        f"/sell/{vendor.slug}/listings/{listing.reference}/",
        f"/sell/{vendor.slug}/orders/{order.reference}/",
    ):
        assert owner.get(address).status_code == 200, address
