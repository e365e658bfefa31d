"""The form of a delivery method."""

from __future__ import annotations

import pytest
from django.test import Client

from marketplace.fulfilment.kinds.shipping.models import ShippingMethod
from storefront.selling.delivery.forms import EUROPEAN_UNION
from tests.factories import goods

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Home", "carrier": "sandbox", "base": "4.90", "each_more": "1", "free_from": "", "days_min": "1", "days_max": "3"}


def test_countries_are_ticked_and_the_union_at_once(client: Client) -> None:
    owner = goods.person()
    vendor = goods.shop(owner)
    client.force_login(owner)
    here = f"/sell/{vendor.slug}/shipping/methods/"
    assert b'type="checkbox" name="countries" value="FR"' in client.get(here).content
    assert client.post(here, {**GIVEN, "european_union": "on", "countries": ["CH", "FR"]}).status_code == 302
    method = ShippingMethod.objects.get(vendor=vendor)
    assert set(method.zones) == EUROPEAN_UNION | {"CH"}
    form = client.get(f"{here}{method.reference}/").context["form"]
    assert (form.initial["european_union"], form.initial["countries"]) == (True, ["CH"])
    assert [code for code, _name in form.fields["countries"].choices[:2]] == ["FR", "CH"]


def test_every_amount_that_cannot_be_read_is_marked_at_once(client: Client) -> None:
    owner = goods.person()
    vendor = goods.shop(owner)
    client.force_login(owner)
    answer = client.post(
        f"/sell/{vendor.slug}/shipping/methods/", {**GIVEN, "base": "four", "each_more": "x", "free_from": "1,2,3", "everywhere": "on"}
    )
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"base", "each_more", "free_from"})
