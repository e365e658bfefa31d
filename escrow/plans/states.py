"""The life of a plan, and of each of its parts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Flow, Move, Waiting


class Kind(TextChoices):
    DEPOSIT = "deposit", _("deposit and balance")
    PARTS = "parts", _("equal monthly parts")
    MILESTONES = "milestones", _("milestones")


class Ships(TextChoices):
    """When the goods may leave the seller."""

    FIRST = "first", _("after the first part is paid")
    PAID = "paid", _("when everything is paid")


class Late(TextChoices):
    """What becomes of the first part when a later one is never paid and nothing was handed over."""

    REFUND = "refund", _("everything paid goes back to the buyer")
    FORFEIT = "forfeit", _("the seller keeps the deposit")


class PlanState(TextChoices):
    AGREED = "agreed", _("waiting for the first part")
    RUNNING = "running", _("being paid in parts")
    PAID = "paid", _("every part is paid")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")
    MISSED = "missed", _("ended: a part was not paid")
    EXPIRED = "expired", _("never begun")


class PartState(TextChoices):
    WAITING = "waiting", _("to be paid")
    PAYING = "paying", _("being paid")
    HELD = "held", _("paid and held")
    RELEASED = "released", _("paid to the seller")
    REFUNDED = "refunded", _("given back to the buyer")
    DIVIDED = "divided", _("divided between both")
    DROPPED = "dropped", _("no longer asked for")


S, P = PlanState, PartState

PLAN = Flow(
    name="escrow.plans",
    states=PlanState,
    initial=S.AGREED,
    moves=[
        Move("begin", S.AGREED, S.RUNNING, by=("provider",)),
        Move("expire", S.AGREED, S.EXPIRED, by=("provider", "system"), timer="payment"),
        Move("fill", S.RUNNING, S.PAID, by=("provider",)),
        Move("miss", S.RUNNING, S.MISSED, by=("system",), timer="late", money="held parts: refund, or the deposit released"),
        Move(
            "cancel",
            (S.RUNNING, S.PAID),
            S.CANCELLED,
            by=("buyer", "seller", "staff", "system"),
            money="held parts that were not handed over: refund",
        ),
        Move("finish", S.PAID, S.FINISHED, by=("system",), timer="holds"),
    ],
    waiting={
        S.AGREED: Waiting("buyer", "payment", "expire"),
        S.RUNNING: Waiting("buyer", "late", "miss"),
        S.PAID: Waiting("system", "holds", "finish"),  # each part's hold has its own clock
    },
    final=frozenset({S.FINISHED, S.CANCELLED, S.MISSED, S.EXPIRED}),
)

PART = Flow(
    name="escrow.plans.part",
    states=PartState,
    initial=P.WAITING,
    moves=[
        Move("pay", P.WAITING, P.PAYING, by=("buyer",)),
        Move("lapse", P.PAYING, P.WAITING, by=("provider",), timer="payment"),
        Move("extend", P.WAITING, P.WAITING, by=("seller",)),
        Move("fund", P.PAYING, P.HELD, by=("provider",), money="fund"),
        Move("drop", (P.WAITING, P.PAYING), P.DROPPED, by=("provider", "system"), timer="late"),
        Move("release", P.HELD, P.RELEASED, by=("system",), timer="hold", money="release"),
        Move("refund", P.HELD, P.REFUNDED, by=("system",), timer="hold", money="refund"),
        Move("divide", P.HELD, P.DIVIDED, by=("system",), money="divide"),
    ],
    waiting={
        P.WAITING: Waiting("buyer", "late", "drop"),
        P.PAYING: Waiting("buyer", "payment", "lapse"),
        P.HELD: Waiting("system", "hold", "release"),
    },
    final=frozenset({P.RELEASED, P.REFUNDED, P.DIVIDED, P.DROPPED}),
    holds_money=frozenset({P.HELD}),
)

FLOWS = (PLAN, PART)
UNPAID = (P.WAITING, P.PAYING)
OPEN = (*UNPAID, P.HELD)
OVER = (S.FINISHED, S.CANCELLED, S.MISSED, S.EXPIRED)
