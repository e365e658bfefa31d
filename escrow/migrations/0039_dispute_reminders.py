from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escrow", "0038_late_appeals")]

    operations = [migrations.AddField(model_name="dispute", name="reminded_of", field=models.DateTimeField(null=True))]
