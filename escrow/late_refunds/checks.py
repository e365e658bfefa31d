"""What must always hold about money given back after release."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(12, "staff_refunds_are_given", "What our team gave back after release is what its entry gave; above the limit a second person gave it.")
def staff_refunds_are_given() -> Iterator[Violation]:
    found = rows(
        """
        SELECT given.reference, given.amount_minor, event.amount_minor AS booked, given.asked_by = given.decided_by AS alone
        FROM escrow_laterefund given LEFT JOIN escrow_holdevent event
             ON event.hold_id = given.hold_id AND event.name = 'give_back' AND event.entry = given.entry
        WHERE given.state = 'given'
          AND (given.amount_minor IS DISTINCT FROM event.amount_minor OR given.needs_approval AND given.asked_by = given.decided_by)
        """
    )
    for row in found:
        yield Violation(f"late refund {row['reference']}", "it was not given as it was decided", row)


@register(
    12,
    "late_refunds_and_book_agree",
    "What parts count as come back is what late refunds and banks took, commission and tax too; each late refund has its event.",
)
def late_refunds_and_book_agree() -> Iterator[Violation]:
    found = rows(
        """
        WITH line AS (
            SELECT split_part(transfer.key, ':', 2) AS reference, transfer.id AS transfer, posting.amount_minor AS minor,
                   split_part(account.code, ':', 1) AS place
            FROM escrow_transfer transfer JOIN escrow_posting posting ON posting.transfer_id = transfer.id
            JOIN escrow_account account ON account.id = posting.account_id WHERE transfer.event = 'late_refund'),
        book AS (
            SELECT reference, count(DISTINCT transfer) AS entries,
                   -coalesce(sum(minor) FILTER (WHERE place = 'refund_pending'), 0) AS cash,
                   -coalesce(sum(minor) FILTER (WHERE place = 'promotion_expense'), 0) AS coupon,
                   -coalesce(sum(minor) FILTER (WHERE place = 'points_liability'), 0) AS points,
                   coalesce(sum(minor) FILTER (WHERE place = 'commission'), 0) AS commission,
                   coalesce(sum(minor) FILTER (WHERE place = 'tax_payable'), 0) AS tax
            FROM line GROUP BY 1),
        part AS (
            SELECT hold_id, sum(returned_cash_minor) AS cash, sum(returned_coupon_minor) AS coupon, sum(returned_points_minor) AS points,
                   sum(returned_commission_minor) AS commission, sum(returned_tax_minor) AS tax
            FROM escrow_holdpart GROUP BY hold_id),
        banks AS (
            SELECT hold_id, sum(from_seller_minor) AS cash, bool_or(from_seller_minor > 0) AS took FROM escrow_chargebackshare GROUP BY hold_id),
        told AS (SELECT hold_id, count(*) AS events FROM escrow_holdevent WHERE name = 'give_back' GROUP BY hold_id)
        SELECT hold.reference, part.cash, part.coupon, part.points, part.commission, part.tax, book.cash AS book_cash, book.coupon AS book_coupon,
               book.points AS book_points, book.commission AS book_commission, book.tax AS book_tax, coalesce(banks.cash, 0) AS taken_by_banks
        FROM escrow_hold hold JOIN part ON part.hold_id = hold.id LEFT JOIN book USING (reference)
        LEFT JOIN banks ON banks.hold_id = hold.id LEFT JOIN told ON told.hold_id = hold.id
        WHERE part.cash <> coalesce(book.cash, 0) + coalesce(banks.cash, 0) OR coalesce(told.events, 0) <> coalesce(book.entries, 0)
           OR (banks.took IS NOT TRUE AND (part.coupon, part.points, part.commission, part.tax)
               IS DISTINCT FROM (coalesce(book.coupon, 0), coalesce(book.points, 0), coalesce(book.commission, 0), coalesce(book.tax, 0)))
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "other money came back from the seller than the book says", row)
