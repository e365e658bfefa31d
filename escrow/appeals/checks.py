"""What must always hold about appeals after the money has moved."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(12, "appeals_are_carried_out", "What a late appeal gave the buyer in addition is what its refund after release gave back.")
def appeals_are_carried_out() -> Iterator[Violation]:
    found = rows(
        """
        SELECT dispute.reference, appeal.state, appeal.more_minor, event.amount_minor AS given
        FROM escrow_appeal appeal JOIN escrow_dispute dispute ON dispute.id = appeal.dispute_id
        LEFT JOIN escrow_holdevent event ON event.hold_id = dispute.hold_id AND event.name = 'give_back' AND event.entry = appeal.entry
        WHERE (appeal.state = 'granted') <> (appeal.more_minor > 0) OR appeal.more_minor <> coalesce(event.amount_minor, 0)
           OR dispute.state <> 'closed'
        """
    )
    for row in found:
        yield Violation(f"dispute {row['reference']}", "its late appeal and the money given back disagree", row)
