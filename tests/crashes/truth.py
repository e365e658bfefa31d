"""What must be true of a market when nothing is under way: the book, and what order, hold, payment, payout and stock say of each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from django.db import connection

# Each finds rows that must not be; the first column says which.
FALSE: dict[str, str] = {
    "an order and its hold disagree": """
        SELECT o.reference || ' ' || o.state || ' / ' || h.state FROM marketplace_order o JOIN escrow_hold h ON h.id = o.hold_id
        WHERE NOT (h.state, o.state) IN (('pending', 'awaiting_payment'), ('funded', 'paid'), ('funded', 'packed'), ('shipped', 'shipped'),
            ('delivered', 'delivered'), ('disputed', 'issue'), ('released', 'completed'), ('closed', 'completed'), ('refunded', 'cancelled'),
            ('refunded', 'refunded'), ('closed', 'cancelled'), ('closed', 'refunded'), ('expired', 'expired'))""",
    "a payment and its holds disagree": """
        SELECT p.reference || ' ' || p.state FROM escrow_payment p JOIN escrow_hold h ON h.payment_id = p.id GROUP BY p.id
        HAVING sum(h.cash_minor) <> p.amount_minor OR bool_or((p.state = 'succeeded') <> (h.funded_at IS NOT NULL))
        OR bool_or((p.state IN ('created', 'started')) <> (h.state = 'pending'))""",
    "a checkout and its payment disagree": """
        SELECT c.reference || ' ' || c.state || ' / ' || p.state FROM marketplace_checkout c JOIN escrow_payment p ON p.id = c.payment_id
        WHERE (c.state = 'paid') <> (p.state = 'succeeded') OR (c.state = 'placed') <> (p.state IN ('created', 'started'))""",
    "a trade was paid twice": "SELECT trade FROM escrow_payment WHERE state = 'succeeded' GROUP BY trade HAVING count(*) > 1",
    "the provider knows a payment twice": """
        SELECT metadata->>'payment' FROM escrow_sandboxpayment GROUP BY 1 HAVING count(*) > 1""",
    "the provider refunded something else": """
        SELECT r.reference FROM escrow_refund r LEFT JOIN escrow_sandboxrefund s ON s.metadata->>'refund' = r.reference AND s.status = 'succeeded'
        WHERE r.state = 'confirmed' GROUP BY r.id HAVING count(s.id) <> 1 OR sum(s.amount_minor) <> r.amount_minor""",
    "the provider transferred something else": """
        SELECT p.reference FROM escrow_payout p LEFT JOIN escrow_sandboxtransfer s ON s.metadata->>'payout' = p.reference
        WHERE p.state IN ('confirmed', 'paid', 'settled') GROUP BY p.id HAVING count(s.id) <> 1 OR sum(s.amount_minor) <> p.amount_minor""",
    "the bank was paid something else": """
        SELECT p.reference FROM escrow_payout p LEFT JOIN escrow_sandboxpayout s ON s.metadata->>'payout' = p.reference AND s.status = 'paid'
        WHERE p.state IN ('paid', 'settled') GROUP BY p.id HAVING count(s.id) <> 1 OR sum(s.amount_minor) <> p.amount_minor""",
    "money reached the bank without a payout": """
        SELECT s.ref FROM escrow_sandboxpayout s LEFT JOIN escrow_payout p ON p.reference = s.metadata->>'payout' WHERE p.id IS NULL""",
    "a variant differs from its moves": """
        SELECT v.reference FROM marketplace_variant v JOIN marketplace_stockmove m ON m.variant_id = v.id GROUP BY v.id
        HAVING sum(m.on_hand_change) <> v.on_hand OR sum(m.reserved_change) <> v.reserved""",
    "units are reserved for nobody": """
        SELECT v.reference FROM marketplace_variant v WHERE v.reserved <> (SELECT coalesce(sum(r.quantity), 0) FROM marketplace_reservation r
        JOIN marketplace_order o ON o.reference = r.trade AND o.state = 'awaiting_payment' WHERE r.variant_id = v.id AND r.state = 'held')""",
    "an order and its units disagree": """
        SELECT o.reference || ' ' || o.state FROM marketplace_order o JOIN marketplace_orderline l ON l.order_id = o.id
        LEFT JOIN marketplace_reservation r ON r.trade = o.reference AND r.variant_id = l.variant_id WHERE r.id IS NULL OR r.quantity <> l.quantity
        OR r.state <> ALL (CASE o.state WHEN 'awaiting_payment' THEN '{held}'::text[] WHEN 'expired' THEN '{released}'
            WHEN 'cancelled' THEN '{returned,sold}' WHEN 'refunded' THEN '{returned,sold}' ELSE '{sold}' END)""",
    "a basket waits for a checkout that is over": """
        SELECT l.reference FROM marketplace_cartline l JOIN marketplace_checkout c ON c.reference = l.parked_by WHERE c.state <> 'placed'""",
    "a person was told twice": "SELECT key FROM messaging_notification GROUP BY user_id, key HAVING count(*) > 1",
    "an order was moved twice": "SELECT order_id::text FROM marketplace_orderevent GROUP BY order_id, name HAVING count(*) > 1",
    "a message of the provider waits": "SELECT event_id FROM escrow_webhookevent WHERE state = 'waiting'",
    "a job was set aside": "SELECT task_name || ' ' || id FROM procrastinate_jobs WHERE status = 'failed'",
    "a job is under way": """
        SELECT task_name || ' ' || status FROM procrastinate_jobs WHERE status = 'doing' OR (status = 'todo' AND task_name NOT LIKE 'recurring:%%'
        AND coalesce(scheduled_at, now()) <= now() - interval '1 second')""",
    "the search index is behind": "SELECT listing_id::text FROM search_outboxentry",
}


def untrue() -> list[str]:
    """Everything that is not as it must be, in words."""
    from escrow.ledger import checks  # after django.setup()

    return [*_facts(), *(str(violation) for violation in checks.violations())]


def _facts() -> Iterator[str]:
    with connection.cursor() as cursor:
        for words, statement in FALSE.items():
            cursor.execute(statement.replace("%%", "%"))
            for row in cursor.fetchmany(3):
                yield f"{words}: {row[0]}"


def main() -> int:
    """`python -m tests.crashes.truth`: of whatever market the environment names."""
    print(json.dumps(untrue()))
    return 0


if __name__ == "__main__":
    import django

    django.setup()
    sys.exit(main())
