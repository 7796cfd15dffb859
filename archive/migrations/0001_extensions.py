from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Trigrams, for names that are found in part or with a typing mistake."""

    initial = True

    operations = [TrigramExtension()]
