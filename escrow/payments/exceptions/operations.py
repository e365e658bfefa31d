"""Putting something before a person, and writing down what was done."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.errors import Invalid, NotHere
from escrow.payments.models import Payment, PaymentException


def report(*, provider: str, kind: str, object_ref: str, at: datetime, payment: Payment | None = None, **details: Any) -> PaymentException:
    """Put it into the queue, once per thing and kind."""
    row, _made = PaymentException.objects.get_or_create(
        provider=provider,
        kind=kind,
        object_ref=object_ref,
        defaults={"payment": payment, "details": details, "found_at": at},
    )
    return row


@transaction.atomic
def resolve(*, exception_id: int, resolution: str, actor: Actor, at: datetime) -> PaymentException:
    """Close it with a sentence about what was done. The sentence is the record, so it may not be empty."""
    if not resolution.strip():
        raise Invalid("resolution", _("Write what was done, so that the next person understands it."))
    row = PaymentException.objects.select_for_update().filter(pk=exception_id).first()
    if row is None:
        raise NotHere
    if row.resolved_at is None:
        row.resolved_at, row.resolution, row.resolved_by = at, resolution.strip()[:300], str(actor)[:80]
        row.save(update_fields=["resolved_at", "resolution", "resolved_by"])
        audit.record(kind="payment_exception", reference=str(row.pk), name="resolved", actor=actor, at=at, reason=row.resolution)
    return row
