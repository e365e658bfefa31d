from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.AddField("letter", "language", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("letter", "action", models.CharField(blank=True, default="", max_length=80)),
        migrations.AddField("letter", "link", models.TextField(blank=True, default="")),
    ]
