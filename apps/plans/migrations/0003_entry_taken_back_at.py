from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_kinds_answers_reduced")]

    operations = [
        migrations.AddField("entry", "taken_back_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(
                condition=Q(kind="item") | Q(taken_back_at=None), name="a_mark_is_given_or_not_there"
            ),
        ),
    ]
