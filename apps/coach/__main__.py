"""The coach on the command line: one sentence a line in, one JSON object a line out; `--commitment` judges commitments.

Lines end at "\\n" only, are read as UTF-8 with replacement, and are answered at once, blank ones too.
"""

import json
import sys
from typing import Any, BinaryIO, TextIO

from apps.coach.commitments import judge_commitment
from apps.coach.judge import judge, praise


def answer(text: str) -> dict[str, Any]:
    """A sentence with its labels, the good ones too where there is no harm."""
    judgement = judge(text)
    instead = next((one.instead for one in judgement.findings if one.instead), None)
    labels = judgement.labels or praise(text)
    why = dict.fromkeys(one.why for one in judgement.findings)
    return {"text": text, "labels": list(labels), "why": list(why), "instead": instead}


def answer_commitment(text: str) -> dict[str, Any]:
    """A commitment with its label and what is missing in it."""
    judgement = judge_commitment(text)
    return {"text": text, "labels": [judgement.label], "missing": list(judgement.missing)}


def run(arguments: list[str], source: BinaryIO, target: TextIO) -> int:
    """Answers every line of the source. Returns 2 where an argument is not known."""
    if set(arguments) - {"--commitment"}:
        sys.stderr.write("usage: python -m apps.coach [--commitment]\n")
        return 2
    give = answer_commitment if "--commitment" in arguments else answer
    for line in source:
        text = line.removesuffix(b"\n").decode("utf-8", "replace")
        target.write(json.dumps(give(text)) + "\n")
        target.flush()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(run(sys.argv[1:], sys.stdin.buffer, sys.stdout))
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
