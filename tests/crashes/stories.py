"""Six short lives of one order, told over HTTP. Together they pass every crash point."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from tests.crashes.customer import Answer, Customer
from tests.crashes.market import Market, People

LYON = {"name": "Amina Rahal", "street": "14 rue du Marronnier", "postcode": "69003", "city": "Lyon", "country": "FR", "phone": "+33612345678"}


def place(buyer: Customer, people: People, quantity: int = 1) -> Answer:
    """From the shelf to a payment page."""
    variant = people.listing.variants.get().reference
    buyer.post("cart/lines/", {"variant": variant, "quantity": quantity})
    checkout = buyer.post("checkouts/", {"currency": "EUR"})
    path = f"checkouts/{checkout['reference']}/"
    checkout = buyer.patch(path, {"email": "amina@example.com", "address": LYON})
    buyer.post(f"{path}placement/", {"shown_total_minor": checkout["total_minor"]})
    return buyer.until(path, lambda now: bool(now["payment"]["hosted_url"]))


def pay(buyer: Customer, checkout: Answer) -> str:
    """At the bank's page; the shop hears of it from the bank alone. Answers the order's reference."""
    page = checkout["payment"]["hosted_url"].rstrip("/").rsplit("/", 1)[-1]
    buyer.post(f"sandbox_bank/{page}/payment/", {"method": "card"})
    order = str(checkout["orders"][0]["reference"])
    buyer.until(f"orders/{order}/", lambda now: now["state"] == "paid")
    return order


def send(buyer: Customer, seller: Customer, order: str) -> None:
    seller.post(f"sales/{order}/shipment/", {"carrier": "sandbox"})
    buyer.until(f"orders/{order}/", lambda now: now["state"] == "delivered")


def be_paid(market: Market, seller: Customer, shop: str) -> None:
    seller.post(f"vendors/{shop}/payouts/account/")
    seller.until(f"vendors/{shop}/balance/", lambda now: now["account_ready"] and now["available"]["amount_minor"] > 0)
    payout = seller.post(f"vendors/{shop}/payouts/")
    path = f"vendors/{shop}/payouts/{payout['reference']}/"
    seller.until(path, lambda now: now["state"] in ("confirmed", "paid"))
    market.tick()
    seller.until(path, lambda now: now["state"] == "paid")


def from_cart_to_payout(market: Market, people: People, buyer: Customer, seller: Customer) -> str:
    order = pay(buyer, place(buyer, people))
    send(buyer, seller, order)
    done = buyer.post(f"orders/{order}/receipt/")
    assert (done["state"], done["held_minor"]) == ("completed", 0)
    market.tick()
    be_paid(market, seller, people.shop)
    return "completed"


def cancelled_after_payment(market: Market, people: People, buyer: Customer, seller: Customer) -> str:
    order = pay(buyer, place(buyer, people))
    done = buyer.post(f"orders/{order}/cancellation/", {"reason": "Found my old one."})
    assert (done["state"], done["held_minor"]) == ("cancelled", 0)
    market.tick()
    return "cancelled"


def given_up_before_payment(market: Market, people: People, buyer: Customer, seller: Customer) -> str:
    checkout = place(buyer, people)
    buyer.post(f"checkouts/{checkout['reference']}/cancellation/")
    buyer.until(f"checkouts/{checkout['reference']}/", lambda now: now["state"] == "expired")
    return "expired"


def released_by_silence(market: Market, people: People, buyer: Customer, seller: Customer) -> str:
    order = pay(buyer, place(buyer, people))
    send(buyer, seller, order)
    clock.travel(timedelta(days=15))
    market.tick()
    buyer.until(f"orders/{order}/", lambda now: now["state"] == "completed")
    be_paid(market, seller, people.shop)
    return "completed"


def sold_out(market: Market, people: People, buyer: Customer, seller: Customer) -> str:
    """The last ones: the listing leaves the search."""
    pay(buyer, place(buyer, people, quantity=5))
    return "paid"


def sent_back(market: Market, people: People, buyer: Customer, seller: Customer) -> str:
    """Everything returns, and the money that was held goes back."""
    order = pay(buyer, place(buyer, people))
    send(buyer, seller, order)
    line = buyer.get(f"orders/{order}/")["lines"][0]["reference"]
    asked = buyer.post("returns/", {"order": order, "lines": [{"line": line, "quantity": 1}], "reason": "damaged"})
    here, there = f"returns/{asked['reference']}/", f"shop_returns/{asked['reference']}/"
    seller.post(f"{there}approval/", {"send_to": "3 quai Perrache, 69002 Lyon"})
    buyer.post(f"{here}shipment/", {"tracking_number": "BACK-1"})
    done = seller.post(f"{there}reception/", {"restock": False})
    assert (done["state"], done["refunded_minor"]) == ("refunded", done["amount_minor"])
    market.tick()
    return "refunded"


OF_POINT = {
    "hold.awaits_return": sent_back,
    "return.refunded": sent_back,
    "outbox.noted": sold_out,
    "payment.session_closed": given_up_before_payment,
    "payment.ended": given_up_before_payment,
    "hold.refund_booked": cancelled_after_payment,
    "hold.refund_asked": cancelled_after_payment,
    "refund.written": cancelled_after_payment,
    "refund.sent": cancelled_after_payment,
    "refund.confirmed": cancelled_after_payment,
    "hold.sweep_done": released_by_silence,
}
