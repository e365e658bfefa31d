"""What the database itself refuses: changed history, unbalanced commits, mixed currencies, overdrawn accounts; and the one function that writes."""

from django.db import migrations

FOREIGN_KEY = """
ALTER TABLE escrow_posting ADD CONSTRAINT posting_in_its_accounts_currency
    FOREIGN KEY (account_id, currency) REFERENCES escrow_account (id, currency);
"""

APPEND_ONLY = """
CREATE FUNCTION escrow_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of % is refused, post a correcting transfer', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER transfer_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();
CREATE TRIGGER posting_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_posting
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();
CREATE TRIGGER seal_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_seal
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();
CREATE TRIGGER account_stays BEFORE DELETE OR TRUNCATE ON escrow_account
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();

-- An account's only moving part is its balance, and only postings move it (they arrive here one trigger deep).
CREATE FUNCTION escrow_refuse_account_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR (NEW.id, NEW.code, NEW.kind, NEW.currency, NEW.normal, NEW.keeps_balance, NEW.guarded)
        IS DISTINCT FROM (OLD.id, OLD.code, OLD.kind, OLD.currency, OLD.normal, OLD.keeps_balance, OLD.guarded) THEN
        RAISE EXCEPTION 'account %: only postings change an account, and only its balance', OLD.code
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_is_moved_by_postings BEFORE UPDATE ON escrow_account
    FOR EACH ROW EXECUTE FUNCTION escrow_refuse_account_change();

CREATE FUNCTION escrow_open_account_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.balance_minor := 0;
    RETURN NEW;
END $$;
CREATE TRIGGER account_opens_empty BEFORE INSERT ON escrow_account
    FOR EACH ROW EXECUTE FUNCTION escrow_open_account_empty();
"""

BALANCES = """
CREATE FUNCTION escrow_stamp_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xact := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER transfer_is_stamped BEFORE INSERT ON escrow_transfer FOR EACH ROW EXECUTE FUNCTION escrow_stamp_transfer();

-- Postings join a transfer only in the transaction that wrote it, and carry the kept balances with them.
CREATE FUNCTION escrow_take_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh_postings fresh LEFT JOIN escrow_transfer transfer ON transfer.id = fresh.transfer_id
               WHERE transfer.xact IS DISTINCT FROM pg_current_xact_id()::text::bigint) THEN
        RAISE EXCEPTION 'a sealed transfer takes no further postings' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE escrow_account account SET balance_minor = account.balance_minor + account.normal * moved.amount::bigint
    FROM (SELECT account_id, sum(amount_minor) AS amount FROM fresh_postings GROUP BY account_id) moved
    WHERE account.id = moved.account_id AND account.keeps_balance;
    RETURN NULL;
END $$;
CREATE TRIGGER postings_are_taken AFTER INSERT ON escrow_posting REFERENCING NEW TABLE AS fresh_postings
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_take_postings();

CREATE FUNCTION escrow_require_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lines bigint; uneven bigint;
BEGIN
    SELECT coalesce(sum(count), 0), count(*) FILTER (WHERE total <> 0) INTO lines, uneven
    FROM (SELECT count(*) AS count, sum(amount_minor) AS total FROM escrow_posting WHERE transfer_id = NEW.id GROUP BY currency) sums;
    IF lines < 2 OR uneven > 0 THEN
        RAISE EXCEPTION 'transfer % does not balance', NEW.key USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_balances AFTER INSERT ON escrow_transfer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION escrow_require_balance();
"""

POST = """
-- Writes drafts [{key, event, at, trade, hash, actor, note, lines: [[code, kind, currency, normal, guarded, amount], …]}, …] in one call.
-- outcome of each: 'posted'; 'replayed' (detail: the hash of what was posted before); 'short' (detail: the account that would be
-- overdrawn; nothing of this draft is written and the rest is not tried).
-- Accounts are looked up one by one because `code = ANY (…)` is planned as a scan of the whole table.
CREATE FUNCTION escrow_post(drafts jsonb) RETURNS TABLE (transfer_id bigint, outcome text, detail text)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    draft jsonb;
    line record;
    made bigint;
    remaining bigint;
BEGIN
    -- Every account of the batch in one order for everybody: made where it is missing, locked where it is guarded.
    FOR line IN SELECT DISTINCT ON (item->>0) item->>0 AS code, item->>1 AS kind, item->>2 AS currency,
                    (item->>3)::smallint AS normal, (item->>4)::boolean AS guarded
                FROM jsonb_array_elements(drafts) AS entry, jsonb_array_elements(entry->'lines') AS item ORDER BY item->>0 LOOP
        PERFORM 1 FROM escrow_account WHERE code = line.code;
        IF NOT FOUND THEN
            INSERT INTO escrow_account (code, kind, currency, normal, keeps_balance, guarded)
            VALUES (line.code, line.kind, line.currency, line.normal, line.guarded, line.guarded) ON CONFLICT (code) DO NOTHING;
        END IF;
        IF line.guarded THEN
            PERFORM 1 FROM escrow_account WHERE code = line.code FOR NO KEY UPDATE;
        END IF;
    END LOOP;

    <<entries>>
    FOR draft IN SELECT entry FROM jsonb_array_elements(drafts) AS entry LOOP
        SELECT id, 'replayed', body_hash INTO transfer_id, outcome, detail FROM escrow_transfer WHERE key = draft->>'key';
        IF FOUND THEN RETURN NEXT; CONTINUE; END IF;

        FOR line IN SELECT item->>0 AS code, sum((item->>5)::bigint) AS amount
                    FROM jsonb_array_elements(draft->'lines') AS item WHERE (item->>4)::boolean GROUP BY item->>0 LOOP
            SELECT balance_minor + normal * line.amount INTO remaining FROM escrow_account WHERE code = line.code;
            IF remaining < 0 THEN
                transfer_id := NULL; outcome := 'short'; detail := line.code;
                RETURN NEXT;
                EXIT entries;
            END IF;
        END LOOP;

        INSERT INTO escrow_transfer (key, event, at, trade, body_hash, actor, note)
        VALUES (draft->>'key', draft->>'event', (draft->>'at')::timestamptz, draft->>'trade', draft->>'hash', draft->>'actor', draft->>'note')
        ON CONFLICT (key) DO NOTHING RETURNING id INTO made;
        IF made IS NULL THEN  -- a twin committed it while we waited
            SELECT id, 'replayed', body_hash INTO transfer_id, outcome, detail FROM escrow_transfer WHERE key = draft->>'key';
            RETURN NEXT;
            CONTINUE;
        END IF;
        INSERT INTO escrow_posting (transfer_id, account_id, currency, amount_minor)
        SELECT made, (SELECT id FROM escrow_account WHERE code = item->>0), item->>2, (item->>5)::bigint
        FROM jsonb_array_elements(draft->'lines') AS item;
        transfer_id := made; outcome := 'posted'; detail := '';
        RETURN NEXT;
    END LOOP;
END $$;
"""

VIEWS = """
CREATE VIEW v_posting AS
SELECT posting.id, transfer.key, transfer.event, transfer.at, transfer.trade, account.code AS account, posting.currency, posting.amount_minor
FROM escrow_posting posting JOIN escrow_transfer transfer ON transfer.id = posting.transfer_id
JOIN escrow_account account ON account.id = posting.account_id;

CREATE VIEW v_account_balance AS
SELECT account.code, account.kind, account.currency, coalesce(account.normal * sums.amount, 0)::bigint AS balance_minor
FROM escrow_account account
LEFT JOIN (SELECT account_id, sum(amount_minor) AS amount FROM escrow_posting GROUP BY account_id) sums ON sums.account_id = account.id;
"""

UNDO = """
DROP VIEW v_account_balance; DROP VIEW v_posting;
DROP FUNCTION escrow_post(jsonb);
DROP FUNCTION escrow_require_balance CASCADE; DROP FUNCTION escrow_take_postings CASCADE; DROP FUNCTION escrow_stamp_transfer CASCADE;
DROP FUNCTION escrow_open_account_empty CASCADE; DROP FUNCTION escrow_refuse_account_change CASCADE; DROP FUNCTION escrow_refuse_change CASCADE;
ALTER TABLE escrow_posting DROP CONSTRAINT posting_in_its_accounts_currency;
"""


class Migration(migrations.Migration):
    dependencies = [("escrow", "0001_ledger")]
    operations = [migrations.RunSQL(FOREIGN_KEY + APPEND_ONLY + BALANCES + POST + VIEWS, UNDO)]
