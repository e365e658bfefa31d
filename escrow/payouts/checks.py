"""What must always hold about sellers' money."""

from __future__ import annotations

from collections.abc import Iterator

from escrow.ledger.checks import Violation, register, rows
from escrow.payouts import platform

MAKES_DEBT = ("late_refund", "chargeback_lost")
PAYS_DEBT = ("net", "transfer_reversed", "bad_debt", "chargeback_absorbed", "chargeback_won")


@register(6, "money_in_transit_is_payouts_under_way", "What is in transit is exactly the payouts that were asked for and not answered.")
def money_in_transit_is_payouts_under_way() -> Iterator[Violation]:
    found = rows(
        """
        WITH book AS (
            SELECT account.currency, -sum(posting.amount_minor) AS amount
            FROM escrow_account account JOIN escrow_posting posting ON posting.account_id = account.id
            WHERE account.code LIKE 'transfer_transit:%%' GROUP BY account.currency),
        under_way AS (SELECT currency, sum(amount_minor) AS amount FROM escrow_payout WHERE state IN ('requested', 'sent') GROUP BY currency)
        SELECT currency, coalesce(book.amount, 0) AS book, coalesce(under_way.amount, 0) AS payouts
        FROM book FULL JOIN under_way USING (currency) WHERE coalesce(book.amount, 0) <> coalesce(under_way.amount, 0)
        """
    )
    for row in found:
        yield Violation(f"transfer_transit:{row['currency']}", "not the payouts under way", row)


@register(6, "memo_book_mirrors_sellers_accounts", "The memo book of a seller is what was transferred and is not at the bank.")
def memo_book_mirrors_sellers_accounts() -> Iterator[Violation]:
    found = rows(
        """
        WITH book AS (
            SELECT split_part(account.code, ':', 3) AS seller, account.currency, sum(posting.amount_minor) AS amount
            FROM escrow_account account JOIN escrow_posting posting ON posting.account_id = account.id
            WHERE account.code LIKE 'memo:connected:%%' GROUP BY 1, 2),
        lying AS (
            SELECT seller, currency, sum(amount_minor - reversed_minor - bank_minor) AS amount FROM escrow_payout
            WHERE state IN ('confirmed', 'paid', 'settled', 'returned', 'reversed') GROUP BY 1, 2)
        SELECT seller, currency, coalesce(book.amount, 0) AS book, coalesce(lying.amount, 0) AS payouts
        FROM book FULL JOIN lying USING (seller, currency) WHERE coalesce(book.amount, 0) <> coalesce(lying.amount, 0)
        """
    )
    for row in found:
        yield Violation(f"memo:connected:{row['seller']}", "not what lies in the seller's account", row)


@register(12, "payouts_and_book_agree", "Every payout was taken from the seller once, and is answered once: confirmed or given back.")
def payouts_and_book_agree() -> Iterator[Violation]:
    found = rows(
        """
        SELECT payout.reference, payout.state, count(*) FILTER (WHERE transfer.event = 'transfer_asked') AS asked,
               count(*) FILTER (WHERE transfer.event = 'transfer_confirmed') AS confirmed,
               count(*) FILTER (WHERE transfer.event = 'transfer_failed') AS failed
        FROM escrow_payout payout
        LEFT JOIN escrow_transfer transfer
            ON transfer.key IN ('transfer_asked:' || payout.reference, 'transfer_confirmed:' || payout.transfer_ref,
                                'transfer_failed:' || payout.reference)
        GROUP BY payout.id
        HAVING (count(*) FILTER (WHERE transfer.event = 'transfer_asked'),
                count(*) FILTER (WHERE transfer.event = 'transfer_confirmed'),
                count(*) FILTER (WHERE transfer.event = 'transfer_failed'))
               IS DISTINCT FROM (1::bigint, (payout.state IN ('confirmed', 'paid', 'settled', 'returned', 'reversed'))::int::bigint,
                                 (payout.state = 'failed')::int::bigint)
        """
    )
    for row in found:
        yield Violation(f"payout {row['reference']}", "its state and its entries disagree", row)
    found = rows(
        """
        SELECT payout.reference, payout.amount_minor, payout.seller, -sum(posting.amount_minor) AS moved
        FROM escrow_payout payout
        JOIN escrow_transfer transfer ON transfer.key = 'transfer_asked:' || payout.reference
        JOIN escrow_posting posting ON posting.transfer_id = transfer.id
        JOIN escrow_account account ON account.id = posting.account_id AND account.code = 'transfer_transit:' || payout.currency
        GROUP BY payout.id HAVING -sum(posting.amount_minor) <> payout.amount_minor
        UNION ALL
        SELECT payout.reference, payout.amount_minor, payout.seller, NULL FROM escrow_payout payout
        WHERE NOT EXISTS (
            SELECT 1 FROM escrow_transfer transfer JOIN escrow_posting posting ON posting.transfer_id = transfer.id
            JOIN escrow_account account ON account.id = posting.account_id
            WHERE transfer.key = 'transfer_asked:' || payout.reference
              AND account.code = 'seller_payable:' || payout.seller || ':' || payout.currency)
        """
    )
    for row in found:
        yield Violation(f"payout {row['reference']}", "another amount, or another seller's, was taken for it", row)


@register(7, "others_money_is_covered", "Where the platform keeps money of its own at the provider, it covers what is held for others.")
def others_money_is_covered() -> Iterator[Violation]:
    """A violation once the platform has topped its balance up or taken anything out; before that payments' check warns."""
    kept = {row["currency"] for row in rows("SELECT DISTINCT currency FROM escrow_account WHERE code LIKE 'platform_float:%%'")}
    for now in platform.coverage(*sorted(kept)) if kept else []:
        if now.free.amount_minor < 0:
            figures = {"assets": now.assets.amount_minor, "owed": now.owed.amount_minor}
            yield Violation(now.assets.currency, "less money at the provider than we hold for others: top it up", figures)


@register(12, "reserves_and_book_agree", "What is kept back of sellers' earnings is in the book, to the day when it is freed.")
def reserves_and_book_agree() -> Iterator[Violation]:
    found = rows(
        """
        WITH kept AS (SELECT party, currency, sum(left_minor) AS amount FROM escrow_reserve GROUP BY 1, 2)
        SELECT kept.party, kept.currency, kept.amount, coalesce(account.balance_minor, 0) AS book
        FROM kept LEFT JOIN escrow_account account ON account.code = 'reserve:' || kept.party || ':' || kept.currency
        WHERE kept.amount <> coalesce(account.balance_minor, 0)
        """
    )
    for row in found:
        yield Violation(f"reserve:{row['party']}", "other money than its rows say", row)


@register(13, "debts_are_explained", "What sellers owe comes from money taken back, and leaves by their earnings, by returns or a write-off.")
def debts_are_explained() -> Iterator[Violation]:
    found = rows(
        """
        SELECT DISTINCT account.code, transfer.key
        FROM escrow_account account JOIN escrow_posting posting ON posting.account_id = account.id
        JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id
        WHERE account.code LIKE 'seller_receivable:%%'
          AND transfer.event <> ALL (CASE WHEN posting.amount_minor > 0 THEN %s::text[] ELSE %s::text[] END) LIMIT 100
        """,
        [list(MAKES_DEBT), list(PAYS_DEBT)],
    )
    for row in found:
        yield Violation(str(row["code"]), "a debt that no refund, chargeback or netting explains", row)


@register(13, "sellers_never_owe_silently", "No seller's available balance is negative.")
def sellers_never_owe_silently() -> Iterator[Violation]:
    found = rows(
        """
        SELECT account.code, -sum(posting.amount_minor) AS balance
        FROM escrow_account account JOIN escrow_posting posting ON posting.account_id = account.id
        WHERE account.code LIKE 'seller_payable:%%' OR account.code LIKE 'reserve:%%'
        GROUP BY account.code HAVING sum(posting.amount_minor) > 0
        """
    )
    for row in found:
        yield Violation(str(row["code"]), "a balance below zero", row)
