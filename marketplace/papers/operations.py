"""Issuing. A paper is written once for its fact, and its number comes from the issuer's series in the same transaction."""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core import audit, locks
from core.actors import SYSTEM
from marketplace.orders import money, reads
from marketplace.orders.models import Order
from marketplace.papers import bodies
from marketplace.papers.models import Paper, PaperKind
from vendors.models import Vendor


@transaction.atomic
def bring_up_to_date(*, order_reference: str, at: datetime) -> list[Paper]:
    """The invoice once the goods have left, and a credit note for whatever was given back since. Asked twice, it writes once."""
    found = reads.by_reference(order_reference)
    if found is None:
        return []
    locks.trade(found.trade)
    order = reads.by_key(found.pk)
    return [paper for paper in (_invoice(order, at=at), _credit_note(order, at=at)) if paper is not None]


def _invoice(order: Order, *, at: datetime) -> Paper | None:
    if not order.was_supplied or Paper.objects.filter(order=order, kind=PaperKind.INVOICE).exists():
        return None
    body = bodies.of_order(order, bodies.lines_of(order))
    return issue(
        kind=PaperKind.INVOICE, key=f"invoice:{order.reference}", vendor=order.vendor, order=order, body=body, language=order.language, at=at
    )


def _credit_note(order: Order, *, at: datetime) -> Paper | None:
    """Corrects what the parts of the money say was given back, less what earlier notes say."""
    papers = list(Paper.objects.filter(order=order).order_by("id"))
    invoice = next((paper for paper in papers if paper.kind == PaperKind.INVOICE), None)
    if invoice is None:
        return None
    notes = [paper for paper in papers if paper.kind == PaperKind.CREDIT_NOTE]
    before: Counter[str] = Counter()
    for note in notes:
        before.update({line["part"]: line["amount_minor"] for line in note.body["lines"]})
    lines = bodies.corrections(invoice.body["lines"], before=before, now=money.given_back_by_line(order))
    if not lines:
        return None
    body = bodies.of_order(order, lines, corrects=invoice.label)
    key = f"credit:{order.reference}:{len(notes) + 1}"
    return issue(kind=PaperKind.CREDIT_NOTE, key=key, vendor=order.vendor, order=order, corrects=invoice, body=body, language=order.language, at=at)


def issue(
    *,
    kind: PaperKind,
    key: str,
    vendor: Vendor,
    body: Mapping[str, Any],
    language: str,
    at: datetime,
    order: Order | None = None,
    corrects: Paper | None = None,
    issuer: str = "",
) -> Paper:
    """Number it and keep it; the shop issues it unless `issuer`, a party's key, says otherwise. Belongs into a transaction."""
    issuer = issuer or vendor.party.key
    year = at.astimezone(zoneinfo.ZoneInfo(vendor.time_zone)).year
    paper = Paper.objects.create(
        key=key,
        kind=kind,
        issuer=issuer,
        year=year,
        number=_next_number(issuer, kind, year),
        vendor=vendor,
        order=order,
        corrects=corrects,
        language=language,
        currency=vendor.currency,
        total_minor=sum(line["amount_minor"] for line in body["lines"]),
        tax_minor=sum(line["tax_minor"] for line in body["lines"]),
        issued_at=at,
        body={**body, "issued_on": bodies.day(at, vendor)},
    )
    audit.record(kind="paper", reference=paper.reference, name=f"{kind}_issued", actor=SYSTEM, at=at, after=paper.label)
    return paper


def _next_number(issuer: str, kind: str, year: int) -> int:
    """The row stays locked until the paper commits; a transaction that fails gives its number back."""
    with locks.refusing_to_wait(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO marketplace_paperseries (issuer, kind, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (issuer, kind, year) DO UPDATE SET last = marketplace_paperseries.last + 1 RETURNING last",
            [issuer, kind, year],
        )
        return int(cursor.fetchone()[0])
