"""Whoever tries to move a dispute that is not theirs, or theirs the wrong way: nothing moves, and strangers find nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from core import clock
from core.money import Money
from escrow.disputes import operations
from escrow.disputes.models import Dispute, Ruling
from escrow.holds.models import Hold
from marketplace.orders.models import Order
from tests.factories.people import make_member, make_user
from tests.factories.trade import seller_of
from tests.storefront.test_dispute_doors import api, arbiter, disputed, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> tuple[Order, Dispute]:
    return disputed()


def verbs(client: APIClient, root: str) -> set[int]:
    """Everything that could be posted there, with a body that would do."""
    said = {"words": "Mine.", "to_buyer_minor": 1, "carrier": "x", "tracking": "X1", "title": "x"}
    last = ("proposals", "acceptance", "messages", "escalation", "appeal", "ruling_acceptance", "withdrawal", "return_shipment", "return_receipt",
            "return_objection")  # fmt: skip
    return {client.post(f"{root}{verb}/", said, format="json").status_code for verb in last} | {client.get(root).status_code}


def test_strangers_and_the_other_side_find_nothing(case: tuple[Order, Dispute]) -> None:
    order, dispute = case
    assert order.user is not None
    buyers, sellers = f"/api/v1/orders/{order.reference}/dispute/", f"/api/v1/sales/{order.reference}/dispute/"
    lister = make_member(order.vendor, "lister").user
    for user, roots in ((make_user(), (buyers, sellers)), (order.user, (sellers,)), (seller_of(order)[0], (buyers,)), (lister, (buyers, sellers))):
        for root in roots:
            assert verbs(api(user), root) == {404}
    assert page(order.user).post(f"/orders/{order.reference}/dispute/return_receipt/").status_code == 404  # the seller's word
    dispute.refresh_from_db()
    assert (dispute.state, dispute.proposals.count(), dispute.notes.count()) == ("opened", 0, 0)


def test_a_proposal_that_changed_is_not_accepted_unseen_nor_twice(case: tuple[Order, Dispute]) -> None:
    order, dispute = case
    assert order.user is not None
    seller, root = seller_of(order)[1], f"/api/v1/orders/{order.reference}/dispute/"
    buyer = api(order.user)
    for minor in (500, 100):  # the buyer saw five, and it became one
        operations.propose(dispute=dispute, side="seller", to_buyer=Money(minor, "EUR"), at=clock.now(), actor=seller)
    assert buyer.post(f"{root}acceptance/", {"to_buyer_minor": 500}, format="json").status_code == 409
    assert page(order.user).post(f"/orders/{order.reference}/dispute/acceptance/", {"to_buyer_minor": "500"}).status_code == 409
    key = {"Idempotency-Key": "agreed"}
    answers = [buyer.post(f"{root}acceptance/", {"to_buyer_minor": 100}, format="json", headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert buyer.post(f"{root}acceptance/", {"to_buyer_minor": 100}, format="json").status_code == 409
    assert Hold.objects.get(pk=order.hold_id).refunded_minor == 100


def test_who_left_our_team_or_has_a_part_in_it_decides_nothing(case: tuple[Order, Dispute]) -> None:
    order, dispute = case
    former, involved = arbiter(), arbiter("Tomas")
    api_former, page_former = api(former), page(former)  # signed in while still with us
    former.groups.remove(Group.objects.get(name="arbitrators"))
    make_member(order.vendor, "packer", involved)
    root, desk = f"/api/v1/desk/issues/{dispute.issue.reference}/", f"/desk/issues/{dispute.issue.reference}/"
    said = {"outcome": "refund", "reason": "Mine.", "words": "Mine.", "more_minor": 1}
    former = type(former).objects.get(pk=former.pk)
    api_former.force_authenticate(former)
    for client in (api_former, api(involved)):
        for verb in ("decision", "approval", "objection", "messages", "appeal_decision"):
            assert client.post(f"{root}{verb}/", said, format="json").status_code == 403
    for verb in ("", "approval/", "objection/", "messages/", "appeal/"):
        assert page_former.post(f"{desk}{verb}", said).status_code == 404
        assert page(involved).post(f"{desk}{verb}", said).status_code == 403
    assert page_former.get(desk).status_code == 404
    assert not Ruling.objects.exists()
