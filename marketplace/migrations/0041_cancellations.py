"""The buyer's wish to cancel what is packed, and how many of a line the seller could not deliver: a line that was sold stays as it was but for that count."""

import django.db.models.expressions
from django.db import migrations, models

FORWARD = """
DROP TRIGGER marketplace_orderline_append_only ON marketplace_orderline;
CREATE FUNCTION marketplace_sold_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'cancelled' IS DISTINCT FROM to_jsonb(OLD) - 'cancelled' OR NEW.cancelled < OLD.cancelled THEN
        RAISE EXCEPTION 'what was sold in line % never changes', OLD.reference;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marketplace_orderline_stays BEFORE UPDATE OR DELETE ON marketplace_orderline
    FOR EACH ROW EXECUTE FUNCTION marketplace_sold_line_stays();
"""
BACKWARD = """
DROP TRIGGER marketplace_orderline_stays ON marketplace_orderline;
DROP FUNCTION marketplace_sold_line_stays();
CREATE TRIGGER marketplace_orderline_append_only BEFORE UPDATE OR DELETE ON marketplace_orderline
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0040_returns")]
    operations = [
        migrations.AddField("order", "cancel_due_at", models.DateTimeField(null=True)),
        migrations.AddField("orderline", "cancelled", models.PositiveIntegerField(default=0)),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(condition=models.Q(cancel_due_at__isnull=True) | models.Q(state="packed"), name="order_asked_to_cancel_while_packed"),
        ),
        migrations.AddConstraint(
            "orderline",
            models.CheckConstraint(
                condition=models.Q(cancelled__lte=django.db.models.expressions.F("quantity")), name="orderline_cancels_what_was_sold"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
