"""The book by itself: balanced, zero as a whole, kept balances true, one fact one transfer, currencies apart, history sealed."""

from collections.abc import Iterable

from escrow.ledger.accounts import CHART
from escrow.ledger.checks import Violation, register, rows


@register(1, "transfers_balance", "Every transfer has two postings or more that sum to zero per currency.")
def transfers_balance() -> Iterable[Violation]:
    # One pass over the postings; transfers without any are found by the second half.
    unbalanced = rows("""
        SELECT transfer.key, sums.currency, sums.total, sums.lines FROM (
            SELECT transfer_id, currency, sum(amount_minor) AS total, count(*) AS lines
            FROM escrow_posting GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0 OR count(*) < 2) sums
        JOIN escrow_transfer transfer ON transfer.id = sums.transfer_id ORDER BY transfer.id LIMIT 100""")
    empty = rows("""
        SELECT key FROM escrow_transfer transfer
        WHERE NOT EXISTS (SELECT 1 FROM escrow_posting posting WHERE posting.transfer_id = transfer.id) ORDER BY id LIMIT 100""")
    for row in unbalanced:
        yield Violation(row["key"], "does not balance", {"currency": row["currency"], "sum": int(row["total"]), "lines": row["lines"]})
    for row in empty:
        yield Violation(row["key"], "has no postings")


@register(2, "book_is_zero", "The whole book is zero per currency, and so is the memo book.", of_sums=True)
def book_is_zero() -> Iterable[Violation]:
    for row in rows("""
        SELECT sums.currency, account.kind = 'memo' AS memo, sum(sums.amount_minor) AS total
        FROM book_sums sums JOIN escrow_account account ON account.id = sums.account_id
        GROUP BY 1, 2 HAVING sum(sums.amount_minor) <> 0"""):
        yield Violation(f"{'memo ' if row['memo'] else ''}{row['currency']}", "does not sum to zero", {"sum": int(row["total"])})


@register(3, "kept_balances_are_true", "A kept balance is the sum of its account's postings.", of_sums=True)
def kept_balances_are_true() -> Iterable[Violation]:
    for row in rows("""
        SELECT account.code, account.balance_minor, account.normal * coalesce(sums.total, 0) AS summed
        FROM escrow_account account
        LEFT JOIN (SELECT account_id, sum(amount_minor) AS total FROM book_sums GROUP BY account_id) sums ON sums.account_id = account.id
        WHERE account.keeps_balance AND account.balance_minor <> account.normal * coalesce(sums.total, 0)
        ORDER BY account.code LIMIT 100"""):
        yield Violation(row["code"], "keeps a wrong balance", {"kept": row["balance_minor"], "summed": int(row["summed"])})


@register(3, "others_keep_no_balance", "An account that keeps no balance has none written down.")
def others_keep_no_balance() -> Iterable[Violation]:
    for row in rows("SELECT code, balance_minor FROM escrow_account WHERE NOT keeps_balance AND balance_minor <> 0 ORDER BY code LIMIT 100"):
        yield Violation(row["code"], "keeps a balance that nobody asked for", {"kept": row["balance_minor"]})


@register(3, "accounts_are_of_the_chart", "An account is what its name says: its kind, its side, and whether it keeps and guards a balance.")
def accounts_are_of_the_chart() -> Iterable[Violation]:
    for row in rows("""
        SELECT CASE WHEN code LIKE 'memo:%%' OR code LIKE 'pts:%%' THEN split_part(code, ':', 1) || ':' || split_part(code, ':', 2)
               ELSE split_part(code, ':', 1) END AS name, kind, normal, keeps_balance, guarded, min(code) AS code, count(*) AS accounts
        FROM escrow_account GROUP BY 1, 2, 3, 4, 5"""):
        found = (row["kind"], row["normal"], row["keeps_balance"], row["guarded"])
        if CHART.get(row["name"]) != found:
            yield Violation(row["code"], "is not the account that its name says", {"accounts": row["accounts"], "found": found})


@register(9, "one_fact_one_transfer", "No two transfers say the same about the same fact: fund, release and refund keys are unique.")
def one_fact_one_transfer() -> Iterable[Violation]:
    for row in rows("SELECT key, count(*) AS times FROM escrow_transfer GROUP BY key HAVING count(*) > 1 LIMIT 100"):
        yield Violation(row["key"], "is written more than once", {"times": row["times"]})


@register(
    11, "currencies_stay_apart", "A posting has its account's currency, and a transfer of two currencies goes through fx_position.", of_sums=True
)
def currencies_stay_apart() -> Iterable[Violation]:
    # Points are counted beside the money that they are worth; they are never exchanged for it.
    for row in rows("""
        SELECT posting.id, account.code, account.currency AS account_currency, posting.currency
        FROM book_sums sums JOIN escrow_account account ON account.id = sums.account_id AND account.currency <> sums.currency
        JOIN escrow_posting posting ON posting.account_id = sums.account_id AND posting.currency = sums.currency LIMIT 100"""):
        yield Violation(f"posting {row['id']} on {row['code']}", "has another currency", {"currency": row["currency"]})
    for row in rows("""
        SELECT transfer.key FROM (
            SELECT transfer_id FROM escrow_posting
            WHERE currency <> 'PTS' AND 1 < (SELECT count(DISTINCT currency) FROM book_sums WHERE currency <> 'PTS')
            GROUP BY transfer_id HAVING min(currency) <> max(currency)) mixed
        JOIN escrow_transfer transfer ON transfer.id = mixed.transfer_id
        WHERE (SELECT count(*) FROM escrow_posting posting JOIN escrow_account account ON account.id = posting.account_id
               WHERE posting.transfer_id = transfer.id AND account.code LIKE 'fx_position:%%') < 2 LIMIT 100"""):
        yield Violation(row["key"], "crosses currencies without the pair of positions")


@register(13, "guarded_accounts_are_not_negative", "Holds, sellers, reserves and people never fall below zero.")
def guarded_accounts_are_not_negative() -> Iterable[Violation]:
    for row in rows("SELECT code, balance_minor FROM escrow_account WHERE guarded AND balance_minor < 0 ORDER BY code LIMIT 100"):
        yield Violation(row["code"], "is negative", {"balance": row["balance_minor"]})
