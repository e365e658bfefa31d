"""Connecting a shop's payouts: what is still needed, the provider's page, and back."""

import pytest
from django.test import Client

from core import clock
from core.actors import SYSTEM
from escrow.payments import sandbox_bank
from escrow.payouts import operations as payouts
from escrow.payouts import sending
from escrow.payouts.models import SellerAccount
from escrow.payouts.operations import AccountNotReady
from tests.factories.goods import person, shop
from vendors.members.models import Member
from vendors.profiles.models import Vendor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vendor() -> Vendor:
    """A shop about which the provider wants to know more."""
    vendor = shop()
    payouts.ensure_account(party=vendor.party.key, currency=vendor.currency, country=str(vendor.country), at=clock.now(), actor=SYSTEM)
    account = sending.open_account(party=vendor.party.key, at=clock.now())
    sandbox_bank.doubt_seller(account.account_ref)
    sending.open_account(party=vendor.party.key, at=clock.now())
    return vendor


@pytest.fixture
def owner(client: Client, vendor: Vendor) -> Client:
    client.force_login(Member.objects.filter(vendor=vendor).order_by("id").first().user)
    return client


def test_shop_answers_and_can_be_paid(owner: Client, vendor: Vendor) -> None:
    base = f"/sell/{vendor.slug}/payouts/"
    page = owner.get(base).content.decode()
    assert "identity" in page
    assert f"{base}onboarding/" in page
    with pytest.raises(AccountNotReady):
        payouts.request(seller=vendor.party.key, currency=vendor.currency, at=clock.now(), actor=SYSTEM)
    assert owner.get(f"/api/v1/vendors/{vendor.slug}/balance/").json()["account_missing"] == ["identity"]
    away = owner.post(f"{base}onboarding/")
    assert away.status_code == 302
    assert away["Location"].endswith(f"{base}returned/")  # the sandbox believes everybody
    assert owner.get(away["Location"])["Location"] == base
    account = SellerAccount.objects.get(party=vendor.party.key)
    assert (account.ready, account.missing) == (True, [])
    assert "identity" not in owner.get(base).content.decode()


def test_api_gives_the_providers_page(owner: Client, vendor: Vendor) -> None:
    answer = owner.post(f"/api/v1/vendors/{vendor.slug}/payouts/onboarding/")
    assert answer.json()["url"].endswith(f"/sell/{vendor.slug}/payouts/returned/")


def test_silence_of_the_provider_is_said(owner: Client, vendor: Vendor) -> None:
    SellerAccount.objects.update(account_ref="")
    sandbox_bank.configure(error_after_success=1000)
    answer = owner.post(f"/api/v1/vendors/{vendor.slug}/payouts/onboarding/")
    assert (answer.status_code, answer.json()["code"]) == (503, "payout_provider_silent")


def test_strangers_find_nothing(client: Client, vendor: Vendor) -> None:
    client.force_login(person())
    assert client.post(f"/sell/{vendor.slug}/payouts/onboarding/").status_code == 404
    assert client.get(f"/sell/{vendor.slug}/payouts/returned/").status_code == 404
