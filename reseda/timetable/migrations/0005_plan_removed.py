"""A plan thrown away stays a month, so that it can be restored."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timetable", "0004_accommodation_contract"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="supprimé le"),
        ),
    ]
