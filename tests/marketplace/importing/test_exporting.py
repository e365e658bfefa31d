"""What goes out comes back: nothing created, nothing changed, and no cell that a spreadsheet would execute."""

import io

import pytest

from core import clock
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.importing import exporting
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantOffer
from tests.factories.goods import SELLER, draft, published, shop
from tests.factories.tables import taken_in, tally, written
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def exported(vendor: Vendor, kind: str) -> bytes:
    out = io.BytesIO()
    exporting.WRITERS[kind](vendor=vendor, file=out)
    return out.getvalue()


@pytest.fixture
def vendor() -> Vendor:
    """A shop with everything that is hard to carry in a table."""
    vendor = shop()
    header = ["sku", "title", "price", "stock", "description", "image_url", "attributes"]
    taken_in(
        vendor,
        written(
            [
                "=1+1",
                "@Aurelio “14”",
                "4995.00",
                3,
                '-5 % off\nTwo lines, and a "quote"',
                "https://pictures.example/a.jpg",
                '{"memory": 16, "brand": "Ün"}',
            ],
            ["A-2", "Aurelio 15 " + "with a very long name " * 8, "1.00", 0, "", "", ""],
            header=header,
        ),
    )
    shirt = draft(vendor, title="A shirt  of two sizes & <b>more</b>")
    offers = [VariantOffer(VariantDraft({"Size": size}), PriceDraft(1000 + n, special_minor=900), on_hand=n) for n, size in enumerate("SM")]
    fixed_price.edit(listing=shirt, offers=offers, content=Content(description="'tis &amp; so"), actor=SELLER, at=clock.now())
    draft(vendor, title="")
    published(vendor)
    return vendor


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_back(vendor: Vendor, kind: str) -> None:
    before = list(Listing.objects.order_by("pk").values_list("pk", "version", "title", "description", "attributes"))
    again = taken_in(vendor, exported(vendor, kind), stock=99)
    assert [(one.line, one.sentence) for one in again.problems.all()] == []
    assert tally(again) == (0, 0, Variant.objects.offered().count(), 0)
    assert list(Listing.objects.order_by("pk").values_list("pk", "version", "title", "description", "attributes")) == before


def test_no_cell_begins_like_a_formula(vendor: Vendor) -> None:
    text = exported(vendor, "csv").decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text
    assert ",@Aurelio" not in text


def test_a_changed_cell_changes_its_variant_only(vendor: Vendor) -> None:
    data = exported(vendor, "csv").replace(b"10.01", b"11.01")
    assert tally(taken_in(vendor, data))[:2] == (0, 1)
    assert Variant.objects.filter(price__price_minor=1101).count() == 1


def test_a_foreign_reference_is_not_here(vendor: Vendor) -> None:
    batch = taken_in(shop(), exported(vendor, "csv"))
    assert tally(batch)[:3] == (0, 0, 0)
    assert {one.field for one in batch.problems.all()} == {"reference"}
