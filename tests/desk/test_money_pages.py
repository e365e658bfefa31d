"""Holds and issues at the desk, and a shop's payouts, in the browser's way and by the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from rest_framework.test import APIClient

from accounts.users.models import User
from core import clock, references
from core.actors import CARRIER, Actor
from escrow.disputes import clocks, sweep
from escrow.holds import operations as holds
from escrow.holds.models import Hold, Issue
from escrow.payments.models import Payment
from escrow.payments.signals import payment_succeeded
from tests.factories.people import make_member, make_shop, make_user

pytestmark = pytest.mark.django_db


def make_hold(seller: str, buyer: str = "BUYERPARTY01", gross_minor: int = 12_500) -> Hold:
    """A delivered hold, through the real operations."""
    at, trade = clock.now(), references.new()
    payment = Payment.objects.create(
        trade=trade, buyer=buyer, amount_minor=gross_minor, currency="EUR", provider="sandbox", state="succeeded", succeeded_at=at,
        snapshot_hash="0" * 64, return_url="https://souk.test", created_at=at, expires_at=at + timedelta(hours=1),
    )  # fmt: skip
    parts = [holds.PartDraft(line="LINE1", gross_minor=gross_minor, commission_minor=1_000, tax_minor=200)]
    person = Actor("user", "BUYERUSER001")
    hold = holds.open(payment=payment, trade=trade, buyer=buyer, seller=seller, parts=parts, terms=holds.HoldTerms(), at=at, actor=person)
    payment_succeeded.send(Payment, payment=payment, at=at)
    holds.mark_shipped(hold=hold, at=at, actor=Actor("user", "SELLERUSER01"))
    return holds.mark_delivered(hold=hold, by="carrier", at=at, actor=CARRIER)


def make_issue(**options: Any) -> Issue:
    hold = make_hold(**options)
    return holds.open_issue(hold=hold, reason="damaged", words="The lens is broken.", at=clock.now(), actor=Actor("user", "BUYERUSER001"))


def arbiter() -> User:
    user = make_user(name="Rosa", is_staff=True)
    user.groups.add(Group.objects.get(name="arbitrators"))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def by_api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_desk_is_not_there_for_others() -> None:
    shop = make_shop()
    issue = make_issue(seller=shop.party.key)
    paths = ["/desk/holds/", f"/desk/holds/{issue.hold.reference}/", "/desk/issues/", f"/desk/issues/{issue.reference}/"]
    owner = signed_in(make_user())
    finance = make_user(is_staff=True)
    finance.groups.add(Group.objects.get(name="finance"))
    for path in paths:
        assert Client().get(path).status_code == 302
        assert owner.get(path).status_code == 404
    assert [signed_in(finance).get(path).status_code for path in paths] == [200, 200, 404, 404]
    assert by_api(make_user()).get("/api/v1/desk/issues/").status_code == 403
    assert by_api(finance).get("/api/v1/desk/issues/").status_code == 403
    assert by_api(finance).post(f"/api/v1/desk/issues/{issue.reference}/decision/", {"outcome": "refund", "reason": "x"}).status_code == 403


def test_arbiter_sees_queue_case_and_preview(django_assert_max_num_queries) -> None:
    shop = make_shop()
    issue = make_issue(seller=shop.party.key)
    client = signed_in(arbiter())
    assert issue.reference in client.get("/desk/issues/").content.decode()
    with django_assert_max_num_queries(30):
        page = client.get(f"/desk/issues/{issue.reference}/").content.decode()
    assert "The lens is broken." in page
    assert "Frozen money" in page
    assert "Owed to a seller" in page
    assert issue.hold.reference in client.get("/desk/holds/").content.decode()
    story = client.get(f"/desk/holds/{issue.hold.reference}/").content.decode()
    assert "Frozen money" in story
    assert "Issue opened, frozen" in story
    assert "hold_frozen" not in story
    assert ">dispute<" not in story
    assert "No hold is like this" in client.get("/desk/holds/?q=NOWHERE&state=bogus&overdue=1&page=x").content.decode()


@pytest.mark.parametrize("outcome", ["release", "refund"])
def test_arbiter_decides(outcome: str) -> None:
    issue = make_issue(seller=make_shop().party.key)
    client, path = signed_in(arbiter()), f"/desk/issues/{issue.reference}/"
    assert client.post(path, {"outcome": outcome, "reason": " "}).status_code == 422
    assert client.post(path, {"outcome": "half", "reason": "x"}).status_code == 422
    assert client.post(path, {"outcome": "divide", "reason": "x", "to_buyer": "much"}).status_code == 422
    assert client.post(path, {"outcome": outcome, "reason": "The photos agree."}).status_code == 302
    assert "The photos agree." in client.get(path).content.decode()
    assert client.post(path, {"outcome": outcome, "reason": "again"}).status_code == 409
    sweep.move_due(at=clock.now() + clocks.STANDSTILL)
    issue.refresh_from_db()
    assert (issue.outcome, issue.decision) == (outcome, "The photos agree.")


def test_arbiter_divides_after_a_look_at_the_ledger() -> None:
    issue = make_issue(seller=make_shop().party.key)
    client, path = signed_in(arbiter()), f"/desk/issues/{issue.reference}/"
    said = {"outcome": "divide", "to_buyer": "1.00", "reason": "A scratch."}
    looked = client.post(path, {**said, "do": "preview"})
    assert (looked.status_code, "Owed to a seller" in looked.content.decode()) == (200, True)
    assert issue.dispute.rulings.count() == 0
    assert client.post(path, said).status_code == 302
    sweep.move_due(at=clock.now() + clocks.STANDSTILL)
    issue.refresh_from_db()
    assert (issue.outcome, issue.hold.refunded_minor) == ("divided", 100)


def test_arbiter_never_decides_their_own_case() -> None:
    judge = arbiter()
    issue = make_issue(seller=make_shop(judge).party.key)
    assert signed_in(judge).post(f"/desk/issues/{issue.reference}/", {"outcome": "release", "reason": "mine"}).status_code == 403
    assert by_api(judge).post(f"/api/v1/desk/issues/{issue.reference}/decision/", {"outcome": "release", "reason": "mine"}).status_code == 403
    issue = make_issue(seller=make_shop().party.key, buyer=judge.party.key)
    assert signed_in(judge).post(f"/desk/issues/{issue.reference}/", {"outcome": "refund", "reason": "mine"}).status_code == 403
    issue.refresh_from_db()
    assert issue.is_open


def test_api_decides_once() -> None:
    issue = make_issue(seller=make_shop().party.key)
    client = by_api(arbiter())
    listed = client.get("/api/v1/desk/issues/").json()["results"]
    assert [row["reference"] for row in listed] == [issue.reference]
    preview = client.get(f"/api/v1/desk/issues/{issue.reference}/preview/").json()
    assert sum(line["debit_minor"] - line["credit_minor"] for line in preview["release"]) == 0
    path = f"/api/v1/desk/issues/{issue.reference}/decision/"
    assert client.post(path, {"outcome": "split", "reason": "x"}, format="json").status_code == 400
    answers = [client.post(path, {"outcome": "refund", "reason": "Broken."}, format="json", headers={"Idempotency-Key": "one"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[2].json() == answers[0].json()
    assert client.post(path, {"outcome": "refund", "reason": "Broken."}, format="json").status_code == 409
    sweep.move_due(at=clock.now() + clocks.STANDSTILL)
    assert client.get("/api/v1/desk/issues/?state=decided").json()["results"][0]["outcome"] == "refund"
    assert client.get("/api/v1/desk/issues/NOWHERE/").status_code == 404


def sold(shop: Any, amount_minor: int = 12_500) -> None:
    holds.confirm(hold=make_hold(seller=shop.party.key, gross_minor=amount_minor), at=clock.now(), actor=Actor("user", "BUYERUSER001"))


def test_shop_sees_its_money_and_asks_for_it() -> None:
    from escrow.payouts import sending
    from escrow.payouts.models import SellerAccount

    owner = make_user()
    shop = make_shop(owner)
    client, path = signed_in(owner), f"/sell/{shop.slug}/payouts/"
    SellerAccount.objects.filter(party=shop.party.key).delete()
    assert "Connect your payouts" in client.get(path).content.decode()
    assert client.post(path, {"amount": ""}).status_code == 409
    assert client.post(f"{path}account/").status_code == 302
    SellerAccount.objects.filter(party=shop.party.key).update(account_ref="acct_test", ready=True)
    assert "Nothing is available yet" in client.get(path).content.decode()
    sold(shop)
    make_hold(seller=shop.party.key)
    page = client.get(path).content.decode()
    assert page.count("€113.00") == 2
    for bad, status in (("x", 422), ("-1", 409), ("0", 409), ("113.01", 409), ("1e9", 422), ("99999999999999", 422)):
        answer = client.post(path, {"amount": bad})
        assert answer.status_code in (status, 400), bad
    assert client.post(path, {"amount": "13,50"}).status_code == 302
    assert client.post(path, {"amount": ""}).status_code == 302
    page = client.get(path).content.decode()
    assert "€13.50" in page
    assert "€99.50" in page
    assert sending  # the calls themselves are tested beside the room


def test_shop_money_is_not_there_for_others() -> None:
    shop = make_shop()
    path, api = f"/sell/{shop.slug}/payouts/", f"/api/v1/vendors/{shop.slug}/payouts/"
    stranger, accountant, packer = make_user(), make_member(shop, "accountant").user, make_member(shop, "packer").user
    for user, reading in ((stranger, 404), (packer, 404), (accountant, 200)):
        assert signed_in(user).get(path).status_code == reading
        assert by_api(user).get(api).status_code == reading
        assert by_api(user).get(f"/api/v1/vendors/{shop.slug}/balance/").status_code == reading
        assert signed_in(user).post(path, {"amount": ""}).status_code == 404
        assert by_api(user).post(api, {}).status_code == 404


def test_api_pays_out_once() -> None:
    from escrow.payouts.models import Payout, SellerAccount

    owner = make_user()
    shop = make_shop(owner)
    SellerAccount.objects.filter(party=shop.party.key).update(account_ref="acct_test", ready=True)
    client, path = by_api(owner), f"/api/v1/vendors/{shop.slug}/payouts/"
    assert client.post(path, {}, format="json").json()["code"] == "nothing_to_pay_out"
    sold(shop)
    assert client.get(f"/api/v1/vendors/{shop.slug}/balance/").json()["available"] == {"amount": "113.00", "amount_minor": 11_300, "currency": "EUR"}
    for bad in ("1e3", "-", "1.234", "9" * 30, ["1"], {"a": 1}):
        assert client.post(path, {"amount": bad}, format="json").status_code == 400, bad
    answers = [client.post(path, {"amount": "13.00"}, format="json", headers={"Idempotency-Key": "once"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert (Payout.objects.count(), answers[0].json()["amount"]) == (1, "13.00")
    assert client.post(path, {"amount": "14.00"}, format="json", headers={"Idempotency-Key": "once"}).status_code == 422
    assert client.get(f"{path}{answers[0].json()['reference']}/").json()["state"] == "requested"
    assert client.post(f"{path}{answers[0].json()['reference']}/retry/").status_code == 409
    assert client.get(f"{path}NOWHERE/").status_code == 404
