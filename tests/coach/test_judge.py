"""The judge as its callers see it: findings with place, reason and rewording, for one sentence or a long message."""

import dataclasses
import tomllib
from pathlib import Path

import pytest

from apps.coach import Finding, judge

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))


def test_a_finding_says_what_where_why_and_how_it_could_be_said() -> None:
    text = "Hi love. You never ask how rehearsal went."
    assert judge(text).findings == (
        Finding(
            rule="you-never",
            label="absolute",
            start=9,
            end=41,
            why="“Never” invites a search for the one exception, and then that is the talk. "
            "What happened once can be heard.",
            instead="I would love it if you could ask how rehearsal went.",
            also=("accusation",),
        ),
    )
    assert text[9:41] == "You never ask how rehearsal went"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("You never hold my hand anymore.", "I would love it if you could hold my hand."),
        ("you never do anything at home", "I would love it if you could do something at home."),
        ("YOU NEVER CALL ME!!!", "I would love it if you could call me."),
        ("Why can’t you just listen to me?", "I would love it if you could listen to me."),
        ("Why don't you ever hug me?", "I would love it if you could hug me."),
        ("If you really loved me, you’d come along.", "I would love it if you could come along."),
        ("You make me so angry when you come home late.", "I feel angry when you come home late."),
        ("I am so tired. You always leave toys here!", "When you leave toys here, I feel tired. I would love it if …"),
        ("You always leave toys here!", "When you leave toys here, I feel …. I would love it if …"),
        ("You don't help with the kids at all.", "I feel … when you do not help with the kids."),
        ("Why are you so distant?", "I miss being close to you. How is it for you at the moment?"),
        ("You never listened to me.", None),  # “could listened” is no English: none is better
        ("You never care.", None),
        ("You’re so selfish.", None),
        ("You never ask, you selfish pig.", "I would love it if you could ask."),
        ("You never take the bins out and your socks lie about.", "I would love it if you could take the bins out."),
        ("You never help me unless I beg.", "I would love it if you could help me."),
        ("You never listen to a single word I say.", "I would love it if you could listen to what I say."),
        ("You never pick up your filthy socks!", "I would love it if you could pick up your socks."),
        ("You never help with the washing-up any more.", "I would love it if you could help with the washing-up."),
        ("You never do a thing around here.", "I would love it if you could do something around here."),
        ("You don't pay any attention to me.", "I feel … when you do not pay any attention to me."),
        ("You didn't tidy up like you promised.", "I feel … when you do not tidy up."),
        ("u clearly dont want to talk to me so whatever...", None),
        ("Why can't you be like your brother?", None),
        ("You always twist everything.", None),
        ("If you loved me, you would give me your password.", None),
        ("If you really loved me you'd do it.", None),
    ],
)  # fmt: skip
def test_a_rewording_is_made_of_own_words_or_not_at_all(text, instead) -> None:
    assert judge(text).findings[0].instead == instead


def test_a_rewording_that_would_itself_be_flagged_is_not_offered() -> None:
    assert judge("You never tell me why you always lie.").findings[0].instead is None


def test_a_long_message_is_judged_sentence_by_sentence() -> None:
    text = "Morning! 🌞 Kids are up.\nYou never wake them, and I'm late. I love how you always sing.\nu r so lazy lol"
    assert [(one.rule, text[one.start : one.end]) for one in judge(text).findings] == [
        ("you-never", "You never wake them"),
        ("you-are-trait", "u r so lazy"),
    ]


def test_many_things_at_once_are_named_once() -> None:
    found = judge("You never cook. You lied about the bill. Your endless excuses! You forgot my birthday.").findings
    assert [one.rule for one in found] == ["you-never", "you-hurt", "your-endless", "you-hurt", "too-many"]


def test_one_rule_speaks_three_times_at_most() -> None:
    assert len([one for one in judge("You never cook. " * 40).findings if one.rule == "you-never"]) == 3


def test_of_two_with_one_label_at_one_place_the_first_is_shown() -> None:
    found = judge("Why can't you just be happy?").findings
    assert [(one.rule, one.label) for one in found] == [("why-not-happy", "interrogation")]


def test_what_a_person_silenced_is_not_said() -> None:
    text = "You never cook and you're so lazy."
    assert [one.rule for one in judge(text).findings] == ["you-never", "you-are-trait"]
    assert [one.rule for one in judge(text, silenced=frozenset({"you-never"})).findings] == ["you-are-trait"]
    assert judge(text, silenced=frozenset({"you-never", "you-are-trait"})).findings == ()


def test_reasons_and_rewordings_go_through_the_translation() -> None:
    found = judge("You never ask how rehearsal went.", translate=lambda text: f"<{text}>").findings[0]
    assert found.why.startswith("<“Never” invites")
    assert found.instead == "<I would love it if you could ask how rehearsal went.>"


def test_a_reflection_is_judged_for_advice_too_but_only_there() -> None:
    text = "You felt alone, but I had to work."
    assert judge(text).findings == ()
    assert {one.label for one in judge(text, listening=True).findings} == {"but", "rebuttal"}


def test_answers_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        judge("You never cook.").findings[0].rule = "other"  # type: ignore[misc]


def test_labels_come_once_and_in_order() -> None:
    assert judge("You never cook. You pig!").labels == ("absolute", "accusation", "contempt")


@pytest.mark.parametrize("text", SENTENCES["harsh"])
def test_harsh_sentences_are_named(text) -> None:
    assert judge(text).findings


@pytest.mark.parametrize("text", SENTENCES["kind"])
def test_kind_and_everyday_sentences_are_left_alone(text) -> None:
    assert judge(text).findings == ()
