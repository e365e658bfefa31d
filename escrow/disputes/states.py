"""The life of a dispute as a table."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class State(TextChoices):
    OPENED = "opened", _("waiting for the seller's answer")
    TALKING = "talking", _("both sides are talking")
    EVIDENCE = "evidence", _("both sides show their evidence")
    DECIDING = "deciding", _("our team decides")
    CHECKING = "checking", _("a second person checks the ruling")
    RULED = "ruled", _("decided, may be appealed")
    APPEALED = "appealed", _("our team decides about the appeal")
    RETURNING = "returning", _("the goods have to go back")
    ON_WAY_BACK = "on_way_back", _("the goods are on their way back")
    CLOSED = "closed", _("closed")


class Side(TextChoices):
    BUYER = "buyer", _("the buyer")
    SELLER = "seller", _("the seller")
    STAFF = "staff", _("our team")
    SYSTEM = "system", _("recorded by itself")


class Ending(TextChoices):
    """How a dispute ended."""

    AGREED = "agreed", _("both sides agreed")
    RULED = "ruled", _("decided by our team")
    WITHDRAWN = "withdrawn", _("withdrawn by the buyer")
    SILENCE = "silence", _("decided by silence")
    BANK = "bank", _("decided by the buyer's bank")
    ARRIVED = "arrived", _("the parcel arrived")


class Review(TextChoices):
    """What became of an appeal that came after the money had moved."""

    OPEN = "open", _("our team looks at it again")
    GRANTED = "granted", _("more goes back to the buyer")
    UPHELD = "upheld", _("the decision stays as it was")
    LAPSED = "lapsed", _("not decided in time: the decision stays as it was")


class Offer(TextChoices):
    """What became of a proposal."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    COUNTERED = "countered", _("answered by another")
    LAPSED = "lapsed", _("lapsed")


# What silence does: the moves that a dispute's own deadline makes. Where the desk is silent, the hold's deadline decides.
ESCALATE, JUDGE, EXECUTE, KEEP, ARRIVE = "escalate", "judge", "execute", "keep", "arrive"
S = State
UNRULED: Final = (S.OPENED, S.TALKING, S.EVIDENCE, S.DECIDING)
AT_THE_DESK: Final = (S.DECIDING, S.CHECKING, S.APPEALED)
OPEN: Final = (*UNRULED, S.CHECKING, S.RULED, S.APPEALED, S.RETURNING, S.ON_WAY_BACK)

FLOW = Flow(
    name="escrow.disputes",
    states=State,
    initial=S.OPENED,
    moves=[
        Move("answer", S.OPENED, S.TALKING, by=("seller",)),
        Move("escalate", (S.OPENED, S.TALKING), S.EVIDENCE, by=("buyer", "seller", "system"), timer="talks"),
        Move("judge", (S.OPENED, S.TALKING, S.EVIDENCE), S.DECIDING, by=("system", "staff"), timer="evidence"),
        Move("agree", UNRULED, S.CLOSED, by=("buyer", "seller"), money="hold_frozen → seller_payable, refund_pending"),
        Move("withdraw", (*UNRULED, S.CHECKING), S.CLOSED, by=("buyer", "system"), money="hold_frozen → hold"),
        Move("propose", S.DECIDING, S.CHECKING, by=("staff",)),
        Move("approve", S.CHECKING, S.RULED, by=("staff",)),
        Move("send_back", S.CHECKING, S.DECIDING, by=("staff",)),
        Move("rule", S.DECIDING, S.RULED, by=("staff",)),
        Move("appeal", S.RULED, S.APPEALED, by=("buyer", "seller")),
        Move(
            "execute", S.RULED, S.CLOSED, by=("system", "buyer", "seller"), timer="standstill", money="hold_frozen → seller_payable, refund_pending"
        ),
        Move("ask_return", S.RULED, S.RETURNING, by=("system", "buyer", "seller"), timer="standstill"),
        Move("rule_appeal", S.APPEALED, S.CLOSED, by=("staff",), money="hold_frozen → seller_payable, refund_pending"),
        Move("rule_appeal_return", S.APPEALED, S.RETURNING, by=("staff",)),
        Move("ship_back", S.RETURNING, S.ON_WAY_BACK, by=("buyer",)),
        Move("keep", S.RETURNING, S.CLOSED, by=("system", "buyer"), timer="return", money="hold_frozen → seller_payable"),
        Move("arrive", S.ON_WAY_BACK, S.CLOSED, by=("seller", "carrier", "staff", "system"), timer="way_back", money="hold_frozen → refund_pending"),
        Move("object", S.ON_WAY_BACK, S.APPEALED, by=("seller",)),
        Move("end", OPEN, S.CLOSED, by=("system", "provider", "carrier"), timer="arbiter", money="hold_frozen → wherever the hold went"),
    ],
    waiting={
        S.OPENED: Waiting("seller", "answer", "escalate"),
        S.TALKING: Waiting("buyer", "talks", "escalate"),
        S.EVIDENCE: Waiting("buyer", "evidence", "judge"),
        S.DECIDING: Waiting("staff", "arbiter", "end"),
        S.CHECKING: Waiting("staff", "arbiter", "end"),
        S.RULED: Waiting("buyer", "standstill", "execute"),
        S.APPEALED: Waiting("staff", "arbiter", "end"),
        S.RETURNING: Waiting("buyer", "return", "keep"),
        S.ON_WAY_BACK: Waiting("seller", "way_back", "arrive"),
    },
    final=frozenset({S.CLOSED}),
    holds_money=frozenset(OPEN),
)

APPEAL = Flow(
    name="escrow.appeals",
    states=Review,
    initial=Review.OPEN,
    moves=[
        Move("grant", Review.OPEN, Review.GRANTED, by=("staff",), money="seller_payable, seller_receivable → refund_pending"),
        Move("uphold", Review.OPEN, Review.UPHELD, by=("staff",)),
        Move("lapse", Review.OPEN, Review.LAPSED, by=("system",), timer="second_look"),
    ],
    waiting={Review.OPEN: Waiting("staff", "second_look", "lapse")},
    final=frozenset({Review.GRANTED, Review.UPHELD, Review.LAPSED}),
)
FLOWS: Final = (APPEAL,)
