"""A proof of the last five minutes before money moves: in a browser, by a session at the API, by a token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.step_up import freshness
from accounts.tokens import operations as tokens
from accounts.users.models import User
from core import clock
from escrow.payouts.models import Payout, SellerAccount
from tests.factories.people import PASSWORD, make_shop, make_user

pytestmark = pytest.mark.django_db


def grown_old(user: User) -> Client:
    """Signed in long ago."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[freshness.STAMP] -= 301
    session.save()
    return client


@pytest.fixture
def owner() -> User:
    return make_user()


def test_fresh_sign_in_is_a_proof(owner: User) -> None:
    shop, client = make_shop(owner), Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/sell/{shop.slug}/payouts/", {"amount": "5"})
    assert answer.status_code == 409  # nothing to pay out, or no account yet: it was read


def test_old_session_is_asked_and_what_was_typed_goes_on(owner: User) -> None:
    shop = make_shop(owner)
    client = grown_old(owner)
    asked = client.post(f"/sell/{shop.slug}/payouts/", {"amount": "5"})
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    wrong = client.post(asked["Location"], {"password": "not-this-one"})
    assert wrong.status_code == 200
    done = client.post(asked["Location"], {"password": PASSWORD, "next": f"/sell/{shop.slug}/payouts/"})
    assert (done.status_code, b"Payouts are not set up yet" in done.content) == (409, True)  # the operation's own answer to the same request
    assert Payout.objects.count() == 0


def test_old_session_at_the_api_is_told_what_to_do(owner: User) -> None:
    shop = make_shop(owner)
    answer = grown_old(owner).post(f"/api/v1/vendors/{shop.slug}/payouts/account/", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert "reauthenticate" in answer.json()["detail"]
    token = grown_old(owner).post("/api/v1/tokens/", {"name": "x", "scopes": ["money"], "expires_at": "2099-01-01T00:00:00Z"}, "application/json")
    assert token.json()["code"] == "step_up_required"


@pytest.mark.parametrize(("scopes", "status"), [(["sell"], 403), (["sell", "money"], 202), (["money"], 403)])
def test_token_needs_the_money_scope_too(owner: User, scopes: list[str], status: int) -> None:
    shop, at, machine = make_shop(owner), clock.now(), APIClient()
    _token, secret = tokens.issue(user=owner, name="Robot", scopes=scopes, expires_at=at + timedelta(days=1), at=at)
    machine.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert machine.post(f"/api/v1/vendors/{shop.slug}/payouts/account/").status_code == status
    assert SellerAccount.objects.filter(party=shop.party.key).exists()
