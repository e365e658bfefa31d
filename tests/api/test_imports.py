"""A table by the API: sent, set up, previewed, run, watched; and the shop as a table."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from core import jobs
from marketplace.catalog.listings.models import Listing
from marketplace.importing.models import Import
from tests.factories import goods
from tests.factories.people import make_member
from tests.factories.tables import written

pytestmark = pytest.mark.django_db
HERE = "/api/v1/imports/"
ROWS = [["A-1", "Aurelio 14 notebook", "899.00"], ["A-2", "Brisk mouse", "cheap"]]
HEADER = ["sku", "title", "price"]


@pytest.fixture
def shop():
    goods.tree()
    return goods.shop(goods.person("owner@example.com"))


@pytest.fixture
def api(shop):
    return signed_in(shop.members.get().user)


def signed_in(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def sent(api, shop, *, data=None, key="k1", **fields):
    body = {
        "vendor": shop.slug,
        "file": SimpleUploadedFile("table.csv", written(*ROWS, header=HEADER) if data is None else data),
        "stock": 4,
        **fields,
    }
    return api.post(HERE, body, format="multipart", headers={"Idempotency-Key": key})


def test_a_table_goes_in_step_by_step(api, shop):
    answer = sent(api, shop)
    assert (answer.status_code, answer.json()["columns"]) == (201, {"sku": "sku", "title": "title", "price": "price"})
    one = f"{HERE}{answer.json()['reference']}/"
    assert sent(api, shop).json() == answer.json()
    assert Import.objects.count() == 1
    assert api.get(f"{one}preview/").json()["rows"][0]["outcome"] == "failed"  # there is no category yet
    changed = api.patch(one, {"terms": {"category": "computers", "condition": "good"}}, format="json")
    assert (changed.status_code, changed.json()["terms"]["category"]) == (200, "computers")
    rows = api.get(f"{one}preview/").json()["rows"]
    assert [(row["line"], row["outcome"], row["price_minor"]) for row in rows] == [(2, "created", 89900), (3, "failed", None)]
    assert api.post(f"{one}run/", headers={"Idempotency-Key": "k2"}).json()["state"] == "running"
    jobs.run_due()
    done = api.get(one).json()
    assert [done[name] for name in ("state", "created", "failed", "rows_done", "rows_total")] == ["done", 1, 1, 2, 2]
    assert [row["column"] for row in api.get(f"{one}problems/").json()["results"]] == ["price"]
    table = api.get(f"{one}problem_table/")
    assert (table["Content-Type"], len(table.content.decode().splitlines())) == ("text/csv; charset=utf-8", 2)
    assert [row["reference"] for row in api.get(HERE, {"vendor": shop.slug}).json()["results"]] == [done["reference"]]
    assert Listing.objects.get().condition == "good"
    assert api.patch(one, {"terms": {"stock": 1}}, format="json").status_code == 409


def test_bad_files_and_setups_are_named(api, shop):
    assert sent(api, shop, data=b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 80).json()["code"] == "file_refused"
    assert sent(api, shop, key="k2", currency="USD").json()["code"] == "wrong_currency"
    assert sent(api, shop, key="k3", category="nonsense").status_code == 400
    assert api.post(HERE, {"vendor": shop.slug}, format="multipart").status_code == 400
    one = f"{HERE}{sent(api, shop, key='k4').json()['reference']}/"
    assert api.patch(one, {"columns": {"title": "rubbish"}}, format="json").status_code == 400
    api.patch(one, {"columns": {"title": ""}}, format="json")
    assert api.post(f"{one}run/").json()["code"] == "columns_incomplete"
    assert api.post(f"{one}cancellation/").json()["state"] == "cancelled"
    assert api.post(f"{one}cancellation/").status_code == 409


def test_the_shop_goes_out_as_a_table(api, shop):
    goods.published(shop)
    table = f"/api/v1/vendors/{shop.slug}/listing_table/"
    assert len(api.get(table).content.decode("utf-8-sig").splitlines()) == 2
    assert api.get(table, {"kind": "xlsx"}).content.startswith(b"PK")
    assert api.get(table, {"kind": "exe"}).status_code == 400


@pytest.mark.parametrize("role", ["packer", "accountant", "support", ""])
def test_others_find_nothing_here(api, shop, role):
    one = f"{HERE}{sent(api, shop).json()['reference']}/"
    stranger = signed_in(make_member(shop, role).user if role else goods.person())
    for address in (
        one,
        f"{one}preview/",
        f"{one}problems/",
        f"{one}problem_table/",
        f"{HERE}?vendor={shop.slug}",
        f"/api/v1/vendors/{shop.slug}/listing_table/",
    ):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{one}run/").status_code == 404
    assert stranger.post(f"{one}cancellation/").status_code == 404
    assert stranger.patch(one, {"terms": {"stock": 1}}, format="json").status_code == 404
    assert sent(stranger, shop).status_code == 404
    assert APIClient().get(one).status_code == 401


def test_a_lister_may(api, shop):
    lister = signed_in(make_member(shop, "lister").user)
    assert sent(lister, shop).status_code == 201
