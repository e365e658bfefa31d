"""The views for reading with SQL say the same as the models, and a role that may read them may read nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from backend.env import ROOT
from core.models import AuditEvent
from escrow.models import Account, Hold, Posting
from marketplace.catalog.listings.models import Variant
from marketplace.orders.models import Order
from tests.factories import trade

pytestmark = pytest.mark.django_db
VIEWS = ("v_posting", "v_account_balance", "v_hold", "v_order", "v_stock", "v_audit")


def rows(view: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {view}")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_views_say_what_the_models_say() -> None:
    order = trade.paid_order()
    trade.place(trade.basket(trade.goods(on_hand=3), user=trade.person(), quantity=2))
    assert {row["reference"]: (row["state"], row["total_minor"], row["vendor"]) for row in rows("v_order")} == {
        one.reference: (one.state, one.total_minor, one.vendor.slug) for one in Order.objects.select_related("vendor")
    }
    assert {row["reference"]: (row["state"], row["gross_minor"], row["refunded_minor"], row["due_at"]) for row in rows("v_hold")} == {
        hold.reference: (hold.state, hold.gross_minor, hold.refunded_minor, hold.due_at) for hold in Hold.objects.all()
    }
    assert next(row for row in rows("v_hold") if row["reference"] == order.hold.reference)["gross_minor"] == order.total_minor
    for row in rows("v_stock"):
        variant = Variant.objects.get(reference=row["variant"])
        assert (row["on_hand"], row["reserved"], row["available"]) == (variant.on_hand, variant.reserved, variant.available)
        assert (row["moved_on_hand"], row["moved_reserved"], row["held"]) == (variant.on_hand, variant.reserved, variant.reserved)
    assert sum(row["reserved"] for row in rows("v_stock")) == 2
    assert len(rows("v_posting")) == Posting.objects.count() > 0
    assert {row["code"] for row in rows("v_account_balance")} == set(Account.objects.values_list("code", flat=True))
    assert len(rows("v_audit")) == AuditEvent.objects.count() > 0


def test_the_role_of_the_handbook_reads_the_views_and_nothing_else() -> None:
    handbook = (ROOT / "docs" / "operations.md").read_text()
    statements = re.findall(r"```sql\n(.*?)```", handbook, flags=re.S)
    assert len(statements) == 1
    with connection.cursor() as cursor:
        cursor.execute(statements[0].replace("a long password", "x" * 20))
        cursor.execute("SET ROLE souk_reader")
        for view in VIEWS:
            cursor.execute(f"SELECT count(*) FROM {view}")
        for forbidden in ("SELECT * FROM accounts_user", "SELECT * FROM escrow_hold", "DELETE FROM v_audit", "CREATE TABLE mine (id int)"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(forbidden)
        cursor.execute("RESET ROLE")


def test_no_view_tells_who_somebody_is() -> None:
    personal = {"email", "name", "buyer_name", "phone", "address", "guest_key_hash"}
    for view in ("v_order", "v_hold", "v_stock"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {view} LIMIT 0")
            assert not personal & {column.name for column in cursor.description}
