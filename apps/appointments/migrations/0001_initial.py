import apps.vault.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('spaces', '0003_quiet_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('purpose', models.CharField(choices=[('talk', 'talk'), ('moment', 'moment'), ('play', 'play'), ('other', 'other'), ('regular', 'regular')], max_length=7)),
                ('title', apps.vault.fields.SealedTextField(blank=True, default='', owner='author.user_id')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('source', models.UUIDField(blank=True, null=True)),
                ('first', models.DateField(blank=True, null=True)),
                ('days', models.CharField(blank=True, default='', max_length=7)),
                ('at', models.TimeField(blank=True, null=True)),
                ('zone', models.CharField(blank=True, default='', max_length=64)),
                ('weeks', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spaces.seat')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='spaces.space')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('offered_at', models.DateTimeField()),
                ('place', apps.vault.fields.SealedTextField(blank=True, default='', owner='seat.user_id')),
                ('checklist', apps.vault.fields.SealedJSONField(owner='seat.user_id')),
                ('note', apps.vault.fields.SealedTextField(blank=True, default='', owner='seat.user_id')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='appointments.appointment')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spaces.seat')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='OfferedTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('local_date', models.DateField()),
                ('at', models.TimeField()),
                ('zone', models.CharField(max_length=64)),
                ('starts_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='times', to='appointments.offer')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='OwnHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evening_ends', models.PositiveSmallIntegerField()),
                ('morning_begins', models.PositiveSmallIntegerField()),
                ('work_ends', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('work_days', models.CharField(blank=True, default='', max_length=7)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PutAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('put_aside_at', models.DateTimeField()),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appointments.offer')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spaces.seat')),
            ],
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(fields=('space', 'number'), name='appointment_number_once'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(fields=('space', 'source'), name='appointment_source_once'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ('talk', 'moment', 'play', 'other', 'regular'))), name='appointment_purpose_known'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 480)), name='appointment_minutes_sane'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('purpose', 'regular'), _negated=True), ('at', None), ('days', ''), ('first', None), ('source', None), ('weeks', None), ('zone', '')), models.Q(models.Q(('days', ''), _negated=True), models.Q(('zone', ''), _negated=True), ('at__isnull', False), ('first__isnull', False), ('purpose', 'regular'), ('source__isnull', False), ('weeks__gte', 1), ('weeks__isnull', False), ('weeks__lte', 26)), _connector='OR'), name='appointment_once_or_regular'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(fields=('appointment', 'number'), name='offer_number_once'),
        ),
        migrations.AddConstraint(
            model_name='offeredtime',
            constraint=models.UniqueConstraint(fields=('offer', 'position'), name='offered_position_once'),
        ),
        migrations.AddConstraint(
            model_name='offeredtime',
            constraint=models.UniqueConstraint(fields=('offer', 'starts_at'), name='offered_instant_once'),
        ),
        migrations.AddConstraint(
            model_name='offeredtime',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', False)), fields=('offer',), name='one_accepted_time'),
        ),
        migrations.AddConstraint(
            model_name='offeredtime',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 3)), name='at_most_three_times'),
        ),
        migrations.AddConstraint(
            model_name='offeredtime',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at', None), ('accepted_at__lt', models.F('starts_at')), _connector='OR'), name='accepted_before_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='ownhours',
            constraint=models.CheckConstraint(condition=models.Q(('evening_ends__gte', 17), ('evening_ends__lte', 24), ('morning_begins__gte', 4), ('morning_begins__lte', 12)), name='own_hours_of_a_day'),
        ),
        migrations.AddConstraint(
            model_name='ownhours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('work_days', ''), ('work_ends', None)), models.Q(models.Q(('work_days', ''), _negated=True), ('work_ends__gte', 1), ('work_ends__isnull', False), ('work_ends__lte', 23)), _connector='OR'), name='own_work_paired'),
        ),
        migrations.AddConstraint(
            model_name='putaside',
            constraint=models.UniqueConstraint(fields=('offer', 'seat'), name='put_aside_once'),
        ),
    ]
