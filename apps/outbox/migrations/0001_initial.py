import apps.vault.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('occurrence', models.CharField(max_length=200)),
                ('address', apps.vault.fields.SealedTextField(null=True, owner=uuid.UUID('00000000-0000-4000-8000-000000000001'))),
                ('payload', apps.vault.fields.SealedJSONField(null=True, owner=uuid.UUID('00000000-0000-4000-8000-000000000001'))),
                ('due_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('retry_at', models.DateTimeField(null=True)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('claim_token', models.UUIDField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=80)),
                ('sent_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, max_length=60)),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['due_at'], name='outbox_letter_due')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'occurrence', 'recipient'), name='outbox_letter_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('claim_token__isnull', True), ('claimed_until__isnull', True)), models.Q(('claim_token__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='outbox_letter_claim_is_paired'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='outbox_letter_end_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', True), models.Q(('end_reason', 'sent'), _negated=True)), models.Q(('end_reason', 'sent'), ('sent_at', models.F('ended_at')), ('sent_at__isnull', False)), _connector='OR'), name='outbox_letter_sent_is_ended'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('payload__isnull', False)), models.Q(('address__isnull', True), ('claim_token__isnull', True), ('ended_at__isnull', False), ('payload__isnull', True)), _connector='OR'), name='outbox_letter_ended_is_empty'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', False), ('recipient__isnull', False), ('address__isnull', False), _connector='OR'), name='outbox_letter_open_has_a_way')],
            },
        ),
    ]
