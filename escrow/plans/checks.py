"""What must always hold about plans."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(5, "parts_add_up_to_their_plan", "The parts of a plan add up to its price, and each part to its shares of the lines.")
def parts_add_up_to_their_plan() -> Iterator[Violation]:
    found = rows(
        """
        WITH part AS (
            SELECT plan_id, sum(amount_minor) AS amount,
                sum((SELECT sum((share->>'gross_minor')::bigint) FROM jsonb_array_elements(shares) share)) AS shares
            FROM escrow_planpart GROUP BY plan_id)
        SELECT plan.reference, plan.total_minor, part.amount, part.shares FROM escrow_plan plan LEFT JOIN part ON part.plan_id = plan.id
        WHERE plan.total_minor IS DISTINCT FROM part.amount OR plan.total_minor IS DISTINCT FROM part.shares
        """
    )
    for row in found:
        yield Violation(f"plan {row['reference']}", "its parts do not add up to its price", row)


@register(
    12, "parts_and_holds_agree", "A part is paid when its own hold is, for the same amount and the same end; no other money is held for a plan."
)
def parts_and_holds_agree() -> Iterator[Violation]:
    found = rows(
        """
        SELECT plan.reference, part.position, part.state, part.amount_minor, hold.state AS hold, hold.gross_minor
        FROM escrow_planpart part JOIN escrow_plan plan ON plan.id = part.plan_id LEFT JOIN escrow_hold hold ON hold.id = part.hold_id
        WHERE (hold.id IS NOT NULL AND (hold.gross_minor <> part.amount_minor OR hold.trade <> plan.trade OR NOT hold.planned))
           OR CASE part.state
                WHEN 'waiting' THEN hold.id IS NOT NULL
                WHEN 'paying' THEN hold.state IS DISTINCT FROM 'pending'
                WHEN 'held' THEN coalesce(hold.state, '') NOT IN ('funded', 'shipped', 'delivered', 'disputed')
                WHEN 'dropped' THEN coalesce(hold.state, 'expired') <> 'expired'
                ELSE coalesce(hold.state, '') NOT IN (part.state, 'closed') END
        """
    )
    for row in found:
        yield Violation(f"plan {row['reference']}", "a part and its hold disagree", row)
    for row in rows(
        """
        SELECT hold.reference, hold.state FROM escrow_hold hold LEFT JOIN escrow_planpart part ON part.hold_id = hold.id
        WHERE hold.planned AND part.id IS NULL AND hold.state <> 'expired'
        """
    ):
        yield Violation(f"hold {row['reference']}", "it was paid for a plan that does not know it", row)


@register(12, "plans_and_parts_agree", "A plan is paid when all its parts are, and over when nothing of it is asked for.")
def plans_and_parts_agree() -> Iterator[Violation]:
    found = rows(
        """
        SELECT plan.reference, plan.state, count(*) FILTER (WHERE part.state = 'waiting') AS waiting,
               count(*) FILTER (WHERE part.state IN ('waiting', 'paying')) AS unpaid, count(*) FILTER (WHERE part.state = 'held') AS held
        FROM escrow_plan plan JOIN escrow_planpart part ON part.plan_id = plan.id GROUP BY plan.id
        HAVING CASE plan.state
            WHEN 'running' THEN count(*) FILTER (WHERE part.state IN ('waiting', 'paying')) = 0
            WHEN 'paid' THEN count(*) FILTER (WHERE part.state IN ('waiting', 'paying')) > 0 OR count(*) FILTER (WHERE part.state = 'held') = 0
            WHEN 'finished' THEN count(*) FILTER (WHERE part.state IN ('waiting', 'paying', 'held')) > 0
            WHEN 'agreed' THEN false
            ELSE count(*) FILTER (WHERE part.state = 'waiting') > 0 END
        """
    )
    for row in found:
        yield Violation(f"plan {row['reference']}", "it and its parts disagree", row)
