from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('inventory', '0005_parents_checked_per_statement'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='saleline',
            index=BrinIndex(fields=['import_file'], name='sale_line_import'),
        ),
    ]
