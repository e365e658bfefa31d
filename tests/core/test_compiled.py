"""A compiled read answers as the QuerySet it was made of, however often and for whatever it is asked."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from core.compiled import attach, compiled
from marketplace.catalog.listings.models import Listing, Variant
from tests.factories import goods

pytestmark = pytest.mark.django_db


@compiled
def by_title(title: str, vendor_id: int) -> QuerySet[Listing]:
    return Listing.objects.filter(title=title, vendor_id=vendor_id).select_related("vendor__party", "category")


@compiled
def of_listings(listing_ids: list[int]) -> QuerySet[Variant]:
    return Variant.objects.filter(listing_id__in=listing_ids).order_by("id")


@compiled
def locked(listing_id: int) -> QuerySet[Listing]:
    return Listing.objects.filter(pk=listing_id).select_for_update(of=("self",))


def test_it_finds_what_the_queryset_finds_with_everything_around_it() -> None:
    lamp, chair = goods.published(title="Lamp"), goods.published(title="Chair")
    for listing in (lamp, chair, lamp):
        (found,) = by_title(listing.title, listing.vendor_id)
        assert found == listing
        assert found.attributes == listing.attributes
        expected = listing.vendor.party.key
        with CaptureQueriesContext(connection) as asked:
            assert found.vendor.party.key == expected
        assert len(asked) == 0
    assert by_title("Lamp", chair.vendor_id) == []
    assert by_title("%s'; DROP TABLE marketplace_listing; --", lamp.vendor_id) == []


def test_a_list_may_be_of_any_length() -> None:
    listings = [goods.published() for _ in range(3)]
    keys = [listing.pk for listing in listings]
    for many in range(4):
        assert [variant.listing_id for variant in of_listings(keys[:many])] == keys[:many]


def test_it_sees_what_was_changed_a_moment_ago() -> None:
    listing = goods.published(title="Lamp")
    assert by_title("Lamp", listing.vendor_id)
    Listing.objects.filter(pk=listing.pk).update(title="Old lamp")
    assert not by_title("Lamp", listing.vendor_id)
    assert by_title("Old lamp", listing.vendor_id)


def test_a_lock_stays_a_lock() -> None:
    listing = goods.published()
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        locked(listing.pk)
        locked(listing.pk)
    assert [query["sql"].count("FOR UPDATE OF") for query in asked if "marketplace_listing" in query["sql"]] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_every_thread_has_its_own() -> None:
    listings = [goods.published(title=f"Lamp {number}") for number in range(4)]
    found: dict[int, list[Listing]] = {}

    def ask(listing: Listing) -> None:
        for _ in range(20):
            found[listing.pk] = by_title(listing.title, listing.vendor_id)
        connection.close()

    threads = [threading.Thread(target=ask, args=(listing,)) for listing in listings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {listing.pk: [listing] for listing in listings}


def test_attached_children_are_asked_for_once() -> None:
    listings = [goods.published(), goods.published()]
    rows = list(Listing.objects.filter(pk__in=[listing.pk for listing in listings]).order_by("id"))
    attach(rows, "variants", of_listings([row.pk for row in rows]), by="listing")
    with CaptureQueriesContext(connection) as asked:
        assert [[variant.listing for variant in row.variants.all()] for row in rows] == [[row] for row in rows]
    assert len(asked) == 0


def test_a_parameter_that_is_not_asked_for_is_a_mistake() -> None:
    @compiled
    def careless(title: str) -> QuerySet[Listing]:
        return Listing.objects.all()

    with pytest.raises(AssertionError):
        careless("Lamp")
