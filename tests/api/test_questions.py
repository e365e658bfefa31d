"""What may be asked in an address: every wrong word is a 400 that names it; cursors tell nothing and cannot be invented."""

import base64
import json
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.addresses import operations as addresses
from accounts.addresses.models import Address
from core import clock
from marketplace.catalog.listings.models import Listing
from tests.factories import goods, standing, world

pytestmark = pytest.mark.django_db
life = standing.built_once(lambda: world.life("MINE"))
_django_db_helper = standing.savepoint_in("life")
API = "/api/v1/"
HOME = {"name": "Amina", "street": "1 Rue", "postcode": "69002", "city": "Lyon", "country": "FR"}


def named(answer: Any) -> list[str]:
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json", body
    return [one["field"] for one in body["errors"]]


@pytest.mark.parametrize(
    ("who", "address", "field"),
    [
        ("buyer", "orders/?limit=-1", "limit"),
        ("buyer", "orders/?limit=abc", "limit"),
        ("buyer", "orders/?limit=0", "limit"),
        ("buyer", "orders/?limit=100000", "limit"),
        ("buyer", "orders/?limit=", "limit"),
        ("buyer", "orders/?limit=%C2%B2", "limit"),
        ("buyer", "orders/?limit=5&limit=6", "limit"),
        ("buyer", "orders/?state=zzz", "state"),
        ("buyer", "orders/?stat=paid", "stat"),
        ("buyer", "orders/?cursor=cD00Mg==", "cursor"),
        ("buyer", "orders/?cursor=", "cursor"),
        ("buyer", "orders/?cursor=%00", "cursor"),
        ("buyer", "notifications/?unread=zzz", "unread"),
        ("buyer", "notifications/?format=xml", "format"),
        ("seller", "sales/", "vendor"),
        ("seller", "my_listings/", "vendor"),
        ("seller", "imports/", "vendor"),
        ("seller", "shipping_methods/", "vendor"),
        ("seller", "pickup_places/", "vendor"),
        ("seller", "sales/?vendor={vendor}&which=zzz", "which"),
        ("seller", "my_listings/?vendor={vendor}&state=zzz", "state"),
        ("seller", "my_listings/?vendor={vendor}&low=zzz", "low"),
        ("seller", "my_listings/?vendor={vendor}&category=nope", "category"),
        ("seller", "my_listings/?vendor={vendor}&q=%00", "q"),
        ("seller", "vendors/{vendor}/listing_table/?kind=exe", "kind"),
        ("guest", "search/?sort=unknown", "sort"),
        ("guest", "search/?category=nope", "category"),
        ("guest", "search/?shop=nope", "shop"),
        ("guest", "search/?price_from=abc&currency=EUR", "price_from"),
        ("guest", "search/?price_from=-1&currency=EUR", "price_from"),
        ("guest", "search/?price_from=1e400&currency=EUR", "price_from"),
        ("guest", "search/?price_from=1_0&currency=EUR", "price_from"),
        ("guest", "search/?price_from=9&price_until=8&currency=EUR", "price_until"),
        ("guest", "search/?price_from=9", "currency"),
        ("guest", "search/?page=100000", "page"),
        ("guest", "search/?page=0", "page"),
        ("guest", "search/?wordz=lamp", "wordz"),
        ("guest", "categories/?x=1", "x"),
        ("guest", "listings/?cursor=cD00Mg==", "cursor"),
        ("guest", "listings/?limit=101", "limit"),
        ("guest", "listings/?shop=nope", "shop"),
        ("guest", "listings/?q=lamp", "q"),
        ("guest", "listings/{listing}/?expand=1", "expand"),
    ],
)
def test_a_wrong_word_in_the_address_is_named(who: str, address: str, field: str, life: world.Life) -> None:
    client = Client()
    if who != "guest":
        client.force_login(getattr(life, who), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(API + address.format(vendor=life.things["vendor"][0], listing=life.things["listing"][-1]))
    assert answer.status_code == 400, answer.content
    assert named(answer) == [field]
    assert all(one["detail"] for one in answer.json()["errors"])


def test_an_unknown_parameter_lists_the_known_ones() -> None:
    client = APIClient()
    client.force_authenticate(goods.person())
    said = client.get(f"{API}orders/?stat=paid").json()["errors"][0]
    assert "state, cursor, limit" in said["detail"]


def test_a_strangers_shop_in_the_address_is_not_there_and_named(life: world.Life) -> None:
    others = world.life("OTHERS")
    client = Client()
    client.force_login(life.seller, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"{API}sales/?vendor={others.things['vendor'][0]}")
    assert (answer.status_code, named(answer)) == (404, ["vendor"])


def with_addresses(many: int) -> tuple[APIClient, list[str]]:
    user = goods.person()
    for _ in range(many):
        addresses.add(user=user, data=addresses.address_data(**HOME), is_default=False, at=clock.now())
    client = APIClient()
    client.force_authenticate(user)
    return client, list(Address.objects.filter(user=user).order_by("-is_default", "-id").values_list("reference", flat=True))


def test_pages_go_forth_and_back_over_rows_that_look_alike() -> None:
    client, expected = with_addresses(7)
    seen, address = [], f"{API}addresses/?limit=3"
    pages = []
    while address:
        page = client.get(address).json()
        pages.append(page)
        seen += [one["reference"] for one in page["results"]]
        address = page["next"]
    assert seen == expected
    assert [page["previous"] is None for page in pages] == [True, False, False]
    back = client.get(pages[2]["previous"]).json()
    assert back["results"] == pages[1]["results"]
    assert client.get(back["next"]).json()["results"] == pages[2]["results"]
    first = client.get(back["previous"]).json()
    assert (first["results"], first["previous"]) == (pages[0]["results"], None)


def cursor_of(page: dict[str, Any]) -> str:
    return str(page["next"]).split("cursor=")[1].split("&")[0]


def test_a_cursor_tells_nothing_of_our_rows() -> None:
    client, _all = with_addresses(4)
    word = cursor_of(client.get(f"{API}addresses/?limit=2").json())
    raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    last = str(Address.objects.order_by("-id")[1].pk).encode()
    assert len(last) < 3 or last not in raw
    with pytest.raises((ValueError, UnicodeDecodeError)):
        json.loads(raw)


def test_a_cursor_fits_one_question_of_one_person() -> None:
    client, _all = with_addresses(4)
    word = cursor_of(client.get(f"{API}addresses/?limit=2").json())
    assert client.get(f"{API}addresses/?limit=3&cursor={word}").status_code == 200  # another size is the same question
    tampered = ("A" if word[0] != "A" else "B") + word[1:]
    assert named(client.get(f"{API}addresses/?cursor={tampered}")) == ["cursor"]
    assert named(client.get(f"{API}notifications/?cursor={word}")) == ["cursor"]
    other, _theirs = with_addresses(4)
    assert named(other.get(f"{API}addresses/?cursor={word}")) == ["cursor"]


def test_a_cursor_fits_one_filter(life: world.Life) -> None:
    client = APIClient()
    client.force_authenticate(life.seller)
    slug = life.things["vendor"][0]
    assert Listing.objects.filter(vendor__slug=slug).count() > 1
    word = cursor_of(client.get(f"{API}my_listings/?vendor={slug}&limit=1").json())
    assert client.get(f"{API}my_listings/?vendor={slug}&cursor={word}").status_code == 200
    assert named(client.get(f"{API}my_listings/?vendor={slug}&state=draft&cursor={word}")) == ["cursor"]


@pytest.mark.parametrize("address", ["orders/", "sales/", "search/", "cart/", "cart/lines/", "checkouts/", "me/", "desk/issues/", "imports/"])
@pytest.mark.parametrize("method", ["delete", "put", "trace", "brew"])
def test_a_method_that_is_not_there_is_405_for_everybody(address: str, method: str) -> None:
    answer = Client().generic(method.upper(), f"{API}{address}")
    assert answer.status_code == 405, answer.content
    assert answer["Allow"]
    assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize("address", ["orders/", "search/", "me/", "desk/issues/"])
def test_anybody_may_ask_which_methods_there_are(address: str) -> None:
    answer = Client().options(f"{API}{address}")
    assert (answer.status_code, "GET" in answer["Allow"]) == (204, True)
