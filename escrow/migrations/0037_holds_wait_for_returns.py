from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escrow", "0036_one_index_each_for_holds")]

    operations = [migrations.AddField(model_name="hold", name="return_left", field=models.DurationField(null=True))]
