"""Tokens: shown once, limited, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.tokens import operations as tokens
from accounts.tokens import queries
from accounts.tokens.models import ApiToken
from core import clock
from core.errors import Invalid, NotHere
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def issue(user=None, *, scopes=("read",), days=30, name="Script"):
    at = clock.now()
    return tokens.issue(user=user or make_user(), name=name, scopes=scopes, expires_at=at + timedelta(days=days), at=at)


def test_authenticate_knows_a_live_secret_and_stores_none():
    token, secret = issue()
    assert queries.authenticate(secret, clock.now()) == token
    row = ApiToken.objects.values().get()
    assert not any(secret in str(value) for value in row.values())


def test_authenticate_refuses_revoked_expired_foreign_and_odd_secrets():
    user = make_user()
    token, secret = issue(user)
    assert queries.authenticate(secret, clock.now() + timedelta(days=31)) is None
    assert queries.authenticate(secret + "x", clock.now()) is None
    assert queries.authenticate(token.fingerprint, clock.now()) is None
    assert queries.authenticate("souk_" + "x" * 10_000, clock.now()) is None
    assert queries.authenticate("", clock.now()) is None
    tokens.revoke(user=user, reference=token.reference, at=clock.now())
    assert queries.authenticate(secret, clock.now()) is None


def test_authenticate_refuses_the_token_of_a_closed_account():
    user = make_user()
    _token, secret = issue(user)
    type(user).objects.update(is_active=False)
    assert queries.authenticate(secret, clock.now()) is None


def test_scopes_allow_what_they_name_and_reading():
    token, _secret = issue(scopes=["sell"])
    assert token.allows("sell")
    assert token.allows("read")
    assert not token.allows("money")
    assert not token.allows("anything")
    token.scopes = []
    assert not token.allows("read")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"), ({"name": "x" * 61}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["root"]}, "scopes"),
        ({"days": 0}, "expires_at"), ({"days": -1}, "expires_at"), ({"days": 400}, "expires_at"),
    ],
)  # fmt: skip
def test_issue_refuses_bad_input(wrong, field):
    with pytest.raises(Invalid) as refused:
        issue(**wrong)
    assert refused.value.field == field
    assert not ApiToken.objects.exists()


def test_issue_stops_at_a_limit():
    user = make_user()
    for _ in range(tokens.MOST):
        issue(user)
    with pytest.raises(tokens.TooManyTokens):
        issue(user)


def test_revoke_refuses_another_persons_token():
    token, secret = issue()
    with pytest.raises(NotHere):
        tokens.revoke(user=make_user(), reference=token.reference, at=clock.now())
    assert queries.authenticate(secret, clock.now())
