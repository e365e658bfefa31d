"""Tables in which several rows are one listing."""

from __future__ import annotations

import io

import pytest

from marketplace.catalog.listings.models import Listing, Variant
from marketplace.importing import columns, exporting, wishes
from tests.factories.goods import shop
from tests.factories.tables import reasons, taken_in, tally, written
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
HEADER = ["sku", "handle", "title", "price", "stock", "Size", "Colour"]
SHIRTS = [["T-S", "tee", "Shirt", "19.00", 3, "S", "blue"], ["T-M", "tee", "", "19.00", 4, "M", "blue"], ["T-L", "tee", "", "21.00", 0, "L", "blue"]]
CUP = ["CUP", "", "Cup", "5.00", 2, "", ""]


@pytest.fixture
def vendor() -> Vendor:
    return shop()


def shown(vendor: Vendor) -> dict[str, list[tuple[str, dict[str, str], int, int]]]:
    rows = Variant.objects.offered().filter(listing__vendor=vendor).select_related("price").order_by("listing__pk", "position")
    found: dict[str, list[tuple[str, dict[str, str], int, int]]] = {}
    for row in rows:
        found.setdefault(row.listing.title, []).append((row.sku, row.options, row.price.price_minor, row.on_hand))
    return found


def size(word: str) -> dict[str, str]:
    return {"Size": word, "Colour": "blue"}


def test_rows_of_a_group_are_one_listing_with_its_variants(vendor: Vendor) -> None:
    table = written(*SHIRTS, CUP, header=HEADER)
    assert tally(taken_in(vendor, table)) == (4, 0, 0, 0)
    tee = [("T-S", size("S"), 1900, 3), ("T-M", size("M"), 1900, 4), ("T-L", size("L"), 2100, 0)]
    assert shown(vendor) == {"Shirt": tee, "Cup": [("CUP", {}, 500, 2)]}
    assert set(Listing.objects.filter(vendor=vendor).values_list("state", flat=True)) == {"published"}
    assert tally(taken_in(vendor, table)) == (0, 0, 4, 0)


def test_a_later_row_joins_the_listing_that_is_there(vendor: Vendor) -> None:
    taken_in(vendor, written(*SHIRTS[:2], header=HEADER))
    before = Listing.objects.get(vendor=vendor)
    assert tally(taken_in(vendor, written(SHIRTS[2], header=HEADER))) == (1, 0, 0, 0)
    after = Listing.objects.get(vendor=vendor)
    assert [sku for sku, *_rest in shown(vendor)["Shirt"]] == ["T-S", "T-M", "T-L"]
    assert (after.version, after.table_group) == (before.version + 1, "tee")


def test_groups_larger_than_a_chunk_stay_together(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.importing.operations.CHUNK", 2)
    assert tally(taken_in(vendor, written(*SHIRTS, header=HEADER))) == (3, 0, 0, 0)
    assert len(shown(vendor)["Shirt"]) == 3


def test_only_the_first_row_of_a_group_says_what_it_is_called(vendor: Vendor) -> None:
    taken_in(vendor, written(*SHIRTS, header=HEADER))
    named = [[sku, group, f"Shirt {sku}" if sku != "T-S" else "Better shirt", *rest] for sku, group, _title, *rest in SHIRTS]
    assert tally(taken_in(vendor, written(*named, header=HEADER))) == (0, 1, 2, 0)
    assert list(shown(vendor)) == ["Better shirt"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (["T-X", "tee", "", "19.00", 1, "", ""], "options"),  # which one?
        (["T-X", "tee", "", "19.00", 1, "M", "blue"], "options"),  # this one is there
        (["T-X", "tee", "", "19.00", 1, "XL", ""], "options"),  # another kind of choice
        (["T-X", "tee", "", "", 1, "XL", "blue"], "price"),
        (["T-M", "cups", "", "19.00", 4, "M", "blue"], "group"),  # a variant does not move
    ],
)
def test_a_row_that_does_not_fit_its_group_is_named(vendor: Vendor, row: list[object], field: str) -> None:
    taken_in(vendor, written(*SHIRTS, ["CUP", "cups", "Cup", "5.00", 2, "S", "blue"], header=HEADER))
    batch = taken_in(vendor, written(row, header=HEADER))
    assert (tally(batch), reasons(batch)) == ((0, 0, 0, 1), [(2, field)])


def test_what_was_one_thing_becomes_the_first_of_a_group(vendor: Vendor) -> None:
    taken_in(vendor, written(["T-S", "Shirt", "19.00", 3]))
    assert tally(taken_in(vendor, written(*SHIRTS, header=HEADER))) == (2, 1, 0, 0)
    assert [options for _sku, options, *_rest in shown(vendor)["Shirt"]] == [size("S"), size("M"), size("L")]


def test_a_shop_with_variants_goes_out_and_comes_back(vendor: Vendor) -> None:
    taken_in(vendor, written(*SHIRTS, CUP, header=HEADER))
    out = io.BytesIO()
    exporting.write_csv(vendor=vendor, file=out)
    assert tally(taken_in(vendor, out.getvalue())) == (0, 0, 4, 0)
    elsewhere = shop()
    without = "\n".join(line.split(",", 1)[1] for line in out.getvalue().decode("utf-8-sig").splitlines())
    assert tally(taken_in(elsewhere, without.encode())) == (4, 0, 0, 0)
    assert shown(elsewhere) == shown(vendor)


def test_choices_are_guessed_only_where_rows_are_grouped() -> None:
    assert columns.guess(["sku", "handle", "Size", "Option: Fit"]) == {
        "sku": "sku", "handle": "group", "Size": "option:Size", "Option: Fit": "option:Fit",
    }  # fmt: skip
    assert columns.guess(["sku", "Size"]) == {"sku": "sku", "Size": ""}


@pytest.mark.parametrize("options", [{}, {"Size": "M", "Colour": "blue"}, {"Fit": "wide, long", "a:b": "{"}])
def test_options_are_read_as_they_are_written(options: dict[str, str]) -> None:
    text = wishes.options_as_text(options)
    assert (wishes.options_in(text) if text else {}) == options
