"""The pages of paying in parts: offered in the editor, chosen at checkout, paid on the order's page, followed by the seller."""

import pytest
from django.test import Client

from core import clock
from escrow.payments import sandbox_bank
from marketplace.catalog.listings.models import Listing
from marketplace.checkout.models import Checkout
from marketplace.orders.models import Order
from tests.factories.goods import person
from tests.factories.trade import LYON, goods, planned_order, seller_of
from tests.storefront.test_buying import put_in, signed_in, text

pytestmark = pytest.mark.django_db(transaction=True)


def pay_at_the_bank(reference: str) -> None:
    sandbox_bank.pay(reference, method="card", at=clock.now(), manner="drop")


def test_buyer_chooses_the_deposit_and_pays_the_balance_later() -> None:
    listing, client = goods(price_minor=100_000), signed_in(person())
    terms = {"kind": "deposit", "weights": [30, 70], "names": [], "days": 14, "ships": "paid", "late": "refund", "grace_days": 7}
    Listing.objects.filter(pk=listing.pk).update(payment_terms=terms)
    assert "You may pay 30 % now and the rest within 14 days." in text(client.get(f"/listing/{listing.reference}/x/", follow=True))
    begun = put_in(client, listing, buy_now="1").url
    page = text(client.get(begun))
    assert "All at once" in page
    assert "Deposit: €302.07, now" in page
    said = {"email": "a@example.com", f"plan-{listing.vendor.reference}": "parts", **LYON}
    assert "You pay now" in text(client.post(begun, {"update": "1", **said}))
    placed = client.post(begun, {"pay": "1", "total": "100690", **said})
    assert "/pay/sandbox/" in placed.url
    pay_at_the_bank(Checkout.objects.get().payment.provider_ref)
    client.get(f"{begun}done/")
    order = Order.objects.get()
    address = f"/orders/{order.reference}/"
    receipt = text(client.get(f"{address}proof/"))
    assert "Paid until now</dt><dd>€302.07" in receipt
    assert "Total, paid in parts</dt><dd>€1,006.90" in receipt
    page = text(client.get(address))
    assert "Pay Balance: €704.83" in page
    assert "Pay €704.83 now" in page
    part = order.plan.parts.get(position=2)
    shop = signed_in(seller_of(order)[0])
    mine = f"/sell/{order.vendor.slug}/orders/{order.reference}/"
    assert "It is on its way" not in text(shop.get(mine))
    assert shop.post(f"{mine}parts/", {"part": part.reference, "do": "extend", "days": "3"}).status_code == 302
    assert shop.post(f"{mine}parts/", {"part": part.reference, "do": "extend", "days": "x"}).status_code == 400
    assert client.post(f"{address}parts/", {"do": "pay"}).status_code == 400
    bank = client.post(f"{address}parts/", {"part": part.reference, "do": "pay"})
    assert "/pay/sandbox/" in bank.url
    part.refresh_from_db()
    pay_at_the_bank(part.payment.provider_ref)
    back = client.get(f"{address}parts/?part={part.reference}", follow=True)
    assert "paid and held" in text(back)
    assert "It is on its way" in text(shop.get(mine))


def test_pages_of_milestones_ask_both_sides_in_turn() -> None:
    order = planned_order(kind="milestones", days=10, steps=[{"name": "Design", "percent": 40}, {"name": "Built", "percent": 60}])
    buyer, shop = signed_in(order.user), signed_in(seller_of(order)[0])
    mine, theirs = f"/orders/{order.reference}/", f"/sell/{order.vendor.slug}/orders/{order.reference}/"
    part = order.plan.parts.get(position=1).reference
    assert "This milestone is done" in text(shop.get(theirs))
    shop.post(f"{theirs}parts/", {"part": part, "do": "hand_over"})
    assert "Confirm this milestone" in text(buyer.get(mine))
    assert buyer.post(f"{mine}parts/", {"part": part, "do": "confirm"}).status_code == 302
    assert "paid to the seller" in text(buyer.get(mine))
    assert Client().post(f"{mine}parts/", {"part": part, "do": "confirm"}).status_code == 404


def test_editor_keeps_the_terms_and_names_what_is_wrong() -> None:
    listing = goods()
    client, address = signed_in(listing.vendor.members.get().user), f"/sell/{listing.vendor.slug}/listings/{listing.reference}/"
    form = client.get(address).context["form"]
    said = {name: "" if value is None else value for name, value in form.initial.items()}
    said |= {f"{part}-{name}": n for part in ("rows", "breaks") for name, n in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    said |= {"do": "save", "on_hand_seen": "", "payment_kind": "milestones", "payment_days": "10", "payment_steps": "Design 40\nBuilt 50 %"}
    refused = client.post(address, said)
    assert refused.status_code == 422
    assert "must add up to 100" in text(refused)
    kept = client.post(address, {**said, "payment_steps": "Design 40\nBuilt 60 %"})
    assert kept.status_code == 302, text(kept)
    assert "Built 60" in text(client.get(address))
    listing.refresh_from_db()
    assert (listing.payment_terms["names"], listing.payment_terms["weights"]) == (["Design", "Built"], [40, 60])
