import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.tokens import operations as tokens
from core import clock
from tests.factories import goods
from tests.factories.goods import picture

pytestmark = pytest.mark.django_db
HERE = "/api/v1/my_listings/"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def owner():
    return goods.person()


@pytest.fixture
def vendor(owner):
    return goods.shop(owner, kind="business")


@pytest.fixture
def client(owner):
    return client_of(owner)


def upload(data=None, name="lamp.png"):
    return SimpleUploadedFile(name, data if data is not None else picture(), "image/png")


def drafted(client, vendor, **more):
    goods.tree()
    body = {"vendor": vendor.slug, "title": "Cartons", "category": "packaging", "condition": "new", "attributes": {"pack": 50}, **more}
    return client.post(HERE, body)


def test_business_lists_goods_with_quantity_prices(client, vendor):
    price = {"price_minor": 3100, "min_quantity": 2, "breaks": [{"min_quantity": 10, "price_minor": 2800}]}
    made = drafted(client, vendor, variants=[{"price": price, "on_hand": 400}])
    assert made.status_code == 201, made.json()
    reference = made.json()["reference"]
    assert made.json()["variants"][0]["price"]["breaks"] == [{"min_quantity": 10, "price_minor": 2800}]
    refused = client.post(f"{HERE}{reference}/publication/")
    assert refused.status_code == 422
    assert [problem["field"] for problem in refused.json()["errors"]] == ["photos"]
    photo = client.post(f"{HERE}{reference}/photos/", {"photo": upload(), "alt": "A carton"}, format="multipart")
    assert photo.status_code == 201, photo.json()
    assert photo.json()["avif"]
    shown = client.post(f"{HERE}{reference}/publication/")
    assert (shown.status_code, shown.json()["state"]) == (200, "published")
    assert client.post(f"{HERE}{reference}/pause/").json()["state"] == "paused"
    assert client.post(f"{HERE}{reference}/resumption/").json()["state"] == "published"
    assert client.post(f"{HERE}{reference}/resumption/").status_code == 409
    assert client.delete(f"{HERE}{reference}/").json()["state"] == "removed"


def test_change_asks_for_the_version_that_was_read(client, vendor):
    address = f"{HERE}{drafted(client, vendor).json()['reference']}/"
    tag = client.get(address)["ETag"]
    assert client.patch(address, {"title": "Boxes"}).status_code == 428
    changed = client.patch(address, {"title": "Boxes"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["title"]) == (200, "Boxes")
    stale = client.patch(address, {"title": "Crates"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "listing_changed")
    assert client.patch(address, {"title": "Crates"}, headers={"If-Match": "yesterday"}).status_code == 400
    assert client.patch(address, {"title": "Crates"}, headers={"If-Match": changed["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x" * 121}, "title"),
        ({"title": {"a": 1}}, "title"),
        ({"condition": "mint"}, "condition"),
        ({"category": "spaceships"}, None),
        ({"category": "home"}, "category"),
        ({"attributes": {"pack": "many"}}, "attributes.pack"),
        ({"attributes": {"rocket": 1}}, "attributes.rocket"),
        ({"attributes": []}, "attributes"),
        ({"hand_overs": ["drone"]}, "hand_overs.0"),
        ({"variants": [{"price": {"price_minor": -1}}]}, "variants.0.price.price_minor"),
        ({"variants": [{"price": {"price_minor": 10**15}}]}, "variants.0.price.price_minor"),
        ({"variants": [{"price": {"price_minor": 100, "special_minor": 200}}]}, "variants.0.special_price"),
        ({"variants": [{"price": {"price_minor": 100, "breaks": [{"min_quantity": 5, "price_minor": 100}]}}]}, "variants.0.breaks"),
        ({"variants": [{"on_hand": -3}]}, "variants.0.on_hand"),
        ({"variants": [{"on_hand": "lots"}]}, "variants.0.on_hand"),
        ({"variants": []}, "variants"),
        ({"variants": [{"options": {"Size": ""}}]}, "variants.0.options.Size"),
        ({"variants": [{"reference": "000000000000"}]}, None),
    ],
)
def test_wrong_input_is_answered_by_field_and_nothing_is_written(client, vendor, body, field):
    made = drafted(client, vendor, variants=[{"price": {"price_minor": 900}, "on_hand": 1}]).json()
    answer = client.patch(f"{HERE}{made['reference']}/", body, headers={"If-Match": "*"})
    assert answer.status_code in (400, 404), answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    if field:
        assert field in [problem["field"] for problem in answer.json()["errors"]], answer.json()
    assert client.get(f"{HERE}{made['reference']}/").json()["version"] == made["version"]


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a<script>", b"\x89PNG\r\n\x1a\n", bytes(13_000_000)])
def test_bad_pictures_are_refused(client, vendor, data):
    reference = drafted(client, vendor).json()["reference"]
    answer = client.post(f"{HERE}{reference}/photos/", {"photo": upload(data)}, format="multipart")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "photo"
    assert client.get(f"{HERE}{reference}/photos/").json() == []


def test_photos_are_ordered_described_and_removed(client, vendor):
    here = f"{HERE}{drafted(client, vendor).json()['reference']}/"
    first, second = (client.post(f"{here}photos/", {"photo": upload()}, format="multipart").json()["reference"] for _ in range(2))
    assert [p["reference"] for p in client.put(f"{here}photo_order/", {"photos": [second, first]}).json()] == [second, first]
    assert client.put(f"{here}photo_order/", {"photos": [second, second]}).status_code == 400
    assert client.patch(f"{here}photos/{first}/", {"alt": "From below"}).json()["alt"] == "From below"
    assert client.delete(f"{here}photos/{first}/").status_code == 204
    assert client.delete(f"{here}photos/{first}/").status_code == 404
    assert client.post(f"{here}photos/", {"alt": "no file"}, format="multipart").status_code == 400


def test_stock_is_counted_against_what_was_read(client, vendor):
    made = drafted(client, vendor, variants=[{"price": {"price_minor": 900}, "on_hand": 4}]).json()
    variant, here = made["variants"][0]["reference"], f"{HERE}{made['reference']}/stock/"
    assert client.put(here, {"variant": variant, "on_hand": 6, "if_on_hand": 4}).json()["variants"][0]["on_hand"] == 6
    assert client.put(here, {"variant": variant, "on_hand": 9, "if_on_hand": 4}).status_code == 412
    assert client.put(here, {"variant": "0" * 12, "on_hand": 9}).status_code == 404


def test_strangers_find_nothing_at_any_depth(client, vendor):
    made = drafted(client, vendor).json()
    here = f"{HERE}{made['reference']}/"
    photo = client.post(f"{here}photos/", {"photo": upload()}, format="multipart").json()["reference"]
    variant = made["variants"][0]["reference"]
    stranger_user = goods.person()
    goods.shop(stranger_user)
    for caller, status in ((client_of(stranger_user), 404), (APIClient(), 401)):
        answers = [
            caller.get(HERE, {"vendor": vendor.slug}),
            caller.post(HERE, {"vendor": vendor.slug}),
            caller.get(here),
            caller.patch(here, {"title": "Mine"}, headers={"If-Match": "*"}),
            caller.delete(here),
            *(caller.post(f"{here}{move}/") for move in ("publication", "pause", "resumption")),
            caller.put(f"{here}stock/", {"variant": variant, "on_hand": 1}),
            caller.get(f"{here}photos/"),
            caller.post(f"{here}photos/", {"photo": upload()}, format="multipart"),
            caller.patch(f"{here}photos/{photo}/", {"alt": "x"}),
            caller.delete(f"{here}photos/{photo}/"),
            caller.put(f"{here}photo_order/", {"photos": [photo]}),
        ]
        assert {answer.status_code for answer in answers} == {status}
    other = drafted(client, vendor).json()["reference"]
    assert client.patch(f"{HERE}{other}/photos/{photo}/", {"alt": "x"}).status_code == 404
    assert client.put(f"{HERE}{other}/stock/", {"variant": variant, "on_hand": 1}).status_code == 404


def test_token_needs_the_sell_scope(owner, vendor):
    goods.tree()
    for scopes, status in ((["buy"], 403), (["sell"], 201)):
        _token, secret = tokens.issue(user=owner, name="t", scopes=scopes, expires_at=clock.now() + timedelta(days=1), at=clock.now())
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        assert client.post(HERE, {"vendor": vendor.slug}).status_code == status


def test_same_key_makes_one_draft(client, vendor):
    answers = [client.post(HERE, {"vendor": vendor.slug}, headers={"Idempotency-Key": "k1"}).json()["reference"] for _ in range(3)]
    assert len(set(answers)) == 1
    assert client.post(HERE, {"vendor": vendor.slug, "title": "x"}, headers={"Idempotency-Key": "k1"}).status_code == 422


def test_list_costs_the_same_for_one_and_for_many(client, vendor, django_assert_max_num_queries):
    for _ in range(3):
        goods.published(vendor)
    with django_assert_max_num_queries(10):
        page = client.get(HERE, {"vendor": vendor.slug, "state": "published"}).json()
    assert len(page["results"]) == 3
    assert client.get(HERE, {"vendor": vendor.slug, "state": "nonsense"}).status_code == 400
    assert client.get(HERE).status_code == 400


def test_categories_speak_the_readers_language():
    goods.tree()
    tree = APIClient().get("/api/v1/categories/").json()
    assert len(tree) == 6
    assert sum(len(branch["children"]) for branch in tree) == 20
    shown = APIClient().get("/api/v1/categories/lighting/", headers={"Accept-Language": "zh-hans"}).json()
    assert (shown["name"], shown["breadcrumbs"][0]["name"]) == ("灯具", "家居")
    assert [asked["code"] for asked in shown["attributes"]][:2] == ["colour", "place"]
    assert APIClient().get("/api/v1/categories/nothing/").status_code == 404


def test_file_objects_are_read_once(client, vendor):
    reference = drafted(client, vendor).json()["reference"]
    photo = io.BytesIO(picture(form="JPEG"))
    photo.name = "x.jpg"
    assert client.post(f"{HERE}{reference}/photos/", {"photo": photo}, format="multipart").status_code == 201
