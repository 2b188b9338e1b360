"""What a log line may hold: that something was refused, and never the key in its address."""

import logging

from apps.core.logs import NoPrivateText


def line(message: str, *args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    assert NoPrivateText().filter(record)
    return record.getMessage()


def test_the_key_of_an_invitation_is_left_out():
    token = "Zk3v9QwR_7mN-xT2bLpY8sHdF4gJ6kCaWq1eUoIrXzA"
    assert line("Method Not Allowed (%s): %s", "POST", f"/invitation/{token}/") == (
        "Method Not Allowed (POST): /invitation/…/"
    )
    assert token not in line(f"Not Found: /invitation/{token}/no-more/")
    assert line("Not Found: %s", f"/mail/{token}/later/") == "Not Found: /mail/…/later/"


def test_other_lines_stay_as_they_are():
    assert line("Not Found: %s", "/invitation/decline/") == "Not Found: /invitation/decline/"
    assert line("%s of %s done", 3, 7) == "3 of 7 done"
