"""A table becomes listings: new, changed, unchanged and failed rows, killed runs, and what a real listing leaves behind."""

from datetime import timedelta

import pytest
from django.db import connection

from core import clock, jobs
from core.actors import SYSTEM
from core.errors import Refusal
from core.models import AuditEvent
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.stock import operations as stock
from marketplace.catalog.stock import queries as stock_queries
from marketplace.importing import operations, words
from marketplace.importing.models import ImportPicture
from marketplace.importing.states import ImportState
from marketplace.importing.words import ColumnsIncomplete, ImportRunning, WrongCurrency
from marketplace.sale_formats.fixed_price.models import PriceChange
from search import queries as search
from search.query import SearchQuery
from tests.factories.goods import SELLER, published, shop
from tests.factories.tables import packed, prepared, reasons, sheet, taken_in, tally, written

pytestmark = pytest.mark.django_db
ROWS = [["A-1", "Aurelio 14 notebook", "899.00", 3], ["A-2", "Aurelio 15 notebook", "1.099,50", 0], ["A-3", "Brisk mouse", "$", 5]]


def test_rows_become_listings_like_any_other() -> None:
    vendor = shop()
    batch = taken_in(vendor, written(*ROWS[:2]))
    assert (batch.state, tally(batch)) == (ImportState.DONE, (2, 0, 0, 0))
    first, second = Variant.objects.order_by("sku").select_related("listing", "price")
    assert (first.listing.state, first.price.price_minor, first.on_hand, first.listing.version) == ("published", 89900, 3, 1)
    assert (second.listing.state, second.price.price_minor) == ("sold_out", 109950)
    body = first.listing.versions.get().body
    assert body["photos"] == []
    assert body["terms"]["prices"][first.reference]["price_minor"] == 89900
    assert [event.name for event in AuditEvent.objects.filter(reference=first.listing.reference).order_by("id")] == ["drafted", "publish"]
    assert PriceChange.objects.filter(variant=first).count() == 1
    assert stock_queries.miscounted() == []


@pytest.mark.usefixtures("index")
def test_what_was_imported_is_found() -> None:
    taken_in(shop(), written(*ROWS[:1]))
    jobs.run_due()
    assert len(search.find(SearchQuery(words="aurelio notebook"), at=clock.now()).references) == 1


def test_the_same_table_again_changes_nothing() -> None:
    vendor = shop()
    taken_in(vendor, written(*ROWS))
    before = list(Listing.objects.values_list("pk", "version", "changed_at"))
    again = taken_in(vendor, written(*ROWS))
    assert tally(again) == (0, 0, 2, 1)
    assert list(Listing.objects.values_list("pk", "version", "changed_at")) == before


def test_changed_cells_change_their_listing_once() -> None:
    vendor = shop()
    taken_in(vendor, written(*ROWS[:2]))
    batch = taken_in(vendor, written(["A-1", "Aurelio 14 notebook, silver", "850", 9], ["A-2", "Aurelio 15 notebook", "1099.5", 4]))
    assert tally(batch) == (0, 2, 0, 0)
    first, second = Variant.objects.order_by("sku").select_related("listing", "price")
    assert (first.listing.title, first.price.price_minor, first.on_hand, first.listing.version) == ("Aurelio 14 notebook, silver", 85000, 9, 2)
    assert (second.on_hand, second.listing.state) == (4, "published")
    assert [event.name for event in AuditEvent.objects.filter(reference=second.listing.reference).order_by("id")][-2:] == ["restock", "changed"]
    assert first.listing.versions.order_by("number").last().body["title"] == "Aurelio 14 notebook, silver"
    assert stock_queries.miscounted() == []


def test_a_bad_row_is_named_and_the_others_go_in() -> None:
    batch = taken_in(
        shop(), written(["A-1", "Aurelio 14", "9.99", 1], ["A-2", "Aurelio 15", "cheap", 1], ["", "Aurelio 16", "1", 1], ["A-4", "Aurelio 17", "", 1])
    )
    assert tally(batch) == (1, 0, 0, 3)
    assert reasons(batch) == [(3, "price"), (4, "sku"), (5, "price")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (["A-1", "Aurelio", "-5", 1], "price"),
        (["A-1", "Aurelio", "0", 1], "price"),
        (["A-1", "Aurelio", "$12.50", 1], "price"),
        (["A-1", "Aurelio", "12.50 USD", 1], "price"),
        (["A-1", "Aurelio", "12.50", -1], "stock"),
        (["A-1", "Aurelio", "12.50", 1.5], "stock"),
        (["A-1", "Au", "12.50", 1], "title"),
        (["A-1", "A" * 1200, "12.50", 1], "title"),
        (["A" * 61, "Aurelio", "12.50", 1], "sku"),
    ],
)
def test_a_row_is_refused_with_its_column(row: list[object], field: str) -> None:
    batch = taken_in(shop(), written(row))
    assert (tally(batch), reasons(batch)) == ((0, 0, 0, 1), [(2, field)])
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("text", "minor"), [("1.234,56", 123456), ("12,5", 1250), ("€ 12.50", 1250), ("12.50 EUR", 1250), ("1,234.50", 123450), ("12,-", 1200)]
)
def test_prices_are_read_as_people_write_them(text: str, minor: int) -> None:
    vendor = shop()
    taken_in(vendor, written(["A-1", "Aurelio", text, 1]))
    assert Variant.objects.get().price.price_minor == minor


@pytest.mark.parametrize(
    ("text", "told"), [("12.345", True), ("1,234", True), ("12.50", False), ("1,234.50", False), ("1.234.567", False), ("0.5", False)]
)
def test_a_price_that_may_be_thousands_is_pointed_out(text: str, told: bool) -> None:
    batch = taken_in(shop(), written(["A-1", "Aurelio", text, 1]))
    assert batch.created == 1
    assert list(batch.problems.values_list("line", "code")) == ([(2, "price_thousands")] if told else [])


def test_whole_numbers_that_end_like_prices_are_cents() -> None:
    vendor = shop()
    batch = taken_in(vendor, written(["A-1", "Aurelio", "4995", 1], ["A-2", "Brisk", "10995", 1]))
    assert batch.terms["prices"] == "cents"
    assert sorted(Variant.objects.values_list("price__price_minor", flat=True)) == [4995, 10995]
    batch = taken_in(shop(), written(["A-1", "Aurelio", "4995", 1]), prices="whole")
    assert Variant.objects.get(listing__vendor=batch.vendor).price.price_minor == 499500


def test_a_number_twice_in_the_file_fails_once() -> None:
    batch = taken_in(shop(), written(["A-1", "Aurelio", "10.00", 1], ["A-1", "Aurelio again", "11.00", 1]))
    assert (tally(batch), reasons(batch)) == ((1, 0, 0, 1), [(3, "sku")])


def test_long_titles_markup_and_answers_are_tidied() -> None:
    title = "Aurelio notebook " + "with a long name " * 12
    row = ["A-1", title, "10.00", 1, "<p>Light &amp; fast</p><script>alert(1)</script>", "Aurelio", '{"memory": 16.0, "weight": 3}']
    batch = taken_in(shop(), written(row, header=["sku", "title", "price", "stock", "description", "brand", "attributes"]))
    listing = Listing.objects.get()
    assert (len(listing.title) <= 120, listing.title[-1]) == (True, "…")
    assert listing.description == f"{' '.join(title.split())}\n\nLight & fast"
    assert listing.attributes == {"brand": "Aurelio", "memory": "16"}
    assert [one.code for one in batch.problems.filter(kind="note")] == ["title_shortened"]
    assert tally(taken_in(listing.vendor, written(row, header=["sku", "title", "price", "stock", "description", "brand", "attributes"]))) == (
        0,
        0,
        1,
        0,
    )


def test_categories_are_known_by_every_name_and_unknown_ones_fail() -> None:
    header = ["sku", "title", "price", "stock", "category"]
    rows = [["A-1", "Aurelio", "1.00", 1, "电脑"], ["A-2", "Aurelio", "1.00", 1, "Electronics > Computers"], ["A-3", "Aurelio", "1.00", 1, "Laptops"]]
    batch = taken_in(shop(), written(*rows, header=header))
    assert (tally(batch), reasons(batch)) == ((2, 0, 0, 1), [(4, "category")])
    with pytest.raises(Refusal, match="smaller categories"):
        taken_in(shop(), written(*ROWS), category="electronics")


@pytest.mark.parametrize(
    "data",
    [sheet(*ROWS[:2]), packed(written(*ROWS[:2])), written(*ROWS[:2], delimiter=";"), written(*ROWS[:2], delimiter="\t", encoding="utf-16")],
    ids=["xlsx", "gzip", "semicolons", "tabs in UTF-16"],
)
def test_every_kind_of_table_reads_alike(data: bytes) -> None:
    batch = taken_in(shop(), data)
    assert tally(batch) == (2, 0, 0, 0)


def test_a_killed_run_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "CHUNK", 2)
    vendor = shop()
    data = written(*([f"A-{n}", f"Aurelio {n}", "10.00", 1] for n in range(7)), ["A-0", "Twice", "1.00", 1])
    batch, file = prepared(vendor, data)
    batch = operations.begin(batch=batch, actor=SYSTEM, at=clock.now())

    class Killed(Exception):
        pass

    def told(batch: object) -> None:
        if batch.rows_done == 4:  # type: ignore[attr-defined]
            raise Killed

    with pytest.raises(Killed):
        operations.run(batch=batch, file=file, now=clock.now, told=told)
    assert Listing.objects.count() == 4
    again = taken_in(vendor, data)
    assert again.pk == batch.pk
    assert tally(again) == (7, 0, 0, 1)
    assert Listing.objects.count() == 7
    assert reasons(again) == [(9, "sku")]


def test_one_at_a_time_in_a_shop_and_a_cancelled_one_makes_room() -> None:
    vendor = shop()
    batch, _ = prepared(vendor, written(*ROWS))
    running = operations.begin(batch=batch, actor=SYSTEM, at=clock.now())
    other, _ = prepared(vendor, written(*ROWS[:1]))
    with pytest.raises(ImportRunning):
        operations.begin(batch=other, actor=SYSTEM, at=clock.now())
    operations.cancel(batch=running, actor=SYSTEM, at=clock.now())
    assert tally(taken_in(vendor, written(*ROWS[:1]))) == (1, 0, 0, 0)
    assert tally(taken_in(shop(), written(*ROWS[:1]))) == (1, 0, 0, 0)


def test_a_table_whose_command_was_killed_makes_room_for_the_next() -> None:
    vendor = shop()
    batch, _ = prepared(vendor, written(*ROWS))
    left = operations.begin(batch=batch, actor=SYSTEM, at=clock.now() - timedelta(minutes=5))
    assert tally(taken_in(vendor, written(*ROWS[:1]))) == (1, 0, 0, 0)
    left.refresh_from_db()
    assert (left.state, left.why) == (ImportState.FAILED, str(words.LEFT_BEHIND))


def test_a_cancelled_run_stops_before_its_next_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "CHUNK", 1)
    batch, file = prepared(shop(), written(*ROWS[:2]))
    batch = operations.begin(batch=batch, actor=SYSTEM, at=clock.now())

    def told(now: object) -> None:
        if now.rows_done == 1 and now.state == ImportState.RUNNING:  # type: ignore[attr-defined]
            operations.cancel(batch=batch, actor=SYSTEM, at=clock.now())

    done = operations.run(batch=batch, file=file, now=clock.now, told=told)
    assert (done.state, Listing.objects.count()) == (ImportState.CANCELLED, 1)


def test_stock_of_the_whole_table_counts_only_new_things() -> None:
    vendor = shop()
    data = written(["A-1", "Aurelio", "10.00"], header=["sku", "title", "price"])
    taken_in(vendor, data, stock=5)
    variant = Variant.objects.get()
    with connection.cursor():
        stock.reserve(lines=[(variant.pk, 2)], trade="TRADE0000001", until=clock.now(), at=clock.now())
    stock.commit_sale(trade="TRADE0000001", at=clock.now())
    assert tally(taken_in(vendor, data, stock=5)) == (0, 0, 1, 0)
    short = written(["A-1", "Aurelio", "10.00", 0])
    stock.reserve(lines=[(variant.pk, 1)], trade="TRADE0000002", until=clock.now(), at=clock.now())
    assert reasons(taken_in(vendor, short)) == [(2, "stock")]


def test_a_listing_written_by_hand_is_known_by_its_number_and_keeps_its_photo() -> None:
    vendor = shop()
    lamp = published(vendor)
    Variant.objects.filter(listing=lamp).update(sku="L-1")
    assert tally(taken_in(vendor, written(["L-1", "Jointed desk lamp, 1963", "45.00", 1]))) == (0, 1, 0, 0)
    lamp.refresh_from_db()
    assert (lamp.title, lamp.photos.count()) == ("Jointed desk lamp, 1963", 1)
    stranger = shop()
    assert tally(taken_in(stranger, written(["L-1", "Another lamp of that number", "45.00", 1]))) == (1, 0, 0, 0)


def test_a_special_price_stops_a_lower_ordinary_one() -> None:
    vendor = shop()
    lamp = published(vendor, special_minor=4000)
    Variant.objects.filter(listing=lamp).update(sku="L-1")
    assert reasons(taken_in(vendor, written(["L-1", "Jointed desk lamp, 1962", "39.00", 1]))) == [(2, "special_price")]


def test_pictures_wait_and_a_listing_without_one_can_still_be_edited() -> None:
    vendor = shop()
    header = ["sku", "title", "price", "stock", "image_url"]
    taken_in(vendor, written(["A-1", "Aurelio", "1.00", 1, "https://pictures.example/a.jpg nonsense"], header=header))
    listing = Listing.objects.get()
    assert [picture.host for picture in ImportPicture.objects.all()] == ["pictures.example"]
    listings.change(listing=listing, content=Content(title="Aurelio 2"), actor=SELLER, at=clock.now())
    assert Listing.objects.get().title == "Aurelio 2"


def test_drafts_on_request() -> None:
    taken_in(shop(), written(*ROWS[:1]), publish=False)
    assert Listing.objects.get().state == "draft"


def test_tables_that_cannot_be_taken_in_at_all() -> None:
    vendor = shop()
    with pytest.raises(WrongCurrency):
        taken_in(vendor, written(*ROWS), currency="USD")
    with pytest.raises(ColumnsIncomplete):
        taken_in(vendor, written(["x", "y"], header=["A-1", "Aurelio"]))
    assert not Listing.objects.exists()


def test_a_row_the_database_refuses_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from marketplace.importing import chunks

    real = chunks.write

    def picky(found, *args, **options):  # type: ignore[no-untyped-def]
        if any(one.wish.sku == "A-1" for one in found.fresh):
            raise ValueError("broken")
        real(found, *args, **options)

    monkeypatch.setattr(chunks, "write", picky)
    batch = taken_in(shop(), written(*ROWS[:2]))
    assert (tally(batch), [one.code for one in batch.problems.all()]) == ((1, 0, 0, 1), ["broken_row"])
