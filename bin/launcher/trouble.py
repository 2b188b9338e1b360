"""What can end the launcher."""


class Trouble(Exception):
    """Something is missing or does not work; the message is one clear sentence for the person at the terminal."""


class Stopped(Exception):
    """A signal asked us to stop; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
