"""Every rule's own examples: what it must catch and what it must leave alone. A broken rule turns one of these red."""

import re
import tomllib
from pathlib import Path

import pytest

from apps.coach import rules
from apps.coach.judge import Judgement, clauses, is_fair, judge, piled, praise, spoken, tells_of_harm
from apps.coach.rules import RulesError, book

HARM, FRAMES, SILENCE, LISTENING, PRAISE, REWORDING = (
    book(name).rules for name in ["harm", "frames", "silence", "listening", "praise", "rewording"]
)


EACH_PATTERN = tomllib.loads((Path(__file__).parent / "each_pattern.toml").read_text(encoding="utf-8"))


def examples(of, which):
    return [pytest.param(rule, text, id=f"{rule.key}: {text}"[:90]) for rule in of for text in getattr(rule, which)]


def keys(text, listening=False):
    return {one.rule.key for one in piled(spoken(clauses(text), listening), frozenset())}


@pytest.mark.parametrize(("rule", "text"), examples(HARM, "must"))
def test_a_rule_catches_its_own(rule, text) -> None:
    assert rule.key in keys(text)


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in EACH_PATTERN.items() for text in texts])
def test_a_rule_catches_what_only_one_of_its_patterns_sees(key, text) -> None:
    assert key in keys(text)


def seen_by(rule, text):
    """The numbers of the rule's patterns that match somewhere in the text."""
    read = clauses(text)
    return [number for number, one in enumerate(rule.catches) if any(one.find(*sentence) for sentence in read)]


@pytest.mark.parametrize("rule", [*HARM, *SILENCE, *LISTENING, *REWORDING], ids=lambda rule: rule.key)
def test_no_pattern_can_break_unnoticed(rule) -> None:
    """Each is the only one of its rule to catch some sentence. Those that keep words stand beside a wider one: what
    they keep is seen in the rewordings of test_judge."""
    alone = {seen[0] for text in [*rule.must, *EACH_PATTERN.get(rule.key, ())] if len(seen := seen_by(rule, text)) == 1}
    assert [one.text for number, one in enumerate(rule.catches) if number not in alone and "<" not in one.text] == []


@pytest.mark.parametrize(("rule", "text"), examples(HARM, "must_not"))
def test_what_only_sounds_alike_is_left_alone_by_every_rule(rule, text) -> None:
    assert judge(text) == Judgement()


@pytest.mark.parametrize(("frame", "text"), examples(FRAMES, "must"))
def test_a_frame_makes_a_sentence_harmless(frame, text) -> None:
    assert judge(text, listening=frame.listening) == Judgement()


@pytest.mark.parametrize(("frame", "text"), examples(FRAMES, "must_not"))
def test_a_frame_is_not_fooled(frame, text) -> None:
    assert judge(text, listening=frame.listening).findings


@pytest.mark.parametrize(("rule", "text"), examples(SILENCE, "must"))
@pytest.mark.parametrize("listening", [False, True])
def test_where_harm_or_fear_is_told_the_coach_is_silent(rule, text, listening) -> None:
    told = {one.key for sentence, begins in clauses(text) for one, _ in book("silence").matches(sentence, begins)}
    assert rule.key in told
    for shown in (text, f"You never listen. {text} You are so selfish, but I need you.", text.upper()):
        assert judge(shown, listening=listening) == Judgement(harm_told=True)
    assert praise(text) == ()


@pytest.mark.parametrize(("rule", "text"), examples(SILENCE, "must_not"))
def test_everyday_words_do_not_silence_it(rule, text) -> None:
    assert not tells_of_harm(clauses(text))
    assert judge(text).findings


@pytest.mark.parametrize(("rule", "text"), examples(LISTENING, "must"))
def test_in_a_reflection_advice_rebuttal_and_but_are_named(rule, text) -> None:
    assert rule.key in keys(text, listening=True)
    assert rule.key not in keys(text)


@pytest.mark.parametrize(("rule", "text"), examples(LISTENING, "must_not"))
def test_giving_back_is_left_alone(rule, text) -> None:
    assert judge(text, listening=True) == Judgement()


@pytest.mark.parametrize(("rule", "text"), examples(PRAISE, "must"))
def test_what_is_said_well_is_known(rule, text) -> None:
    assert rule.label in praise(text)
    assert judge(text) == Judgement()


@pytest.mark.parametrize(("rule", "text"), examples(PRAISE, "must_not"))
def test_what_is_not_is_not(rule, text) -> None:
    assert rule.label not in praise(text)


@pytest.mark.parametrize(("rule", "wording"), examples(REWORDING, "must"))
def test_a_wording_that_hurts_orders_or_judges_is_not_offered(rule, wording) -> None:
    assert rule.key in {one.key for read in clauses(wording) for one, _ in book("rewording").matches(*read)}
    assert not is_fair(wording)


@pytest.mark.parametrize(("rule", "wording"), examples(REWORDING, "must_not"))
def test_a_plain_wish_is_offered(rule, wording) -> None:
    assert is_fair(wording)


def test_a_frame_mutes_what_there_is() -> None:
    known = rules.HARM | {rule.key for rule in HARM}
    assert [(frame.key, one) for frame in FRAMES for one in frame.mutes if one not in known] == []


def test_what_keeps_a_rule_quiet_can_be_read() -> None:
    """It is read only where its rule has something to say, so a mistake in it would wait until then."""
    assert all(
        rules.quiet_pattern(text) for rule in (*HARM, *FRAMES, *SILENCE, *LISTENING, *PRAISE) for text in rule.unless
    )


def test_every_list_of_words_is_used_and_holds_each_once() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in rules.FOLDER.rglob("*.toml"))
    lists = rules.load("words.toml")
    assert [name for name in lists if f"{{{name}}}" not in written] == ["base-verbs"]  # rewordings ask for that one
    assert [name for name, items in lists.items() if len(set(items)) != len(items)] == []


def test_there_are_examples_enough() -> None:
    assert len(examples(HARM, "must") + examples(HARM, "must_not")) >= 300
    assert len(examples(SILENCE, "must")) >= 40
    assert [rule.key for rule in HARM if len(rule.must) < 2 or not (rule.must_not or rule.piled_up)] == []
    assert [rule.key for rule in LISTENING if not rule.must or not rule.must_not] == []


def test_every_harm_label_has_a_rule_and_every_rule_a_reason() -> None:
    assert {rule.label for rule in HARM} == rules.HARM
    assert {rule.label for rule in LISTENING} == rules.LISTENING
    assert {rule.label for rule in PRAISE} == rules.PRAISE
    assert [rule.key for rule in (*HARM, *LISTENING) if not rule.why.endswith(".")] == []


def test_reasons_are_short_and_push_nobody() -> None:
    said = [text for rule in (*HARM, *LISTENING) for text in (rule.why, *rule.instead)]
    assert [text for text in said if len(text) > 160 or "'" in text or '"' in text] == []
    pushing = r"\b(must|should|he|she|him|his|her|husband|wife)\b"
    assert [text for text in said if re.search(pushing, re.sub("“.*?”", "", text), re.I)] == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('key = "a"\ncatches = ["you"]\nwhat = 1', "a: unknown key “what”"),
        ('catches = ["you"]', "rule 1: needs a “key” and what it “catches”"),
        ('key = "a"\ncatches = ["you"]\nlabel = "bad"', "a: there is no label “bad”"),
        ('key = "a"\ncatches = ["you {nothing}"]', "there is no list “nothing”"),
        ('key = "a"\ncatches = ["you (are"]', "a bracket is not closed"),
        ('key = "a"\ncatches = ["^ $"]', "there is no word in it"),
        ('key = "a"\ncatches = ["you <x: are"]', "a name is not closed"),
        ('key = "a"\ncatches = ["you (are .. bad)"]', "“.. bad” cannot stand in a group"),
        ('key = "a"\ncatches = ["you"]\n[[rule]]\nkey = "a"\ncatches = ["i"]', "a key is there twice"),
        ("key = ", "wrong.toml: Invalid value"),
    ],
)
def test_a_wrong_file_names_its_place(row, said) -> None:
    with pytest.raises(RulesError, match=r"wrong\.toml") as error:
        rules.bound({"wrong.toml": f"[[rule]]\n{row}\n"})
    assert said in str(error.value)
