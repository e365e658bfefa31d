"""What must always hold about disputes."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(12, "disputes_and_holds_agree", "A dispute is open exactly while its hold is frozen by its issue.")
def disputes_and_holds_agree() -> Iterator[Violation]:
    found = rows(
        """
        SELECT hold.reference, hold.state, dispute.reference AS dispute, dispute.state AS dispute_state, issue.outcome
        FROM escrow_issue issue JOIN escrow_hold hold ON hold.id = issue.hold_id LEFT JOIN escrow_dispute dispute ON dispute.issue_id = issue.id
        WHERE dispute.id IS NULL OR (dispute.state = 'closed') <> (issue.resolved_at IS NOT NULL)
           OR (issue.resolved_at IS NULL) AND hold.state <> 'disputed'
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "its dispute and its issue disagree", row)


@register(12, "rulings_are_carried_out", "What a ruling or an agreement gave the buyer is what the hold gave back by its last entry.")
def rulings_are_carried_out() -> Iterator[Violation]:
    found = rows(
        """
        WITH decided AS (
            SELECT dispute.id, dispute.hold_id, dispute.reference, CASE dispute.ending
                WHEN 'agreed' THEN (SELECT coalesce(share_minor, to_buyer_minor) FROM escrow_proposal
                               WHERE dispute_id = dispute.id AND state = 'accepted')
                ELSE (SELECT to_buyer_minor FROM escrow_ruling WHERE dispute_id = dispute.id AND sent_back_at IS NULL ORDER BY round DESC LIMIT 1)
                END AS to_buyer
            FROM escrow_dispute dispute WHERE dispute.ending IN ('agreed', 'ruled')),
        moved AS (
            SELECT DISTINCT ON (hold_id) hold_id, name, amount_minor, entry FROM escrow_holdevent
            WHERE name IN ('release', 'refund', 'divide') ORDER BY hold_id, id DESC)
        SELECT decided.reference, decided.to_buyer, moved.name, moved.amount_minor
        FROM decided LEFT JOIN moved USING (hold_id)
        WHERE decided.to_buyer IS NULL OR moved.name IS NULL
           OR (moved.name = 'release' AND decided.to_buyer <> 0) OR (moved.name = 'refund' AND decided.to_buyer <> moved.amount_minor)
           OR (moved.name = 'divide' AND decided.to_buyer NOT BETWEEN 1 AND moved.amount_minor - 1)
        """
    )
    for row in found:
        yield Violation(f"dispute {row['reference']}", "the money did not go as decided", row)
