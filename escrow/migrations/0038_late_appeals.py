"""Appeals after the money has moved. One that is decided stays as it was decided."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION escrow_guard_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.state <> 'open'
        OR (NEW.dispute_id, NEW.words, NEW.opened_at, NEW.opened_by) IS DISTINCT FROM (OLD.dispute_id, OLD.words, OLD.opened_at, OLD.opened_by) THEN
        RAISE EXCEPTION 'appeal %: what was said and decided stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_is_guarded BEFORE UPDATE OR DELETE ON escrow_appeal FOR EACH ROW EXECUTE FUNCTION escrow_guard_appeal();
"""
BACKWARD = "DROP TRIGGER appeal_is_guarded ON escrow_appeal; DROP FUNCTION escrow_guard_appeal();"


class Migration(migrations.Migration):
    dependencies = [
        ("escrow", "0037_holds_wait_for_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "our team looks at it again"),
                            ("granted", "more goes back to the buyer"),
                            ("upheld", "the decision stays as it was"),
                            ("lapsed", "not decided in time: the decision stays as it was"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("words", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=80)),
                ("decide_by", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("more_minor", models.BigIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("closed_at", models.DateTimeField(null=True)),
                ("entry", models.CharField(blank=True, max_length=100)),
                ("dispute", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="late_appeal", to="escrow.dispute")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="appeal_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("due_at__isnull", False), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False), ("due_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="appeal_open_has_a_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("more_minor__gt", 0), ("state", "granted"), models.Q(("entry", ""), _negated=True)),
                            models.Q(models.Q(("state", "granted"), _negated=True), ("entry", ""), ("more_minor", 0)),
                            _connector="OR",
                        ),
                        name="appeal_granted_gives_more",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
