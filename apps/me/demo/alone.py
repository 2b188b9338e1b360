"""Noa, whose partner has gone quiet: the guide that begins alone, in the middle of a quiet time."""

from apps.guides import library
from apps.me.demo.people import ALONE, Diary, begin_alone, keep, note, person
from apps.spaces import actions as spaces


def begin(diary: Diary) -> None:
    noa = person(*ALONE, diary.ago(20))
    evening = "That we cook in one kitchen again, and one of us hums."
    seat, plan = begin_alone(noa, diary.ago(19), evening, ["talk", "laughter"], library.find("rebuild"))
    fear = "That I ask once more, and the door closes for good."
    keep(seat, plan, "inventory", {"feelings": ["worried", "lonely"], "energy": 3, "fear": fear}, diary.ago(18))
    keep(seat, plan, "stance", {"curious": 3, "why": "Some days one, some days the other."}, diary.ago(17))
    began = {"since": diary.day(100).isoformat(), "how": "gradual", "words": "After the move, I think."}
    keep(seat, plan, "onset", began, diary.ago(16))
    way = {"way": "ask", "strong": 4, "words": "I ask what is wrong. Then I ask again."}
    keep(seat, plan, "reaction", way, diary.ago(15))
    note(
        seat,
        plan,
        "observations",
        diary,
        [
            (14, "first-moves", "Nobody asked about the cinema this week.", False),
            (11, "alone", "Both in, two rooms, until bedtime.", False),
            (7, "short-answers", "“Fine”, twice.", False),
            (6, "came-near", "Sat down next to me for the weather.", True),
        ],
    )
    loads = [
        {
            "kind": "change",
            "what": "The move, and boxes still in the hall",
            "weight": 3,
            "since": diary.day(110).isoformat(),
            "until": "",
            "effect": "We are always on our way somewhere.",
        },
        {
            "kind": "work",
            "what": "A new team for both of us",
            "weight": 4,
            "since": diary.day(60).isoformat(),
            "until": diary.day(-30).isoformat(),
            "effect": "Tired by eight.",
        },
    ]
    keep(seat, plan, "context", {}, diary.ago(5), loads)
    spaces.begin_quiet(by=seat, hours=72, now=diary.ago(1))
