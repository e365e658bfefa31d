"""Returns, what is in them, and their story, which the database refuses to change."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import core.models
import core.references

STATES = [
    ("requested", "Asked for"),
    ("approved", "To be sent back"),
    ("sent", "On its way back"),
    ("arrived", "Arrived, being looked at"),
    ("deducted", "Received, with a deduction"),
    ("objected", "Our team looks at it"),
    ("replacing", "Received, the replacement is being sent"),
    ("replaced", "The replacement is on its way"),
    ("refunded", "Refunded"),
    ("exchanged", "Exchanged"),
    ("refused", "Refused by the seller"),
    ("lapsed", "Never sent back"),
    ("withdrawn", "Withdrawn by the buyer"),
    ("disputed", "Taken over by a dispute"),
]
REASONS = [
    ("changed_mind", "I changed my mind"),
    ("does_not_fit", "It does not fit"),
    ("not_as_described", "It is not as described"),
    ("damaged", "It arrived damaged or broken"),
    ("wrong_item", "It is the wrong thing, or something is missing"),
    ("other", "Something else"),
]
NAMES = [name for name, _words in STATES]
OPEN = tuple(NAMES[:8])
ENDED = sorted(NAMES[8:])
STORY = """
CREATE TRIGGER marketplace_returnevent_append_only BEFORE UPDATE OR DELETE ON marketplace_returnevent
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER marketplace_returnevent_no_truncate BEFORE TRUNCATE ON marketplace_returnevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
NO_STORY = """
DROP TRIGGER marketplace_returnevent_no_truncate ON marketplace_returnevent;
DROP TRIGGER marketplace_returnevent_append_only ON marketplace_returnevent;
"""


def key() -> tuple[str, models.Field]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_audit_is_append_only"),
        ("escrow", "0037_holds_wait_for_returns"),
        ("marketplace", "0039_one_index_each"),
    ]

    operations = [
        migrations.CreateModel(
            name="Return",
            fields=[
                key(),
                ("reference", core.models.ReferenceField(default=core.references.new, editable=False, max_length=12, unique=True)),
                ("state", models.CharField(choices=STATES, default="requested", max_length=12)),
                ("of_right", models.BooleanField()),
                ("wish", models.CharField(choices=[("refund", "My money back"), ("exchange", "The same in another variant")], default="refund", max_length=8)),
                ("reason", models.CharField(choices=REASONS, max_length=20)),
                ("words", models.TextField(blank=True)),
                ("answer", models.TextField(blank=True)),
                ("paid_by", models.CharField(choices=[("buyer", "The buyer"), ("seller", "The seller")], max_length=6)),
                ("send_to", models.TextField(blank=True)),
                ("carrier", models.CharField(blank=True, max_length=40)),
                ("tracking_number", models.CharField(blank=True, max_length=60)),
                ("new_carrier", models.CharField(blank=True, max_length=40)),
                ("new_tracking_number", models.CharField(blank=True, max_length=60)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("deduction_minor", models.BigIntegerField(default=0)),
                ("refunded_minor", models.BigIntegerField(default=0)),
                ("restocked", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_move", models.CharField(blank=True, max_length=12)),
                ("retry_at", models.DateTimeField(null=True)),
                (
                    "exchange_variant",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.variant"),
                ),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="marketplace.order")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["due_at", "id"], name="return_due", condition=Q(state__in=OPEN))],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=NAMES), name="return_state_known"),
                    models.CheckConstraint(
                        condition=Q(amount_minor__gt=0, deduction_minor__gte=0, refunded_minor__gte=0)
                        & Q(amount_minor__gte=F("deduction_minor") + F("refunded_minor")),
                        name="return_amounts",
                    ),
                    models.CheckConstraint(condition=Q(state="refunded") | Q(refunded_minor=0), name="return_gives_back_once"),
                    models.CheckConstraint(
                        condition=(Q(state__in=ENDED) & Q(due_at__isnull=True)) | (Q(state__in=OPEN) & Q(due_at__isnull=False) & ~Q(due_move="")),
                        name="return_silence_decides",
                    ),
                    models.CheckConstraint(condition=Q(wish="refund") | Q(exchange_variant__isnull=False), name="return_exchange_names_variant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                key(),
                ("part", models.CharField(max_length=40)),
                ("quantity", models.PositiveIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                ("asked", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="marketplace.return")),
                (
                    "order_line",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="returned", to="marketplace.orderline"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["asked", "part"], name="returnline_once"),
                    models.CheckConstraint(condition=Q(quantity__gte=1, amount_minor__gte=0), name="returnline_amounts"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnEvent",
            fields=[
                key(),
                ("name", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=12)),
                ("actor_reference", models.CharField(blank=True, max_length=80)),
                ("before", models.CharField(blank=True, max_length=12)),
                ("after", models.CharField(choices=STATES, max_length=12)),
                ("facts", models.JSONField(default=dict)),
                ("asked", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to="marketplace.return")),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunSQL(STORY, NO_STORY),
    ]
