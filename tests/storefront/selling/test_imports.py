"""A table in the browser, by the test client: no script, like a browser without JavaScript."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import jobs
from marketplace.catalog.listings.models import Listing
from marketplace.importing.models import Import
from tests.factories import goods
from tests.factories.people import make_member
from tests.factories.tables import sheet, written

pytestmark = pytest.mark.django_db
ROWS = [["A-1", "Aurelio 14 notebook", "899.00", 3], ["A-2", "Brisk mouse", "cheap", 5]]


@pytest.fixture(autouse=True)
def _tree():
    goods.tree()


@pytest.fixture
def vendor(client):
    owner = goods.person()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return goods.shop(owner)


def sent(client, vendor, data, name="table.csv", **fields):
    body = {"file": SimpleUploadedFile(name, data), "category": "computers", "stock": "", **fields}
    return client.post(f"/sell/{vendor.slug}/imports/", body)


def setup(client, here, **changes):
    """What the page's form would send, with changes."""
    form = client.get(here).context["form"]
    data = {bound.name: bound.value() if bound.value() is not None else "" for bound in form}
    data = {name: value for name, value in {**data, **changes}.items() if value is not False}
    return client.post(here, data)


def test_a_table_is_looked_at_corrected_and_taken_in(client, vendor):
    here = sent(client, vendor, written(*ROWS, header=["sku", "what it is", "price", "stock"])).url
    page = client.get(here).content.decode()
    assert "Aurelio 14 notebook" in page  # as an example of the column
    assert not Listing.objects.exists()
    refused = setup(client, here, do="run")
    assert (refused.status_code, "which column is the title" in refused.content.decode()) == (422, True)
    assert setup(client, here, column_1="title", do="look").url == here
    page = client.get(here).content.decode()
    assert "€899.00" in page
    assert "is not a price we can read" in page
    assert setup(client, here, do="run").url == here
    assert "0 of 0 rows" in client.get(here).content.decode()
    jobs.run_due()
    page = client.get(here).content.decode()
    assert "The table is in" in page
    assert "Line 3" in page
    assert [listing.title for listing in Listing.objects.all()] == ["Aurelio 14 notebook"]
    problems = client.get(f"{here}problems.csv").content.decode("utf-8-sig")
    assert problems.splitlines()[1].startswith("3,error,A-2,price,")
    assert "Aurelio" not in problems
    assert client.get(f"/sell/{vendor.slug}/imports/").status_code == 200


def test_the_fragment_polls_while_it_runs_and_stops_after(client, vendor):
    here = sent(client, vendor, written(ROWS[0])).url
    setup(client, here, do="run")
    fragment = client.get(here, headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" in fragment
    assert "<html" not in fragment
    jobs.run_due()
    assert "every 1s" not in client.get(here, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "This file is empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 80, "a.csv", "not a table"),
        (b"PK\x03\x04rubbish", "a.xlsx", "damaged"),
        (sheet(["A-1", "Aurelio", "1", 1])[:2000], "a.xlsx", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_keeps_the_answers(client, vendor, data, name, words):
    answer = sent(client, vendor, data, name, stock="7")
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert 'value="7"' in answer.content.decode()
    assert not Import.objects.exists()


def test_a_second_one_waits_for_the_first_and_a_cancelled_one_makes_room(client, vendor):
    first, second = (sent(client, vendor, written(["A-1", f"Aurelio {n}", "1.00", 1])).url for n in range(2))
    setup(client, first, do="run")
    refused = setup(client, second, do="run")
    assert (refused.status_code, "being taken in right now" in refused.content.decode()) == (422, True)
    client.post(f"{first}cancellation/")
    assert "Cancelled after 0 rows" in client.get(first).content.decode()
    setup(client, second, do="run")
    jobs.run_due()
    assert Listing.objects.get().title == "Aurelio 1"


def test_a_file_that_disappeared_ends_it_with_a_sentence(client, vendor):
    from django.core.files.storage import storages

    here = sent(client, vendor, written(ROWS[0])).url
    setup(client, here, do="run")
    storages["private"].delete(Import.objects.get().file)
    jobs.run_due()
    assert "no longer there" in client.get(here).content.decode()


def test_the_shop_goes_out_as_a_table(client, vendor):
    goods.published(vendor)
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/sell/{vendor.slug}/imports/listings.{kind}")
        assert (answer.status_code, answer["Content-Disposition"]) == (200, f'attachment; filename="{vendor.slug}.{kind}"')
    assert client.get(f"/sell/{vendor.slug}/imports/listings.exe").status_code == 404


@pytest.mark.parametrize("role", ["packer", "accountant", "support", ""])
def test_others_find_nothing_here(client, vendor, role):
    here = sent(client, vendor, written(ROWS[0])).url
    stranger = Client()
    person = make_member(vendor, role).user if role else goods.person()
    stranger.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for address in (here, f"{here}problems.csv", f"/sell/{vendor.slug}/imports/", f"/sell/{vendor.slug}/imports/listings.csv"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{here}cancellation/").status_code == 404
    other = goods.shop(goods.person())
    assert client.get(here.replace(vendor.slug, other.slug)).status_code == 404
