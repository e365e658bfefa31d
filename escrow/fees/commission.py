"""The arithmetic of commission. Pure: integers in, integers out."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import largest_remainder

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionTerms:
    """A rate as it was on the day of the sale, in basis points; `tax_bp` is the tax on the commission itself, on top of it."""

    rate_bp: int
    tax_bp: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.rate_bp <= WHOLE_BP and 0 <= self.tax_bp <= WHOLE_BP):
            raise ValueError(f"basis points lie between 0 and {WHOLE_BP}: {self}")


def share(amount_minor: int, rate_bp: int) -> int:
    """`rate_bp` of an amount, rounded half up."""
    return (amount_minor * rate_bp + WHOLE_BP // 2) // WHOLE_BP


def commission_of(gross_minor: int, terms: CommissionTerms) -> tuple[int, int]:
    """(commission, tax on it). Together never more than the sale itself: the seller cannot owe us for having sold."""
    if gross_minor < 0:
        raise ValueError("a sale is not negative")
    commission = min(share(gross_minor, terms.rate_bp), gross_minor)
    return commission, min(share(commission, terms.tax_bp), gross_minor - commission)


def commission_of_lines(grosses_minor: Sequence[int], terms: CommissionTerms) -> list[tuple[int, int]]:
    """Commission on the whole sale, spread over its lines so that not a cent is lost to rounding."""
    commission, tax = commission_of(sum(grosses_minor), terms)
    if not any(grosses_minor):
        return [(0, 0) for _ in grosses_minor]
    commissions = largest_remainder(commission, grosses_minor)
    # By what the commission leaves of each line, so that no line pays more than itself.
    taxes = largest_remainder(tax, [gross - share for gross, share in zip(grosses_minor, commissions, strict=True)])
    return list(zip(commissions, taxes, strict=True))
