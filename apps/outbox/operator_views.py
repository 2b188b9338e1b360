"""The operator's page: totals of the outbox, for staff, at an address that the operator has chosen.

Whoever is not staff gets what an address that does not exist gives, and the page is not there without OPERATOR_PAGE.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.outbox.status import status


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Totals only; nothing on it can be opened."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    return render(request, "outbox/operator.html", {"status": status()})
