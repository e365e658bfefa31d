"""What our team gives back after release; decided once."""

import core.models
import core.references
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION escrow_guard_laterefund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.state <> 'asked' OR (NEW.hold_id, NEW.amount_minor, NEW.parts, NEW.reason, NEW.asked_by, NEW.asked_at)
        IS DISTINCT FROM (OLD.hold_id, OLD.amount_minor, OLD.parts, OLD.reason, OLD.asked_by, OLD.asked_at) THEN
        RAISE EXCEPTION 'late refund %: what was asked and decided stays', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER laterefund_is_guarded BEFORE UPDATE OR DELETE ON escrow_laterefund FOR EACH ROW EXECUTE FUNCTION escrow_guard_laterefund();
"""
BACKWARD = "DROP TRIGGER laterefund_is_guarded ON escrow_laterefund; DROP FUNCTION escrow_guard_laterefund();"


class Migration(migrations.Migration):
    dependencies = [
        ("escrow", "0039_dispute_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="LateRefund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", core.models.ReferenceField(default=core.references.new, editable=False, max_length=12, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "waits for a second person"), ("given", "given"), ("refused", "refused")], default="asked", max_length=8
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("parts", models.JSONField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("needs_approval", models.BooleanField(default=False)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=200)),
                ("entry", models.CharField(blank=True, max_length=100)),
                ("hold", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="late_refunds", to="escrow.hold")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("state", "asked")), fields=("hold",), name="late_refund_one_waits"),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="late_refund_amount"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("needs_approval", True), ("state", "asked")),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="late_refund_waits_or_is_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given"), _negated=True),
                            models.Q(
                                models.Q(("entry", ""), _negated=True),
                                models.Q(("needs_approval", False), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="late_refund_second_person_gives",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
