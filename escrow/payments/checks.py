"""Payments, refunds and the provider's statement against the book."""

from collections.abc import Iterable
from datetime import timedelta

import structlog

from core import clock
from escrow.ledger.checks import Violation, register, rows
from escrow.payments.models import ProviderMovement
from escrow.payments.settlement.operations import BEGINNING, OVERLAP, PAGE
from escrow.providers import registry
from escrow.providers.base import BalanceTransaction, ProviderUnavailable

log = structlog.get_logger(__name__)
PATIENCE = timedelta(hours=24)


@register(5, "refunds_within_payments", "What was refunded of a payment is never more than what was paid.")
def refunds_within_payments() -> Iterable[Violation]:
    for row in rows("""
        SELECT payment.reference, payment.amount_minor, sum(refund.amount_minor) AS refunded
        FROM escrow_payment payment JOIN escrow_refund refund ON refund.payment_id = payment.id
        GROUP BY payment.id HAVING sum(refund.amount_minor) > payment.amount_minor OR (payment.state <> 'succeeded' AND NOT payment.late)
        ORDER BY payment.id LIMIT 100"""):
        yield Violation(f"payment {row['reference']}", "is refunded beyond what was paid", {"refunded": int(row["refunded"])})


@register(6, "statement_lines_equal_entries", "Every explained line of the provider's statement moves psp_balance by exactly its net amount.")
def statement_lines_equal_entries() -> Iterable[Violation]:
    for row in rows("""
        SELECT moved.provider, moved.entry_key, moved.net, coalesce(booked.amount, 0) AS booked FROM (
            SELECT provider, entry_key, currency, sum(gross_minor - fee_minor) AS net FROM escrow_providermovement
            WHERE entry_key <> '' GROUP BY 1, 2, 3) moved
        LEFT JOIN (
            SELECT transfer.key, posting.currency, split_part(account.code, ':', 2) AS provider, sum(posting.amount_minor) AS amount
            FROM escrow_posting posting JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id
            JOIN escrow_account account ON account.id = posting.account_id
            WHERE account.code LIKE 'psp_balance:%%' GROUP BY 1, 2, 3) booked
        ON booked.key = moved.entry_key AND booked.provider = moved.provider AND booked.currency = moved.currency
        WHERE moved.net <> coalesce(booked.amount, 0) ORDER BY moved.entry_key LIMIT 100"""):
        yield Violation(row["entry_key"], "differs from the statement", {"statement": int(row["net"]), "book": int(row["booked"])})


@register(6, "statement_is_complete", "The provider's balance is the sum of the lines that it has shown us.", outside=True)
def statement_is_complete() -> Iterable[Violation]:
    for code in registry.codes():
        try:
            wrong = _differences(code) and _differences(code)  # a line that was written while we looked is there the second time
        except ProviderUnavailable:  # its silence proves nothing, neither way
            log.warning("statement_not_compared", provider=code)
            continue
        for currency, total, known in wrong:
            yield Violation(f"{code} {currency}", "has another balance than its statement", {"provider": total, "statement": known})


def _differences(code: str) -> list[tuple[str, int, int]]:
    """Per currency, where the balance at the provider is not the sum of the lines that we have copied and those that are new."""
    provider, newest = registry.get(code), list(_newest_lines(code))
    copied = rows(  # one statement, so that no line is in neither or in both
        """
        SELECT currency, sum(gross_minor - fee_minor) AS net, array_agg(ref) FILTER (WHERE ref = ANY(%s)) AS seen
        FROM escrow_providermovement WHERE provider = %s GROUP BY 1""",
        [[line.ref for line in newest], code],
    )
    known = {row["currency"]: int(row["net"]) for row in copied}
    seen = {ref for row in copied for ref in row["seen"] or ()}
    for line in (line for line in newest if line.ref not in seen):
        known[line.net.currency] = known.get(line.net.currency, 0) + line.net.amount_minor
    totals = {currency: provider.balance(currency).total.amount_minor for currency in sorted(known)}
    return [(currency, total, known[currency]) for currency, total in totals.items() if total != known[currency]]


def _newest_lines(code: str) -> Iterable[BalanceTransaction]:
    """The lines from a little before the last that we have copied until now."""
    newest = ProviderMovement.objects.filter(provider=code).order_by("-created_at").first()
    since, after = (newest.created_at - OVERLAP if newest else BEGINNING), ""
    while lines := registry.get(code).list_balance_transactions(since=since, after=after, limit=PAGE):
        yield from lines
        after = lines[-1].ref


@register(6, "statement_is_explained", "No line of the statement waits longer than a day for its entry, and no entry for its line.")
def statement_is_explained() -> Iterable[Violation]:
    limit = clock.now() - PATIENCE
    for row in rows(
        "SELECT provider, ref, kind FROM escrow_providermovement WHERE entry_key = '' AND created_at < %s ORDER BY id LIMIT 100", [limit]
    ):
        yield Violation(f"{row['provider']} {row['ref']}", "is not explained", {"kind": row["kind"]})
    for row in rows(
        """
        SELECT DISTINCT transfer.key FROM escrow_transfer transfer JOIN escrow_posting posting ON posting.transfer_id = transfer.id
        JOIN escrow_account account ON account.id = posting.account_id
        WHERE account.code LIKE 'psp_balance:%%' AND transfer.at < %s
        AND transfer.key NOT LIKE 'refund_failed:%%'
        AND transfer.event <> 'explained' AND NOT (transfer.event = 'unexplained' AND EXISTS (  -- the two are nothing together
            SELECT 1 FROM escrow_transfer reversed WHERE reversed.key = regexp_replace(transfer.key, '^un', '')))
        AND NOT EXISTS (SELECT 1 FROM escrow_providermovement movement WHERE movement.entry_key = transfer.key) LIMIT 100""",
        [limit],
    ):
        yield Violation(row["key"], "moved psp_balance, but the statement does not show it")


@register(7, "coverage", "Our money at the provider covers what we hold for others, apart from our own costs.", warning=True, of_sums=True)
def coverage() -> Iterable[Violation]:
    for row in rows("""
        SELECT currency, sum(amount) FILTER (WHERE kind = 'asset') AS assets, -sum(amount) FILTER (WHERE kind = 'liability') AS owed FROM (
            SELECT sums.currency, account.kind, sums.amount_minor AS amount
            FROM book_sums sums JOIN escrow_account account ON account.id = sums.account_id
            WHERE account.code LIKE ANY (ARRAY['psp_%%', 'hold%%', 'seller_payable:%%', 'reserve:%%', 'refund_pending:%%',
                'buyer_owed:%%', 'transfer_transit:%%']) AND account.kind IN ('asset', 'liability')) amounts
        GROUP BY currency HAVING coalesce(sum(amount), 0) < 0"""):
        assets, owed = int(row["assets"] or 0), int(row["owed"] or 0)
        yield Violation(row["currency"], "is not fully covered: top up the balance, and pay nothing out to ourselves",
                        {"assets": assets, "owed": owed, "short": owed - assets})  # fmt: skip


@register(8, "clearing_returns_to_zero", "A day after a trade's last payment its clearing is zero, and suspense is empty.")
def clearing_returns_to_zero() -> Iterable[Violation]:
    limit = clock.now() - PATIENCE
    for row in rows(
        """
        SELECT account.code, transfer.trade, sum(posting.amount_minor) AS amount
        FROM escrow_posting posting JOIN escrow_account account ON account.id = posting.account_id
        JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id
        WHERE account.code LIKE 'psp_clearing:%%' GROUP BY 1, 2
        HAVING sum(posting.amount_minor) <> 0 AND max(transfer.at) < %s LIMIT 100""",
        [limit],
    ):
        yield Violation(f"{row['code']} trade {row['trade']}", "did not return to zero", {"amount": int(row["amount"])})
    for row in rows(
        """
        SELECT account.code, -sum(posting.amount_minor) AS amount
        FROM escrow_posting posting JOIN escrow_account account ON account.id = posting.account_id
        JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id
        WHERE account.code LIKE 'suspense:%%' GROUP BY 1 HAVING sum(posting.amount_minor) <> 0 AND max(transfer.at) < %s""",
        [limit],
    ):
        yield Violation(row["code"], "has waited for an explanation for more than a day", {"amount": int(row["amount"])})


@register(12, "payments_and_book_agree", "A paid payment is funded to the cent, a late one is booked once, any other has no entry.")
def payments_and_book_agree() -> Iterable[Violation]:
    for row in rows("""
        WITH booked AS MATERIALIZED (  -- else its size is guessed as one row, and read once for each payment
            SELECT split_part(transfer.key, ':', 2) AS reference,
                sum(posting.amount_minor) FILTER (WHERE transfer.event = 'fund') AS funded,
                sum(posting.amount_minor) FILTER (WHERE transfer.event <> 'fund') AS late
            FROM escrow_transfer transfer JOIN escrow_posting posting ON posting.transfer_id = transfer.id
            JOIN escrow_account account ON account.id = posting.account_id AND account.code LIKE 'psp_clearing:%%'
            WHERE transfer.key LIKE 'fund:%%' OR transfer.key LIKE 'late:%%' GROUP BY 1)
        SELECT payment.reference, payment.state, payment.late, payment.amount_minor, coalesce(booked.funded, 0) AS funded,
            coalesce(booked.late, 0) AS booked_late
        FROM escrow_payment payment LEFT JOIN booked ON booked.reference = payment.reference
        WHERE coalesce(booked.funded, 0) <> CASE WHEN payment.state = 'succeeded' THEN payment.amount_minor ELSE 0 END
        OR coalesce(booked.late, 0) <> CASE WHEN payment.late THEN payment.amount_minor ELSE 0 END
        ORDER BY payment.id LIMIT 100"""):
        yield Violation(
            f"payment {row['reference']}",
            f"is {row['state']}{' and late' if row['late'] else ''}, but the book says otherwise",
            {"amount": row["amount_minor"], "funded": int(row["funded"]), "late": int(row["booked_late"])},
        )


@register(12, "refunds_and_book_agree", "A confirmed refund is booked once, a failed one is owed to the buyer, one under way is in neither.")
def refunds_and_book_agree() -> Iterable[Violation]:
    for row in rows("""
        SELECT refund.reference, refund.state, confirmed.id IS NOT NULL AS booked_confirmed, failed.id IS NOT NULL AS booked_failed
        FROM escrow_refund refund
        LEFT JOIN escrow_transfer confirmed ON confirmed.key = 'refund_confirmed:' || refund.reference
        LEFT JOIN escrow_transfer failed ON failed.key = 'refund_failed:' || refund.reference
        WHERE (confirmed.id IS NOT NULL) <> (refund.confirmed_at IS NOT NULL) OR (failed.id IS NOT NULL) <> (refund.state = 'failed')
           OR (confirmed.id IS NOT NULL AND failed.id IS NULL) <> (refund.state = 'confirmed')
        ORDER BY refund.id LIMIT 100"""):
        yield Violation(
            f"refund {row['reference']}",
            f"is {row['state']}, but the book says otherwise",
            {"confirmed": row["booked_confirmed"], "failed": row["booked_failed"]},
        )
    for row in rows("""
        SELECT account.currency, -sum(posting.amount_minor) AS pending, coalesce((
            SELECT sum(refund.amount_minor) FROM escrow_refund refund
            WHERE refund.state IN ('asked', 'sent') AND refund.currency = account.currency), 0) AS under_way
        FROM escrow_account account JOIN escrow_posting posting ON posting.account_id = account.id
        WHERE account.code LIKE 'refund_pending:%%' GROUP BY account.currency"""):
        if int(row["pending"]) != int(row["under_way"]):
            yield Violation(
                f"refund_pending:{row['currency']}",
                "is not the sum of the refunds under way",
                {"book": int(row["pending"]), "refunds": int(row["under_way"])},
            )
