"""Pages around signing in that are ours: the welcome page and the way out."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/welcome.html")


@login_not_required
def exit_page(request: HttpRequest) -> HttpResponse:
    return redirect("home")
