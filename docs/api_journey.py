"""One trade from end to end through the API alone. Read it, and run it against the demo:

    ./souk demo                          # in one terminal
    python docs/api_journey.py           # in another one; or: … http://127.0.0.1:9000 --sign-ins DIR/sign-ins.json

It needs Python's standard library only. The people and their API tokens come from `sign-ins.json`, which the demo
writes into its data folder (`./souk seed_demo --json` prints the same). In your own market everybody makes a token
under "You → API tokens". Every step prints what happened and where the money is; it ends with 1 at the first surprise.
"""

from __future__ import annotations

import argparse
import json
import secrets
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIGN_INS = Path(__file__).parent.parent / ".souk" / "sign-ins.json"
PATIENCE_SECONDS = 90.0
Answer = dict[str, Any]


class Surprise(Exception):
    """A step did not end as the story tells it."""


class Person:
    """Somebody with a token. Every POST carries an Idempotency-Key: sent twice, it would still happen once."""

    def __init__(self, address: str, name: str, token: str) -> None:
        self.name = name
        self._root = f"{address.rstrip('/')}/api/v1/"
        self._token = token

    def get(self, path: str, **query: str) -> Answer:
        return self._send("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path)

    def post(self, path: str, body: Answer | None = None) -> Answer:
        return self._send("POST", path, json.dumps(body or {}).encode(), {"Idempotency-Key": secrets.token_hex(16)})

    def patch(self, path: str, body: Answer, **headers: str) -> Answer:
        return self._send("PATCH", path, json.dumps(body).encode(), headers)

    def upload(self, path: str, picture: bytes, alt: str) -> Answer:
        edge = secrets.token_hex(16)
        parts = (
            f'--{edge}\r\nContent-Disposition: form-data; name="alt"\r\n\r\n{alt}\r\n'.encode(),
            f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="photo.png"\r\nContent-Type: image/png\r\n\r\n'.encode(),
            picture,
            f"\r\n--{edge}--\r\n".encode(),
        )
        kind = f"multipart/form-data; boundary={edge}"
        return self._send("POST", path, b"".join(parts), {"Content-Type": kind, "Idempotency-Key": secrets.token_hex(16)})

    def _send(self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", "Accept-Language": "en", **(more or {})}
        request = urllib.request.Request(self._root + path, data=body, method=method, headers=headers)  # noqa: S310  # the reader's own demo
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                return dict(json.loads(response.read() or b"{}"))
        except urllib.error.HTTPError as refused:
            raise Surprise(f"{self.name}: {method} {path} answered {refused.code}: {refused.read().decode(errors='replace')[:600]}") from None
        except (urllib.error.URLError, OSError) as problem:
            raise Surprise(f"{self.name}: {method} {self._root}{path}: {problem}") from None


def euros(minor: int) -> str:
    return f"{minor / 100:,.2f} EUR"


def tell(words: str) -> None:
    print(f"  {words}", flush=True)


def chapter(words: str) -> None:
    print(f"\n{words}", flush=True)


def expect(found: Any, wanted: Any, what: str) -> None:
    if found != wanted:
        raise Surprise(f"{what} is {found!r}, not {wanted!r}.")


def wait_for(what: str, look: Callable[[], Any]) -> Any:
    """Ask again until it is so: the background worker does its part a moment later."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise Surprise(f"After {PATIENCE_SECONDS:.0f} s still waiting for {what}. Does the worker run?")
        time.sleep(0.5)
    return found


def painted(red: int, green: int, blue: int, side: int = 640) -> bytes:
    """A PNG without a library: a plain colour that darkens toward the bottom."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(c * (2 * side - y) // (2 * side) for c in (red, green, blue)) * side for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def put_on_sale(seller: Person, listing: Answer, photos: list[tuple[bytes, str]]) -> Answer:
    """Draft, photos, publish. The answer is the listing as its shop sees it."""
    draft = seller.post("my_listings/", listing)
    for picture, alt in photos:
        seller.upload(f"my_listings/{draft['reference']}/photos/", picture, alt)
    shown = seller.post(f"my_listings/{draft['reference']}/publication/")
    expect(shown["state"], "published", "The listing")
    tell(f"{seller.name} lists “{shown['title']}” with {len(shown['photos'])} photos: {shown['href']}")
    return shown


def list_goods(jonas: Person, hanne: Person, lin: Person, run: str) -> list[tuple[str, int]]:
    """Three sellers, three things; what the buyer will search for and how many she takes."""
    chapter("1. Three sellers list their things")
    camera = {
        "vendor": shop_of(jonas), "category": "cameras", "condition": "very_good", "language": "en", "hand_overs": ["parcel"],
        "title": f"Folding camera {run}", "description": "From my grandfather's drawer. The bellows are tight, the shutter is a little slow.",
        "attributes": {"type": "film"}, "variants": [{"price": {"price_minor": 8900}, "on_hand": 1}],
    }  # fmt: skip
    put_on_sale(jonas, camera, [(painted(70, 60, 50), "The camera, open"), (painted(120, 100, 80), "The camera from above")])
    steps = [{"min_quantity": 10, "price_minor": 240}, {"min_quantity": 50, "price_minor": 190}]
    cartons = {
        "vendor": shop_of(hanne), "category": "packaging", "condition": "new", "language": "en", "hand_overs": ["parcel"],
        "title": f"Folding cartons {run}", "description": "Double-walled, 30 × 20 × 15 cm, flat in the bundle.",
        "variants": [{"price": {"price_minor": 290, "min_quantity": 5, "breaks": steps}, "on_hand": 500}],
    }  # fmt: skip
    put_on_sale(hanne, cartons, [(painted(190, 150, 100), "A bundle of cartons")])
    tell("   2.90 EUR each from 5, 2.40 from 10, 1.90 from 50")
    lamp = {
        "vendor": shop_of(lin), "category": "lighting", "condition": "good", "language": "en", "hand_overs": ["pickup"],
        "title": f"Folding lamp {run}", "description": "Warm light, a scratch on the foot. Come and see it shine.",
        "attributes": {"place": "table"}, "variants": [{"price": {"price_minor": 2500}, "on_hand": 1}],
    }  # fmt: skip
    put_on_sale(lin, lamp, [(painted(230, 180, 60), "The lamp")])
    return [(f"Folding camera {run}", 1), (f"Folding cartons {run}", 12), (f"Folding lamp {run}", 1)]


def shop_of(seller: Person) -> str:
    """The slug of the first shop in which this person works."""
    return str(seller.get("vendors/")["results"][0]["slug"])


def fill_basket(buyer: Person, wishes: list[tuple[str, int]], run: str) -> None:
    chapter("2. Amina finds them by search and puts them into one basket")
    found: Answer = wait_for("the search to know all three", lambda: (a := buyer.get("search/", q=run, limit="48"))["total"] >= len(wishes) and a)
    by_title = {card["title"]: card for card in found["results"]}
    for line in (line for group in buyer.get("cart/")["currencies"] for seller in group["sellers"] for line in seller["lines"]):
        buyer.patch(f"cart/lines/{line['reference']}/", {"chosen": False})  # what waits there from before is not bought today
    for title, quantity in wishes:
        listing = buyer.get(f"listings/{by_title[title]['reference']}/")
        buyer.post("cart/lines/", {"variant": listing["variants"][0]["reference"], "quantity": quantity})
    for group in buyer.get("cart/")["currencies"]:
        for seller in group["sellers"]:
            for line in filter(lambda line: line["chosen"], seller["lines"]):
                sums = f"{euros(line['unit_minor']):>12} each {euros(line['total_minor']):>12}"
                tell(f"{line['quantity']:3} × {line['title']:28} from {seller['name']:16} {sums}")


def buy(buyer: Person) -> list[Answer]:
    chapter("3. One checkout, one payment")
    checkout = buyer.post("checkouts/", {"currency": "EUR"})
    address = {"name": buyer.name, "street": "14 rue du Marronnier", "postcode": "69003", "city": "Lyon", "country": "FR", "phone": "+33612345678"}
    checkout = buyer.patch(f"checkouts/{checkout['reference']}/", {"email": buyer.get("me/")["email"], "address": address})
    for seller in checkout["sellers"]:
        expect(seller["problem"], "", f"What hinders {seller['name']}")
        way = next(option for option in seller["options"] if option["chosen"])
        tell(f"{seller['name']:16} goods {euros(seller['goods_minor']):>12}   {way['name']}: {euros(seller['delivery_minor'])}")
    expect(len(checkout["sellers"]), 3, "The number of sellers")
    placed = buyer.post(f"checkouts/{checkout['reference']}/placement/", {"shown_total_minor": checkout["total_minor"]})
    payment = placed["payment"]
    tell(f"placed: {len(placed['orders'])} orders, one payment of {euros(placed['total_minor'])}; a browser would pay at {payment['hosted_url']}")
    at_the_bank = payment["hosted_url"].rstrip("/").rsplit("/", 1)[-1]
    bank = buyer.post(f"sandbox_bank/{at_the_bank}/payment/", {"method": "card"})
    tell(f"the sandbox bank says: {bank['status']}, {euros(bank['amount_minor'])}")
    done = buyer.post(f"checkouts/{checkout['reference']}/refreshment/")
    expect(done["state"], "paid", "The checkout")
    orders = [buyer.get(f"orders/{order['reference']}/") for order in done["orders"]]
    for order in orders:
        expect((order["state"], order["held_minor"]), ("paid", order["total_minor"]), f"Order {order['number']}")
        tell(f"order {order['number']} from {order['vendor_name']}: {order['state']}, {euros(order['held_minor'])} held")
    expect(sum(order["held_minor"] for order in orders), placed["total_minor"], "The money held in three holds")
    return orders


def hand_over(buyer: Person, jonas: Person, hanne: Person, lin: Person, orders: dict[str, Answer]) -> None:
    chapter("4. The sellers ship, or hand over by code")
    for seller, thing in ((jonas, "camera"), (hanne, "cartons")):
        sent = seller.post(f"sales/{orders[thing]['reference']}/shipment/", {"carrier": "sandbox"})
        expect(sent["state"], "shipped", "The order")
        tell(f"{seller.name} ships the {thing}: {sent['parcel']['carrier']} {sent['parcel']['tracking_number']}")
    lin.post(f"sales/{orders['lamp']['reference']}/readiness/")
    code = buyer.get(f"orders/{orders['lamp']['reference']}/")["code"]
    given = lin.post(f"sales/{orders['lamp']['reference']}/hand_over/", {"code": code})
    expect(given["state"], "delivered", "The lamp")
    tell(f"{buyer.name} shows {code}, {lin.name} enters it: the lamp is {given['state']}")


def silence(buyer: Person, order: Answer) -> None:
    chapter("5. Amina is silent about the lamp")
    step = buyer.get(f"orders/{order['reference']}/")["next_step"]
    tell(f"{step['headline']} Due {step['due_at']}.")
    tell(f"If nobody says anything: {step['what_happens_if_silent']}")


def confirm(buyer: Person, order: Answer) -> None:
    chapter("6. Amina confirms the cartons")
    done = buyer.post(f"orders/{order['reference']}/receipt/")
    expect((done["state"], done["held_minor"]), ("completed", 0), "The order of cartons")
    show_money(done)
    fee = sum(row["fee_minor"] for row in done["money"])
    if fee <= 0:
        raise Surprise("No commission was taken.")
    tell(f"the order is {done['state']}; the commission was {euros(fee)}")


def settle(buyer: Person, seller: Person, arbiter: Person, order: Answer) -> None:
    chapter("7. The camera is not as described: the desk decides")
    words = {"reason": "not_as_described", "words": "The shutter does not open at all. The listing said: a little slow."}
    frozen = buyer.post(f"orders/{order['reference']}/issue/", words)
    expect(frozen["state"], "issue", "The order of the camera")
    tell(f"{frozen['next_step']['headline']}: {euros(frozen['held_minor'])}")
    case = next(one for one in every(arbiter, "desk/issues/") if one["words"] == words["words"] and one["amount_minor"] == order["total_minor"])
    for line in arbiter.get(f"desk/issues/{case['reference']}/preview/")["refund"]:
        tell(f"   preview  {line['account']:44} debit {euros(line['debit_minor']):>12}  credit {euros(line['credit_minor']):>12}")
    arbiter.post(f"desk/issues/{case['reference']}/decision/", {"outcome": "refund", "reason": "The photos show it and the seller agrees."})
    seller.post(f"sales/{order['reference']}/dispute/ruling_acceptance/")
    given_back = buyer.get(f"orders/{order['reference']}/")
    expect((given_back["state"], given_back["refunded_minor"]), ("refunded", order["total_minor"]), "The order of the camera")
    show_money(given_back)
    tell(f"{arbiter.name} decides: {euros(given_back['refunded_minor'])} go back to {buyer.name}")


def every(person: Person, path: str) -> list[Answer]:
    """All pages of a list."""
    page = person.get(path)
    found = list(page["results"])
    while page["next"]:
        page = person.get(path, **dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page["next"]).query)))
        found += page["results"]
    return found


def show_money(order: Answer) -> None:
    tell(f"   {'buyer':>10} {'held':>10} {'seller':>10} {'fee':>10}")
    for row in order["money"]:
        amounts = (row["buyer_minor"], row["held_minor"], row["seller_minor"], row["fee_minor"])
        expect(sum(amounts), 0, f"The sum of “{row['words']}”")
        tell("   " + " ".join(f"{amount / 100:10.2f}" for amount in amounts) + f"  {row['words']}")


def pay_out(seller: Person) -> None:
    chapter("8. Nordkarton asks for its money")
    shop = shop_of(seller)
    if not seller.get(f"vendors/{shop}/balance/")["account_ready"]:
        seller.post(f"vendors/{shop}/payouts/account/")
    balance = wait_for("the payout account", lambda: (b := seller.get(f"vendors/{shop}/balance/"))["account_ready"] and b)
    tell(", ".join(f"{name} {balance[name]['amount']}" for name in ("pending", "available", "in_transit", "paid_out")))
    payout = seller.post(f"vendors/{shop}/payouts/")
    expect(payout["amount_minor"], balance["available"]["amount_minor"], "The payout")

    def sent() -> Answer | None:
        now = seller.get(f"vendors/{shop}/payouts/{payout['reference']}/")
        if now["state"] in ("failed", "returned"):
            raise Surprise(f"The payout is {now['state']}: {now['failure']}")
        return now if now["state"] not in ("requested", "sent") else None

    now = wait_for("the payout", sent)
    tell(f"payout {now['reference']}: {now['amount']} {now['currency']}, {now['state']}")


def journey(people: dict[str, Person]) -> None:
    run = "j" + secrets.token_hex(4)  # a word of its own, so that the story can be told again and again
    amina, jonas, hanne, lin, rosa = (people[handle] for handle in ("amina", "jonas", "hanne", "lin", "rosa"))
    wishes = list_goods(jonas, hanne, lin, run)
    fill_basket(amina, wishes, run)
    orders = {order["lines"][0]["title"].split()[1]: order for order in buy(amina)}
    hand_over(amina, jonas, hanne, lin, orders)
    silence(amina, orders["lamp"])
    confirm(amina, orders["cartons"])
    settle(amina, jonas, rosa, orders["camera"])
    pay_out(hanne)


def main() -> int:
    parser = argparse.ArgumentParser(description="One trade from end to end through the API alone.")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000", help="where the demo runs (default http://127.0.0.1:8000)")
    parser.add_argument("--sign-ins", type=Path, default=SIGN_INS, help=f"people and their tokens (default {SIGN_INS})")
    chosen = parser.parse_args()
    try:
        accounts = json.loads(chosen.sign_ins.read_text())["accounts"]
    except (OSError, ValueError, KeyError) as problem:
        print(f"Cannot read the sign-ins ({problem}). Start `./souk demo` first, or name its file: --sign-ins DIR/sign-ins.json", file=sys.stderr)
        return 2
    people = {one["email"].partition("@")[0]: Person(chosen.address, one["name"], one["api_token"]) for one in accounts}
    try:
        journey(people)
    except Surprise as surprise:
        print(f"\nThe story broke off. {surprise}", file=sys.stderr)
        return 1
    print("\nThe story is told. `./souk check_ledger` proves every cent of it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
