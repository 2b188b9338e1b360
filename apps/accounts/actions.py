"""What a person changes about themselves. Each takes who asks (`by`) and the instant (`now`)."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts import coaching, rules
from apps.accounts.models import OwnTime, SilencedRule, User
from apps.core.errors import RuleBroken


def update_profile(*, by: User, name: str, time_zone: str, now: datetime) -> bool:
    """Sets what `by` is called and where their hours are. True where the zone is another one than before.

    Then the caller moves what is due on their wall clock. Raises RuleBroken for a name or a zone that cannot be.
    """
    name = rules.tidy_name(name)
    if not rules.may_be_a_name(name):
        raise RuleBroken(_("Please write a name of one line and at most 60 characters."))
    if time_zone not in rules.zone_names():
        raise RuleBroken(_("Please choose a time zone from the list."))
    moved = time_zone != by.time_zone
    by.name, by.time_zone = name, time_zone
    by.save(update_fields=["name", "time_zone"])
    return moved


def set_mail_wishes(*, by: User, now: datetime, mail_nothing: bool, **wishes: bool) -> None:
    """Sets which mail `by` wants (rules.MAIL_WISHES). Letters ask for it right before they are sent, so it holds at
    once. Raises TypeError for a wish that does not exist."""
    if unknown := wishes.keys() - set(rules.MAIL_WISHES):
        raise TypeError(f"There is no mail {sorted(unknown)}.")
    for name, wanted in (wishes | {"mail_nothing": mail_nothing}).items():
        setattr(by, name, wanted)
    by.save(update_fields=["mail_nothing", *wishes])


def stop_mail(*, user: User, wish: str, now: datetime) -> None:
    """Ends mail of one kind for `user`, as a link in a mail asks for it. Harmless when repeated."""
    if wish == rules.OWN_TIME:
        end_own_time(by=user)
    else:
        set_mail_wishes(by=user, now=now, mail_nothing=user.mail_nothing, **{wish: False})


def set_own_time(*, by: User, weekday: int, hour: int, now: datetime) -> OwnTime:
    """The weekday and hour at which `by` wants a mail for themselves, from now on; begins anew where it had stopped."""
    values = {"weekday": weekday, "hour": hour, "since": now, "kept_at": None, "stopped_at": None}
    own_time, _made = OwnTime.objects.update_or_create(user=by, defaults=values)
    return own_time


def keep_own_time(*, by: User, now: datetime) -> None:
    """“Yes, keep this coming”: their own press, so that the next three do not count as unused."""
    OwnTime.objects.filter(user=by, stopped_at=None).update(kept_at=now)


def end_own_time(*, by: User) -> None:
    """No such mail any more."""
    OwnTime.objects.filter(user=by).delete()


def note_refused_address(address: str, now: datetime) -> None:
    """A server said that there is nobody at `address`: kept with whoever has it, if anybody here does."""
    User.objects.filter(email__iexact=address).update(mail_refused_at=now, mail_refused_for=F("email"))


def try_mail_again(*, by: User, now: datetime) -> None:
    """Mail goes to the address again, until it should be refused once more."""
    by.mail_refused_at, by.mail_refused_for = None, ""
    by.save(update_fields=["mail_refused_at", "mail_refused_for"])


def switch_coach(*, by: User, on: bool) -> None:
    """Whether the coach says anything to `by`, on every page."""
    by.coach = on
    by.save(update_fields=["coach"])


def silence_rule(*, by: User, rule: str) -> None:
    """“Not helpful”: the coach does not say this to `by` again. A rule that does not exist is nothing to silence."""
    if rule in coaching.reasons():
        SilencedRule.objects.get_or_create(user=by, rule=rule)


def hear_rule_again(*, by: User, rule: str) -> None:
    """The coach says it again."""
    if rule in coaching.reasons():
        SilencedRule.objects.filter(user=by, rule=rule).delete()
