import pytest
from rest_framework.test import APIClient

from tests.factories import goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    goods.tree()
    return goods.shop(goods.person("owner@example.com"))


@pytest.fixture
def api(shop):
    client = APIClient()
    client.force_authenticate(shop.members.get().user)
    return client


def send(api, shop, **body):
    return api.post(f"/api/v1/vendors/{shop.slug}/bulk_changes/", body, format="json", headers={"Idempotency-Key": "k1"})


def test_a_change_is_done_once_under_its_key(api, shop):
    lamp = goods.published(shop, price_minor=1000)
    body = {"listings": [lamp.reference], "action": {"name": "price", "kind": "percent", "value": 1000}}
    first, second = send(api, shop, **body), send(api, shop, **body)
    assert (first.status_code, first.json()["changed"]) == (201, 1)
    assert second.json() == first.json()
    assert lamp.variants.get().price.price_minor == 1100
    assert api.get(f"/api/v1/vendors/{shop.slug}/bulk_changes/{first.json()['reference']}/").json()["total"] == 1
    assert len(api.get(f"/api/v1/vendors/{shop.slug}/bulk_changes/").json()["results"]) == 1


def test_a_filter_chooses_and_failures_are_named(api, shop):
    goods.published(shop)
    draft = goods.draft(shop, title="Half a lamp")
    answer = send(api, shop, filter={"words": "lamp"}, action={"name": "move", "move": "publish"})
    assert (answer.status_code, answer.json()["unchanged"], answer.json()["failed"]) == (201, 1, 1)
    assert answer.json()["failures"][0]["reference"] == draft.reference


@pytest.mark.parametrize(
    "body",
    [
        {"action": {"name": "move", "move": "pause"}},
        {"listings": ["X"], "filter": {}, "action": {"name": "move", "move": "pause"}},
        {"filter": {}, "action": {"name": "move"}},
        {"filter": {}, "action": {"name": "price", "kind": "add", "value": 5}},
        {"filter": {}, "action": {"name": "category", "slug": "spaceships"}},
    ],
)
def test_nonsense_is_refused(api, shop, body):
    goods.published(shop)
    assert send(api, shop, **body).status_code == 400


def test_strangers_see_nothing(api, shop):
    lamp = goods.published(goods.shop())
    assert send(api, shop, listings=[lamp.reference], action={"name": "move", "move": "pause"}).status_code == 404
    assert send(api, lamp.vendor, filter={}, action={"name": "move", "move": "pause"}).status_code == 404
    assert api.get(f"/api/v1/vendors/{lamp.vendor.slug}/bulk_changes/").status_code == 404


def test_stock_history_low_stock_and_copy(api, shop):
    lamp = goods.published(shop, on_hand=3)
    variant, here = lamp.variants.get(), f"/api/v1/my_listings/{lamp.reference}/"
    api.put(f"{here}stock/", {"variant": variant.reference, "on_hand": 8}, format="json")
    lines = api.get(f"{here}stock_history/", {"variant": variant.reference}).json()
    assert [(line["before"], line["after"]) for line in lines] == [(3, 8), (0, 3)]
    assert api.put(f"{here}low_stock/", {"variant": variant.reference, "low_at": 9}, format="json").status_code == 200
    assert len(api.get("/api/v1/my_listings/", {"vendor": shop.slug, "low": "true"}).json()["results"]) == 1
    assert len(api.get("/api/v1/my_listings/", {"vendor": shop.slug, "q": "nothing"}).json()["results"]) == 0
    copy = api.post(f"{here}copy/", headers={"Idempotency-Key": "c"}).json()
    assert (copy["state"], copy["variants"][0]["on_hand"]) == ("draft", 0)
