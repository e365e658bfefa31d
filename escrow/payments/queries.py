"""Reading payments and refunds."""

from django.db.models import F, QuerySet

from escrow.payments.models import Payment, PaymentException, Refund


def refunds_of(hold_ref: str) -> QuerySet[Refund]:
    """The refunds that a hold has asked for."""
    return Refund.objects.filter(hold=hold_ref).order_by("id")


def payments_of(trade: str) -> QuerySet[Payment]:
    return Payment.objects.filter(trade=trade).order_by("id")


def exceptions_all() -> QuerySet[PaymentException]:
    """What waits for a person, oldest first; then what was done, newest first."""
    rows = PaymentException.objects.select_related("payment")
    return rows.order_by(F("resolved_at").desc(nulls_first=True), "found_at", "id")


def differences_open() -> QuerySet[PaymentException]:
    """Records of ours that are not the provider's, which nobody has judged."""
    return PaymentException.objects.filter(resolved_at=None, kind__in=("message_altered", "message_extra", "line_altered", "line_extra"))


def exceptions_open() -> QuerySet[PaymentException]:
    """What waits for a person, oldest first."""
    return PaymentException.objects.filter(resolved_at=None).select_related("payment").order_by("found_at")
