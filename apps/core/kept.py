"""What somebody typed comes back on the page when a form could not be taken (session over, token too old)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)
LONG = 40


def kept_page(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """The page with the posted text, which can be copied, or sent again once that works."""
    values = own_values(request)
    context = {
        "address": request.get_full_path(),
        "texts": [(name, value) for name, value in values if is_text(value)],
        "others": [(name, value) for name, value in values if not is_text(value)],
    }
    return render(request, template, context, status=status)


def holds_text(request: HttpRequest) -> bool:
    """Whether there is something in what was posted that somebody would miss."""
    return any(is_text(value) for _name, value in own_values(request))


def own_values(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted from a page of ours. Nothing of a stranger's form, and no password, is ever shown again."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return []
    if any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() if name != TOKEN for value in values]


def is_text(value: str) -> bool:
    return len(value) > LONG or "\n" in value
