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
-- outcome: 'posted'; 'replayed' (detail: the hash of what was posted before); 'short' (detail: the account that would be overdrawn)
CREATE FUNCTION escrow_post(
    the_key text, the_event text, the_at timestamptz, the_trade text, the_hash text, the_actor text, the_note text,
    codes text[], kinds text[], currencies text[], normals smallint[], guards boolean[], amounts bigint[],
    OUT transfer_id bigint, OUT outcome text, OUT detail text) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    ids bigint[] := '{}';
    known bigint;
    owner record;
    moved bigint;
BEGIN
    SELECT id, body_hash INTO transfer_id, detail FROM escrow_transfer WHERE key = the_key;
    IF FOUND THEN outcome := 'replayed'; RETURN; END IF;

    -- Accounts one by one through the unique index: `code = ANY (codes)` is planned as a scan of the whole table.
    FOR place IN 1 .. cardinality(codes) LOOP
        SELECT id INTO known FROM escrow_account WHERE code = codes[place];
        IF NOT FOUND THEN
            INSERT INTO escrow_account (code, kind, currency, normal, keeps_balance, guarded)
            VALUES (codes[place], kinds[place], currencies[place], normals[place], guards[place], guards[place])
            ON CONFLICT (code) DO NOTHING;
            SELECT id INTO known FROM escrow_account WHERE code = codes[place];
        END IF;
        ids := ids || known;
    END LOOP;

    FOR owner IN SELECT line.id, sum(line.amount) AS amount FROM unnest(ids, guards, amounts) AS line (id, guard, amount)
                 WHERE line.guard GROUP BY line.id ORDER BY line.id LOOP
        SELECT balance_minor + normal * owner.amount INTO moved FROM escrow_account WHERE id = owner.id FOR NO KEY UPDATE;
        IF moved < 0 THEN
            outcome := 'short';
            SELECT code INTO detail FROM escrow_account WHERE id = owner.id;
            RETURN;
        END IF;
    END LOOP;

    INSERT INTO escrow_transfer (key, event, at, trade, body_hash, actor, note)
    VALUES (the_key, the_event, the_at, the_trade, the_hash, the_actor, the_note)
    ON CONFLICT (key) DO NOTHING RETURNING id INTO transfer_id;
    IF NOT FOUND THEN
        SELECT id, body_hash INTO transfer_id, detail FROM escrow_transfer WHERE key = the_key;
        outcome := 'replayed';
        RETURN;
    END IF;

    INSERT INTO escrow_posting (transfer_id, account_id, currency, amount_minor)
    SELECT escrow_post.transfer_id, line.id, line.currency, line.amount
    FROM unnest(ids, currencies, amounts) AS line (id, currency, amount);
    outcome := 'posted';
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
DROP FUNCTION escrow_post(text, text, timestamptz, text, text, text, text, text[], text[], text[], smallint[], boolean[], bigint[]);
DROP FUNCTION escrow_require_balance CASCADE; DROP FUNCTION escrow_take_postings CASCADE; DROP FUNCTION escrow_stamp_transfer CASCADE;
DROP FUNCTION escrow_open_account_empty CASCADE; DROP FUNCTION escrow_refuse_account_change CASCADE; DROP FUNCTION escrow_refuse_change CASCADE;
ALTER TABLE escrow_posting DROP CONSTRAINT posting_in_its_accounts_currency;
"""


class Migration(migrations.Migration):
    dependencies = [("escrow", "0001_ledger")]
    operations = [migrations.RunSQL(FOREIGN_KEY + APPEND_ONLY + BALANCES + POST + VIEWS, UNDO)]
