from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escrow", "0041_joint_proposals")]

    operations = [
        migrations.AddIndex(model_name="providermovement", index=models.Index(fields=["source_ref"], name="provider_movement_by_source")),
    ]
