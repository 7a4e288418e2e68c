from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="transfer", name="number"),
        migrations.AddField(
            model_name="transfer",
            name="idempotency_key",
            field=models.CharField(max_length=120, unique=True),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="transfer",
            name="arrived_quantity",
            field=models.DecimalField(
                blank=True, decimal_places=3, max_digits=12, null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arrived_at__isnull", True), ("arrived_quantity__isnull", True)
                )
                | models.Q(
                    ("arrived_at__isnull", False),
                    ("arrived_quantity__gte", 0),
                    ("arrived_quantity__lte", models.F("quantity")),
                ),
                name="transfer_arrives_with_at_most_what_was_sent",
            ),
        ),
    ]
