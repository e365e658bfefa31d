"""What the visitors do: look at pages, search, buy, confirm. Each function is one visit."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote_plus, urlsplit

from backend.bench.stage import Shelf
from backend.bench.visitors import Connection, WrongAnswer

API = "/api/v1/"
ADDRESS = {"name": "Bench", "street": "14 rue du Marronnier", "postcode": "69003", "city": "Lyon", "country": "FR", "phone": "+33612345678"}
Visit = Callable[[Connection], object]


def floors(count: int) -> list[Visit]:
    return [lambda connection: connection.get("/floor")] * count


def api_lists(shelf: Shelf, count: int) -> list[Visit]:
    """Twenty listings a page, as a machine walks through a market: each visitor from the newest on, by the link to the next page."""
    return [_walk_on] * count


def _walk_on(connection: Connection) -> int:
    page = json.loads(connection.get(connection.further or f"{API}listings/?limit=20"))
    following = urlsplit(page["next"] or "")
    connection.further = f"{following.path}?{following.query}" if following.path else ""
    return len(page["results"])


def api_searches(shelf: Shelf, count: int) -> list[Visit]:
    """Pages of twenty cards with the counts of every facet, of other words each time."""
    return [partial(_get, path=f"{API}search/?limit=20&q={quote_plus(_words(shelf, number))}") for number in range(count)]


def listing_pages(shelf: Shelf, count: int) -> list[Visit]:
    return [partial(_get, path=shelf.addresses[number * 37 % len(shelf.addresses)]) for number in range(count)]


def search_pages(shelf: Shelf, count: int) -> list[Visit]:
    return [partial(_get, path=f"/search/?q={quote_plus(_words(shelf, number))}") for number in range(count)]


def _get(connection: Connection, *, path: str) -> int:
    return len(connection.get(path))


def _words(shelf: Shelf, number: int) -> str:
    """One or two words of some title: what people type."""
    words = shelf.titles[number * 101 % len(shelf.titles)].split()
    return " ".join(words[: 1 + number % 2])


def checkouts(shelf: Shelf, count: int, *, first: Iterator[int]) -> list[Callable[[Connection], tuple[str, str]]]:
    """A stranger's whole way from the basket to the held money; brings home the order and its key."""
    numbers = itertools.islice(first, count)
    return [partial(_buy, variant=shelf.variants[number * 53 % len(shelf.variants)], number=number) for number in numbers]


def _buy(connection: Connection, *, variant: str, number: int) -> tuple[str, str]:
    cart = connection.post(f"{API}cart/lines/", {"variant": variant, "quantity": 1}, Idempotency_Key=f"cart-{number}")
    key = {"X_Cart_Token": cart["token"]}
    checkout = connection.post(f"{API}checkouts/", {"currency": "EUR"}, Idempotency_Key="begin", **key)
    total = checkout["total_minor"]
    agreed = {"email": f"bench-{number}@example.com", "address": ADDRESS, "shown_total_minor": total}
    placed = connection.post(f"{API}checkouts/{checkout['reference']}/placement/", agreed, Idempotency_Key="place", **key)
    bank = placed["payment"]["hosted_url"].rstrip("/").rsplit("/", 1)[-1]
    connection.post(f"{API}sandbox_bank/{bank}/payment/", {"method": "card", "outcome": "drop"})
    done = connection.post(f"{API}checkouts/{checkout['reference']}/refreshment/", **key)
    if done["state"] != "paid":
        raise WrongAnswer(f"The checkout is {done['state']}, not paid.")
    (order,) = done["orders"]
    return order["reference"], order["token"]


def receipts(orders: Iterator[tuple[str, str]], count: int) -> list[Visit]:
    """The buyer confirms: one release each."""
    return [partial(_confirm, reference=reference, key=key) for reference, key in itertools.islice(orders, count)]


def _confirm(connection: Connection, *, reference: str, key: str) -> None:
    done = connection.post(f"{API}orders/{reference}/receipt/", Idempotency_Key="receipt", X_Order_Token=key)
    if done["state"] != "completed":
        raise WrongAnswer(f"The order is {done['state']}, not completed.")
