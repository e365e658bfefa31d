"""Money that banks take back, and what came back after it had been paid to a seller: that progress only grows too."""

import core.models
import core.references
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION escrow_guard_part_returned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.returned_cash_minor < OLD.returned_cash_minor OR NEW.returned_coupon_minor < OLD.returned_coupon_minor
        OR NEW.returned_points_minor < OLD.returned_points_minor OR NEW.returned_commission_minor < OLD.returned_commission_minor
        OR NEW.returned_tax_minor < OLD.returned_tax_minor THEN
        RAISE EXCEPTION 'part % of hold %: what was returned stays returned', OLD.line, OLD.hold_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_part_returned_grows BEFORE UPDATE OF returned_cash_minor, returned_coupon_minor, returned_points_minor,
    returned_commission_minor, returned_tax_minor ON escrow_holdpart FOR EACH ROW EXECUTE FUNCTION escrow_guard_part_returned();
CREATE TRIGGER chargeback_evidence_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_chargebackevidence
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse_change();
"""
BACKWARD = """
DROP TRIGGER chargeback_evidence_is_final ON escrow_chargebackevidence;
DROP TRIGGER hold_part_returned_grows ON escrow_holdpart; DROP FUNCTION escrow_guard_part_returned();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("escrow", "0025_funders"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chargeback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", core.models.ReferenceField(default=core.references.new, editable=False, max_length=12, unique=True)),
                ("provider", models.CharField(max_length=20)),
                ("ref", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("inquiry", "the bank asks, nothing was taken"),
                            ("open", "taken by the bank, to be answered"),
                            ("evidence", "the bank is deciding"),
                            ("won", "won: the money came back"),
                            ("lost", "lost: the bank keeps the money"),
                            ("closed", "closed"),
                        ],
                        default="inquiry",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=60)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("excess_minor", models.BigIntegerField(default=0)),
                ("owed_used_minor", models.BigIntegerField(default=0)),
                ("bearer", models.CharField(choices=[("seller", "the seller"), ("platform", "the platform")], default="seller", max_length=8)),
                ("bearer_reason", models.TextField(blank=True)),
                ("absorbed_at", models.DateTimeField(null=True)),
                ("is_lost", models.BooleanField(default=False)),
                ("answer_by", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reinstated_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ChargebackEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", core.models.ReferenceField(default=core.references.new, editable=False, max_length=12, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("media_type", models.CharField(blank=True, max_length=40)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("by_kind", models.CharField(max_length=12)),
                ("by", models.CharField(blank=True, max_length=80)),
                ("given_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ChargebackShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField()),
                ("from_held_minor", models.BigIntegerField(default=0)),
                ("from_seller_minor", models.BigIntegerField(default=0)),
                ("absorbed_minor", models.BigIntegerField(default=0)),
                ("net_minor", models.BigIntegerField(default=0)),
                ("coupon_minor", models.BigIntegerField(default=0)),
                ("points_minor", models.BigIntegerField(default=0)),
                ("commission_minor", models.BigIntegerField(default=0)),
                ("tax_minor", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="hold",
            name="chargeback_left",
            field=models.DurationField(null=True),
        ),
        migrations.AddField(
            model_name="hold",
            name="charged_back_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="holdpart",
            name="returned_cash_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="holdpart",
            name="returned_commission_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="holdpart",
            name="returned_coupon_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="holdpart",
            name="returned_points_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="holdpart",
            name="returned_tax_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="payment",
            name="charged_back_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("charged_back_minor__gte", 0), ("charged_back_minor__lte", models.F("cash_minor"))),
                name="hold_charged_back_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_cash_minor__gte", 0), ("returned_cash_minor__lte", models.F("released_cash_minor"))),
                name="hold_part_cash_returned_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_coupon_minor__gte", 0), ("returned_coupon_minor__lte", models.F("released_coupon_minor"))),
                name="hold_part_coupon_returned_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_points_minor__gte", 0), ("returned_points_minor__lte", models.F("released_points_minor"))),
                name="hold_part_points_returned_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_commission_minor__gte", 0), ("returned_commission_minor__lte", models.F("charged_commission_minor"))),
                name="hold_part_commission_returned_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_tax_minor__gte", 0), ("returned_tax_minor__lte", models.F("charged_tax_minor"))),
                name="hold_part_tax_returned_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("charged_back_minor__gte", 0), ("charged_back_minor__lte", models.F("amount_minor"))),
                name="payment_charged_back_within",
            ),
        ),
        migrations.AddField(
            model_name="chargeback",
            name="payment",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="chargebacks", to="escrow.payment"),
        ),
        migrations.AddField(
            model_name="chargebackevidence",
            name="chargeback",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="escrow.chargeback"),
        ),
        migrations.AddField(
            model_name="chargebackshare",
            name="chargeback",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="escrow.chargeback"),
        ),
        migrations.AddField(
            model_name="chargebackshare",
            name="hold",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="chargeback_shares", to="escrow.hold"),
        ),
        migrations.AddIndex(
            model_name="chargeback",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="chargeback_due"),
        ),
        migrations.AddConstraint(
            model_name="chargeback",
            constraint=models.UniqueConstraint(fields=("provider", "ref"), name="chargeback_once"),
        ),
        migrations.AddConstraint(
            model_name="chargeback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", 0),
                    ("excess_minor__gte", 0),
                    ("fee_minor__gte", 0),
                    ("owed_used_minor__gte", 0),
                    ("excess_minor__lte", models.F("amount_minor")),
                    ("owed_used_minor__lte", models.F("excess_minor")),
                ),
                name="chargeback_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="chargeback",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "closed"), ("due_at__isnull", False), _connector="OR"), name="chargeback_silence_decides"
            ),
        ),
        migrations.AddConstraint(
            model_name="chargeback",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("inquiry", "closed")), ("taken_at__isnull", False), _connector="OR"),
                name="chargeback_taken_before_it_is_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="chargebackevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("words", ""), _negated=True), models.Q(("file", ""), _negated=True), _connector="OR"),
                name="chargeback_evidence_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="chargebackshare",
            constraint=models.UniqueConstraint(fields=("chargeback", "hold"), name="chargeback_share_once"),
        ),
        migrations.AddConstraint(
            model_name="chargebackshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("absorbed_minor__gte", 0),
                    ("amount_minor__gt", 0),
                    ("from_held_minor__gte", 0),
                    ("from_seller_minor__gte", 0),
                    (
                        "amount_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("from_held_minor"), "+", models.F("from_seller_minor")),
                            "+",
                            models.F("absorbed_minor"),
                        ),
                    ),
                ),
                name="chargeback_share_adds_up",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
