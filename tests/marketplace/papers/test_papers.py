"""Invoices and credit notes: written once, numbered without gaps, and together as much as what was given back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from core import clock, jobs
from core.actors import SYSTEM
from core.money import Money
from escrow.holds import operations as holds
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders.models import Order
from marketplace.papers import drawing, printing, sheet
from marketplace.papers import operations as papers
from marketplace.papers.models import Paper, PaperKind, PaperSeries
from tests.factories import trade
from vendors.policies.models import Policy

pytestmark = pytest.mark.django_db(transaction=True)


def sent(order: Order) -> Order:
    shipping.send(order=order, carrier="sandbox", tracking_number="", actor=trade.seller_of(order)[1], at=clock.now())
    jobs.run_due()
    return Order.objects.with_everything().get(pk=order.pk)


def kinds(order: Order) -> list[str]:
    return list(Paper.objects.filter(order=order).order_by("id").values_list("kind", flat=True))


def test_invoice_follows_the_goods() -> None:
    order = trade.paid_order()
    jobs.run_due()
    assert kinds(order) == []
    order = sent(order)
    (invoice,) = Paper.objects.filter(order=order)
    assert (invoice.kind, invoice.number, invoice.total) == (PaperKind.INVOICE, 1, order.total)
    assert invoice.label == f"R-{invoice.year}-00001"
    papers.bring_up_to_date(order_reference=order.reference, at=clock.now())
    assert kinds(order) == ["invoice"]


def test_refund_before_the_goods_left_needs_no_paper() -> None:
    order = trade.paid_order()
    holds.refund(hold=order.hold, reason="sold out", at=clock.now(), actor=SYSTEM)
    jobs.run_due()
    assert kinds(order) == []


def test_credit_notes_sum_to_what_was_given_back_with_its_tax() -> None:
    order = trade.paid_order()
    assert order.total_minor > 300
    Policy.objects.filter(vendor=order.vendor).update(tax_bp=0)
    order = sent(order)
    for minor in (101, 99):
        holds.refund(hold=order.hold, amount=Money(minor, order.currency), reason="a scratch", at=clock.now(), actor=SYSTEM)
        jobs.run_due()
    order.hold.refresh_from_db()
    holds.refund(hold=order.hold, reason="never arrived", at=clock.now(), actor=SYSTEM)
    jobs.run_due()
    notes = list(Paper.objects.filter(order=order, kind=PaperKind.CREDIT_NOTE).order_by("number"))
    assert [note.number for note in notes] == [1, 2, 3]
    assert [note.total_minor for note in notes] == [101, 99, order.total_minor - 200]
    invoice = Paper.objects.get(order=order, kind=PaperKind.INVOICE)
    assert sum(note.tax_minor for note in notes) == invoice.tax_minor
    assert {note.corrects_id for note in notes} == {invoice.pk}


def test_numbers_have_no_gap_when_a_paper_fails() -> None:
    order = sent(trade.paid_order())
    body = Paper.objects.get(order=order).body

    def issue(key: str) -> Paper:
        return papers.issue(kind=PaperKind.INVOICE, key=key, vendor=order.vendor, order=order, body=body, language="en", at=clock.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        issue(f"invoice:{order.reference}")
    with transaction.atomic():
        assert issue("another").number == 2
    assert PaperSeries.objects.get(issuer=order.vendor.party.key).last == 2


def test_one_order_asked_for_by_many_gets_one_invoice() -> None:
    order = trade.paid_order()
    shipping.send(order=order, carrier="sandbox", tracking_number="", actor=trade.seller_of(order)[1], at=clock.now())

    def write(_round: int) -> int:
        try:
            return len(papers.bring_up_to_date(order_reference=order.reference, at=clock.now()))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(write, range(6))) == 1
    assert kinds(order) == ["invoice"]


def test_paper_never_changes() -> None:
    paper = Paper.objects.get(order=sent(trade.paid_order()))
    with pytest.raises(Exception, match=r"append-only|refuse"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(total_minor=1)
    with pytest.raises(Exception, match=r"append-only|refuse"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM marketplace_paper WHERE id = %s", [paper.pk])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_prints_in_the_language_of_the_order(language: str) -> None:
    order = trade.paid_order()
    Order.objects.filter(pk=order.pk).update(language=language)
    paper = Paper.objects.get(order=sent(order))
    printed = printing.as_pdf(paper)
    assert printed.startswith(b"%PDF-")
    assert printed == printing.as_pdf(paper)


def test_a_sheet_takes_any_letters_and_any_number_of_pages() -> None:
    rows: list[Any] = [["名称 ęŁ€ <b>& Привет 😀", str(number)] for number in range(200)]
    text = sheet.Sheet(title="发票 1", facts=[("Ünïcode", "x")], columns=["What", "n"], rows=rows, widths=[0.8, 0.2], numeric=frozenset({1}))
    printed = drawing.pdf(text)
    assert printed.count(b"/Type /Page\n") >= 4 or b"/Count" in printed


def test_letters_that_no_font_has_lose_their_mark() -> None:
    drawing.pdf(sheet.Sheet(title="", facts=[("a", "b")]))
    assert drawing._marked("ęŁ中", "Vera") == '<font name="Vera">eŁ</font><font name="STSong-Light">中</font>'
