"""The editor, by the test client: no script, like a browser without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from core.actors import SYSTEM
from escrow.fees.models import CommissionPlan
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.stock import operations as stock
from marketplace.sale_formats.fixed_price import operations as prices
from marketplace.sale_formats.fixed_price.operations import PriceDraft
from marketplace.sale_formats.fixed_price.pricing import Break
from search import operations as search
from tests.factories import goods, trade
from tests.factories.goods import NOON, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    goods.tree()
    CommissionPlan.objects.get_or_create(party="", category_slug="", defaults={"code": "all", "rate_bp": 800})


@pytest.fixture
def owner(client):
    owner = goods.person()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return owner


@pytest.fixture
def vendor(owner):
    return goods.shop(owner)


def upload(data=None, name="lamp.png"):
    return SimpleUploadedFile(name, data if data is not None else picture(), "image/png")


def typed(page, **changes):
    """What a browser would send back from this page, with some fields typed differently."""
    form = page.context["form"]
    sent = {"version": page.context["version"], "on_hand_seen": page.context["on_hand_seen"]}
    for part in form.every:
        for field in part:
            if field.html_name not in sent and field.value() not in (None, ""):
                sent[field.html_name] = field.value()
    for rows in (form.rows, form.breaks):
        sent |= {field.html_name: field.value() for field in rows.management_form}
    return {**sent, **changes}


def start(client, vendor, **body):
    answer = client.post(f"/sell/{vendor.slug}/listings/new/", {"photos": [upload()], "title": "Desk lamp", **body})
    assert answer.status_code == 302
    return answer["Location"]


WHOLE = {"category": "lighting", "condition": "good", "attr_place": "table", "price": "45,00", "on_hand": "1", "hand_overs": ["parcel", "pickup"]}


def test_from_a_photo_to_the_window(client, vendor):
    here = start(client, vendor)
    page = client.get(here)
    assert page.status_code == 200
    saved = client.post(here, typed(page, **WHOLE))
    assert saved.status_code == 302
    page = client.get(here)
    assert "You receive <strong>€41.40</strong>" in page.content.decode()
    published = client.post(here, typed(page, do="publish"))
    assert (published.status_code, published["Location"]) == (302, f"/sell/{vendor.slug}/listings/")
    listing = Listing.objects.get()
    assert (listing.state, listing.attributes, listing.hand_overs) == ("published", {"place": "table"}, ["parcel", "pickup"])
    assert listing.variants.get().price.price_minor == 4500
    shown = client.get(f"/sell/{vendor.slug}/listings/").content.decode()
    assert "Desk lamp" in shown
    assert "€45.00" in shown


def test_publish_marks_everything_missing_and_keeps_what_was_typed(client, vendor):
    here = client.post(f"/sell/{vendor.slug}/listings/new/", {"title": ""})["Location"]
    answer = client.post(here, typed(client.get(here), do="publish", title="Vase", description="From my aunt", on_hand=""))
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Add at least one photo", "Choose a category", "Say what condition", "Set a price", "Say how many you have"):
        assert words in text
    assert "From my aunt" in text
    assert Listing.objects.get().description == "From my aunt"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"price": "cheap"}, "Write an amount like 12.50"),
        ({"price": "-5"}, "Write a price above zero"),
        ({"price": "1.234567"}, "Write an amount like 12.50"),
        ({"price": "0"}, "Write a price above zero"),
        ({"price": "999999999999"}, "Write a"),
        ({"on_hand": "many"}, "Write a whole number"),
        ({"on_hand": "-3"}, "greater than or equal to 0"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"condition": "mint"}, "Select a valid choice"),
        ({"category": "spaceships"}, "Select a valid choice"),
        ({"attr_height": "tall"}, "as a number"),
        ({"special_price": "50"}, "must be lower than the ordinary price"),
        ({"special_price": "40", "special_until": "2020-01-01"}, "must end after it begins"),
        ({"special_until": "soon", "special_price": "40"}, "Enter a valid date"),
        ({"breaks-0-quantity": "5", "breaks-0-price": "45"}, "must be lower than the one before"),
        ({"rows-0-first": "Red", "rows-1-first": "Red"}, "This variant is there twice"),
        ({"hand_overs": ["drone"]}, "Select a valid choice"),
        ({"rows-TOTAL_FORMS": "lots"}, "Kept words"),
        ({"version": "x"}, "Enter a whole number"),
    ],
)
def test_wrong_input_is_marked_and_kept(client, vendor, wrong, words):
    here = start(client, vendor)
    client.post(here, typed(client.get(here), **WHOLE))
    before = Listing.objects.get().version
    answer = client.post(here, typed(client.get(here), **{"description": "Kept words", **wrong}))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Kept words" in text
    assert Listing.objects.get().version == before


def test_somebody_elses_change_is_never_overwritten_unseen(client, vendor):
    here = start(client, vendor)
    mine, theirs = client.get(here), client.get(here)
    client.post(here, typed(theirs, title="Their title"))
    answer = client.post(here, typed(mine, title="My title"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this listing" in text
    assert "My title" in text
    assert Listing.objects.get().title == "Their title"
    client.post(here, typed(answer))
    assert Listing.objects.get().title == "My title"


def test_units_sold_while_editing_are_not_brought_back(client, vendor):
    listing = goods.published(vendor, on_hand=5)
    here = f"/sell/{vendor.slug}/listings/{listing.reference}/"
    page = client.get(here)
    stock.reserve(lines=[(listing.variants.get().pk, 1)], trade="T1", until=NOON, at=NOON)
    stock.commit_sale(trade="T1", at=NOON)
    assert client.post(here, typed(page, title="Only a new title")).status_code == 302
    assert listing.variants.get().on_hand == 4
    page_again = typed(page, on_hand="7", version=client.get(here).context["version"])
    answer = client.post(here, page_again)
    assert answer.status_code == 409
    assert "4 are there now" in answer.content.decode()
    assert listing.variants.get().on_hand == 4


def test_variants_with_their_own_price_and_stock(client, vendor):
    here = start(client, vendor)
    rows = {"first_name": "Colour", "rows-0-first": "Red", "rows-0-on_hand": "2", "rows-1-first": "Blue", "rows-1-on_hand": "3", "rows-1-price": "49"}
    assert client.post(here, typed(client.get(here), **{**WHOLE, **rows})).status_code == 302
    listing = Listing.objects.get()
    assert [(v.label, v.on_hand, v.price.price_minor) for v in listing.variants.offered()] == [("Red", 2, 4500), ("Blue", 3, 4900)]
    page = client.get(here)
    assert client.post(here, typed(page, **{"rows-0-drop": "on"}, do="publish")).status_code == 302
    assert [v.label for v in listing.variants.offered()] == ["Blue"]


def test_quantity_prices_of_a_business(client, owner):
    vendor = goods.shop(owner, kind="business")
    here = start(client, vendor)
    prices = {"min_quantity": "10", "breaks-0-quantity": "50", "breaks-0-price": "40", "breaks-1-quantity": "200", "breaks-1-price": "30.5"}
    assert client.post(here, typed(client.get(here), **{**WHOLE, **prices})).status_code == 302
    table = Listing.objects.get().variants.get().price.table
    assert (table.min_quantity, [(b.min_quantity, b.price_minor) for b in table.breaks]) == (10, [(50, 4000), (200, 3050)])


def test_photos_are_added_moved_described_and_removed_without_losing_words(client, vendor):
    here = start(client, vendor)
    answer = client.post(here, {**typed(client.get(here), title="Typed before"), "photos": [upload(), upload(b"<svg/>", "x.svg")]})
    assert answer["Location"].endswith("#photos")
    page = client.get(here)
    assert "x.svg: This is not a picture we can read" in page.content.decode()
    first, second = page.context["photos"]
    client.post(here, typed(page, do=f"photo:later:{first.reference}", **{f"alt_{first.reference}": "From above"}))
    listing = Listing.objects.get()
    assert listing.title == "Typed before"
    assert [(p.reference, p.alt) for p in listing.photos.all()] == [(second.reference, ""), (first.reference, "From above")]
    client.post(here, typed(client.get(here), do=f"photo:remove:{second.reference}"))
    assert [p.reference for p in listing.photos.all()] == [first.reference]
    foreign = goods.draft().photos.get()
    assert client.post(here, typed(client.get(here), do=f"photo:remove:{foreign.reference}")).status_code == 404


def test_autosave_keeps_a_draft_but_never_changes_what_is_shown(client, vendor):
    here = start(client, vendor)
    answer = client.post(here, typed(client.get(here), do="autosave", title="Growing title"), headers={"HX-Request": "true"})
    assert "Draft saved" in answer.content.decode()
    listing = Listing.objects.get()
    assert listing.title == "Growing title"
    assert f'value="{listing.version}"' in answer.content.decode()
    answer = client.post(here, typed(client.get(here), do="autosave", price="x"), headers={"HX-Request": "true"})
    assert "Not saved yet" in answer.content.decode()
    shown = goods.published(vendor)
    there = f"/sell/{vendor.slug}/listings/{shown.reference}/"
    assert client.post(there, typed(client.get(there), do="autosave", title="Sneaky")).status_code == 404


def test_pause_show_again_and_remove(client, vendor):
    listing = goods.published(vendor)
    here = f"/sell/{vendor.slug}/listings/{listing.reference}/"
    for move, state in (("pause", "paused"), ("resume", "published")):
        assert client.post(f"{here}state/", {"move": move}).status_code == 302
        listing.refresh_from_db()
        assert listing.state == state
    client.post(f"{here}state/", {"move": "resume"})
    assert client.post(f"{here}state/", {"move": "explode"}).status_code == 404
    assert client.get(f"{here}removal/").status_code == 200
    client.post(f"{here}removal/")
    listing.refresh_from_db()
    assert listing.state == "removed"
    assert client.get(here).status_code == 404


def test_publishing_an_unready_draft_from_the_list_leads_to_what_is_missing(client, vendor):
    listing = goods.draft(vendor)
    answer = client.post(f"/sell/{vendor.slug}/listings/{listing.reference}/state/", {"move": "publish"}, follow=True)
    assert "Set a price." in answer.content.decode()


def test_strangers_and_other_shops_find_nothing(client, vendor, owner):
    other = goods.shop(owner)
    listing = goods.draft(vendor)
    addresses = ["", "receiving/", "details/", "removal/"]
    assert {client.get(f"/sell/{other.slug}/listings/{listing.reference}/{rest}").status_code for rest in addresses} == {404}
    client.force_login(goods.person(), backend="django.contrib.auth.backends.ModelBackend")
    mine = f"/sell/{vendor.slug}/listings/"
    assert {client.get(f"{mine}{rest}").status_code for rest in ("", "new/", *(f"{listing.reference}/{a}" for a in addresses))} == {404}
    assert client.post(f"{mine}{listing.reference}/", {}).status_code == 404
    assert client.post(f"{mine}{listing.reference}/state/", {"move": "publish"}).status_code == 404
    assert client.post(f"{mine}new/", {}).status_code == 404
    client.logout()
    assert client.get(mine).status_code == 302


def test_pages_speak_the_language_of_the_seller(client, owner, vendor):
    here = start(client, vendor)
    client.post(here, typed(client.get(here), **WHOLE))
    type(owner).objects.filter(pk=owner.pk).update(language="zh-hans")
    text = client.get(here, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "摆放位置" in text
    assert "灯具" in text


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_a_refused_picture_alone_marks_the_first_page_and_makes_no_draft(client, vendor):
    files = [upload(SVG, "logo.svg"), upload(b"", "empty.png")]
    answer = client.post(f"/sell/{vendor.slug}/listings/new/", {"photos": files, "title": "My <b>lamp</b>"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "logo.svg: This is not a picture we can read" in text
    assert "empty.png: " in text
    assert "My &lt;b&gt;lamp&lt;/b&gt;" in text
    assert not Listing.objects.exists()


def test_a_refused_picture_among_others_is_named_in_the_editor_once(client, vendor):
    here = start(client, vendor, photos=[upload(), upload(SVG, "logo.svg")])
    text = client.get(here).content.decode()
    assert "This picture cannot be used" in text
    assert "logo.svg: This is not a picture we can read" in text
    assert Listing.objects.get().photos.count() == 1
    assert "logo.svg" not in client.get(here).content.decode()


def test_publishing_with_a_refused_picture_stops_and_keeps_the_words(client, vendor):
    here = start(client, vendor)
    answer = client.post(here, typed(client.get(here), **{**WHOLE, "photos": [upload(SVG, "logo.svg")]}, do="publish"))
    assert answer.status_code == 422
    assert "logo.svg: " in answer.content.decode()
    assert Listing.objects.get().state == "draft"
    assert Listing.objects.get().category is not None


def test_a_special_price_that_reaches_no_choice_is_refused(client, vendor):
    here = start(client, vendor)
    rows = {"first_name": "Colour", "rows-0-first": "Red", "rows-0-on_hand": "2", "rows-0-price": "49", "special_price": "40"}
    answer = client.post(here, typed(client.get(here), **{**WHOLE, **rows}))
    assert answer.status_code == 422
    assert "Every choice has a price of its own" in answer.content.decode()
    steps = {"special_price": "", "breaks-0-quantity": "5", "breaks-0-price": "40"}
    answer = client.post(here, typed(client.get(here), **{**WHOLE, **rows, **steps}))
    assert answer.status_code == 422
    rows["rows-0-price"] = ""
    assert client.post(here, typed(client.get(here), **{**WHOLE, **rows, **steps})).status_code == 302


def test_quantity_prices_given_by_a_machine_survive_the_editor(client, vendor):
    here = start(client, vendor)
    rows = {"first_name": "Size", "rows-0-first": "S", "rows-0-on_hand": "2", "rows-1-first": "L", "rows-1-on_hand": "3", "rows-1-price": "49"}
    client.post(here, typed(client.get(here), **{**WHOLE, **rows}))
    small, large = Listing.objects.get().variants.offered()
    for variant, price in ((small, 4500), (large, 4900)):
        draft = PriceDraft(price, special_minor=price - 400, breaks=[Break(5, price - 500)])
        prices.set_price(variant=variant, price=draft, actor=SYSTEM, at=clock.now())
    page = client.get(here)
    assert client.post(here, typed(page, title="Only a new title")).status_code == 302
    tables = [(v.price.special_minor, [step.price_minor for step in v.price.breaks]) for v in Listing.objects.get().variants.offered()]
    assert tables == [(4100, [4000]), (4500, [4400])]


def test_the_editor_says_what_similar_things_sell_for(client, vendor):
    for price in (4000, 4500, 5000):
        trade.paid_order(trade.goods(title=f"Desk lamp {price}", price_minor=price))
    search.rebuild(at=clock.now())
    draft = goods.draft(vendor, title="Desk lamp")
    Listing.objects.filter(pk=draft.pk).update(category=goods.category("furniture"))
    here = f"/sell/{vendor.slug}/listings/{draft.reference}/"
    part = client.get(f"{here}comparables/", {"title": "Desk lamp, blue", "category": "lighting"}, headers={"HX-Request": "true"}).content.decode()
    assert "Similar things sold for <strong>€40.00 to €50.00" in part
    assert '<option value="Desk lamp 4500">' in part
    elsewhere = client.get(f"{here}comparables/").content.decode()
    assert "Too few similar things" in elsewhere
    assert f'{here}"' in elsewhere
    client.post(here, typed(client.get(here), do="category:lighting", category="furniture"))
    assert Listing.objects.get(pk=draft.pk).category.slug == "lighting"
