from django.db import migrations, models
from django.db.models import F


def who_wanted_neither_wants_neither(apps, schema_editor):
    """Confirmations and reminders were one wish until now."""
    apps.get_model("accounts", "User").objects.update(mail_agreed=F("mail_reminders"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("user", "mail_agreed", models.BooleanField(default=True)),
        migrations.AddField("user", "mail_again", models.BooleanField(default=False)),
        migrations.AddField("user", "mail_appointments", models.BooleanField(default=False)),
        migrations.RunPython(who_wanted_neither_wants_neither, migrations.RunPython.noop),
    ]
