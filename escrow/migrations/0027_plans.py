"""Payment plans and their parts. What was agreed about a part never changes; only its dates may be moved, later."""

import core.models
import core.references
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION escrow_guard_plan_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'parts of a plan are never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.reference, NEW.plan_id, NEW.position, NEW.name, NEW.amount_minor, NEW.shares)
        IS DISTINCT FROM (OLD.reference, OLD.plan_id, OLD.position, OLD.name, OLD.amount_minor, OLD.shares) OR NEW.due_at < OLD.due_at THEN
        RAISE EXCEPTION 'part %: what was agreed does not change', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('released', 'refunded', 'divided', 'dropped') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'part %: it has ended', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_part_is_guarded BEFORE UPDATE OR DELETE ON escrow_planpart FOR EACH ROW EXECUTE FUNCTION escrow_guard_plan_part();
"""
BACKWARD = "DROP TRIGGER plan_part_is_guarded ON escrow_planpart; DROP FUNCTION escrow_guard_plan_part();"


class Migration(migrations.Migration):

    dependencies = [
        ('escrow', '0026_chargebacks'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='planned',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', core.models.ReferenceField(default=core.references.new, editable=False, max_length=12, unique=True)),
                ('trade', models.CharField(db_index=True, max_length=12)),
                ('buyer', models.CharField(max_length=12)),
                ('seller', models.CharField(max_length=12)),
                ('currency', models.CharField(max_length=3)),
                ('total_minor', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('deposit', 'deposit and balance'), ('parts', 'equal monthly parts'), ('milestones', 'milestones')], max_length=10)),
                ('ships', models.CharField(choices=[('first', 'after the first part is paid'), ('paid', 'when everything is paid')], max_length=5)),
                ('late', models.CharField(choices=[('refund', 'everything paid goes back to the buyer'), ('forfeit', 'the seller keeps the deposit')], max_length=7)),
                ('grace_days', models.PositiveSmallIntegerField()),
                ('hand_over', models.CharField(choices=[('parcel', 'parcel'), ('pickup', 'pickup')], max_length=8)),
                ('handling_days', models.PositiveSmallIntegerField()),
                ('inspection_days', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('agreed', 'waiting for the first part'), ('running', 'being paid in parts'), ('paid', 'every part is paid'), ('finished', 'finished'), ('cancelled', 'cancelled'), ('missed', 'ended: a part was not paid'), ('expired', 'never begun')], default='agreed', max_length=10)),
                ('agreed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('total_minor__gt', 0)), name='plan_positive'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ('finished', 'cancelled', 'missed', 'expired'))), models.Q(models.Q(('state__in', ('finished', 'cancelled', 'missed', 'expired')), _negated=True), ('ended_at', None)), _connector='OR'), name='plan_over_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='PlanPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', core.models.ReferenceField(default=core.references.new, editable=False, max_length=12, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(blank=True, max_length=60)),
                ('amount_minor', models.BigIntegerField()),
                ('shares', models.JSONField()),
                ('state', models.CharField(choices=[('waiting', 'to be paid'), ('paying', 'being paid'), ('held', 'paid and held'), ('released', 'paid to the seller'), ('refunded', 'given back to the buyer'), ('divided', 'divided between both'), ('dropped', 'no longer asked for')], default='waiting', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('decide_at', models.DateTimeField()),
                ('remind_at', models.DateTimeField(null=True)),
                ('extensions', models.PositiveSmallIntegerField(default=0)),
                ('paid_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('hold', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_part', to='escrow.hold')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_parts', to='escrow.payment')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='escrow.plan')),
            ],
            options={
                'ordering': ['plan_id', 'position'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['decide_at'], name='plan_part_late'), models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='plan_part_remind')],
                'constraints': [models.UniqueConstraint(fields=('plan', 'position'), name='plan_part_once'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='plan_part_positive'), models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'dropped')), models.Q(('hold__isnull', False), ('payment__isnull', False)), _connector='OR'), name='plan_part_paid_has_hold')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
