"""The life of an order. Its clock is the hold's clock: each timer here is one of the hold's.

Beside it one wish may wait: a buyer asks to cancel what is packed (`Order.cancel_due_at`). The seller answers by agreeing or by sending it; silence
agrees. Any other move ends the wish.
"""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class OrderState(TextChoices):
    AWAITING_PAYMENT = "awaiting_payment", _("Waiting for payment")
    PAID = "paid", _("Paid and held")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("On the way")
    DELIVERED = "delivered", _("Delivered")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Refunded")
    ISSUE = "issue", _("Issue reported")
    EXPIRED = "expired", _("Ended unpaid")


S = OrderState
UNPAID = (S.AWAITING_PAYMENT, S.EXPIRED)
BEFORE_HAND_OVER = (S.PAID, S.PACKED)
UNDER_WAY = (S.PAID, S.PACKED, S.SHIPPED, S.DELIVERED)
ENDED = frozenset({S.COMPLETED, S.CANCELLED, S.REFUNDED, S.EXPIRED})
ANSWER_WITHIN = timedelta(days=2)  # so long a seller has when the buyer asks to cancel

FLOW = Flow(
    name="order",
    states=OrderState,
    initial=S.AWAITING_PAYMENT,
    moves=[
        Move("pay", S.AWAITING_PAYMENT, S.PAID, by=("provider", "system"), money="fund"),
        Move("expire", S.AWAITING_PAYMENT, S.EXPIRED, by=("system", "provider", "buyer"), timer="payment"),
        Move("pack", S.PAID, S.PACKED, by=("seller",)),
        Move("ship", BEFORE_HAND_OVER, S.SHIPPED, by=("seller",)),
        Move("deliver", (*BEFORE_HAND_OVER, S.SHIPPED), S.DELIVERED, by=("carrier", "buyer", "staff")),
        Move("complete", UNDER_WAY, S.COMPLETED, by=("buyer", "system", "staff"), timer="inspection", money="release"),
        Move("cancel", S.PAID, S.CANCELLED, by=("buyer",), money="refund"),  # once it is packed the buyer asks
        Move("cancel", BEFORE_HAND_OVER, S.CANCELLED, by=("seller", "system", "staff"), timer="ship_by", money="refund"),
        Move("refund", UNDER_WAY, S.REFUNDED, by=("seller", "system", "staff"), timer="rail_limit", money="refund"),
        Move("report", UNDER_WAY, S.ISSUE, by=("buyer", "staff", "system"), timer="arrival", money="freeze"),
        *(Move(f"resume_{state}", S.ISSUE, state, by=("buyer", "staff"), money="unfreeze") for state in UNDER_WAY),
        Move("settle_release", S.ISSUE, S.COMPLETED, by=("staff", "system", "buyer"), timer="arbiter", money="release"),
        Move("settle_refund", S.ISSUE, S.REFUNDED, by=("staff", "system", "seller"), timer="arbiter", money="refund"),
    ],
    waiting={
        S.AWAITING_PAYMENT: Waiting("buyer", "payment", "expire"),
        S.PAID: Waiting("seller", "ship_by", "cancel"),
        S.PACKED: Waiting("seller", "ship_by", "cancel"),
        S.SHIPPED: Waiting("carrier", "arrival", "report"),
        S.DELIVERED: Waiting("buyer", "inspection", "complete"),
        S.ISSUE: Waiting("staff", "arbiter", "settle_release"),
    },
    final=ENDED,
    holds_money=frozenset({*UNDER_WAY, S.ISSUE}),
)
