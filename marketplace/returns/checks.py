"""What must always hold between returns and the money of their lines."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(5, "returns_give_back_what_came_back", "What returns gave back is among what went back of the order, and no thing returns twice.")
def returns_give_back_what_came_back() -> Iterator[Violation]:
    found = rows(
        """
        WITH given AS (SELECT order_id, sum(refunded_minor) AS minor FROM marketplace_return GROUP BY order_id HAVING sum(refunded_minor) > 0),
        money AS (
            SELECT bought.id AS order_id, hold.id AS hold_id FROM marketplace_order bought JOIN escrow_hold hold ON hold.id = bought.hold_id
            WHERE bought.plan_id IS NULL
            UNION ALL
            SELECT bought.id, part.hold_id FROM marketplace_order bought JOIN escrow_planpart part ON part.plan_id = bought.plan_id
            WHERE part.hold_id IS NOT NULL),
        back AS (
            SELECT money.order_id, sum(refunded_cash_minor + refunded_coupon_minor + refunded_points_minor
                                       + returned_cash_minor + returned_coupon_minor + returned_points_minor) AS minor
            FROM money JOIN given USING (order_id) JOIN escrow_holdpart part ON part.hold_id = money.hold_id GROUP BY money.order_id)
        SELECT bought.reference, given.minor AS by_returns, coalesce(back.minor, 0) AS gone_back
        FROM given JOIN marketplace_order bought ON bought.id = given.order_id LEFT JOIN back ON back.order_id = given.order_id
        WHERE given.minor > coalesce(back.minor, 0)
        """
    )
    for row in found:
        yield Violation(f"order {row['reference']}", "its returns say that more went back than the money says", row)
    twice = rows(
        """
        SELECT line.reference, line.quantity, line.cancelled, sum(returned.quantity) AS returned
        FROM marketplace_returnline returned JOIN marketplace_orderline line ON line.id = returned.order_line_id
        JOIN marketplace_return asked ON asked.id = returned.asked_id
        WHERE asked.state NOT IN ('refused', 'lapsed', 'withdrawn', 'disputed')
        GROUP BY line.id HAVING sum(returned.quantity) + line.cancelled > line.quantity
        """
    )
    for row in twice:
        yield Violation(f"line {row['reference']}", "more of it came back than was sold", row)
