"""Evidence and messages stay as they were given; a ruling changes only by a second person's word, once; a closed dispute stays closed."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER exhibit_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_exhibit FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();
CREATE TRIGGER note_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_note FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();

CREATE FUNCTION escrow_guard_ruling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.approved_at IS NOT NULL OR OLD.sent_back_at IS NOT NULL
        OR (NEW.dispute_id, NEW.round, NEW.to_buyer, NEW.to_buyer_minor, NEW.must_return, NEW.reason, NEW.decided_by, NEW.decided_at, NEW.needs_approval)
        IS DISTINCT FROM (OLD.dispute_id, OLD.round, OLD.to_buyer, OLD.to_buyer_minor, OLD.must_return, OLD.reason, OLD.decided_by, OLD.decided_at,
                          OLD.needs_approval) THEN
        RAISE EXCEPTION 'ruling %: what was decided stays as it was decided', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ruling_is_guarded BEFORE UPDATE OR DELETE ON escrow_ruling FOR EACH ROW EXECUTE FUNCTION escrow_guard_ruling();

CREATE FUNCTION escrow_guard_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.state = 'closed' THEN
        RAISE EXCEPTION 'dispute %: closed is closed', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispute_is_guarded BEFORE UPDATE OR DELETE ON escrow_dispute FOR EACH ROW EXECUTE FUNCTION escrow_guard_dispute();
"""
BACKWARD = """
DROP TRIGGER dispute_is_guarded ON escrow_dispute; DROP FUNCTION escrow_guard_dispute();
DROP TRIGGER ruling_is_guarded ON escrow_ruling; DROP FUNCTION escrow_guard_ruling();
DROP TRIGGER note_is_final ON escrow_note; DROP TRIGGER exhibit_is_final ON escrow_exhibit;
"""


class Migration(migrations.Migration):
    dependencies = [("escrow", "0031_disputes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
