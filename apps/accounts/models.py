"""Who a person is: an address to sign in with, what to call them, their time zone, and which mail they want."""

from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.rules import NAME_LENGTH, zone_named


class UserManager(BaseUserManager["User"]):
    """Makes users from an address; there is no user name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user. The address is kept in lower case; without `password` nobody can sign in with one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user with every permission."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """One person. `name` is what they want to be called, and empty until the welcome page asked."""

    # Django would note each sign-in here. Nobody needs to know when a person was last here (law 3).
    last_login = None

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    # Which mail somebody wants, by its kind (rules.MAIL_WISHES); `mail_nothing` stands above them all.
    mail_agreed = models.BooleanField(default=True)
    mail_reminders = models.BooleanField(default=True)
    mail_again = models.BooleanField(default=False)
    mail_appointments = models.BooleanField(default=False)
    mail_nothing = models.BooleanField(default=False)
    # The address that its server refused, and when. A fact of that address: with another one it no longer counts.
    mail_refused_at = models.DateTimeField(null=True, blank=True)
    mail_refused_for = models.EmailField(max_length=254, blank=True, default="")
    # Whether the coach says anything to them at all.
    coach = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(mail_refused_at__isnull=True, mail_refused_for="")
                | models.Q(mail_refused_at__isnull=False) & ~models.Q(mail_refused_for=""),
                name="user_mail_refused_is_paired",
            ),
        ]

    def __str__(self) -> str:
        # An id and not a name: whatever prints a user into a log prints no one's name.
        return str(self.pk)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this person reads dates and hours."""
        return zone_named(self.time_zone)

    @property
    def mail_is_refused(self) -> bool:
        """Whether mail to their address rests, because its server said that there is nobody."""
        return self.mail_refused_at is not None and self.mail_refused_for == self.email

    def wants(self, wish: str) -> bool:
        """Whether mail of this kind may go to them. Codes somebody asks for are sent all the same."""
        return bool(getattr(self, wish)) and not self.mail_nothing

    @property
    def wants_mail(self) -> bool:
        """Whether a reminder comes by mail when it is time to look back."""
        return self.wants("mail_reminders")


class OwnTime(models.Model):
    """A weekday and an hour that somebody chose for Halfway: one mail a week, whatever the other does or does not do.

    It stops by itself after three mails that were not used. Whether one was is asked of what that person wrote, and of
    `kept_at`, their own press; no visit is stored anywhere.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="own_time")
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    hour = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="own_time_is_a_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="own_time_is_by_day", condition=Q(hour__gte=9, hour__lte=19)),
        ]

    def __str__(self) -> str:
        return f"Own time of {self.user_id}"


class SilencedRule(models.Model):
    """A rule of the coach that was not helpful to this person. It says nothing of the words it was pressed beside."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="silenced_rules")
    rule = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "rule"], name="silenced_rule_once")]

    def __str__(self) -> str:
        return f"{self.rule}, for {self.user_id}"
