"""The lives of a payment and of a refund."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class PaymentState(TextChoices):
    CREATED = "created", _("being prepared")
    STARTED = "started", _("waiting for the buyer")
    SUCCEEDED = "succeeded", _("paid")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


class RefundState(TextChoices):
    ASKED = "asked", _("asked for")
    SENT = "sent", _("on its way")
    CONFIRMED = "confirmed", _("refunded")
    FAILED = "failed", _("came back")


_P, _R = PaymentState, RefundState

PAYMENT = Flow(
    name="payment",
    states=PaymentState,
    initial=_P.CREATED,
    moves=[
        Move("start", _P.CREATED, _P.STARTED, by=("system",)),
        Move("succeed", (_P.CREATED, _P.STARTED), _P.SUCCEEDED, by=("provider",), money="fund every hold"),
        Move("expire", (_P.CREATED, _P.STARTED), _P.EXPIRED, by=("system", "provider"), timer="expires_at"),
        Move("cancel", (_P.CREATED, _P.STARTED), _P.CANCELLED, by=("buyer", "staff", "system")),
        Move("fail", (_P.CREATED, _P.STARTED), _P.FAILED, by=("provider",)),
    ],
    waiting={
        _P.CREATED: Waiting("system", timer="expires_at", silence="expire"),
        _P.STARTED: Waiting("buyer", timer="expires_at", silence="expire"),
    },
    final=frozenset({_P.SUCCEEDED, _P.EXPIRED, _P.CANCELLED, _P.FAILED}),
)

REFUND = Flow(
    name="refund",
    states=RefundState,
    initial=_R.ASKED,
    moves=[
        Move("send", _R.ASKED, _R.SENT, by=("system",)),
        Move("confirm", (_R.ASKED, _R.SENT), _R.CONFIRMED, by=("provider",), money="refund_pending to psp_balance"),
        Move("fail", (_R.ASKED, _R.SENT, _R.CONFIRMED), _R.FAILED, by=("provider",), money="back to buyer_owed"),
    ],
    waiting={
        _R.ASKED: Waiting("system"),
        _R.SENT: Waiting("provider"),
        _R.CONFIRMED: Waiting("provider"),  # done, unless the buyer's bank sends it back
    },
    final=frozenset({_R.FAILED}),
)

FLOWS = (PAYMENT, REFUND)
