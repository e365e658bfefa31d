"""The machine's door to people and shops: strangers find nothing, bad input is named, nothing is half-written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.addresses.models import Address
from accounts.tokens import operations as tokens
from accounts.users.queries import actor_of
from core import clock, jobs
from messaging.notifications import operations as notifications
from messaging.notifications.recipients import Recipient
from tests.factories.people import make_draft_shop, make_member, make_shop, make_user
from vendors.members import operations as members
from vendors.members.models import Invitation, Member
from vendors.profiles.models import Vendor

pytestmark = pytest.mark.django_db
GERMAN = {"name": "Amina Rahal", "street": "Karl-Heine-Str. 1", "city": "Leipzig", "postcode": "04229", "country": "DE"}


def client_of(user=None):
    client = APIClient()
    if user:
        client.force_authenticate(user)
    return client


def bearer(user, scopes):
    at = clock.now()
    _token, secret = tokens.issue(user=user, name="Script", scopes=scopes, expires_at=at + timedelta(days=1), at=at)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_me_shows_and_changes_my_profile():
    user = make_user()
    client = client_of(user)
    assert client.get("/api/v1/me/").data["email"] == user.email
    answer = client.patch("/api/v1/me/", {"name": "Mina", "language": "zh-hans", "time_zone": "Asia/Shanghai"})
    assert (answer.data["name"], answer.data["language"]) == ("Mina", "zh-hans")
    wrong = client.patch("/api/v1/me/", {"time_zone": "Mars"})
    assert (wrong.status_code, wrong.data["errors"][0]["field"]) == (400, "time_zone")


def test_me_ignores_what_nobody_may_write():
    user = make_user()
    client_of(user).patch("/api/v1/me/", {"is_staff": True, "email": "root@example.com", "party": 1})
    user.refresh_from_db()
    assert (user.is_staff, user.email) == (False, actor_of(user) and user.email)
    assert not user.is_superuser


@pytest.mark.parametrize("path", ["me/", "addresses/", "tokens/", "notifications/", "vendors/"])
def test_strangers_are_asked_to_sign_in(path):
    answer = client_of().get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_addresses_live_a_whole_life():
    user = make_user()
    client = client_of(user)
    made = client.post("/api/v1/addresses/", GERMAN)
    assert (made.status_code, made.data["is_default"]) == (201, True)
    path = f"/api/v1/addresses/{made.data['reference']}/"
    assert client.patch(path, {"city": "Halle"}).data["city"] == "Halle"
    assert client.get("/api/v1/addresses/").data["results"][0]["city"] == "Halle"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_addresses_name_every_wrong_field():
    answer = client_of(make_user()).post("/api/v1/addresses/", {**GERMAN, "postcode": "1", "phone": "call me"})
    assert answer.status_code == 400
    assert {error["field"] for error in answer.data["errors"]} == {"postcode", "phone"}
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    "junk", [[], "x", {"name": {"a": 1}}, {**GERMAN, "country": 7}, {**GERMAN, "is_default": "maybe"}, {**GERMAN, "name": "x" * 9999}]
)
def test_addresses_refuse_junk(junk):
    answer = client_of(make_user()).post("/api/v1/addresses/", junk)
    assert answer.status_code == 400
    assert answer.data["code"]


def test_addresses_repeated_with_one_key_are_added_once():
    client = client_of(make_user())
    answers = [client.post("/api/v1/addresses/", GERMAN, headers={"Idempotency-Key": "k1"}) for _ in range(3)]
    assert len({answer.data["reference"] for answer in answers}) == 1
    assert client.post("/api/v1/addresses/", {**GERMAN, "city": "Halle"}, headers={"Idempotency-Key": "k1"}).status_code == 422
    assert Address.objects.count() == 1


def test_another_persons_things_are_not_found():
    owner, eve = make_user(), client_of(make_user())
    address = client_of(owner).post("/api/v1/addresses/", GERMAN).data["reference"]
    at = clock.now()
    token, _secret = tokens.issue(user=owner, name="Mine", scopes=["read"], expires_at=at + timedelta(days=1), at=at)
    told = notifications.notify(to=Recipient.of_user(owner), category="order", key="k", title="T", body="B", url="/", at=at)
    for method, path in [
        ("get", f"addresses/{address}/"),
        ("patch", f"addresses/{address}/"),
        ("delete", f"addresses/{address}/"),
        ("post", f"addresses/{address}/default/"),
        ("delete", f"tokens/{token.reference}/"),
        ("post", f"notifications/{told.reference}/reading/"),
    ]:
        assert getattr(eve, method)(f"/api/v1/{path}").status_code == 404, path
    assert Address.objects.count() == 1


def test_tokens_show_their_secret_once_and_work_by_scope():
    user = make_user()
    until = (clock.now() + timedelta(days=3)).isoformat()
    made = client_of(user).post("/api/v1/tokens/", {"name": "Script", "scopes": ["sell"], "expires_at": until})
    assert made.status_code == 201
    machine = APIClient()
    machine.credentials(HTTP_AUTHORIZATION=f"Bearer {made.data['secret']}")
    assert machine.get("/api/v1/me/").status_code == 200
    assert client_of(user).get("/api/v1/tokens/").data["results"][0]["used_at"]
    assert machine.patch("/api/v1/me/", {"name": "Eve"}).status_code == 403
    assert made.data["secret"] not in str(client_of(user).get("/api/v1/tokens/").data)
    assert machine.post("/api/v1/vendors/", {"kind": "individual", "name": "Lamp", "country": "DE", "currency": "EUR"}).status_code == 201
    client_of(user).delete(f"/api/v1/tokens/{made.data['reference']}/")
    assert machine.get("/api/v1/me/").status_code == 401


def test_tokens_do_not_breed():
    until = (clock.now() + timedelta(days=3)).isoformat()
    answer = bearer(make_user(), ["account"]).post("/api/v1/tokens/", {"name": "More", "scopes": ["money"], "expires_at": until})
    assert (answer.status_code, answer.data["code"]) == (403, "sign_in_required")


def test_notifications_are_listed_filtered_and_read():
    user = make_user()
    for number in range(3):
        notifications.notify(to=Recipient.of_user(user), category="order", key=str(number), title="T", body="B", url="/", at=clock.now())
    client = client_of(user)
    newest = client.get("/api/v1/notifications/?unread=true&limit=2").data
    assert len(newest["results"]) == 2
    assert client.post(f"/api/v1/notifications/{newest['results'][0]['reference']}/reading/").data == {"marked": 1, "unread": 2}
    assert len(client.get("/api/v1/notifications/?unread=true").data["results"]) == 2
    assert client.post("/api/v1/notifications/reading/").data == {"marked": 2, "unread": 0}


def test_a_business_opens_its_doors():
    client = client_of(make_user())
    made = client.post("/api/v1/vendors/", {"kind": "business", "name": "Olive & Oak", "country": "DE", "currency": "EUR"})
    assert (made.status_code, made.data["slug"], made.data["state"]) == (201, "olive-oak", "draft")
    path = "/api/v1/vendors/olive-oak/"
    early = client.post(f"{path}activation/")
    assert (early.status_code, early.data["code"]) == (409, "onboarding_unfinished")
    assert client_of().get(path).status_code == 404
    changed = client.patch(path, {"place": "Leipzig", "legal_name": "Olive GmbH", "registration_number": "HRB 1", "address": GERMAN})
    assert all(step["done"] for step in changed.data["onboarding"] if step["required"])
    assert client.post(f"{path}activation/").data["state"] == "active"
    promise = {"handling_days": 1, "returns_days": 30, "returns_paid_by": "seller", "text": "Gladly."}
    assert client.put(f"{path}policy/", promise).status_code == 200
    public = client_of().get(path).data
    assert (public["name"], public["policy"]["returns_days"]) == ("Olive & Oak", 30)
    assert "address" not in public
    assert client.post(f"{path}pause/", {}).data["state"] == "paused"
    assert client.post(f"{path}pause/", {}).status_code == 409
    assert client.post(f"{path}resumption/").data["state"] == "active"


def test_vendor_doors_are_closed_to_strangers_and_to_the_wrong_role():
    shop = make_shop()
    packer = make_member(shop, "packer").user
    inner = [
        ("get", "inside/"), ("patch", ""), ("post", "activation/"), ("post", "pause/"), ("post", "resumption/"), ("get", "policy/"),
        ("put", "policy/"), ("get", "members/"), ("get", "invitations/"), ("post", "invitations/"),
    ]  # fmt: skip
    for method, path in inner:
        assert getattr(client_of(make_user()), method)(f"/api/v1/vendors/{shop.slug}/{path}").status_code == 404, (method, path)
        allowed = (method, path) in [("get", "inside/"), ("get", "policy/"), ("get", "members/")]
        answer = getattr(client_of(packer), method)(f"/api/v1/vendors/{shop.slug}/{path}")
        assert answer.status_code == (200 if allowed else 404), (method, path)
    assert Vendor.objects.get().state == "active"


def test_members_are_invited_join_change_and_leave():
    owner, nora = make_user(), make_user("nora@example.com")
    shop = make_draft_shop(owner)
    base = f"/api/v1/vendors/{shop.slug}"
    client = client_of(owner)
    invited = client.post(f"{base}/invitations/", {"email": "nora@example.com", "role": "packer"})
    assert invited.status_code == 201
    assert "token" not in invited.data
    token = members.token_of(Invitation.objects.get())
    eve = client_of(make_user()).post("/api/v1/invitations/acceptance/", {"token": token})
    assert (eve.status_code, eve.data["code"]) == (403, "invitation_for_another")
    joined = client_of(nora).post("/api/v1/invitations/acceptance/", {"token": token})
    assert (joined.status_code, joined.data["role"]) == (201, "packer")
    assert client_of(nora).post("/api/v1/invitations/acceptance/", {"token": token}).status_code == 410
    member = f"{base}/members/{joined.data['reference']}/"
    assert client_of(nora).patch(member, {"role": "owner"}).status_code == 404
    assert client.patch(member, {"role": "lister"}).data["permissions"] == ["edit_listings", "view_shop"]
    assert client_of(nora).delete(member).status_code == 204
    last = f"{base}/members/{Member.objects.get().reference}/"
    assert client.delete(last).data["code"] == "last_owner"


def test_invitation_letter_carries_the_link(mailoutbox):
    owner = make_user(name="Ola")
    client_of(owner).post(f"/api/v1/vendors/{make_draft_shop(owner).slug}/invitations/", {"email": "nora@example.com", "role": "packer"})
    jobs.run_due()
    assert members.token_of(Invitation.objects.get()) in mailoutbox[0].body
    jobs.run_due()
    assert len(mailoutbox) == 1
