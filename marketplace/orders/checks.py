"""What must always hold between orders and the money of their parts."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(5, "plans_are_their_orders", "The parts of a plan add up to the order's total, and the order's first money is the plan's first part.")
def plans_are_their_orders() -> Iterator[Violation]:
    found = rows(
        """
        SELECT bought.reference, bought.total_minor, plan.total_minor AS planned, bought.currency, plan.currency AS plan_currency
        FROM marketplace_order bought JOIN escrow_plan plan ON plan.id = bought.plan_id
        LEFT JOIN escrow_planpart part ON part.plan_id = plan.id AND part.position = 1
        WHERE (bought.total_minor, bought.currency, bought.trade, bought.hold_id)
              IS DISTINCT FROM (plan.total_minor, plan.currency, plan.trade, part.hold_id)
        """
    )
    for row in found:
        yield Violation(f"order {row['reference']}", "its plan is about something else", row)


@register(5, "cancelled_pieces_are_paid_back", "What a seller could not deliver of a line went back to the buyer.")
def cancelled_pieces_are_paid_back() -> Iterator[Violation]:
    found = rows(
        """
        SELECT bought.reference, line.reference AS line, line.quantity, line.cancelled, part.gross_minor,
               part.refunded_cash_minor + part.refunded_coupon_minor + part.refunded_points_minor AS back_minor
        FROM marketplace_orderline line JOIN marketplace_order bought ON bought.id = line.order_id
        JOIN escrow_holdpart part ON part.hold_id = bought.hold_id AND part.line = line.reference
        WHERE line.cancelled > 0 AND (part.refunded_cash_minor + part.refunded_coupon_minor + part.refunded_points_minor + 1) * line.quantity
              < part.gross_minor * line.cancelled
        """
    )
    for row in found:
        yield Violation(f"order {row['reference']}", "pieces were cancelled and their money did not go back", row)
