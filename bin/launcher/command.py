"""What bin/up, bin/test and bin/bench have in common: signals, one clear sentence, the exit code."""

import sys
from collections.abc import Callable

from . import signals
from .trouble import Stopped, Trouble
from .words import complain


def command(main: Callable[[], int | None]) -> None:
    """Runs `main` and exits: 0 or what it returned; 1 with one clear sentence for Trouble; 128 + n for signal n."""
    signals.take_over()
    try:
        code = main() or 0
    except Trouble as trouble:
        complain(f"\n{trouble}")
        code = 1
    except OSError as error:  # a full disk, a folder that cannot be written
        complain(f"\nThis machine refused: {error}.")
        code = 1
    except Stopped as stopped:
        complain("Stopped.")
        code = 128 + stopped.number
    sys.exit(code)
