"""What must always hold about points."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(3, "points_are_what_we_owe_for_them", "Everybody's points, in their own currency, are what the book owes for them, over all currencies.")
def points_are_what_we_owe_for_them() -> Iterator[Violation]:
    found = rows(
        """
        WITH kept AS (
            SELECT split_part(code, ':', 2) AS party, sum(balance_minor) AS owed
            FROM escrow_account WHERE code LIKE 'points_liability:%%' GROUP BY 1),
        told AS (SELECT split_part(code, ':', 3) AS party, balance_minor AS points FROM escrow_account WHERE code LIKE 'pts:user:%%')
        SELECT coalesce(kept.party, told.party) AS party, coalesce(kept.owed, 0) AS owed, coalesce(told.points, 0) AS points
        FROM kept FULL JOIN told ON told.party = kept.party WHERE coalesce(kept.owed, 0) <> coalesce(told.points, 0)
        """
    )
    for row in found:
        yield Violation(f"points of {row['party']}", "their number is not what we owe for them", row)
