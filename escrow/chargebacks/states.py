"""The life of a chargeback as a table. The bank decides; we answer in time or not at all."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class State(TextChoices):
    INQUIRY = "inquiry", _("the bank asks, nothing was taken")
    OPEN = "open", _("taken by the bank, to be answered")
    EVIDENCE = "evidence", _("the bank is deciding")
    WON = "won", _("won: the money came back")
    LOST = "lost", _("lost: the bank keeps the money")
    CLOSED = "closed", _("closed")


class Bearer(TextChoices):
    """Who pays for a lost chargeback."""

    SELLER = "seller", _("the seller")
    PLATFORM = "platform", _("the platform")


TO_ANSWER = (State.INQUIRY, State.OPEN)
PENDING = (State.INQUIRY, State.OPEN, State.EVIDENCE)

FLOW = Flow(
    name="escrow.chargebacks",
    states=State,
    initial=State.INQUIRY,
    moves=[
        Move("take", State.INQUIRY, State.OPEN, by=("provider",), money="psp_balance → chargeback_receivable, dispute_fees"),
        Move("drop", State.INQUIRY, State.CLOSED, by=("provider",)),
        Move("answer", State.INQUIRY, State.INQUIRY, by=("staff", "provider")),
        Move("answer", State.OPEN, State.EVIDENCE, by=("staff", "provider")),
        Move("lapse", State.OPEN, State.EVIDENCE, by=("system",), timer="answer"),
        Move("ask_again", State.INQUIRY, State.INQUIRY, by=("system",), timer="bank"),
        Move("ask_again", State.EVIDENCE, State.EVIDENCE, by=("system",), timer="bank"),
        Move("win", (State.OPEN, State.EVIDENCE), State.WON, by=("provider",), money="chargeback_receivable → psp_balance"),
        Move("reinstate", State.LOST, State.WON, by=("provider",), money="the seller, or who bore it → psp_balance"),
        Move("lose", (State.OPEN, State.EVIDENCE), State.LOST, by=("provider",), money="hold_frozen, seller or loss → chargeback_receivable"),
        Move("finish", (State.WON, State.LOST), State.CLOSED, by=("system",), timer="final"),
    ],
    waiting={
        State.INQUIRY: Waiting("staff", "bank", "ask_again"),
        State.OPEN: Waiting("staff", "answer", "lapse"),
        State.EVIDENCE: Waiting("provider", "bank", "ask_again"),
        State.WON: Waiting("system", "final", "finish"),
        State.LOST: Waiting("system", "final", "finish"),
    },
    final=frozenset({State.CLOSED}),
    holds_money=frozenset({State.OPEN, State.EVIDENCE}),
)
