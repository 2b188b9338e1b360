"""Logs say that something went wrong and where, never what a person wrote (law 1)."""

import logging
import re
import traceback

# The links of an invitation, of a calendar and in a mail are keys: a refused request would write its address, and the
# key with it.
TOKEN = re.compile(r"(/(?:invitation|calendar|mail)/)[\w-]{20,}")


class NoPrivateText(logging.Filter):
    """Replaces an exception's message and its values by its type and the lines it passed.

    Messages of database and form errors quote the values they refused, so only types and places are kept.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
            record.msg = f"{record.getMessage()} [{record.exc_info[0].__name__} at {places}]"
            record.args = None
            record.exc_info = None
            record.exc_text = None
        message = record.getMessage()
        if (without := TOKEN.sub(r"\1…", message)) != message:
            record.msg, record.args = without, None
        return True
