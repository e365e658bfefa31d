"""What both sides are told about a dispute, and what the house knows by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.actors import Actor
from core.errors import Invalid
from core.jobs import run_due
from core.money import Money
from escrow.disputes import clocks, rulings, sweep
from escrow.disputes import operations as disputes
from escrow.disputes.models import Dispute
from escrow.ledger import checks
from marketplace.fulfilment import proofs
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders import operations as orders
from marketplace.orders import queries
from marketplace.orders.models import Order
from messaging.notifications.models import Notification
from tests.factories.trade import buyer_of, delivered_order, pay_part, pickup_order, planned_order, seller_of
from tests.storefront.test_buying import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
STAFF, SECOND = Actor("staff", "STAFF0000000"), Actor("staff", "STAFF0000001")


def disputed(order: Order) -> Dispute:
    orders.report_issue(order=order, reason="damaged", words="The foot is broken.", actor=buyer_of(order), at=clock.now())
    return Dispute.objects.select_related("hold").get(hold=order.hold)


def told(order: Order, side: str) -> list[str]:
    person = order.user if side == "buyer" else seller_of(order)[0]
    return [note.title.replace(order.number, "#") for note in Notification.objects.filter(user=person, url__endswith="/dispute/").order_by("id")]


def test_each_side_is_told_what_the_other_did() -> None:
    order = delivered_order()
    dispute, buyer, seller = disputed(order), buyer_of(order), seller_of(order)[1]
    shop, name = order.vendor.name, order.buyer_name
    for words in ("I am sorry.", "Is it the foot?"):  # one notice for both
        disputes.write(dispute=dispute, side="seller", words=words, at=clock.now(), actor=seller)
    disputes.propose(dispute=dispute, side="seller", to_buyer=Money(150, "EUR"), at=clock.now(), actor=seller)
    disputes.propose(dispute=dispute, side="buyer", to_buyer=Money(300, "EUR"), at=clock.now(), actor=buyer)
    disputes.escalate(dispute=dispute, side="buyer", at=clock.now(), actor=buyer)
    rulings.begin_deciding(dispute=dispute, by="staff", at=clock.now(), actor=STAFF)
    rulings.rule(dispute=dispute, to_buyer=Money(0, "EUR"), reason="As described.", at=clock.now(), actor=STAFF)
    rulings.appeal(dispute=dispute, side="buyer", words="A photo.", at=clock.now(), actor=buyer)
    rulings.rule(dispute=dispute, to_buyer=dispute.hold.left, reason="The photo.", at=clock.now(), actor=SECOND)
    assert told(order, "buyer") == [
        "New message about your issue with #", f"{shop} proposes €1.50 back: #", "Our team takes up your issue with #", "Decided: your issue with #",
        "Decided about the appeal: #",
    ]  # fmt: skip
    assert told(order, "seller") == [
        f"{name} proposes €3.00 back: #", "Our team takes up the issue with #", "Decided: the issue with #", f"{name} appeals: #",
        "Decided about the appeal: #",
    ]  # fmt: skip


def test_whose_turn_it_is_hears_a_day_before_once() -> None:
    order = delivered_order()
    dispute = disputed(order)
    assert dispute.due_at is not None
    soon = dispute.due_at - clocks.REMIND_BEFORE
    rounds = [sweep.remind(at=soon - timedelta(seconds=1)), sweep.remind(at=soon), sweep.remind(at=soon + timedelta(hours=1))]
    assert rounds == [0, 1, 0]
    assert [title for title in told(order, "seller") if "Only until" in title] == told(order, "seller")[-1:]
    assert told(order, "buyer") == []
    note = Notification.objects.filter(user=seller_of(order)[0]).latest("id")
    assert note.body == "The seller answers or proposes an amount. If nothing happens until then: It goes to our team by itself."
    disputes.write(dispute=dispute, side="seller", words="I am sorry.", at=clock.now(), actor=seller_of(order)[1])
    dispute.refresh_from_db()
    assert dispute.due_at is not None
    assert sweep.remind(at=dispute.due_at - timedelta(hours=1)) == 1  # another deadline, and now it is both sides' turn
    assert ["Only until" in one for one in (told(order, "buyer")[-1], told(order, "seller")[-1])] == [True, True]


def test_a_ruling_that_waits_for_a_second_person_is_told_to_nobody(settings: pytest.FixtureRequest) -> None:
    settings.RULING_LIMIT = "0"  # type: ignore[attr-defined]
    order = delivered_order()
    dispute = disputed(order)
    rulings.begin_deciding(dispute=dispute, by="staff", at=clock.now(), actor=STAFF)
    rulings.rule(dispute=dispute, to_buyer=Money(0, "EUR"), reason="As described.", at=clock.now(), actor=STAFF)
    assert told(order, "buyer") == []
    rulings.approve(dispute=dispute, at=clock.now(), actor=SECOND)
    assert told(order, "buyer") == ["Decided: your issue with #"]


def test_what_the_house_knows_lies_beside_the_evidence() -> None:
    order = delivered_order()
    dispute = disputed(order)
    run_due()
    facts = {piece.title: piece.words for piece in dispute.exhibits.filter(side="system")}
    assert list(facts) == ["As it was listed", "What happened to the order", "What the carrier said"]
    assert order.lines.get().title in facts["As it was listed"]
    assert "delivered (system)" in facts["What happened to the order"]
    assert order.shipment.tracking_number in facts["What the carrier said"]


def test_facts_of_every_kind_of_trade() -> None:
    """Handed over by a code, and paid in parts: a fact source never stumbles."""
    assert "Wrong codes: 0" in dict(proofs.facts_of(pickup_order().hold))["The hand-over code"]
    assert proofs.facts_of(planned_order().hold)


def test_a_part_of_a_plan_is_divided_like_any_money() -> None:
    order = pay_part(planned_order())
    dispute = disputed(order)
    disputes.propose(dispute=dispute, side="seller", to_buyer=Money(1_001, "EUR"), at=clock.now(), actor=seller_of(order)[1])
    disputes.accept(dispute=dispute, side="buyer", to_buyer_minor=1_001, at=clock.now(), actor=buyer_of(order))
    parts = list(order.plan.parts.order_by("position").values_list("state", flat=True)) if order.plan else []
    assert (parts[0], Dispute.objects.get(pk=dispute.pk).hold.refunded_minor) == ("divided", 1_001)
    assert list(checks.violations()) == []


def test_one_agreement_ends_the_cases_of_all_parts() -> None:
    order = pay_part(planned_order())
    disputed(order)
    dispute, seller, buyer = queries.dispute_of(order), seller_of(order)[1], buyer_of(order)
    assert dispute is not None
    others = list(Dispute.objects.exclude(pk=dispute.pk))
    total = sum(case.hold.left_minor for case in (dispute, *others))
    with pytest.raises(Invalid):
        disputes.propose(dispute=dispute, side="seller", to_buyer=Money(total, "EUR"), at=clock.now(), actor=seller)
    disputes.propose(dispute=dispute, side="seller", to_buyer=Money(10_001, "EUR"), for_all=True, at=clock.now(), actor=seller)
    page = signed_in(order.user).get(f"/orders/{order.reference}/dispute/").content.decode()
    assert "for all frozen parts together" in page
    disputes.accept(dispute=dispute, side="buyer", to_buyer_minor=10_001, at=clock.now(), actor=buyer)
    ended = list(Dispute.objects.select_related("hold").order_by("id"))
    assert [case.ending for case in ended] == ["agreed"] * (1 + len(others))
    assert others
    assert sum(case.hold.refunded_minor for case in ended) == 10_001
    assert all(case.hold.refunded_minor for case in ended)
    assert list(checks.violations()) == []


def test_a_joint_offer_means_the_parts_that_were_frozen_when_it_was_made() -> None:
    order = pay_part(planned_order())
    dispute, seller, buyer = disputed(order), seller_of(order)[1], buyer_of(order)
    other = Dispute.objects.exclude(pk=dispute.pk).get()
    disputes.propose(dispute=dispute, side="seller", to_buyer=Money(10_000, "EUR"), for_all=True, at=clock.now(), actor=seller)
    disputes.propose(dispute=other, side="seller", to_buyer=other.hold.left, at=clock.now(), actor=seller)
    disputes.accept(dispute=other, side="buyer", at=clock.now(), actor=buyer)
    with pytest.raises(disputes.NoOpenProposal):
        disputes.accept(dispute=dispute, side="buyer", at=clock.now(), actor=buyer)


def test_a_plan_shows_the_case_of_any_of_its_parts() -> None:
    order = pay_part(planned_order())
    shipping.send(order=order, carrier="sandbox", tracking_number="", actor=seller_of(order)[1], at=clock.now())
    first = disputed(order)
    second = Dispute.objects.exclude(pk=first.pk).get()
    for dispute, other in ((second, first), (first, second)):
        shown = queries.dispute_of(order)
        assert shown == dispute
        disputes.propose(dispute=shown, side="buyer", to_buyer=shown.hold.left, at=clock.now(), actor=buyer_of(order))
        disputes.accept(dispute=shown, side="seller", at=clock.now(), actor=seller_of(order)[1])
        assert Dispute.objects.get(pk=other.pk).is_open is (other == first)
