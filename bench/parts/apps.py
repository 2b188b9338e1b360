"""Registers the kind of letter that the benchmarks send."""

from django.apps import AppConfig

from bench.parts import message


class BenchConfig(AppConfig):
    name = "bench.parts"
    label = "bench"

    def ready(self) -> None:
        from apps.outbox import kinds

        kinds.register(
            kinds.Kind(
                name=message.KIND,
                decide=lambda letter, now: kinds.Send(),
                render=lambda letter, now: kinds.Mail(**letter.payload),
            )
        )
