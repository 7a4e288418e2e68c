import datetime as dt

from django.db import migrations, models

LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Migration(migrations.Migration):

    dependencies = [
        ("purchasing", "0002_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="stockoutlook",
            options={
                "ordering": (models.F("lost_per_day").desc(nulls_last=True), "pk")
            },
        ),
        migrations.AddField(
            model_name="stockoutlook",
            name="on_hand",
            field=models.DecimalField(decimal_places=3, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="stockoutlook",
            name="reorder_point",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="stockoutlook",
            name="runs_out_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stockoutlook",
            name="order_by",
            field=models.DateTimeField(default=LONG_AGO),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="stockoutlook",
            name="delivery_on",
            field=models.DateField(default=LONG_AGO.date()),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="stockoutlook",
            name="lost_per_day",
            field=models.DecimalField(decimal_places=2, max_digits=12, null=True),
        ),
    ]
