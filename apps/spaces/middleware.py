"""Finds the seat once for each request; every view starts there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.spaces.queries import seat_of


class SeatMiddleware:
    """`request.seat` is the open seat of the signed-in person, or None. One query, the other seat included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seat = seat_of(request.user) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        return self.get_response(request)
