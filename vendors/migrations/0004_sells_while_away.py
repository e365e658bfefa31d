from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vendors", "0003_holidays")]

    operations = [migrations.AddField(model_name="vendor", name="away_sells", field=models.BooleanField(default=False))]
