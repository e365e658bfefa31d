"""What must always hold about held money. Each check is one pass over the tables and names the rows that break it."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.holds.models import AGREED
from escrow.ledger.checks import Violation, register, rows, summed

CHARGING = ("release", "divide")  # events that take commission out of a hold
TERMS = "concat_ws('|', " + ", ".join(f"part.{column}" for column in AGREED) + ")"

# What the book says about every hold: what is waiting, what is frozen, and what came and went by kind of entry. Each such entry touches it by
# one line, so lines are counted.
summed(
    "hold_sums",
    """
    SELECT split_part(account.code, ':', 2) AS reference,
           coalesce(sum(-sums.amount_minor) FILTER (WHERE account.code LIKE 'hold:%'), 0) AS waiting,
           coalesce(sum(-sums.amount_minor) FILTER (WHERE account.code LIKE 'hold_frozen:%'), 0) AS frozen,
           coalesce(sum(-sums.amount_minor) FILTER (WHERE sums.event = 'fund'), 0) AS funded,
           coalesce(sum(sums.amount_minor) FILTER (WHERE sums.event = 'release'), 0) AS released,
           coalesce(sum(sums.amount_minor) FILTER (WHERE sums.event IN ('refund', 'chargeback_lost')), 0) AS refunded,
           coalesce(sum(sums.lines) FILTER (WHERE sums.event = 'fund'), 0) AS fundings,
           coalesce(sum(sums.amount_minor) FILTER (WHERE sums.event = 'divide'), 0) AS divided,
           coalesce(sum(sums.lines) FILTER (WHERE sums.event IN ('release', 'refund', 'divide', 'chargeback_lost')), 0) AS endings
    FROM escrow_account account JOIN book_sums sums ON sums.account_id = account.id
    WHERE account.code LIKE 'hold:%' OR account.code LIKE 'hold_frozen:%'
    GROUP BY 1
    """,
)


@register(
    4,
    "holds_keep_what_is_undecided",
    "A decided hold is empty; an open one keeps funded − released − refunded, frozen in a dispute or a chargeback.",
    of_sums=True,
)
def holds_keep_what_is_undecided() -> Iterator[Violation]:
    found = rows(
        """
        SELECT reference, hold.state, coalesce(book.waiting, 0) AS waiting, coalesce(book.frozen, 0) AS frozen,
               hold.gross_minor - hold.refunded_minor - hold.released_minor AS left_minor
        FROM escrow_hold hold FULL JOIN hold_sums book USING (reference)
        WHERE hold.id IS NULL
           OR coalesce(book.waiting, 0) <> CASE WHEN hold.state IN ('funded', 'shipped', 'delivered') AND NOT hold.chargeback_open
                                           THEN hold.gross_minor - hold.refunded_minor - hold.released_minor ELSE 0 END
           OR coalesce(book.frozen, 0) <> CASE WHEN hold.state = 'disputed'
                                               OR (hold.chargeback_open AND hold.state IN ('funded', 'shipped', 'delivered'))
                                          THEN hold.gross_minor - hold.refunded_minor - hold.released_minor ELSE 0 END
        """
    )
    for row in found:
        words = "the book keeps another amount than its state says" if row["state"] else "money is kept for a hold that does not exist"
        yield Violation(f"hold {row['reference']}", words, row)


@register(5, "nothing_gives_more_than_it_got", "Parts add up to their hold, sources to their part, and the refunds asked for to the cash given back.")
def nothing_gives_more_than_it_got() -> Iterator[Violation]:
    found = rows(
        """
        WITH part AS (
            SELECT hold_id, sum(gross_minor) AS gross, sum(cash_minor) AS cash,
                   sum(refunded_cash_minor + refunded_coupon_minor + refunded_points_minor) AS refunded,
                   sum(released_cash_minor + released_coupon_minor + released_points_minor) AS released,
                   sum(refunded_cash_minor + returned_cash_minor) AS given_cash
            FROM escrow_holdpart GROUP BY hold_id),
        asked AS (SELECT hold, sum(amount_minor) AS cash FROM escrow_refund WHERE hold <> '' GROUP BY hold),
        banks AS (SELECT hold_id, sum(from_held_minor + from_seller_minor) AS cash FROM escrow_chargebackshare GROUP BY hold_id)
        SELECT hold.reference, hold.gross_minor, part.gross, hold.refunded_minor, part.refunded, hold.released_minor, part.released,
               part.given_cash, coalesce(asked.cash, 0) AS asked, coalesce(banks.cash, 0) AS taken_by_banks
        FROM escrow_hold hold LEFT JOIN part ON part.hold_id = hold.id LEFT JOIN asked ON asked.hold = hold.reference
        LEFT JOIN banks ON banks.hold_id = hold.id
        WHERE (hold.gross_minor, hold.cash_minor, hold.refunded_minor, hold.released_minor, coalesce(asked.cash, 0) + coalesce(banks.cash, 0))
              IS DISTINCT FROM (part.gross, part.cash, part.refunded, part.released, part.given_cash)
           OR hold.gross_minor < hold.refunded_minor + hold.released_minor
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "its parts, its refunds and itself disagree", row)


@register(5, "decided_parts_leave_no_commission_open", "When a hold is decided, every unit of its commission was charged or waived.")
def decided_parts_leave_no_commission_open() -> Iterator[Violation]:
    found = rows(
        """
        SELECT hold.reference, part.line, part.commission_minor, part.tax_minor
        FROM escrow_holdpart part JOIN escrow_hold hold ON hold.id = part.hold_id
        WHERE hold.state IN ('released', 'refunded', 'divided', 'closed')
          AND (part.commission_minor <> part.charged_commission_minor + part.waived_commission_minor
               OR part.tax_minor <> part.charged_tax_minor + part.waived_tax_minor)
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "commission was neither charged nor waived", row)


@register(5, "discounts_name_their_funder", "A coupon is the platform's money; points wait only for a payment that can still be made.")
def discounts_name_their_funder() -> Iterator[Violation]:
    for row in rows(
        """
        SELECT hold.reference, part.line, part.coupon_minor, part.coupon_funder
        FROM escrow_holdpart part JOIN escrow_hold hold ON hold.id = part.hold_id
        WHERE part.coupon_minor > 0 AND part.coupon_funder <> '000000000000'
        """
    ):
        yield Violation(f"hold {row['reference']}", "a coupon without its funder", row)
    for row in rows(
        """
        WITH part AS (SELECT hold_id, sum(points_minor) AS points FROM escrow_holdpart WHERE points_minor > 0 GROUP BY hold_id),
        waiting AS (SELECT split_part(code, ':', 2) AS reference, balance_minor FROM escrow_account WHERE code LIKE 'points_set_aside:%%')
        SELECT hold.reference, hold.state, part.points, coalesce(waiting.balance_minor, 0) AS waiting
        FROM part JOIN escrow_hold hold ON hold.id = part.hold_id LEFT JOIN waiting USING (reference)
        WHERE coalesce(waiting.balance_minor, 0) <> CASE WHEN hold.state = 'pending' THEN part.points ELSE 0 END
        """
    ):
        yield Violation(f"hold {row['reference']}", "other points wait than the payment would spend", row)


@register(7, "provider_covers_what_we_owe", "Money at the provider covers what is held, payable and on its way.", warning=True, of_sums=True)
def provider_covers_what_we_owe() -> Iterator[Violation]:
    """A warning: coupons, points and the provider's fees are paid by the platform, and until it does so its own payouts stop."""
    found = rows(
        """
        SELECT account.currency,
               sum(sums.amount_minor) FILTER (WHERE account.kind = 'asset') AS assets,
               -sum(sums.amount_minor) FILTER (WHERE account.kind = 'liability') AS owed
        FROM escrow_account account JOIN book_sums sums ON sums.account_id = account.id
        WHERE split_part(account.code, ':', 1) IN ('psp_clearing', 'psp_balance', 'hold', 'hold_frozen', 'seller_payable', 'reserve',
                                                   'refund_pending', 'buyer_owed', 'transfer_transit')
        GROUP BY account.currency
        """
    )
    for row in found:
        if (row["assets"] or 0) < (row["owed"] or 0):
            yield Violation(str(row["currency"]), "less money at the provider than we owe", row)


@register(
    12,
    "states_and_book_agree",
    "Funded exactly once; released and refunded by the entries that the hold counts; each entry has its event.",
    of_sums=True,
)
def states_and_book_agree() -> Iterator[Violation]:
    found = rows(
        """
        WITH told AS (
            SELECT hold_id, count(*) FILTER (WHERE name IN ('release', 'refund', 'divide', 'charge_back')) AS endings
            FROM escrow_holdevent GROUP BY hold_id)
        SELECT hold.reference, hold.state, hold.gross_minor, book.funded, book.fundings, hold.released_minor, book.released,
               hold.refunded_minor, book.refunded, book.endings, told.endings AS told
        FROM escrow_hold hold LEFT JOIN hold_sums book USING (reference) LEFT JOIN told ON told.hold_id = hold.id
        WHERE (coalesce(book.fundings, 0), coalesce(book.funded, 0), coalesce(book.endings, 0))
              IS DISTINCT FROM (CASE WHEN hold.state IN ('pending', 'expired') THEN 0 ELSE 1 END,
                                CASE WHEN hold.state IN ('pending', 'expired') THEN 0 ELSE hold.gross_minor END, coalesce(told.endings, 0))
           OR coalesce(book.released + book.refunded + book.divided, 0) <> hold.released_minor + hold.refunded_minor
           OR (coalesce(book.divided, 0) = 0  -- a division went both ways at once
               AND (coalesce(book.released, 0), coalesce(book.refunded, 0)) IS DISTINCT FROM (hold.released_minor, hold.refunded_minor))
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "its state and its entries disagree", row)


@register(12, "payments_and_holds_agree", "A payment that succeeded has funded all its holds, and no other payment has.")
def payments_and_holds_agree() -> Iterator[Violation]:
    found = rows(
        """
        SELECT payment.reference, payment.state, payment.amount_minor,
               coalesce(sum(hold.cash_minor) FILTER (WHERE hold.state NOT IN ('pending', 'expired')), 0) AS funded
        FROM escrow_payment payment JOIN escrow_hold hold ON hold.payment_id = payment.id
        GROUP BY payment.id
        HAVING coalesce(sum(hold.cash_minor) FILTER (WHERE hold.state NOT IN ('pending', 'expired')), 0)
               <> CASE WHEN payment.state = 'succeeded' THEN payment.amount_minor ELSE 0 END
        """
    )
    for row in found:
        yield Violation(f"payment {row['reference']}", "its holds were not funded by it", row)


@register(12, "states_are_told", "A hold stands where its last event left it.")
def states_are_told() -> Iterator[Violation]:
    found = rows(
        """
        WITH last AS (SELECT DISTINCT ON (hold_id) hold_id, name, after FROM escrow_holdevent ORDER BY hold_id, id DESC)
        SELECT hold.reference, hold.state, last.name, last.after
        FROM escrow_hold hold LEFT JOIN last ON last.hold_id = hold.id WHERE last.after IS DISTINCT FROM hold.state
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "no event led to its state", row)


@register(12, "terms_are_as_agreed", "The parts of a hold are the ones that were agreed when it was opened, commission and all.")
def terms_are_as_agreed() -> Iterator[Violation]:
    found = rows(
        f"""
        SELECT hold.reference, agreed.entry, 'terms:' || encode(sha256(convert_to(string_agg({TERMS}, ',' ORDER BY part.id), 'UTF8')), 'hex') AS found
        FROM escrow_hold hold JOIN escrow_holdpart part ON part.hold_id = hold.id
        LEFT JOIN escrow_holdevent agreed ON agreed.hold_id = hold.id AND agreed.name = 'open'
        GROUP BY hold.id, agreed.entry
        HAVING agreed.entry IS DISTINCT FROM 'terms:' || encode(sha256(convert_to(string_agg({TERMS}, ',' ORDER BY part.id), 'UTF8')), 'hex')
        """
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "its parts are not what was agreed", row)


@register(5, "commission_is_what_the_book_took", "Commission and tax charged to the parts of a hold are what its entries gave us.")
def commission_is_what_the_book_took() -> Iterator[Violation]:
    found = rows(
        """
        WITH taken AS (
            SELECT split_part(transfer.key, ':', 2) AS reference,
                   -sum(posting.amount_minor) FILTER (WHERE account.code LIKE 'commission:%%') AS commission,
                   -sum(posting.amount_minor) FILTER (WHERE account.code LIKE 'tax_payable:%%') AS tax
            FROM escrow_account account JOIN escrow_posting posting ON posting.account_id = account.id
            JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id
            WHERE (account.code LIKE 'commission:%%' OR account.code LIKE 'tax_payable:%%') AND transfer.event = ANY (%s) GROUP BY 1),
        charged AS (
            SELECT hold_id, sum(charged_commission_minor) AS commission, sum(charged_tax_minor) AS tax FROM escrow_holdpart GROUP BY hold_id)
        SELECT hold.reference, charged.commission, charged.tax, taken.commission AS taken_commission, taken.tax AS taken_tax
        FROM escrow_hold hold JOIN charged ON charged.hold_id = hold.id LEFT JOIN taken USING (reference)
        WHERE (charged.commission, charged.tax) IS DISTINCT FROM (coalesce(taken.commission, 0), coalesce(taken.tax, 0))
        """,
        [list(CHARGING)],
    )
    for row in found:
        yield Violation(f"hold {row['reference']}", "its parts and the book disagree about the commission", row)
