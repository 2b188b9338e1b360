"""Answers that are the same with and without htmx."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def see_other(request: HttpRequest, address: str) -> HttpResponse:
    """After a POST that succeeded: 303 to `address`; for htmx the same as a header, since it cannot follow a 303."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
