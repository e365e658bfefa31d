"""Disputes at their doors: an appeal after the money has moved, by pages and by the API, as buyer, seller and arbiter have it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from rest_framework.test import APIClient

from accounts.users import queries as users
from accounts.users.models import User
from core import clock
from core.money import Money
from escrow.disputes import clocks, rulings, sweep
from escrow.disputes.models import Dispute
from marketplace.orders import operations as orders
from marketplace.orders.models import Order
from messaging.notifications.models import Notification
from tests.factories.people import make_user
from tests.factories.trade import buyer_of, delivered_order, seller_of

pytestmark = pytest.mark.django_db


def arbiter(name: str = "Rosa") -> User:
    user = make_user(name=name, is_staff=True)
    user.groups.add(Group.objects.get(name="arbitrators"))
    return user


def page(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def disputed() -> tuple[Order, Dispute]:
    order = delivered_order()
    orders.report_issue(order=order, reason="damaged", words="The foot is broken.", actor=buyer_of(order), at=clock.now())
    return order, Dispute.objects.select_related("hold", "issue").get(hold=order.hold)


def ruled(judge: User) -> tuple[Order, Dispute]:
    """Decided against the buyer, and the money has moved."""
    order, dispute = disputed()
    actor = users.staff_actor_of(judge)
    rulings.begin_deciding(dispute=dispute, by="staff", at=clock.now(), actor=actor)
    rulings.rule(dispute=dispute, to_buyer=Money(100, "EUR"), reason="As described.", at=clock.now(), actor=actor)
    sweep.move_due(at=clock.now() + clocks.STANDSTILL)
    return order, dispute


def told(user: User | None, words: str) -> bool:
    return Notification.objects.filter(user=user, title__contains=words).exists()


def test_a_late_appeal_by_pages() -> None:
    first, second = arbiter(), arbiter("Tomas")
    order, dispute = ruled(first)
    assert order.user is not None
    buyer, address = page(order.user), f"/orders/{order.reference}/dispute/"
    assert "you may appeal once until" in buyer.get(address).content.decode()
    sellers = f"/sell/{order.vendor.slug}/orders/{order.reference}/dispute/"
    shop = page(seller_of(order)[0])
    assert "appeal once until" not in shop.get(sellers).content.decode()
    assert shop.post(f"{sellers}appeal/", {"words": "But I am right."}).status_code == 409
    assert buyer.post(f"{address}appeal/", {"words": ""}).status_code == 422
    assert buyer.post(f"{address}appeal/", {"words": "Here is the repair shop's word."}).status_code == 302
    assert "our team looks at it again" in buyer.get(address).content.decode().lower()
    assert told(seller_of(order)[0], "appeals after you were paid")

    desk = f"/desk/issues/{dispute.issue.reference}/"
    assert dispute.issue.reference in page(second).get("/desk/issues/").content.decode()
    assert page(first).post(f"{desk}appeal/", {"more": "1.00", "reason": "Mine."}).status_code == 403
    judge = page(second)
    assert judge.post(f"{desk}appeal/", {"more": "much", "reason": "x"}).status_code == 422
    assert judge.post(f"{desk}appeal/", {"more": "100000", "reason": "x"}).status_code == 409
    assert judge.post(f"{desk}appeal/", {"more": "1.50", "reason": "The repair shop is right."}).status_code == 302
    assert judge.post(f"{desk}appeal/", {"more": "1.50", "reason": "Again."}).status_code == 409
    for client, where in ((judge, desk), (buyer, address), (shop, sellers)):
        assert "The repair shop is right." in client.get(where).content.decode()
    assert told(order.user, "Decided about your appeal")


def test_a_late_appeal_by_api() -> None:
    first, second = arbiter(), arbiter("Tomas")
    order, dispute = ruled(first)
    assert order.user is not None
    buyer, address = api(order.user), f"/api/v1/orders/{order.reference}/dispute/"
    read = buyer.get(address).json()
    assert (read["actions"], read["late_appeal"], bool(read["appeal_until"])) == (["appeal"], None, True)
    answer = buyer.post(f"{address}appeal/", {"words": "Here is the repair shop's word."}, format="json")
    assert (answer.status_code, answer.json()["late_appeal"]["state"], answer.json()["actions"]) == (200, "open", [])
    judge, case = api(second), f"/api/v1/desk/issues/{dispute.issue.reference}/"
    assert [row["reference"] for row in judge.get("/api/v1/desk/issues/?state=appealed").json()["results"]] == [dispute.issue.reference]
    assert api(first).post(f"{case}appeal_decision/", {"more_minor": 1, "reason": "Mine."}, format="json").status_code == 403
    said = {"more_minor": 150, "reason": "Right."}
    answers = [judge.post(f"{case}appeal_decision/", said, format="json", headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json()["dispute"]["late_appeal"]["more_minor"] == 150
    assert api(seller_of(order)[0]).get(f"/api/v1/sales/{order.reference}/dispute/").json()["late_appeal"]["reason"] == "Right."


def test_our_team_gives_back_after_release(settings: pytest.FixtureRequest) -> None:
    """By the page of a hold, and by the API above the limit; a party of the trade never does."""
    order, first, second = delivered_order(), arbiter(), arbiter("Tomas")
    orders.confirm_receipt(order=order, actor=buyer_of(order), at=clock.now())
    address, called = f"/desk/holds/{order.hold.reference}/", f"/api/v1/desk/late_refunds/{order.hold.reference}/"
    desk = page(first)
    assert "Give back" in desk.get(address).content.decode()
    assert desk.post(f"{address}late_refund/", {"amount": "x", "reason": "A scratch."}).status_code == 422
    assert desk.post(f"{address}late_refund/", {"amount": "99999", "reason": "A scratch."}).status_code == 409
    assert desk.post(f"{address}late_refund/", {"amount": "1.20", "reason": "A scratch."}).status_code == 302
    assert "A scratch." in desk.get(address).content.decode()
    assert told(order.user, "€1.20 goes back to you")
    assert told(seller_of(order)[0], "€1.20 went back to")
    assert "Given back by our team" in page(order.user).get(f"/orders/{order.reference}/").content.decode()  # type: ignore[arg-type]

    settings.RULING_LIMIT = "1"  # type: ignore[attr-defined]
    asked = api(first).post(f"{called}gift/", {"amount_minor": 100, "reason": "Another."}, format="json")
    assert (asked.status_code, asked.json()["state"]) == (200, "asked")
    assert [row["hold"] for row in api(second).get("/api/v1/desk/late_refunds/").json()["results"]] == [order.hold.reference]
    assert api(first).post(f"{called}approval/", format="json").status_code == 403
    assert page(second).post(f"{address}late_refund/refusal/", {"words": ""}).status_code == 400
    assert api(second).post(f"{called}approval/", format="json").json()["state"] == "given"
    assert api(second).post(f"{called}gift/", {"reason": "Nothing."}, format="json").status_code == 400
    seller = seller_of(order)[0]
    seller.groups.add(Group.objects.get(name="arbitrators"))
    seller.is_staff = True
    seller.save()
    assert api(seller).post(f"{called}gift/", {"amount_minor": 1, "reason": "Mine."}, format="json").status_code == 403
