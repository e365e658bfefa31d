"""How many questions each page and answer asks the database: literally the same with one thing and with many. Every address that the
permission table lets read is here: one that answers 200 and is not in the list fails."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from rest_framework.throttling import SimpleRateThrottle

from api import permissions
from api.permissions import GAP, Row
from core import clock
from search import operations as search
from tests.factories import roles, world
from tests.factories.crowd import Crowd

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW, MANY = 1, 50
LIMIT = 8
ABOVE = {
    "/metrics": 14,  # a machine asks it twice a minute: a statement a fact, so that one that fails hides no other
}

# Who looks, and how many questions that takes. A person costs one (with the session), and the numbers in the frame of a page another.
COUNTS: dict[str, dict[str, int]] = {
    "guest": {
        "/": 4,
        "/search/": 4,
        "/c/{category}/": 4,
        "/listing/{listing}/{title}/": 4,
        "/shops/{vendor}/": 6,
        "/basket/": 1,
        "/orders/{guests}": 5,
    },
    "buyer": {
        "/api/v1/search/": 4,
        "/api/v1/listings/": 4,
        "/api/v1/listings/{listing}/": 4,
        "/api/v1/categories/": 1,
        "/api/v1/categories/{category}/": 2,
        "/api/v1/vendors/{vendor}/": 2,
        "/api/v1/schema/": 1,
        "/api/v1/docs/": 1,
        "/api/v1/permissions/": 3,
        "/api/v1/me/": 1,
        "/api/v1/addresses/": 2,
        "/api/v1/addresses/{address}/": 2,
        "/api/v1/tokens/": 2,
        "/api/v1/notifications/": 2,
        "/api/v1/cart/": 7,
        "/api/v1/checkouts/{checkout}/": 7,
        "/api/v1/payments/": 3,
        "/api/v1/payments/{payment}/": 3,
        "/api/v1/orders/": 3,
        "/api/v1/orders/{order}/": 5,
        "/api/v1/vendors/": 2,
        "/": 7,
        "/search/": 6,
        "/c/{category}/": 6,
        "/listing/{listing}/{title}/": 7,
        "/listing/{listing}/similar/": 7,
        "/shops/{vendor}/": 8,
        "/fees/": 3,
        "/held/": 2,
        "/help/": 2,
        "/terms/": 2,
        "/look/": 3,
        "/basket/": 7,
        "/checkout/{checkout}/": 8,
        "/checkout/{waiting}/done/": 6,
        "/pay/sandbox/{bank}/": 3,
        "/orders/": 6,
        "/orders/{order}/": 6,
        "/orders/{order}/proof/": 6,
        "/orders/{order}/issue/": 6,
        "/api/v1/orders/{sick}/dispute/": 6,
        "/orders/{sick}/dispute/": 7,
        "/orders/{order}/cancellation/": 4,
        "/orders/{order}/returns/": 7,
        "/orders/{order}/returns/{return}/": 7,
        "/api/v1/returns/": 3,
        "/api/v1/returns/{return}/": 3,
        "/you/": 5,
        "/you/profile/": 2,
        "/you/addresses/": 3,
        "/you/addresses/new/": 2,
        "/you/addresses/fields/": 1,
        "/you/addresses/{address}/": 3,
        "/you/tokens/": 4,
        "/you/sessions/": 3,
        "/you/notifications/": 4,
        "/sell/": 3,
        "/sell/open/": 2,
        "/sell/invitations/{secret}/": 4,
        "/accounts/email/": 6,
        "/accounts/reauthenticate/": 8,
        "/accounts/password/change/": 2,
        "/accounts/logout/": 2,
        "/accounts/inactive/": 2,
        "/accounts/password/reset/": 2,
        "/accounts/password/reset/done/": 2,
        "/accounts/password/reset/key/1-x/": 3,
        "/accounts/password/reset/key/done/": 2,
        "/healthz": 1,
        "/readyz": 6,
        "/metrics": 14,
        "/orders/{sick}/": 6,
        "/orders/{unpaid}/": 6,
        "/api/v1/orders/{order}/papers/": 4,
        "/api/v1/orders/{order}/papers/{paper}/": 4,
        "/api/v1/orders/{order}/papers/{paper}/pdf/": 4,
        "/orders/{order}/papers/{paper}.pdf": 4,
    },
    "owner": {
        "/api/v1/vendors/{vendor}/inside/": 3,
        "/api/v1/vendors/{vendor}/policy/": 2,
        "/api/v1/vendors/{vendor}/members/": 3,
        "/api/v1/vendors/{vendor}/invitations/": 4,
        "/api/v1/my_listings/": 6,
        "/api/v1/my_listings/{draft}/": 7,
        "/api/v1/my_listings/{listing}/stock_history/": 6,
        "/api/v1/my_listings/{draft}/photos/": 4,
        "/api/v1/vendors/{vendor}/bulk_changes/": 3,
        "/api/v1/vendors/{vendor}/bulk_changes/{bulk_change}/": 3,
        "/api/v1/imports/": 3,
        "/api/v1/imports/{import}/": 3,
        "/api/v1/imports/{import}/preview/": 7,
        "/api/v1/imports/{import}/problems/": 4,
        "/api/v1/imports/{import}/problem_table/": 5,
        "/api/v1/vendors/{vendor}/listing_table/": 5,
        "/api/v1/shipping_methods/": 3,
        "/api/v1/shipping_methods/{method}/": 3,
        "/api/v1/pickup_places/": 3,
        "/api/v1/pickup_places/{place}/": 3,
        "/api/v1/sales/": 4,
        "/api/v1/sales/{order}/": 6,
        "/api/v1/vendors/{vendor}/balance/": 4,
        "/api/v1/vendors/{vendor}/payouts/": 3,
        "/api/v1/vendors/{vendor}/payouts/rules/": 3,
        "/api/v1/vendors/{vendor}/payouts/{payout}/": 3,
        "/sell/{vendor}/settings/": 3,
        "/sell/{vendor}/members/": 6,
        "/sell/{vendor}/listings/": 6,
        "/sell/{vendor}/listings/new/": 3,
        "/sell/{vendor}/listings/low-stock/": 4,
        "/sell/{vendor}/listings/changes/new/": 5,
        "/sell/{vendor}/listings/changes/{bulk_change}/": 4,
        "/sell/{vendor}/listings/{draft}/": 7,
        "/sell/{vendor}/listings/{draft}/receiving/": 4,
        "/sell/{vendor}/listings/{draft}/comparables/": 8,
        "/sell/{vendor}/listings/{draft}/details/": 5,
        "/sell/{vendor}/listings/{listing}/stock/": 7,
        "/sell/{vendor}/listings/{draft}/removal/": 5,
        "/sell/{vendor}/imports/": 5,
        "/sell/{vendor}/imports/listings.csv": 5,
        "/sell/{vendor}/imports/{import}/": 8,
        "/sell/{vendor}/imports/{import}/problems.csv": 5,
        "/sell/{vendor}/shipping/": 5,
        "/sell/{vendor}/shipping/methods/": 3,
        "/sell/{vendor}/shipping/methods/{method}/": 4,
        "/sell/{vendor}/shipping/places/": 3,
        "/sell/{vendor}/shipping/places/{place}/": 4,
        "/sell/{vendor}/orders/": 8,
        "/sell/sales.csv": 4,
        "/sell/{vendor}/orders/{order}/": 7,
        "/sell/{vendor}/orders/{order}/cancellation/": 5,
        "/sell/{vendor}/returns/": 7,
        "/sell/{vendor}/returns/{return}/": 6,
        "/api/v1/shop_returns/": 4,
        "/api/v1/shop_returns/{return}/": 4,
        "/sell/{vendor}/orders/{order}/partial-cancellation/": 8,
        "/sell/{vendor}/orders/{order}/refund/": 8,
        "/sell/{vendor}/payouts/": 8,
        "/": 7,
        "/api/v1/vendors/": 4,
        "/sell/": 8,
        "/sell/{vendor}/imports/{done}/": 7,
        "/sell/{vendor}/imports/{ended}/": 7,
        "/sell/{vendor}/orders/{sick}/": 7,
        "/api/v1/sales/{sick}/dispute/": 7,
        "/sell/{vendor}/orders/{sick}/dispute/": 8,
        "/api/v1/vendors/{vendor}/papers/": 3,
        "/api/v1/vendors/{vendor}/papers/{paper}/": 3,
        "/api/v1/vendors/{vendor}/papers/{paper}/pdf/": 3,
        "/api/v1/vendors/{vendor}/statements/": 3,
        "/api/v1/vendors/{vendor}/statements/{month}/": 6,
        "/api/v1/vendors/{vendor}/statements/{month}/csv/": 6,
        "/api/v1/vendors/{vendor}/statements/{month}/pdf/": 6,
        "/sell/{vendor}/papers/": 5,
        "/sell/{vendor}/papers/{paper}.pdf": 3,
        "/sell/{vendor}/statements/": 5,
        "/sell/{vendor}/statements/{month}/": 7,
        "/sell/{vendor}/statements/{month}.csv": 6,
        "/api/v1/vendors/{vendor}/chargebacks/": 3,
        "/api/v1/vendors/{vendor}/chargebacks/{chargeback}/": 3,
        "/sell/{vendor}/chargebacks/": 5,
        "/sell/{vendor}/chargebacks/{chargeback}/": 7,
    },
    "staff": {
        "/api/v1/desk/late_refunds/": 2,
        "/api/v1/desk/returns/": 2,
        "/api/v1/desk/returns/{return}/": 3,
        "/desk/returns/": 7,
        "/desk/returns/{return}/": 6,
        "/api/v1/desk/issues/": 2,
        "/api/v1/desk/issues/{issue}/": 5,
        "/api/v1/desk/issues/{issue}/preview/": 5,
        "/desk/issues/": 7,
        "/desk/issues/{issue}/": 8,
        "/desk/orders/": 5,
        "/desk/orders/{order}/": 8,
        "/desk/holds/": 6,
        "/desk/holds/{hold}/": 5,
        "/desk/ledger/": 7,
        "/desk/ledger/accounts/{account}/": 7,
        "/desk/ledger/transfers/": 7,
        "/desk/ledger/transfers/{transfer}/": 6,
        "/desk/ledger/exceptions/": 4,
        "/desk/jobs/": 4,
        "/desk/admin/": 4,
        "/api/v1/desk/chargebacks/": 2,
        "/api/v1/desk/chargebacks/{chargeback}/": 3,
        "/desk/chargebacks/": 6,
        "/desk/chargebacks/{chargeback}/": 7,
        "/desk/ledger/debts/": 3,
        "/desk/ledger/platform/": 3,
        "/desk/ledger/sellers/": 4,
        "/desk/ledger/ageing/": 5,
    },
}

# What the table of permissions does not tell apart: a guest's eyes, other states of the same thing, and the buyer's pages for a seller.
ALSO = {
    "guest": ["/", "/search/", "/c/{category}/", "/listing/{listing}/{title}/", "/shops/{vendor}/", "/basket/", "/orders/{guests}"],
    "owner": [
        "/",
        "/api/v1/vendors/",
        "/sell/",
        "/sell/{vendor}/imports/{done}/",
        "/sell/{vendor}/imports/{ended}/",
        "/sell/{vendor}/orders/{sick}/",
    ],
    "buyer": ["/orders/{sick}/", "/orders/{unpaid}/"],
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to wait, the schema (which asks nothing) is not made anew, and nothing is written down."""
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_args: True)
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_args, **_named: {"openapi": "3.0.3", "info": {}, "paths": {}})
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)


def test_every_page_asks_as_often_for_one_thing_as_for_many() -> None:
    scene = roles.scene()
    scene.cookies["staff"] = roles.signed_in(world.staff())
    for many in (FEW, MANY - FEW):
        names = Crowd(scene, many).names
        search.rebuild(at=clock.now())
        wrong = differing(told(scene, names))
        assert wrong == {}, f"with {many}: {wrong}"
    assert {page: count for pages in COUNTS.values() for page, count in pages.items() if count > LIMIT} == ABOVE


def differing(found: dict[str, dict[str, int]]) -> dict[str, dict[str, tuple[int | None, int | None]]]:
    """How many questions there were, and how many are written above."""
    wrong = {}
    for role in COUNTS | found:
        said, asked = COUNTS.get(role, {}), found.get(role, {})
        wrong[role] = {page: (asked.get(page), said.get(page)) for page in said | asked if asked.get(page) != said.get(page)}
    return {role: pages for role, pages in wrong.items() if pages}


def told(scene: roles.Scene, names: dict[str, str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    lines = {row.address: row for row in permissions.rows() if row.method == "GET" and "~" not in row.call}
    asked = [(looker(row), address, row) for address, row in lines.items()]
    asked += [(role, address, None) for role, addresses in ALSO.items() for address in addresses]
    for role, address, row in asked:
        count = questions(scene, role, address, row, names)
        if count is not None:
            found.setdefault(role, {})[address] = count
    return found


def looker(row: Row) -> str:
    """The first of these who is let in; staff sit at every desk."""
    first = next((role for role in ("buyer", "owner") if row.cells[role] == "ok"), None)
    return first or ("staff" if row.allowed else "guest")


def questions(scene: roles.Scene, role: str, address: str, row: Row | None, names: dict[str, str]) -> int | None:
    client, path = scene.client(role), GAP.sub(lambda gap: names[gap[2]], address)
    sent = {name: GAP.sub(lambda gap: names[gap[2]], value) for name, value in (row.fields if row else ())}
    first = client.get(path, sent)  # what is kept for a minute is there now
    if "key=" in path:  # a guest's link leads on to the page, and is not shown there
        path = first["Location"]
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, sent)
        assert answer.status_code < 500, path
    return len(asked) if answer.status_code == 200 else None
