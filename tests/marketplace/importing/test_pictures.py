"""Pictures follow their rows: fetched later, shown as by hand, and a dead address is a note and not a failure."""

from datetime import timedelta

import pytest

from core import clock
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.photos.fetching import NotFetched
from marketplace.importing import fetching, queries
from marketplace.importing.models import Import, ImportPicture
from tests.factories.goods import picture, shop
from tests.factories.tables import taken_in, tally, written

pytestmark = pytest.mark.django_db
HEADER = ["sku", "title", "price", "stock", "image_url"]


def imported(*addresses: str) -> Import:
    return taken_in(shop(), written(*([f"A-{n}", f"Aurelio {n}", "1.00", 1, address] for n, address in enumerate(addresses)), header=HEADER))


def test_a_fetched_picture_is_a_photo_and_a_new_version() -> None:
    batch = imported("https://pictures.example/a.png")
    assert fetching.fetch_due(now=clock.now, seconds=5, fetch=lambda _: picture()) is False
    listing = Listing.objects.get()
    assert (listing.photos.count(), listing.version) == (1, 2)
    assert len(listing.versions.order_by("number").last().body["photos"]) == 1
    assert queries.pictures_of(batch).fetched == 1
    again = taken_in(batch.vendor, written(["A-0", "Aurelio 0", "1.00", 1, "https://pictures.example/a.png"], header=HEADER))
    assert tally(again) == (0, 0, 1, 0)


def test_what_is_no_picture_is_a_note() -> None:
    batch = imported("https://pictures.example/a.png")
    fetching.fetch_due(now=clock.now, seconds=5, fetch=lambda _: b"<html>")
    assert ImportPicture.objects.get().why == "not_a_picture"
    assert "pictures.example" in "".join(queries.problem_lines(batch))
    assert tally(batch) == (1, 0, 0, 0)


def test_a_dead_host_costs_one_look_and_is_given_up_in_the_end() -> None:
    batch = imported(*(f"https://dead.example/{n}.png" for n in range(5)))
    asked: list[str] = []

    def dead(address: str) -> bytes:
        asked.append(address)
        raise NotFetched("unknown_host", again=True, host_is_down=True)

    for days in range(3):
        fetching.fetch_due(now=lambda days=days: clock.now() + timedelta(days=days), seconds=5, fetch=dead)  # type: ignore[misc]
    assert len(asked) == 3
    assert queries.pictures_of(batch).refused == 5
    assert not fetching.is_due(at=clock.now() + timedelta(days=9))


def test_addresses_inside_the_house_are_never_visited() -> None:
    imported("http://127.0.0.1/a.png http://169.254.169.254/latest/")
    fetching.fetch_due(now=clock.now, seconds=5)
    assert {one.why for one in ImportPicture.objects.all()} == {"forbidden_address"}
