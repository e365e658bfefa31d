"""History itself: what was sealed is still what it was, and nothing was slipped in between."""

from collections.abc import Iterable

from escrow.ledger.checks import Violation, register, rows
from escrow.ledger.sealing import BROKEN, FORGOTTEN


@register(10, "sealed_history_is_unchanged", "Every sealed transfer still has the digest under which it was sealed.", long=True)
def sealed_history_is_unchanged() -> Iterable[Violation]:
    for row in rows(BROKEN):
        yield Violation(row["key"], "is the first link that no longer fits", {"sequence": row["sequence"]})


@register(10, "history_is_sealed", "No transfer stands unsealed before the last stretch of the chain.")
def history_is_sealed() -> Iterable[Violation]:
    for row in rows(FORGOTTEN):
        yield Violation(row["key"], "was never sealed, though later ones were")
