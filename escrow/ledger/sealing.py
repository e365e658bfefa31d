"""The chain of sealed history, in SQL so that writing and checking use the same words.

A transfer's link is sha256(previous digest ‖ canonical transfer ‖ its postings in order).
"""

CANONICAL = """
    transfer.key || '|' || transfer.event || '|' || extract(epoch FROM transfer.at)::text || '|' || transfer.trade || '|' || transfer.actor
    || '|' || transfer.note || '|' || (SELECT string_agg(posting.account_id || ':' || posting.currency || ':' || posting.amount_minor, ','
                                       ORDER BY posting.id) FROM escrow_posting posting WHERE posting.transfer_id = transfer.id)
"""

# Only transfers that no running transaction can still be writing: later ids may commit before earlier ones.
WAITING = f"""
    SELECT transfer.id, {CANONICAL} AS canonical FROM escrow_transfer transfer
    WHERE transfer.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    AND NOT EXISTS (SELECT 1 FROM escrow_seal seal WHERE seal.transfer_id = transfer.id)
    ORDER BY transfer.id LIMIT %s
"""  # noqa: S608 (constants only)

BROKEN = f"""
    SELECT * FROM (
        SELECT seal.sequence, transfer.key, seal.digest,
            lag(seal.sequence, 1, 0::bigint) OVER chain AS previous_sequence,
            encode(sha256(convert_to(lag(seal.digest, 1, '') OVER chain || {CANONICAL}, 'UTF8')), 'hex') AS expected
        FROM escrow_seal seal JOIN escrow_transfer transfer ON transfer.id = seal.transfer_id
        WINDOW chain AS (ORDER BY seal.sequence)) links
    WHERE digest <> expected OR sequence <> previous_sequence + 1 ORDER BY sequence LIMIT 1
"""  # noqa: S608 (constants only)
