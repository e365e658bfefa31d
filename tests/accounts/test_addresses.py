"""The address book and the rules of countries."""

from __future__ import annotations

import pytest

from accounts.addresses import access, rules
from accounts.addresses import operations as addresses
from accounts.addresses.models import Address
from core import clock
from core.errors import NotHere
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
GERMAN = {"name": "Amina Rahal", "street": "Karl-Heine-Str. 1", "city": "Leipzig", "postcode": "04229", "country": "DE"}
CHINESE = {
    "name": "陈梅", "street": "中山东一路 1 号", "district": "黄浦区", "city": "上海市", "region": "上海市", "postcode": "200001", "country": "CN",
}  # fmt: skip
AMERICAN = {"name": "Ann Lee", "street": "1 Main St", "city": "San Francisco", "region": "California", "postcode": "94105", "country": "US"}


@pytest.mark.parametrize("given", [GERMAN, CHINESE, AMERICAN], ids=["DE", "CN", "US"])
def test_address_data_accepts_good_addresses(given):
    data = addresses.address_data(**given)
    assert data.country == given["country"]
    assert rules.lines(data)


def test_address_data_takes_the_states_name_for_its_code():
    assert addresses.address_data(**AMERICAN).region == "CA"


def test_address_data_drops_what_a_country_does_not_use():
    assert addresses.address_data(**{**GERMAN, "region": "Sachsen", "district": "Plagwitz"}).region == ""


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"postcode": "123"}, {"postcode"}),
        ({"postcode": "", "city": ""}, {"postcode", "city"}),
        ({"country": ""}, {"country"}),
        ({"country": "XX"}, {"country"}),
        ({"country": "../etc"}, {"country"}),
        ({"country": "ZZ"}, {"country"}),
        ({"name": " "}, {"name"}),
        ({"name": "x" * 121}, {"name"}),
        ({"street": "a\x00b"}, {"street"}),
        ({"phone": "call me"}, {"phone"}),
    ],
)
def test_address_data_names_every_wrong_field(change, fields):
    with pytest.raises(addresses.AddressInvalid) as refused:
        addresses.address_data(**{**GERMAN, **change})
    assert set(refused.value.fields) == fields
    assert all(refused.value.fields.values())


def test_address_data_compares_postcode_and_state():
    with pytest.raises(addresses.AddressInvalid) as refused:
        addresses.address_data(**{**AMERICAN, "postcode": "10001"})
    assert set(refused.value.fields) == {"postcode"}


def add(user, **more):
    return addresses.add(user=user, data=addresses.address_data(**GERMAN), at=clock.now(), **more)


def test_first_address_is_the_default_and_the_default_moves():
    user = make_user()
    first, second = add(user), add(user)
    assert (first.is_default, second.is_default) == (True, False)
    addresses.set_default(user=user, reference=second.reference)
    assert list(access.of(user)) == [second, first]
    addresses.remove(user=user, reference=second.reference)
    assert Address.objects.get().is_default


def test_another_persons_address_is_not_there():
    address, stranger = add(make_user()), make_user()
    data = addresses.address_data(**GERMAN)
    with pytest.raises(NotHere):
        access.get_for(stranger, reference=address.reference)
    with pytest.raises(NotHere):
        addresses.change(user=stranger, reference=address.reference, data=data)
    with pytest.raises(NotHere):
        addresses.remove(user=stranger, reference=address.reference)
    with pytest.raises(NotHere):
        addresses.set_default(user=stranger, reference=address.reference)
    assert Address.objects.count() == 1


def test_add_stops_at_a_limit(monkeypatch):
    monkeypatch.setattr(addresses, "MOST", 1)
    user = make_user()
    add(user)
    with pytest.raises(addresses.AddressBookFull):
        add(user)
