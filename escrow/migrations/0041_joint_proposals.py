from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escrow", "0040_staff_refunds"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="of_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="proposal",
            name="share_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("of_minor__isnull", True), ("share_minor__isnull", True)),
                    ("of_minor__gte", models.F("to_buyer_minor")),
                    _connector="OR",
                ),
                name="proposal_joint_amount",
            ),
        ),
    ]
