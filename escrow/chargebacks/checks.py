"""What must always hold about money that banks took back."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows


@register(
    4,
    "holds_stand_still_under_a_chargeback",
    "A hold stands still exactly while a bank decides about it, and its shares add up to what the bank asks.",
)
def holds_stand_still_under_a_chargeback() -> Iterator[Violation]:
    found = rows(
        """
        WITH asked AS (
            SELECT DISTINCT share.hold_id FROM escrow_chargebackshare share JOIN escrow_chargeback chargeback ON chargeback.id = share.chargeback_id
            WHERE chargeback.state IN ('inquiry', 'open', 'evidence'))
        SELECT hold.reference, hold.chargeback_open, asked.hold_id IS NOT NULL AS asked
        FROM escrow_hold hold LEFT JOIN asked ON asked.hold_id = hold.id
        WHERE hold.chargeback_open <> (asked.hold_id IS NOT NULL)
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "stands still without a bank's question, or moves during one", row)
    for row in rows(
        """
        SELECT chargeback.reference, chargeback.amount_minor, chargeback.excess_minor, coalesce(sum(share.amount_minor), 0) AS shared
        FROM escrow_chargeback chargeback LEFT JOIN escrow_chargebackshare share ON share.chargeback_id = chargeback.id
        GROUP BY chargeback.id HAVING chargeback.amount_minor <> chargeback.excess_minor + coalesce(sum(share.amount_minor), 0)
        """
    ):
        yield Violation(f"chargeback {row['reference']}", "its shares are not what the bank asks", row)


@register(5, "no_cash_leaves_twice", "What a bank withholds of a payment is what its cases say; with the refunds it is never more than was paid.")
def no_cash_leaves_twice() -> Iterator[Violation]:
    found = rows(
        """
        WITH asked AS (
            SELECT chargeback.payment_id, sum(chargeback.amount_minor - chargeback.excess_minor) AS amount
            FROM escrow_chargeback chargeback
            WHERE chargeback.is_lost OR chargeback.state IN ('inquiry', 'open', 'evidence')
            GROUP BY 1),
        back AS (SELECT payment_id, sum(amount_minor) AS amount FROM escrow_refund WHERE state <> 'failed' GROUP BY 1)
        SELECT payment.reference, payment.amount_minor, payment.charged_back_minor, coalesce(asked.amount, 0) AS asked,
               coalesce(back.amount, 0) AS refunded
        FROM escrow_payment payment LEFT JOIN asked ON asked.payment_id = payment.id LEFT JOIN back ON back.payment_id = payment.id
        WHERE payment.charged_back_minor <> coalesce(asked.amount, 0)
           OR (payment.charged_back_minor > 0 AND payment.charged_back_minor + coalesce(back.amount, 0) > payment.amount_minor)
        """
    )
    for row in found:
        yield Violation(f"payment {row['reference']}", "banks and refunds took more of it than there is, or than they say", row)


@register(12, "chargebacks_and_book_agree", "A bank's case has in the book what was taken and has not come back; decided, it has nothing.")
def chargebacks_and_book_agree() -> Iterator[Violation]:
    found = rows(
        """
        SELECT chargeback.reference, chargeback.state, chargeback.amount_minor, coalesce(account.balance_minor, 0) AS book
        FROM escrow_chargeback chargeback LEFT JOIN escrow_account account ON account.code = 'chargeback_receivable:' || chargeback.reference
        WHERE coalesce(account.balance_minor, 0)
              <> CASE WHEN chargeback.state IN ('open', 'evidence') THEN chargeback.amount_minor ELSE 0 END
        """
    )
    for row in found:
        yield Violation(f"chargeback {row['reference']}", "its state and the book disagree about what is out", row)
    for row in rows(
        """
        WITH taken AS (
            SELECT hold_id, sum(from_held_minor + from_seller_minor + absorbed_minor) AS cash FROM escrow_chargebackshare GROUP BY hold_id)
        SELECT hold.reference, hold.charged_back_minor, coalesce(taken.cash, 0) AS taken
        FROM escrow_hold hold LEFT JOIN taken ON taken.hold_id = hold.id WHERE hold.charged_back_minor <> coalesce(taken.cash, 0)
        """
    ):
        yield Violation(f"hold {row['reference']}", "counts other cash as charged back than its shares", row)
