"""The life of a return, and why things come back."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class ReturnState(TextChoices):
    REQUESTED = "requested", _("Asked for")
    APPROVED = "approved", _("To be sent back")
    SENT = "sent", _("On its way back")
    ARRIVED = "arrived", _("Arrived, being looked at")
    DEDUCTED = "deducted", _("Received, with a deduction")
    OBJECTED = "objected", _("Our team looks at it")
    REPLACING = "replacing", _("Received, the replacement is being sent")
    REPLACED = "replaced", _("The replacement is on its way")
    REFUNDED = "refunded", _("Refunded")
    EXCHANGED = "exchanged", _("Exchanged")
    REFUSED = "refused", _("Refused by the seller")
    LAPSED = "lapsed", _("Never sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn by the buyer")
    DISPUTED = "disputed", _("Taken over by a dispute")


class ReturnReason(TextChoices):
    CHANGED_MIND = "changed_mind", _("I changed my mind")
    DOES_NOT_FIT = "does_not_fit", _("It does not fit")
    NOT_AS_DESCRIBED = "not_as_described", _("It is not as described")
    DAMAGED = "damaged", _("It arrived damaged or broken")
    WRONG_ITEM = "wrong_item", _("It is the wrong thing, or something is missing")
    OTHER = "other", _("Something else")


class Wish(TextChoices):
    REFUND = "refund", _("My money back")
    EXCHANGE = "exchange", _("The same in another variant")


S = ReturnState
ENDED = frozenset({S.REFUNDED, S.EXCHANGED, S.REFUSED, S.LAPSED, S.WITHDRAWN, S.DISPUTED})
OPEN = tuple(state for state in S if state not in ENDED)
CAME_TO_NOTHING = (S.REFUSED, S.LAPSED, S.WITHDRAWN, S.DISPUTED)  # its things may be asked about again
SELLERS_FAULT = (ReturnReason.NOT_AS_DESCRIBED, ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM)

FLOW = Flow(
    name="marketplace.returns",
    states=ReturnState,
    initial=S.REQUESTED,
    moves=[
        Move("approve", S.REQUESTED, S.APPROVED, by=("seller", "system"), timer="answer"),
        Move("decline", S.REQUESTED, S.REFUSED, by=("seller", "system"), timer="answer"),
        # The buyer keeps the things and gets the money: the seller's wish, or nobody says where to send them.
        Move("waive", (S.REQUESTED, S.APPROVED), S.REFUNDED, by=("seller", "system"), money="hold or seller_payable → refund_pending"),
        Move("withdraw", (S.REQUESTED, S.APPROVED), S.WITHDRAWN, by=("buyer",)),
        Move("lapse", S.APPROVED, S.LAPSED, by=("system",), timer="sending"),
        Move("send", S.APPROVED, S.SENT, by=("buyer",)),
        Move("arrive", S.SENT, S.ARRIVED, by=("buyer", "carrier")),
        Move("accept", (S.SENT, S.ARRIVED), S.REFUNDED, by=("seller", "system"), timer="inspection", money="hold or seller_payable → refund_pending"),
        Move("deduct", (S.SENT, S.ARRIVED), S.DEDUCTED, by=("seller",)),
        Move("settle", S.DEDUCTED, S.REFUNDED, by=("buyer", "system"), timer="objection", money="hold or seller_payable → refund_pending"),
        Move("object", (S.DEDUCTED, S.REPLACED), S.OBJECTED, by=("buyer",)),
        Move("rule", S.OBJECTED, S.REFUNDED, by=("staff", "system"), timer="desk", money="hold or seller_payable → refund_pending"),
        Move("replace", (S.SENT, S.ARRIVED), S.REPLACING, by=("seller",)),
        Move("ship", S.REPLACING, S.REPLACED, by=("seller",)),
        Move("fall_back", S.REPLACING, S.REFUNDED, by=("seller", "system"), timer="replacement", money="hold or seller_payable → refund_pending"),
        Move("finish", S.REPLACED, S.EXCHANGED, by=("buyer", "system"), timer="trial"),
        Move("take_over", OPEN, S.DISPUTED, by=("buyer", "staff", "system")),
    ],
    waiting={
        # Where the buyer has no right to it, silence is no consent: `decline`. Where nobody knows where to send it: `waive`.
        S.REQUESTED: Waiting("seller", "answer", "approve"),
        S.APPROVED: Waiting("buyer", "sending", "lapse"),
        S.SENT: Waiting("seller", "inspection", "accept"),
        S.ARRIVED: Waiting("seller", "inspection", "accept"),
        S.DEDUCTED: Waiting("buyer", "objection", "settle"),
        S.OBJECTED: Waiting("staff", "desk", "rule"),
        S.REPLACING: Waiting("seller", "replacement", "fall_back"),
        S.REPLACED: Waiting("buyer", "trial", "finish"),
    },
    final=ENDED,
)
