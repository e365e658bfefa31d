"""A seller's own discount beside the platform's coupon; once agreed it does not change."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION escrow_guard_part_discount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'part % of hold %: its discount is frozen', OLD.line, OLD.hold_id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER hold_part_discount_is_frozen BEFORE UPDATE OF discount_minor ON escrow_holdpart FOR EACH ROW
    WHEN (NEW.discount_minor IS DISTINCT FROM OLD.discount_minor) EXECUTE FUNCTION escrow_guard_part_discount();
"""
BACKWARD = "DROP TRIGGER hold_part_discount_is_frozen ON escrow_holdpart; DROP FUNCTION escrow_guard_part_discount();"


class Migration(migrations.Migration):
    dependencies = [("escrow", "0024_sandbox_outcomes")]
    operations = [
        migrations.AddField("holdpart", "discount_minor", models.BigIntegerField(default=0)),
        migrations.AddConstraint(
            "holdpart", models.CheckConstraint(condition=models.Q(discount_minor__gte=0), name="hold_part_discount_not_negative")
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
