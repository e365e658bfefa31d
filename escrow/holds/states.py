"""The life of a hold as a table. The database keeps the same edges in a trigger."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class State(TextChoices):
    PENDING = "pending", _("waiting for payment")
    FUNDED = "funded", _("paid and held")
    SHIPPED = "shipped", _("on its way")
    DELIVERED = "delivered", _("delivered, being inspected")
    DISPUTED = "disputed", _("frozen by an open issue")
    RELEASED = "released", _("paid to the seller")
    REFUNDED = "refunded", _("given back to the buyer")
    DIVIDED = "divided", _("divided between both")
    EXPIRED = "expired", _("never paid")
    CLOSED = "closed", _("closed")


class HandOver(TextChoices):
    PARCEL = "parcel", _("parcel")
    PICKUP = "pickup", _("pickup")


class Evidence(TextChoices):
    """Who says that the goods arrived. The seller alone is not on the list."""

    CARRIER = "carrier", _("the carrier")
    CODE = "code", _("the hand-over code")
    BUYER = "buyer", _("the buyer")
    STAFF = "staff", _("our staff")


class Reason(TextChoices):
    """Why an issue was opened."""

    NOT_RECEIVED = "not_received", _("It never arrived")
    NOT_AS_DESCRIBED = "not_as_described", _("It is not as described")
    DAMAGED = "damaged", _("It arrived damaged or broken")
    WRONG_ITEM = "wrong_item", _("It is the wrong thing, or something is missing")
    NOT_GENUINE = "not_genuine", _("It is not genuine")
    OTHER = "other", _("Something else")


class Outcome(TextChoices):
    RELEASE = "release", _("released to the seller")
    REFUND = "refund", _("refunded to the buyer")
    DIVIDED = "divided", _("divided between both")
    WITHDRAWN = "withdrawn", _("withdrawn")


UNDECIDED = (State.FUNDED, State.SHIPPED, State.DELIVERED)
HELD = (*UNDECIDED, State.DISPUTED)
DECIDED = (State.RELEASED, State.REFUNDED, State.DIVIDED)

FLOW = Flow(
    name="escrow.holds",
    states=State,
    initial=State.PENDING,
    moves=[
        Move("fund", State.PENDING, State.FUNDED, by=("provider",), money="psp_clearing → hold"),
        Move("expire", State.PENDING, State.EXPIRED, by=("provider", "system"), timer="payment"),
        Move("ship", State.FUNDED, State.SHIPPED, by=("seller", "carrier")),
        Move("deliver", (State.FUNDED, State.SHIPPED), State.DELIVERED, by=("carrier", "buyer", "staff")),
        Move("extend", State.DELIVERED, State.DELIVERED, by=("buyer",)),
        # Goods travel back: the inspection stands still meanwhile.
        Move("await_return", State.DELIVERED, State.DELIVERED, by=("buyer", "seller", "staff", "system")),
        Move("resume_after_return", State.DELIVERED, State.DELIVERED, by=("buyer", "seller", "staff", "system")),
        Move("postpone", State.FUNDED, State.FUNDED, by=("seller",)),
        # A later part of a plan joins its goods where they are.
        Move("follow_shipped", State.FUNDED, State.SHIPPED, by=("system",)),
        Move("follow_delivered", State.FUNDED, State.DELIVERED, by=("system",)),
        Move("release", UNDECIDED, State.RELEASED, by=("buyer", "staff", "system"), timer="inspection", money="hold → seller_payable"),
        Move("cancel", State.FUNDED, State.REFUNDED, by=("buyer",), money="hold → refund_pending"),
        Move("refund", UNDECIDED, State.REFUNDED, by=("seller", "staff", "system"), timer="shipping", money="hold → refund_pending"),
        Move("dispute", UNDECIDED, State.DISPUTED, by=("buyer", "staff", "system"), timer="arrival", money="hold → hold_frozen"),
        Move("resume_funded", State.DISPUTED, State.FUNDED, by=("buyer", "staff"), money="hold_frozen → hold"),
        Move("resume_shipped", State.DISPUTED, State.SHIPPED, by=("buyer", "staff"), money="hold_frozen → hold"),
        Move("resume_delivered", State.DISPUTED, State.DELIVERED, by=("buyer", "staff", "carrier"), money="hold_frozen → hold"),
        Move("settle_release", State.DISPUTED, State.RELEASED, by=("staff", "system"), timer="arbiter", money="hold_frozen → seller_payable"),
        Move("settle_refund", State.DISPUTED, State.REFUNDED, by=("staff", "system"), timer="arbiter", money="hold_frozen → refund_pending"),
        # A ruling, or what both sides agreed on: escrow.disputes says which part gives how much.
        Move("divide", State.DISPUTED, State.DIVIDED, by=("staff", "system"), money="hold_frozen → seller_payable, refund_pending"),
        # The buyer's bank took what was held: escrow.chargebacks.
        Move("charge_back", HELD, State.REFUNDED, by=("provider",), money="hold_frozen → chargeback_receivable"),
        Move("close", DECIDED, State.CLOSED, by=("system",), timer="closing"),
    ],
    waiting={
        State.PENDING: Waiting("buyer", "payment", "expire"),
        State.FUNDED: Waiting("seller", "shipping", "refund"),
        State.SHIPPED: Waiting("carrier", "arrival", "dispute"),
        State.DELIVERED: Waiting("buyer", "inspection", "release"),
        # Never shipped: settle_refund. Timers without a state of their own (provider limit) end in the same moves.
        State.DISPUTED: Waiting("staff", "arbiter", "settle_release"),
        State.RELEASED: Waiting("system", "closing", "close"),
        State.REFUNDED: Waiting("system", "closing", "close"),
        State.DIVIDED: Waiting("system", "closing", "close"),
    },
    final=frozenset({State.EXPIRED, State.CLOSED}),
    holds_money=frozenset(HELD),
)
