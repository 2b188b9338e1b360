"""A quiet time in a real browser, with the real worker and the real mail: what waits goes when it is ended early."""

from datetime import UTC, datetime

import pytest

from apps.guides.quiet import quiet_words
from tests.journeys.conftest import NewWalker
from tests.stack import Stack, wait_for


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_an_invitation_waits_for_the_end_of_a_quiet_time(stack: Stack, walker: NewWalker, javascript: bool) -> None:
    mara, jonas = walker("Mara", javascript=javascript), walker("Jonas", away=1)
    mara.begin("CANARY-evening")
    mara.follow("A quiet time for myself")
    mara.at("A quiet time for yourself")
    mara.tap("How long?", "Three days")
    mara.press("Begin my quiet time")
    mara.at("Your quiet time")
    mara.sees("about 3 days left.", "When you are together")
    shown = mara.main.text_content() or ""
    assert sum(prompt in shown for prompt in quiet_words().prompts) == 1
    assert sum(idea in shown for idea in quiet_words().ideas) == 5

    mara.invite_by_mail(jonas.address)
    mara.sees("Your quiet time runs until", "the mail goes then.")
    held = "SELECT 1 FROM outbox_letter WHERE kind = 'spaces.invitation' AND ended_at IS NULL AND held_until > now()"
    wait_for(lambda: stack.sql(held), 20, lambda: stack.logs("worker"))  # a worker has looked at it
    assert stack.mails(jonas.address) == []

    mara.home()
    mara.follow("Today’s thought and ideas", within=mara.card("Your quiet time"))
    mara.sees(jonas.address)
    since = datetime.now(UTC)
    mara.press("End my quiet time now")
    mara.at("A quiet time for yourself")
    stack.wait_for_mail(jonas.address, subject="A note for you", after=since)
    mara.home()
    mara.does_not_see("Your quiet time")
    mara.follow("Look at it")
    mara.sees("Your invitation is open")
    mara.does_not_see("quiet time")
    jonas.open_mail_link("A note for you")
    jonas.at("Mara invites you")
    jonas.does_not_see("quiet time")
