"""A shop's months: they add up, end where the next begins, and are closed once, in the shop's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core import clock, jobs
from core.money import Money
from escrow.payouts import operations as payouts
from marketplace.orders import operations as orders
from marketplace.papers.models import PaperKind
from marketplace.statements import operations as statements
from marketplace.statements import printing, queries
from marketplace.statements.models import Statement
from marketplace.statements.months import Month, month_of, read, until
from tests.factories import trade
from vendors.models import Vendor

NEXT = timedelta(days=32)


def test_months_end_where_the_next_begins_in_their_zone() -> None:
    december = Month(2026, 12)
    assert str(december.next) == "2027-01"
    assert december.starts_at("Asia/Shanghai") == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert december.ends_at("Europe/Paris") == december.next.starts_at("Europe/Paris")
    assert month_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Europe/Paris") == Month(2027, 1)
    assert [str(month) for month in until(Month(2026, 11), Month(2027, 2))] == ["2026-11", "2026-12", "2027-01"]


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "1999-12", "2026-1", "٢٠٢٦-٠١", ""])
def test_refuses_what_is_no_month(text: str) -> None:
    assert read(text) is None


@pytest.fixture
def vendor(transactional_db: None) -> Vendor:
    """Sold, was paid out a part, and a month went by."""
    order = trade.delivered_order()
    orders.confirm_receipt(order=order, actor=trade.buyer_of(order), at=clock.now())
    _owner, actor = trade.seller_of(order)
    payouts.ensure_account(party=order.vendor.party.key, currency="EUR", country="FR", actor=actor, at=clock.now())
    jobs.run_due()
    payouts.request(seller=order.vendor.party.key, currency="EUR", amount=Money(100, "EUR"), actor=actor, at=clock.now())
    return order.vendor


def test_month_adds_up_to_what_is_owed(vendor: Vendor) -> None:
    found = queries.month_of_shop(vendor, month_of(clock.now(), vendor.time_zone))
    assert [row.event for row in found.rows] == ["release", "transfer_asked"]
    assert found.opening + found.gross - found.commission - found.paid_out == found.closing
    assert found.paid_out == Money(100, "EUR")
    assert found.commission.amount_minor > 0
    numbers = queries.numbers_of(found.rows)
    assert next(iter(numbers.values())).startswith("S-")
    assert printing.as_csv(found, numbers).count("\n") == 3
    assert printing.as_pdf(found, numbers).startswith(b"%PDF-")


def test_closes_each_month_once_and_invoices_commission(vendor: Vendor) -> None:
    assert statements.close_due(vendor=vendor, at=clock.now()) == []
    read_before = queries.month_of_shop(vendor, month_of(clock.now(), vendor.time_zone))
    later = clock.now() + NEXT
    first, *more = statements.close_due(vendor=vendor, at=later)
    assert statements.close_due(vendor=vendor, at=later) == []
    assert (first.closing, first.commission) == (read_before.closing, read_before.commission)
    invoice = first.commission_invoice
    assert invoice is not None
    assert (invoice.kind, invoice.total_minor, invoice.number) == (PaperKind.COMMISSION, first.commission_minor, 1)
    assert all(statement.opening == first.closing and statement.commission_invoice is None for statement in more)
    assert Statement.objects.filter(vendor=vendor).count() == 1 + len(more)
