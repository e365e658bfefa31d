"""From a change in the catalogue to the answer of the engine, by the real job."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from core import clock, jobs
from core.jobs import run_due
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.stock import operations as stock
from search import jobs as search_jobs
from search import operations, queries
from search.backends import engine
from search.models import OutboxEntry
from search.query import SearchQuery, Sort
from tests.factories.goods import SELLER, published, shop
from vendors.profiles import operations as profiles

pytestmark = pytest.mark.django_db


def found(words: str = "", **asked: object) -> list[str]:
    return list(queries.find(SearchQuery(words=words, **asked), at=clock.now()).references)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _fresh(index: None) -> None: ...


def test_a_published_listing_is_found_by_its_words_once_the_job_ran() -> None:
    lamp = published(title="Jointed desk lamp, 1962")
    assert found("lamp") == []
    run_due()
    assert found("lamp") == found("desk lamps") == found("台灯") == [lamp.reference]
    assert OutboxEntry.objects.count() == 0


def test_facts_of_the_category_and_the_shop_find_it_too() -> None:
    lamp = published()
    run_due()
    assert found("lighting") == found(lamp.vendor.name) == [lamp.reference]
    page = queries.find(SearchQuery(), at=clock.now())
    assert {one.value: one.count for one in page.facet("category").values}["lighting"] == 1
    assert [(one.value, one.count) for one in page.facet("condition").values] == [("very_good", 1)]
    assert [one.value for one in page.facet("attribute").values] == ["place=table"]


def test_what_is_sold_disappears() -> None:
    lamp = published(on_hand=1)
    run_due()
    variant = lamp.variants.get()
    now = clock.now()
    with transaction.atomic():
        stock.reserve(lines=[(variant.pk, 1)], trade="TRADE0000001", until=now + timedelta(minutes=15), at=now)
    with transaction.atomic():
        stock.commit_sale(trade="TRADE0000001", at=now)
    run_due()
    assert found("lamp") == []


def test_paused_removed_and_resting_shops_disappear_and_come_back() -> None:
    lamp = published()
    listings.pause(listing=lamp, actor=SELLER, at=clock.now())
    run_due()
    assert found("lamp") == []
    listings.resume(listing=lamp, actor=SELLER, at=clock.now())
    run_due()
    assert found("lamp") == [lamp.reference]
    profiles.pause(vendor=lamp.vendor, actor=SELLER, at=clock.now())
    run_due()
    assert found("lamp") == []
    profiles.resume(vendor=lamp.vendor, actor=SELLER, at=clock.now())
    run_due()
    assert found("lamp") == [lamp.reference]
    listings.remove(listing=lamp, actor=SELLER, at=clock.now())
    run_due()
    assert found("lamp") == []


def test_nothing_is_noted_when_the_change_is_rolled_back() -> None:
    before = OutboxEntry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        published()
        assert OutboxEntry.objects.count() > before
        raise RuntimeError
    assert OutboxEntry.objects.count() == before


def test_draining_twice_changes_nothing() -> None:
    lamp = published()
    operations.drain(at=clock.now())
    operations.note_change(listing_id=lamp.pk)
    operations.drain(at=clock.now())
    assert found("lamp") == [lamp.reference]
    assert queries.index_difference().is_empty


def test_a_special_price_is_indexed_when_it_begins_and_when_it_ends() -> None:
    now = clock.now()
    operations.reindex_repriced(at=now)
    cheap = published(price_minor=9000, special_minor=1000, special_from=now + timedelta(hours=1), special_until=now + timedelta(hours=2))
    dear = published(price_minor=5000)
    run_due()
    assert found(sort=Sort.CHEAPEST) == [dear.reference, cheap.reference]
    for hours, expected in ((1, [cheap, dear]), (2, [dear, cheap])):
        later = now + timedelta(hours=hours, minutes=1)
        assert operations.reindex_repriced(at=later) == 1
        operations.drain(at=later)
        assert found(sort=Sort.CHEAPEST) == [one.reference for one in expected]
        assert operations.reindex_repriced(at=later) == 0


def test_prices_narrow_and_currencies_do_not_mix() -> None:
    euro = published(price_minor=4500)
    yuan = published(shop(currency="CNY"), price_minor=4500)
    run_due()
    assert found(currency="CNY", price_from=4000, price_until=5000) == [yuan.reference]
    assert found(currency="EUR", price_until=4499) == []
    page = queries.find(SearchQuery(currency="EUR", price_from=1), at=clock.now())
    assert {one.value: one.count for one in page.facet("currency").values} == {"EUR": 1, "CNY": 1}
    assert page.references == (euro.reference,)


def test_rebuild_and_check_say_what_they_did(capsys: pytest.CaptureFixture[str]) -> None:
    published()
    with pytest.raises(CommandError, match="1 missing"):
        call_command("check_index")
    call_command("rebuild_index")
    call_command("check_index")
    assert "1 listings indexed" in capsys.readouterr().out
    assert OutboxEntry.objects.count() == 0


def wreck_index() -> None:
    folder = Path(engine()._store.folder)  # type: ignore[attr-defined]
    (folder / "current").write_text("v1-gone")


def test_a_broken_index_answers_from_the_database_and_mends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    lamp = published(title="Jointed desk lamp, 1962", price_minor=4500)
    sofa = published(title="Two-seat sofa in cobalt", price_minor=32000)
    run_due()
    wreck_index()
    monkeypatch.setattr(queries, "_asked_to_mend_at", float("-inf"))
    reduced = queries.find(SearchQuery(words="desk lamp"), at=clock.now())
    assert (reduced.reduced, reduced.references, reduced.total) == (True, (lamp.reference,), 1)
    assert set(found()) == {lamp.reference, sofa.reference}
    assert found(sort=Sort.DEAREST) == [sofa.reference, lamp.reference]
    assert found(currency="EUR", price_until=10000) == [lamp.reference]
    assert found(within="lighting", conditions=("very_good",), hand_overs=("parcel",), attributes={"place": ("table",)}, without=sofa.reference)
    assert found(categories=("no-such",)) == []
    run_due()
    mended = queries.find(SearchQuery(words="lamp"), at=clock.now())
    assert (mended.reduced, mended.references[0]) == (False, lamp.reference)


def test_relaxations_offer_one_thing_less_with_its_count() -> None:
    published(title="Jointed desk lamp, 1962", price_minor=4500)
    run_due()
    query = SearchQuery(words="lamp purple", conditions=("new",))
    offers = queries.relaxations(query, at=clock.now())  # no single thing helps: the words one by one
    assert [(one.dropped, one.value, one.total) for one in offers] == [("all but", "lamp", 1)]
    offers = queries.relaxations(SearchQuery(words="lamp purple"), at=clock.now())
    assert [(one.dropped, one.value, one.total) for one in offers] == [("word", "purple", 1)]
    offers = queries.relaxations(SearchQuery(words="lamp", conditions=("new",), currency="EUR", price_until=9000), at=clock.now())
    assert [(one.dropped, one.total, one.query.conditions) for one in offers] == [("conditions", 1, ())]


def test_similar_things_are_of_the_category_and_never_the_thing_itself() -> None:
    lamp, other, third = published(), published(title="Desk lamp in brass"), published(title="Chandelier")
    run_due()
    alike = queries.similar(reference=lamp.reference, title=lamp.title, category="lighting", at=clock.now(), limit=5)
    assert alike == (other.reference, third.reference)


def test_one_drain_does_the_work_of_all_that_wait() -> None:
    for number in range(3):
        published(title=f"Lamp {number}")
    assert len(jobs.waiting_twins("search.jobs.drain_outbox")) >= 3
    search_jobs.drain_outbox.func()
    assert jobs.waiting_twins("search.jobs.drain_outbox") == []
    assert operations.waiting() == 0
