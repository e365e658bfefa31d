"""What staff read instead of the book's own names: accounts, entries, moves, people. A name without a word is shown as it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import EXPONENTS

ACCOUNTS = {
    "hold": _("Held money"),
    "hold_frozen": _("Frozen money"),
    "seller_payable": _("Owed to a seller"),
    "reserve": _("Kept back from a seller"),
    "seller_receivable": _("Owed by a seller"),
    "chargeback_receivable": _("Taken back by a bank"),
    "psp_clearing": _("Paid, not on the statement yet"),
    "psp_balance": _("Our money at the provider"),
    "suspense": _("Unexplained money"),
    "refund_pending": _("Refunds on their way"),
    "buyer_owed": _("Refunds that came back"),
    "transfer_transit": _("On its way to sellers"),
    "tax_payable": _("Tax to pay"),
    "points_liability": _("Worth of a person's points"),
    "commission": _("Commission"),
    "buyer_fee": _("Fees of buyers"),
    "breakage": _("Points that expired"),
    "psp_fees": _("Fees of the provider"),
    "promotion_expense": _("Discounts that we pay for"),
    "points_expense": _("Points that we give"),
    "dispute_fees": _("Fees for disputes"),
    "chargeback_loss": _("Lost to chargebacks"),
    "bad_debt": _("Debts given up"),
    "fx_position": _("Exchange between currencies"),
    "memo:connected": _("A seller's own money at the provider"),
    "memo:contra": _("Counterpart of the sellers' own money"),
    "pts:user": _("A person's points"),
    "pts:issuance": _("Points in circulation"),
}

KINDS = {
    "asset": _("what we have"),
    "liability": _("what we owe"),
    "income": _("what we earn"),
    "expense": _("what we spend"),
    "control": _("exchange"),
    "memo": _("only noted, not ours"),
    "points": _("points"),
}

ENTRIES = {
    "fund": _("Paid and held"),
    "settle": _("Settled by the provider"),
    "release": _("Released to the seller"),
    "refund": _("Refund to the buyer"),
    "refund_confirmed": _("Refund arrived"),
    "refund_failed": _("Refund came back"),
    "late_money": _("Paid too late, goes back"),
    "freeze": _("Frozen by an issue"),
    "unfreeze": _("Issue withdrawn"),
    "unexplained": _("Unexplained movement"),
    "explained": _("Explained afterwards"),
    "provider_fee": _("The provider's own bill"),
    "topup": _("Topped up by us"),
    "platform_payout": _("Paid out to us"),
    "chargeback_opened": _("Taken by the buyer's bank"),
    "chargeback_won": _("Given back by the buyer's bank"),
    "chargeback_lost": _("Lost to the buyer's bank"),
    "transfer_asked": _("Sent to the seller's account"),
    "transfer_confirmed": _("Arrived at the seller's account"),
    "transfer_failed": _("Could not be sent to the seller"),
    "transfer_reversed": _("Taken back from the seller's account"),
    "payout_asked": _("Payout to the seller's bank"),
    "payout_returned": _("Payout came back from the bank"),
}

MOVES = {
    "open": _("Opened"),
    "fund": _("Paid"),
    "pay": _("Paid"),
    "expire": _("Expired unpaid"),
    "pack": _("Packed"),
    "ship": _("Sent"),
    "deliver": _("Delivered"),
    "extend": _("More time to look"),
    "release": _("Released to the seller"),
    "complete": _("Completed"),
    "cancel": _("Cancelled"),
    "refund": _("Refunded"),
    "dispute": _("Issue opened, frozen"),
    "report": _("Issue opened, frozen"),
    "withdraw": _("Issue withdrawn"),
    "settle_release": _("Decided: released to the seller"),
    "settle_refund": _("Decided: refunded to the buyer"),
    "divide": _("Decided: divided between both"),
    "close": _("Closed"),
    "looked_at": _("Opened by our staff"),
}

WHO = {
    "user": _("A person"),
    "guest": _("A guest"),
    "staff": _("Our staff"),
    "system": _("The clock"),
    "provider": _("The payment provider"),
    "carrier": _("The carrier"),
}

REASONS = {
    "confirmed": _("The buyer confirmed"),
    "silence": _("Nobody answered in time"),
    "late_shipment": _("It was not sent in time"),
    "carrier": _("The carrier says so"),
    "code": _("The hand-over code was entered"),
    "buyer": _("The buyer says so"),
    "staff": _("Our staff says so"),
    "provider_limit": _("The provider's time was running out"),
}


def account(code: str) -> str:
    """'hold:ABC' → Held money."""
    parts = code.split(":")
    return str(ACCOUNTS.get(":".join(parts[:2])) or ACCOUNTS.get(parts[0]) or code)


def about_account(code: str) -> list[str]:
    """What an account's code says besides its kind and its currency: the party, the hold or the provider."""
    parts = code.split(":")
    rest = parts[2:] if ":".join(parts[:2]) in ACCOUNTS else parts[1:]
    return [part for part in rest if part not in EXPONENTS]


def entry(event: str) -> str:
    """The event of a transfer."""
    return str(ENTRIES.get(event, event.replace("_", " ")))


def move(name: str) -> str:
    """The move of a hold or an order; a case that is over goes on where it stopped."""
    if name.startswith("resume_"):
        return str(MOVES["withdraw"])
    return str(MOVES.get(name, name.replace("_", " ")))


def who(kind: str) -> str:
    """The kind of an actor."""
    return str(WHO.get(kind, kind))


def mover(event: Any) -> str:
    """Who made a move, when no name is known: what the machine did on the word of both sides is not the clock's doing."""
    by_code = event.actor_kind == "system" and event.reason == "code"
    return str(_("Both sides, by the hand-over code") if by_code else who(event.actor_kind))


def writer(actor: str) -> str:
    """Who wrote a transfer: 'staff:ABC' or 'provider'."""
    kind, _colon, reference = actor.partition(":")
    return f"{who(kind)} {reference}".strip()
