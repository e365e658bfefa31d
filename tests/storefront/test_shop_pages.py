"""Pages of one's own shop and its public face."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.users.queries import actor_of
from core import clock
from tests.factories.people import make_draft_shop, make_member, make_shop, make_user
from vendors.members import operations as members
from vendors.members.models import Invitation, Member
from vendors.profiles import operations as profiles
from vendors.profiles.models import Vendor

pytestmark = pytest.mark.django_db
GERMAN = {"name": "Olive GmbH", "street": "Hauptstr. 1", "city": "Leipzig", "postcode": "04109", "country": "DE"}


def signed_in(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_person_opens_a_business_step_by_step():
    client = signed_in(make_user())
    answer = client.post("/sell/open/", {"kind": "business", "name": "Olive & Oak", "country": "DE", "currency": "EUR"})
    assert answer["Location"] == "/sell/olive-oak/settings/"
    refused = client.post("/sell/olive-oak/activation/")
    assert refused.status_code == 409
    assert "legal name" in refused.content.decode()
    client.post(
        "/sell/olive-oak/settings/", {"form": "profile", "name": "Olive & Oak", "place": "Leipzig", "about": "Bowls.", "time_zone": "Europe/Berlin"}
    )
    client.post("/sell/olive-oak/settings/", {"form": "business", "legal_name": "Olive GmbH", "registration_number": "HRB 1", **GERMAN})
    client.post(
        "/sell/olive-oak/settings/", {"form": "policy", "handling_days": "3", "returns_days": "30", "returns_paid_by": "seller", "text": "Gladly."}
    )
    client.post("/sell/olive-oak/activation/")
    assert Vendor.objects.get().state == "active"
    page = Client().get("/shops/olive-oak/").content.decode()
    for words in ("Olive &amp; Oak", "Olive GmbH", "HRB 1", "Gladly.", "30 days", "3 working days"):
        assert words in page, words
    assert "Hauptstr" not in page


def test_settings_keep_what_was_typed_when_refused():
    owner = make_user()
    shop = make_shop(owner, kind="business")
    answer = signed_in(owner).post(
        f"/sell/{shop.slug}/settings/", {"form": "business", "legal_name": "New GmbH", "registration_number": "X", **GERMAN, "postcode": "1"}
    )
    assert answer.status_code == 422
    assert "New GmbH" in answer.content.decode()
    assert Vendor.objects.get().legal_name == "Olive GmbH"


def test_settings_ignore_a_form_that_is_not_there():
    owner = make_user()
    shop = make_shop(owner)
    assert signed_in(owner).post(f"/sell/{shop.slug}/settings/", {"form": "business", "legal_name": "X"}).status_code == 200
    assert Vendor.objects.get().legal_name == ""


def test_shop_pages_are_not_there_for_strangers_and_wrong_roles():
    shop = make_shop()
    member = Member.objects.get(vendor=shop)
    stranger, packer = signed_in(make_user()), signed_in(make_member(shop, "packer").user)
    for method, path in [
        ("get", "settings/"), ("post", "settings/"), ("post", "pause/"), ("post", "members/"), ("post", "activation/"),
        ("post", f"members/{member.reference}/role/"), ("post", f"members/{member.reference}/removal/"),
        ("post", "invitations/AAAAAAAAAAAA/withdrawal/"),
    ]:  # fmt: skip
        assert getattr(stranger, method)(f"/sell/{shop.slug}/{path}").status_code == 404, path
        assert getattr(packer, method)(f"/sell/{shop.slug}/{path}").status_code == 404, path
    assert stranger.get(f"/sell/{shop.slug}/members/").status_code == 404
    assert packer.get(f"/sell/{shop.slug}/members/").status_code == 200
    assert Vendor.objects.get().state == "active"


def test_tabs_show_only_what_the_role_may_open():
    shop = make_shop()
    page = signed_in(make_member(shop, "packer").user).get(f"/sell/{shop.slug}/members/").content.decode()
    assert f"/sell/{shop.slug}/orders/" in page
    assert f"/sell/{shop.slug}/payouts/" not in page
    assert f"/sell/{shop.slug}/settings/" not in page


def test_invitation_is_shown_by_get_and_accepted_by_post_only():
    owner, nora = make_user(), make_user("nora@example.com")
    shop = make_draft_shop(owner)
    signed_in(owner).post(f"/sell/{shop.slug}/members/", {"email": "nora@example.com", "role": "packer"})
    link = f"/sell/invitations/{members.token_of(Invitation.objects.get())}/"
    assert Client().get(link).status_code == 302
    eve = signed_in(make_user())
    assert eve.post(link).status_code == 403
    client = signed_in(nora)
    assert client.get(link).status_code == 200
    assert Member.objects.count() == 1
    assert client.post(link)["Location"] == f"/sell/{shop.slug}/members/"
    assert client.post(link).status_code == 410
    assert Client().get("/sell/invitations/x:y/").status_code == 302
    assert client.get("/sell/invitations/x:y/").status_code == 410


def test_last_owner_is_told_why_and_stays():
    owner = make_user()
    shop = make_shop(owner)
    answer = signed_in(owner).post(f"/sell/{shop.slug}/members/{Member.objects.get().reference}/removal/")
    assert answer.status_code == 409
    assert "last owner" in answer.content.decode()


def test_public_page_shows_resting_shops_and_hides_drafts():
    owner = make_user()
    shop = make_shop(owner)
    assert Client().get(f"/shops/{make_draft_shop().slug}/").status_code == 404
    profiles.pause(vendor=shop, actor=actor_of(owner), at=clock.now())
    assert "rests at the moment" in Client().get(f"/shops/{shop.slug}/").content.decode()


def test_public_page_escapes_what_the_shop_wrote():
    owner = make_user()
    shop = make_shop(owner, name="<b>Lamp</b>")
    profiles.change(vendor=shop, about="<script>alert(1)</script> and more words.", actor=actor_of(owner), at=clock.now())
    page = Client().get(f"/shops/{shop.slug}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>Lamp" not in page
