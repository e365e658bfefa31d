"""The life of a payout as a table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting
from escrow.payouts import schedule


class State(TextChoices):
    REQUESTED = "requested", _("asked for")
    SENT = "sent", _("being sent")
    CONFIRMED = "confirmed", _("on its way to the bank")
    PAID = "paid", _("paid")
    RETURNED = "returned", _("returned by the bank")
    FAILED = "failed", _("failed, the money is available again")
    SETTLED = "settled", _("paid, and final")
    REVERSED = "reversed", _("called back, it counts as available again")


class Schedule(TextChoices):
    """When a seller is paid without asking."""

    DAILY = schedule.DAILY, _("every day")
    WEEKLY = schedule.WEEKLY, _("every week")
    MONTHLY = schedule.MONTHLY, _("every month")
    MANUAL = schedule.MANUAL, _("only when I ask")


IN_TRANSIT = (State.REQUESTED, State.SENT, State.CONFIRMED, State.RETURNED)
ENDED = (State.FAILED, State.SETTLED, State.REVERSED)
PAID_OUT = (State.PAID, State.SETTLED)

FLOW = Flow(
    name="escrow.payouts",
    states=State,
    initial=State.REQUESTED,
    moves=[
        Move("send", (State.REQUESTED, State.SENT), State.SENT, by=("system",), timer="sending"),
        Move("confirm", (State.REQUESTED, State.SENT), State.CONFIRMED, by=("provider",), money="transfer_transit → psp_balance"),
        Move("fail", (State.REQUESTED, State.SENT), State.FAILED, by=("provider",), money="transfer_transit → seller_payable"),
        Move("ask_bank", State.CONFIRMED, State.CONFIRMED, by=("system",), timer="bank", money="memo"),
        Move("pay", State.CONFIRMED, State.PAID, by=("provider",)),
        Move("return", (State.CONFIRMED, State.PAID), State.RETURNED, by=("provider",), money="memo"),
        Move("try_again", State.RETURNED, State.CONFIRMED, by=("seller", "system"), timer="return"),
        Move("call_back", (State.CONFIRMED, State.RETURNED), State.REVERSED, by=("provider",), money="psp_balance → seller_payable or debt"),
        Move("settle", State.PAID, State.SETTLED, by=("system",), timer="settling"),
    ],
    waiting={
        State.REQUESTED: Waiting("system", "sending", "send"),
        State.SENT: Waiting("provider", "sending", "send"),
        State.CONFIRMED: Waiting("provider", "bank", "ask_bank"),
        State.RETURNED: Waiting("seller", "return", "try_again"),
        State.PAID: Waiting("system", "settling", "settle"),
    },
    final=frozenset(ENDED),
)
