"""What the database itself refuses about holds: changed amounts, progress that goes back, states off the flow table, edited history."""

from django.db import migrations

# The edges of escrow.holds.states.FLOW; a test compares the two.
EDGES = """
    ('pending', 'funded'), ('pending', 'expired'), ('funded', 'shipped'), ('funded', 'delivered'), ('shipped', 'delivered'),
    ('funded', 'released'), ('shipped', 'released'), ('delivered', 'released'),
    ('funded', 'refunded'), ('shipped', 'refunded'), ('delivered', 'refunded'),
    ('funded', 'disputed'), ('shipped', 'disputed'), ('delivered', 'disputed'),
    ('disputed', 'funded'), ('disputed', 'shipped'), ('disputed', 'delivered'),
    ('disputed', 'released'), ('disputed', 'refunded'), ('disputed', 'divided'),
    ('released', 'closed'), ('refunded', 'closed'), ('divided', 'closed')
"""

FORWARD = f"""
CREATE FUNCTION escrow_guard_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'holds are never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.reference, NEW.trade, NEW.payment_id, NEW.buyer, NEW.seller, NEW.currency, NEW.gross_minor, NEW.cash_minor, NEW.hand_over)
        IS DISTINCT FROM (OLD.reference, OLD.trade, OLD.payment_id, OLD.buyer, OLD.seller, OLD.currency, OLD.gross_minor, OLD.cash_minor, OLD.hand_over) THEN
        RAISE EXCEPTION 'hold %: what was agreed does not change', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.refunded_minor < OLD.refunded_minor OR NEW.released_minor < OLD.released_minor OR NEW.steps < OLD.steps THEN
        RAISE EXCEPTION 'hold %: money that left does not come back', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({EDGES}) THEN
        RAISE EXCEPTION 'hold %: no move leads from % to %', OLD.reference, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_is_guarded BEFORE UPDATE OR DELETE ON escrow_hold FOR EACH ROW EXECUTE FUNCTION escrow_guard_hold();

CREATE FUNCTION escrow_guard_hold_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'parts are never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.hold_id, NEW.line, NEW.gross_minor, NEW.cash_minor, NEW.coupon_minor, NEW.coupon_funder, NEW.points_minor, NEW.commission_minor, NEW.tax_minor)
        IS DISTINCT FROM (OLD.hold_id, OLD.line, OLD.gross_minor, OLD.cash_minor, OLD.coupon_minor, OLD.coupon_funder, OLD.points_minor,
                          OLD.commission_minor, OLD.tax_minor) THEN
        RAISE EXCEPTION 'part % of hold %: its amounts are frozen', OLD.line, OLD.hold_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.refunded_cash_minor < OLD.refunded_cash_minor OR NEW.released_cash_minor < OLD.released_cash_minor
        OR NEW.refunded_coupon_minor < OLD.refunded_coupon_minor OR NEW.released_coupon_minor < OLD.released_coupon_minor
        OR NEW.refunded_points_minor < OLD.refunded_points_minor OR NEW.released_points_minor < OLD.released_points_minor
        OR NEW.charged_commission_minor < OLD.charged_commission_minor OR NEW.waived_commission_minor < OLD.waived_commission_minor
        OR NEW.charged_tax_minor < OLD.charged_tax_minor OR NEW.waived_tax_minor < OLD.waived_tax_minor THEN
        RAISE EXCEPTION 'part % of hold %: progress only grows', OLD.line, OLD.hold_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_part_is_guarded BEFORE UPDATE OR DELETE ON escrow_holdpart FOR EACH ROW EXECUTE FUNCTION escrow_guard_hold_part();

CREATE TRIGGER hold_event_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_holdevent
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();

CREATE FUNCTION escrow_guard_issue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.resolved_at IS NOT NULL THEN
        RAISE EXCEPTION 'issue %: a decision is final', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER issue_is_guarded BEFORE UPDATE OR DELETE ON escrow_issue FOR EACH ROW EXECUTE FUNCTION escrow_guard_issue();

CREATE VIEW v_hold AS
SELECT hold.reference, hold.trade, payment.reference AS payment, hold.buyer, hold.seller, hold.currency, hold.gross_minor, hold.refunded_minor,
       hold.released_minor, hold.state, hold.due_at, hold.due_move, hold.funded_at, hold.shipped_at, hold.delivered_at, hold.ended_at
FROM escrow_hold hold JOIN escrow_payment payment ON payment.id = hold.payment_id;
"""

BACKWARD = """
DROP VIEW v_hold;
DROP TRIGGER issue_is_guarded ON escrow_issue; DROP FUNCTION escrow_guard_issue();
DROP TRIGGER hold_event_is_final ON escrow_holdevent;
DROP TRIGGER hold_part_is_guarded ON escrow_holdpart; DROP FUNCTION escrow_guard_hold_part();
DROP TRIGGER hold_is_guarded ON escrow_hold; DROP FUNCTION escrow_guard_hold();
"""


class Migration(migrations.Migration):
    dependencies = [("escrow", "0020_holds")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
