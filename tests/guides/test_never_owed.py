"""What nobody ever owes: each example of the data is tried, and the data says what is wrong with itself."""

import pytest

from apps.guides import never_owed
from apps.guides.never_owed import Topic, made, named_in, their_family, topics
from apps.guides.schema import GuideError

ALL = [*topics(), their_family()]


def test_the_six_topics_have_their_note_and_their_examples():
    assert [topic.key for topic in topics()] == ["phone", "password", "whereabouts", "money", "friends", "sex"]
    assert [topic.key for topic in ALL if len(topic.catches) < 4 or len(topic.spares) < 4] == []


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.key)
def test_the_examples_are_found_and_spared(topic):
    assert [text for text in topic.catches if not topic.is_in(text)] == []
    assert [text for text in topic.spares if topic.is_in(text)] == []


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.key)
def test_the_examples_are_found_however_they_are_written(topic):
    for text in topic.catches:
        assert topic.is_in(text.upper())
        assert topic.is_in(text.replace("’", "'"))
        assert topic.is_in(f"({text.replace(' ', '  ')})!")


def test_every_word_is_found_by_itself_and_not_inside_another():
    for topic in ALL:
        for word in topic.words:
            assert topic.is_in(word.replace("*", "")), word
            if " " not in word:
                assert not topic.is_in(f"x{word.replace('*', '')}"), word


def test_what_only_sounds_like_it_hides_nothing_else():
    phone = topics()[0]
    assert not phone.is_in("Coffee without phones")
    assert phone.is_in("Coffee without phones, then you read my messages")


def test_the_topics_come_in_the_order_of_the_file_once_each():
    said = ["Sex on Sundays", "I show you my phone", "and you show me your phone", "We look at money"]
    assert [topic.key for topic in named_in(said)] == ["phone", "money", "sex"]
    assert named_in(["A walk round the block", ""]) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"key": "x", "words": [], "note": "n"}, "needs words"),
        ({"key": "x", "words": ["*"], "note": "n"}, "needs words"),
        ({"key": "x", "words": ["a"], "notes": "n"}, "notes"),
    ],
)
def test_a_wrong_entry_is_named(row, said):
    with pytest.raises(GuideError, match=f"never_owed.toml: here: .*{said}"):
        made(row, "here")


def test_a_topic_without_a_note_is_refused(monkeypatch, tmp_path):
    wrong = tmp_path / "never_owed.toml"
    wrong.write_text('[[topic]]\nkey = "x"\nwords = ["a"]\n[their_family]\nwords = ["b"]\n')
    monkeypatch.setattr(never_owed, "FILE", wrong)
    never_owed.read.cache_clear()
    try:
        with pytest.raises(GuideError, match="a note"):
            topics()
    finally:
        never_owed.read.cache_clear()


def test_a_topic_is_plain_data():
    assert Topic("x", ("walk*",)).is_in("Walking")
