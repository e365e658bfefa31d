from core.money import Money
from escrow.holds.models import Hold
from escrow.holds.moves import parts_of


def with_seller(hold: Hold) -> Money:
    """What was paid to the seller, fees included, and has not come back."""
    return Money(sum(part.with_seller.amount_minor for part in parts_of(hold)), hold.currency)
