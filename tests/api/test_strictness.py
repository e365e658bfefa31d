"""A body is taken at its word: a text is a text, a number a number, yes or no nothing else."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories import goods, standing, trade, world

pytestmark = pytest.mark.django_db
life = standing.built_once(lambda: world.life("MINE"))
_django_db_helper = standing.savepoint_in("life")
API = "/api/v1/"
NOT_TEXT: list[Any] = [1e300, 7, -0.5, True, False, [], {}, [["x"]]]
NOT_WHOLE: list[Any] = [True, False, "3", 3.5, 1e300, 2**63, 2**200, -(2**63) - 1, [], {}, "", "three", None]


def client_of(user: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def named(answer: Any) -> list[str]:
    return [one["field"] for one in answer.json()["errors"]]


@pytest.mark.parametrize("value", NOT_TEXT, ids=str)
def test_a_text_is_a_text(value: Any) -> None:
    user = goods.person()
    answer = client_of(user).patch(f"{API}me/", {"name": value}, format="json")
    assert (answer.status_code, named(answer)) == (400, ["name"])
    user.refresh_from_db()
    assert user.name not in ("1e+300", "7", "True")


@pytest.mark.parametrize("value", [1e300, True])
def test_a_text_is_a_text_deep_inside(value: Any, life: world.Life) -> None:
    body = {"variants": [{"reference": life.things["variant"][0], "options": {"Size": value}}]}
    answer = client_of(life.seller).patch(f"{API}my_listings/{life.things['listing'][0]}/", body, format="json", headers={"If-Match": "*"})
    assert (answer.status_code, named(answer)) == (400, ["variants.0.options.Size"]), answer.json()


@pytest.mark.parametrize("value", NOT_WHOLE, ids=str)
def test_a_whole_number_is_a_number(value: Any) -> None:
    variant = goods.published().variants.get().reference
    answer = client_of(goods.person()).post(f"{API}cart/lines/", {"variant": variant, "quantity": value}, format="json")
    assert (answer.status_code, named(answer)) == (400, ["quantity"]), answer.json()


def test_three_point_nought_is_three() -> None:
    variant = goods.published(on_hand=5).variants.get().reference
    answer = client_of(goods.person()).post(f"{API}cart/lines/", {"variant": variant, "quantity": 3.0}, format="json")
    assert answer.status_code == 201
    assert answer.json()["currencies"][0]["sellers"][0]["lines"][0]["quantity"] == 3


@pytest.mark.parametrize("value", ["yes", "true", 1, 0, "off", None, []])
def test_yes_is_true_and_no_is_false(value: Any) -> None:
    client = client_of(goods.person())
    body = {"name": "A", "street": "S", "city": "Lyon", "postcode": "69002", "country": "FR", "is_default": value}
    answer = client.post(f"{API}addresses/", body, format="json")
    assert (answer.status_code, named(answer)) == (400, ["is_default"])


def test_a_form_has_only_text(life: world.Life) -> None:
    """The number of a form is text, and so it may be."""
    answer = client_of(life.seller).post(f"{API}imports/", {"vendor": life.things["vendor"][0], "stock": "3", "file": ""}, format="multipart")
    assert "stock" not in named(answer)


@pytest.mark.parametrize("body", [{"currency": "XXX"}, {"currency": "eur"}, {"currency": ""}, {"currency": None}, {"currency": "PTS"}, {}])
def test_a_wrong_currency_is_said_before_an_empty_basket(body: dict[str, Any]) -> None:
    answer = client_of(goods.person()).post(f"{API}checkouts/", body, format="json")
    assert (answer.status_code, named(answer)) == (400, ["currency"])


@pytest.mark.parametrize("category", ["nope", "x" * 60])
def test_an_unknown_category_is_a_wrong_field(category: str, life: world.Life) -> None:
    client = client_of(life.seller)
    answer = client.post(f"{API}my_listings/", {"vendor": life.things["vendor"][0], "title": "T", "category": category}, format="json")
    assert (answer.status_code, named(answer)) == (400, ["category"])
    changed = client.patch(f"{API}my_listings/{life.things['listing'][0]}/", {"category": category}, format="json", headers={"If-Match": "*"})
    assert (changed.status_code, named(changed)) == (400, ["category"])


def test_an_unknown_variant_is_a_wrong_field() -> None:
    answer = client_of(goods.person()).post(f"{API}cart/lines/", {"variant": "0000NOTHERE0"}, format="json")
    assert (answer.status_code, named(answer)) == (400, ["variant"])


@pytest.mark.parametrize(
    ("method", "address", "body", "field"),
    [
        ("put", "my_listings/{listing}/stock/", {"variant": "0000NOTHERE0", "on_hand": 1}, "variant"),
        ("put", "my_listings/{listing}/low_stock/", {"variant": "0000NOTHERE0", "low_at": 1}, "variant"),
        ("patch", "my_listings/{listing}/", {"variants": [{"reference": "0000NOTHERE0"}]}, "variants.0.reference"),
        ("post", "my_listings/", {"vendor": "nope", "title": "T"}, "vendor"),
        ("post", "shipping_methods/", {"vendor": "nope", "name": "Home", "zones": ["*"], "base_minor": 1}, "vendor"),
        ("post", "pickup_places/", {"vendor": "nope", "name": "S", "street": "Q", "city": "L", "country": "FR", "postcode": "1"}, "vendor"),
        ("post", "vendors/{vendor}/bulk_changes/", {"listings": ["0000NOTHERE0"], "action": {"name": "move", "move": "pause"}}, "listings"),
        (
            "post",
            "vendors/{vendor}/bulk_changes/",
            {"filter": {"category": "nope"}, "action": {"name": "move", "move": "pause"}},
            "filter.category",
        ),
        ("post", "vendors/{vendor}/bulk_changes/", {"filter": {}, "action": {"name": "category", "slug": "nope"}}, "action.slug"),
        ("put", "my_listings/{listing}/photo_order/", {"photos": ["0000NOTHERE0"]}, "photos"),
        ("post", "vendors/{vendor}/invitations/", {"email": "a@example.com", "role": "king"}, "role"),
    ],
)
def test_what_a_body_names_and_is_not_there_is_named(method: str, address: str, body: dict[str, Any], field: str, life: world.Life) -> None:
    path = address.format(listing=life.things["listing"][0], vendor=life.things["vendor"][0])
    answer = getattr(client_of(life.seller), method)(API + path, body, format="json", headers={"If-Match": "*"})
    assert 400 <= answer.status_code < 500
    assert named(answer) == [field], answer.json()


def test_the_title_is_the_kind_and_the_detail_the_case() -> None:
    client = client_of(goods.person())
    wrong = client.patch(f"{API}me/", {"name": 1}, format="json").json()
    absent = client.get(f"{API}orders/0000NOTHERE0/").json()
    assert (wrong["title"], absent["title"]) == ("Invalid", "Not found")
    for body in (wrong, absent):
        assert body["detail"] != body["title"]
        assert body["type"] == f"urn:souk:problem:{body['code']}"
    chinese = client.get(f"{API}orders/0000NOTHERE0/", headers={"Accept-Language": "zh-hans"}).json()
    assert (chinese["title"], chinese["detail"] != absent["detail"]) == (absent["title"], True)


def lines_of(cart: Any) -> list[tuple[int, int]]:
    return [(line["quantity"], line["available"]) for group in cart["currencies"] for seller in group["sellers"] for line in seller["lines"]]


def test_a_basket_takes_no_more_than_there_is_and_says_how_many() -> None:
    client = client_of(goods.person())
    variant = goods.published(on_hand=50).variants.get().reference
    refused = client.post(f"{API}cart/lines/", {"variant": variant, "quantity": 5000}, format="json")
    assert (refused.status_code, refused.json()["code"], named(refused)) == (409, "stock_short", ["quantity"])
    assert "50" in refused.json()["detail"]
    assert lines_of(client.get(f"{API}cart/").json()) == []
    cart = client.post(f"{API}cart/lines/", {"variant": variant, "quantity": 49}, format="json").json()
    line = cart["currencies"][0]["sellers"][0]["lines"][0]["reference"]
    more = client.post(f"{API}cart/lines/", {"variant": variant, "quantity": 2}, format="json")
    changed = client.patch(f"{API}cart/lines/{line}/", {"quantity": 51}, format="json")
    assert (more.status_code, changed.status_code) == (409, 409)
    assert lines_of(client.get(f"{API}cart/").json()) == [(49, 50)]
    assert client.patch(f"{API}cart/lines/{line}/", {"quantity": 50}, format="json").status_code == 200


def test_a_checkout_without_a_basket_says_that_there_is_nothing_to_buy() -> None:
    answer = APIClient().post(f"{API}checkouts/", {"currency": "EUR"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_buy")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"name": "A", "name": "B"}', "twice"),
        (b'{"x": {"name": 1, "name": 2}}', "twice"),
        (b'{"name": 1e999}', "too large"),
        (b'{"name": NaN}', "not JSON"),
        (b'{"name": "\xff"}', "not JSON"),
        (b'{"name": "A"', "not JSON"),
    ],
)
def test_json_that_could_be_read_in_two_ways_is_refused(body: bytes, said: str) -> None:
    answer = client_of(goods.person()).generic("PATCH", f"{API}me/", body, content_type="application/json")
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_a_choice_of_delivery_is_one_of_those_offered() -> None:
    client = client_of(goods.person())
    client.post(f"{API}cart/lines/", {"variant": trade.goods().variants.get().reference}, format="json")
    begun = client.post(f"{API}checkouts/", {"currency": "EUR"}, format="json").json()
    path, vendor = f"{API}checkouts/{begun['reference']}/", begun["sellers"][0]["vendor"]
    address = {"address": trade.LYON}
    offered = [one["code"] for one in client.patch(path, address, format="json").json()["sellers"][0]["options"]]
    strange = client.patch(path, {"choices": {"0000NOTHERE0": offered[0]}}, format="json")
    wrong = client.patch(path, {"choices": {vendor: "shipping:nope"}}, format="json")
    assert (strange.status_code, named(strange)) == (400, ["choices.0000NOTHERE0"])
    assert (wrong.status_code, named(wrong)) == (400, [f"choices.{vendor}"])
    assert offered[0] in wrong.json()["detail"]
    assert client.patch(path, {"choices": {vendor: offered[0]}}, format="json").status_code == 200


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("shipping_methods/", {"name": "Home", "zones": ["ZZ"], "base_minor": 1}, "zones"),
        ("pickup_places/", {"name": "S", "street": "Q", "city": "L", "country": "ZZ", "postcode": "1"}, "country"),
    ],
)
def test_countries_exist(address: str, body: dict[str, Any], field: str, life: world.Life) -> None:
    answer = client_of(life.seller).post(API + address, {**body, "vendor": life.things["vendor"][0]}, format="json")
    assert (answer.status_code, named(answer)) == (400, [field])


@pytest.mark.parametrize(
    ("method", "address", "body", "field"),
    [
        ("put", "vendors/{vendor}/holiday/", {"first_day": "2030-01-01", "last_day": "2030-01-02", "sell": True}, "sell"),
        ("patch", "me/", {"name": "A", "is_staff": True}, "is_staff"),
        ("patch", "my_listings/{listing}/", {"variants": [{"reference": "{variant}", "prize": 1}]}, "variants.0.prize"),
        ("post", "cart/lines/", {"variant": "{variant}", "quantiti": 2}, "quantiti"),
    ],
)
def test_a_name_that_nobody_looks_at_is_refused(method: str, address: str, body: dict[str, Any], field: str, life: world.Life) -> None:
    things = {name: values[0] for name, values in life.things.items()}
    sent = json.loads(json.dumps(body).replace("{variant}", str(things["variant"])))
    answer = getattr(client_of(life.seller), method)(API + address.format(**things), sent, format="json", headers={"If-Match": "*"})
    assert (answer.status_code, named(answer)) == (400, [field]), answer.json()
    assert "Known:" in answer.json()["errors"][0]["detail"]
