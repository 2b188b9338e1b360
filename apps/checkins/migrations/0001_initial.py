import apps.vault.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('spaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('local_date', models.DateField()),
                ('hour', models.PositiveSmallIntegerField()),
                ('zone', models.CharField(max_length=64)),
                ('due_at', models.DateTimeField()),
                ('rhythm', models.CharField(choices=[('1w', '1w'), ('2w', '2w'), ('3w', '3w'), ('4w', '4w'), ('monthly', 'monthly'), ('once', 'once')], max_length=7)),
                ('created_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_as', models.CharField(blank=True, choices=[('held', 'held'), ('skipped', 'skipped'), ('unanswered', 'unanswered'), ('superseded', 'superseded'), ('ended', 'ended'), ('left', 'left')], default='', max_length=10)),
                ('quiet_rounds', models.PositiveSmallIntegerField(default=0)),
                ('seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_check_ins', to='spaces.seat')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='spaces.space')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('lineage', models.UUIDField()),
                ('words', apps.vault.fields.SealedJSONField(owner='author.user_id')),
                ('rested_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spaces.seat')),
                ('check_in', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='checkins.checkin')),
                ('for_seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spaces.seat')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('answers', apps.vault.fields.SealedJSONField(owner='seat.user_id')),
                ('good_moment', apps.vault.fields.SealedTextField(blank=True, default='', owner='seat.user_id')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('skipped_at', models.DateTimeField(blank=True, null=True)),
                ('check_in', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='checkins.checkin')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spaces.seat')),
            ],
        ),
        migrations.AddIndex(
            model_name='checkin',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['due_at'], name='check_in_open_by_due'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.UniqueConstraint(fields=('space', 'seat', 'number'), name='check_in_number_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('space', 'seat'), name='one_open_check_in', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_as', ''), ('closed_at', None)), models.Q(('closed_at__isnull', False), models.Q(('closed_as', ''), _negated=True)), _connector='OR'), name='check_in_closed_paired'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('closed_as__in', ('', 'held', 'skipped', 'unanswered', 'superseded', 'ended', 'left'))), name='check_in_closed_as_known'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('hour__gte', 9), ('hour__lte', 19)), name='check_in_hour_by_day'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('rhythm__in', ('1w', '2w', '3w', '4w', 'monthly', 'once'))), name='check_in_rhythm_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('check_in', 'position'), name='item_position_once'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('check_in', 'lineage'), name='item_lineage_once'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('check_in', 'seat'), name='one_review_per_seat'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), ('skipped_at', None), _connector='OR'), name='review_answered_or_skipped'),
        ),
    ]
