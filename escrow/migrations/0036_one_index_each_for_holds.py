
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('escrow', '0035_reversals_and_reconciliation'),
    ]

    operations = [
        migrations.AlterField(
            model_name='holdevent',
            name='hold',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='escrow.hold'),
        ),
        migrations.AlterField(
            model_name='holdpart',
            name='hold',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='escrow.hold'),
        ),
    ]
