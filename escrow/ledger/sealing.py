"""The chain of sealed history, in SQL so that writing and checking use the same words.

A transfer's link is sha256(previous digest ‖ canonical transfer ‖ its postings in order).
"""

# The accounts go in by their codes: an account that is renamed afterwards would give its money to somebody else.
POSTINGS = "string_agg(account.code || ' ' || posting.currency || ' ' || posting.amount_minor, ',' ORDER BY posting.id)"
TRANSFER = """
    transfer.key || '|' || transfer.event || '|' || encode(timestamptz_send(transfer.at) || timestamptz_send(transfer.written_at), 'hex')
    || '|' || transfer.trade || '|' || transfer.actor || '|' || transfer.note || '|' || transfer.body_hash || '|'
"""

# Only transfers that no running transaction can still be writing: later ids may commit before earlier ones. A transaction from beyond the
# snapshot's end was another cluster's, before a restore. Sealed history is left alone but for its last stretch, in which a late one may stand.
LOOKED_BEHIND = 20_000
WATCHED_FROM = f"coalesce((SELECT transfer_id FROM escrow_seal ORDER BY sequence DESC OFFSET {LOOKED_BEHIND} LIMIT 1), 0)"  # noqa: S608
WAITING = f"""
    SELECT transfer.id, {TRANSFER} || (
        SELECT {POSTINGS} FROM escrow_posting posting JOIN escrow_account account ON account.id = posting.account_id
        WHERE posting.transfer_id = transfer.id) AS canonical
    FROM escrow_transfer transfer
    WHERE transfer.id > {WATCHED_FROM}
    AND (transfer.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         OR transfer.xact >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    AND NOT EXISTS (SELECT 1 FROM escrow_seal seal WHERE seal.transfer_id = transfer.id)
    ORDER BY transfer.id LIMIT %s
"""  # noqa: S608 (constants only)

# One pass over the postings, joined whole: asked for one by one, two million take half as long again. What came before each link is looked up
# before the texts come to it, so that they need not be sorted.
BROKEN = f"""
    WITH links AS (
        SELECT seal.sequence, seal.transfer_id, seal.digest, lag(seal.digest, 1, '') OVER chain AS previous,
            seal.sequence <> lag(seal.sequence, 1, 0::bigint) OVER chain + 1 AS gap
        FROM escrow_seal seal WINDOW chain AS (ORDER BY seal.sequence)),
    lines AS (
        SELECT posting.transfer_id, {POSTINGS} AS text
        FROM escrow_posting posting JOIN escrow_account account ON account.id = posting.account_id GROUP BY posting.transfer_id)
    SELECT links.sequence, coalesce(transfer.key, 'transfer ' || links.transfer_id) AS key FROM links
    LEFT JOIN escrow_transfer transfer ON transfer.id = links.transfer_id LEFT JOIN lines ON lines.transfer_id = transfer.id
    WHERE links.gap OR transfer.id IS NULL
    OR links.digest <> encode(sha256(convert_to(links.previous || {TRANSFER} || coalesce(lines.text, ''), 'UTF8')), 'hex')
    ORDER BY links.sequence LIMIT 1
"""  # noqa: S608 (constants only)
FORGOTTEN = f"""
    SELECT key FROM escrow_transfer transfer WHERE transfer.id <= {WATCHED_FROM}
    AND NOT EXISTS (SELECT 1 FROM escrow_seal seal WHERE seal.transfer_id = transfer.id) ORDER BY id LIMIT 100
"""  # noqa: S608 (constants only)
