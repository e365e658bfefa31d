"""The chart of accounts: one constructor for every account the book may have. Imports no Django."""

from dataclasses import dataclass
from inspect import isfunction, signature
from typing import Final

DEBIT: Final = 1
CREDIT: Final = -1
POINTS: Final = "PTS"


@dataclass(frozen=True, slots=True)
class AccountName:
    """Which account is meant. The row is made when money first touches it.

    `normal` is the side on which the balance grows: +1 for debits (assets, expenses), -1 for credits (liabilities, income).
    `guarded` accounts keep a running balance that the database never lets fall below zero. They belong to one hold, one
    seller or one person, so they are never hot. Accounts of the platform keep none: they are sums of their postings.
    """

    code: str
    kind: str
    currency: str
    normal: int
    guarded: bool = False


def hold(reference: str, currency: str) -> AccountName:
    """The buyer's money, not decided yet."""
    return AccountName(f"hold:{reference}", "liability", currency, CREDIT, guarded=True)


def hold_frozen(reference: str, currency: str) -> AccountName:
    """The same money while it is disputed: no timer may touch it."""
    return AccountName(f"hold_frozen:{reference}", "liability", currency, CREDIT, guarded=True)


def seller_payable(party: str, currency: str) -> AccountName:
    """What a seller has earned and not yet asked for."""
    return AccountName(f"seller_payable:{party}:{currency}", "liability", currency, CREDIT, guarded=True)


def reserve(party: str, currency: str) -> AccountName:
    """What a seller has earned and we keep back for a while."""
    return AccountName(f"reserve:{party}:{currency}", "liability", currency, CREDIT, guarded=True)


def seller_receivable(party: str, currency: str) -> AccountName:
    """What a seller owes us."""
    return AccountName(f"seller_receivable:{party}:{currency}", "asset", currency, DEBIT, guarded=True)


def chargeback_receivable(dispute: str, currency: str) -> AccountName:
    """What a bank took back and may return."""
    return AccountName(f"chargeback_receivable:{dispute}", "asset", currency, DEBIT, guarded=True)


def psp_clearing(provider: str, currency: str) -> AccountName:
    """Paid by a buyer, not yet seen on the provider's statement. Returns to zero for every payment."""
    return AccountName(f"psp_clearing:{provider}:{currency}", "asset", currency, DEBIT)


def psp_balance(provider: str, currency: str) -> AccountName:
    """Our money at the provider. Equals what the provider itself says."""
    return AccountName(f"psp_balance:{provider}:{currency}", "asset", currency, DEBIT)


def suspense(provider: str, currency: str) -> AccountName:
    """Money that moved at the provider and nobody can explain yet."""
    return AccountName(f"suspense:{provider}:{currency}", "liability", currency, CREDIT)


def refund_pending(currency: str) -> AccountName:
    """On its way back to buyers."""
    return AccountName(f"refund_pending:{currency}", "liability", currency, CREDIT)


def buyer_owed(currency: str) -> AccountName:
    """Refunds that came back: the buyer must be paid another way."""
    return AccountName(f"buyer_owed:{currency}", "liability", currency, CREDIT)


def transfer_transit(currency: str) -> AccountName:
    """On its way to sellers' accounts at the provider."""
    return AccountName(f"transfer_transit:{currency}", "liability", currency, CREDIT)


def platform_float(currency: str) -> AccountName:
    """What the platform itself put into its balance at the provider, less what it took out."""
    return AccountName(f"platform_float:{currency}", "control", currency, CREDIT)


def platform_transit(currency: str) -> AccountName:
    """The platform's own money on its way to its own bank."""
    return AccountName(f"platform_transit:{currency}", "liability", currency, CREDIT)


def tax_payable(currency: str) -> AccountName:
    return AccountName(f"tax_payable:{currency}", "liability", currency, CREDIT)


def points_liability(party: str, currency: str) -> AccountName:
    """What a person's points are worth to us."""
    return AccountName(f"points_liability:{party}:{currency}", "liability", currency, CREDIT, guarded=True)


def points_set_aside(hold: str, currency: str) -> AccountName:
    """Points that a payment under way will spend: nobody can spend them twice, and they come back if it is never made."""
    return AccountName(f"points_set_aside:{hold}", "liability", currency, CREDIT, guarded=True)


def commission(currency: str) -> AccountName:
    return AccountName(f"commission:{currency}", "income", currency, CREDIT)


def buyer_fee(currency: str) -> AccountName:
    return AccountName(f"buyer_fee:{currency}", "income", currency, CREDIT)


def breakage(currency: str) -> AccountName:
    """Points that expired unused."""
    return AccountName(f"breakage:{currency}", "income", currency, CREDIT)


def psp_fees(currency: str) -> AccountName:
    return AccountName(f"psp_fees:{currency}", "expense", currency, DEBIT)


def promotion_expense(currency: str) -> AccountName:
    """Discounts that the platform pays for."""
    return AccountName(f"promotion_expense:{currency}", "expense", currency, DEBIT)


def points_expense(currency: str) -> AccountName:
    return AccountName(f"points_expense:{currency}", "expense", currency, DEBIT)


def dispute_fees(currency: str) -> AccountName:
    return AccountName(f"dispute_fees:{currency}", "expense", currency, DEBIT)


def chargeback_loss(currency: str) -> AccountName:
    return AccountName(f"chargeback_loss:{currency}", "expense", currency, DEBIT)


def bad_debt(currency: str) -> AccountName:
    return AccountName(f"bad_debt:{currency}", "expense", currency, DEBIT)


def fx_position(currency: str) -> AccountName:
    """The only door between currencies: a conversion touches two of these."""
    return AccountName(f"fx_position:{currency}", "control", currency, DEBIT)


def memo_connected(party: str, currency: str) -> AccountName:
    """A mirror of a seller's own balance at the provider. Not our money."""
    return AccountName(f"memo:connected:{party}:{currency}", "memo", currency, DEBIT)


def memo_contra(currency: str) -> AccountName:
    return AccountName(f"memo:contra:{currency}", "memo", currency, CREDIT)


def points_of(party: str) -> AccountName:
    return AccountName(f"pts:user:{party}", "points", POINTS, CREDIT, guarded=True)


def points_issuance() -> AccountName:
    return AccountName("pts:issuance", "points", POINTS, DEBIT)


def name_of(code: str) -> str:
    """What stands before the owner in a code: seller_payable, memo:connected."""
    words = code.split(":")
    return ":".join(words[:2]) if words[0] in ("memo", "pts") else words[0]


def _chart() -> dict[str, tuple[str, int, bool, bool]]:
    """Every account above by its name: kind, side, keeps a balance, guarded."""
    makers = [made for name, made in globals().items() if isfunction(made) and signature(made).return_annotation is AccountName and name[0] != "_"]
    names = [make(*("X" for _parameter in signature(make).parameters)) for make in makers]
    return {name_of(one.code): (one.kind, one.normal, one.guarded, one.guarded) for one in names}


CHART: Final = _chart()
