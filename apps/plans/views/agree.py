"""What we will do: wording a proposal, saying yes, letting a line rest, ending it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.review import look_over
from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.guides.starters import fitting, need_names, starters
from apps.plans import actions, queries
from apps.plans.forms import Editor, ReducedForm, ThoughtForm, raw_of
from apps.plans.models import Commitment, Draft
from apps.plans.proposals import WORDS, never_owed_in
from apps.plans.views.lookup import Found, find
from apps.spaces.decorators import needs_seat

DRAFT = "agreement"
LOOKING = {"start", "show-kind", "show-need"}  # looking through the small things to start from


@needs_seat
@require_safe
def agreement(request: HttpRequest, number: int) -> HttpResponse:
    """The newest proposal with my own yes, and the agreement that holds."""
    found = find(request, number)
    if found.plan.closed_at is not None:
        return redirect("plans:plan", number)
    return page(request, found)


def page(
    request: HttpRequest,
    found: Found,
    *,
    status: int = 200,
    problem: str = "",
    seen: int | None = None,
    thought: ThoughtForm | None = None,
    **extra: Any,
) -> HttpResponse:
    shown = queries.agreement_page(queries.standing(found.plan, found.seat), seen=seen)
    if shown.proposal is None and not problem and shown.standing.may_agree:
        return redirect("plans:propose", found.plan.seen_number)
    reduced = queries.reduced(shown.standing, found.now)
    if reduced:
        shown.agreed_lines = queries.least_first(shown.agreed_lines)
        shown.lines = shown.agreed_lines if shown.is_agreed else shown.lines
    if shown.proposal is not None and shown.may_answer and thought is None:
        mine = {"text": shown.proposal.answer, "number": shown.proposal.number}
        thought = ThoughtForm(initial=mine)
    context = {
        "page": shown,
        "plan": found.plan,
        "problem": problem,
        "reduced": reduced,
        "thought": thought if shown.may_answer else None,
        "unsent": thought if thought is not None and thought.is_bound and not shown.may_answer else None,
        "never_owed": never_owed_in(shown.proposal) if shown.proposal else [],
    } | extra
    return render(request, "plans/agreement.html", context, status=status)


def agreement_address(number: int) -> str:
    return reverse("plans:agreement", args=[number])


@needs_seat
@require_safe
def next_round(request: HttpRequest) -> HttpResponse:
    """From a look back to the next proposal, already filled in: `line-<lineage>` says keep, change or rest."""
    plan = queries.open_plan(request.seat)  # type: ignore[attr-defined]
    if plan is None:
        return redirect("home")
    query = request.GET.urlencode()
    return redirect(reverse("plans:propose", args=[plan.seen_number]) + (f"?{query}" if query else ""))


@needs_seat
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, number: int) -> HttpResponse:
    """Word a proposal; the yes can come later."""
    found = find(request, number)
    return put_forward(request, found, yes=False) if request.method == "POST" else editor_page(request, found)


@needs_seat
@require_POST
def propose_with_yes(request: HttpRequest, number: int) -> HttpResponse:
    """Propose, and say yes to it, in one press."""
    return put_forward(request, find(request, number), yes=True)


def editor_page(request: HttpRequest, found: Found) -> HttpResponse:
    if found.plan.closed_at is not None:
        return redirect("plans:plan", found.plan.seen_number)
    newest, standing = queries.newest_proposal(found.plan), queries.standing(found.plan, found.seat)
    kept, needs, loads = queries.wording_and_wants(standing, DRAFT)
    fresh = bool(set(request.GET) - LOOKING)  # a look back filled this in: an older draft would hide it
    looked_for = {name: request.GET.get(f"show-{name}", "") for name in ("kind", "need")}
    usable = kept is not None and kept.body.get("base") == (newest.number if newest else 0) and not fresh
    editor = Editor(
        seat=found.seat,
        today=today(found),
        newest=newest,
        raw=kept.body["typed"] if kept and usable else None,
        dropped=dropped(request) | queries.resting_lines(newest),
        start=next((one for one in starters() if one.key == request.GET.get("start")), None),
    )
    # Words for an older version do not fit into this one's lines; they are shown, so that they can be taken over.
    before = worded(kept) if not usable else []
    return draw(
        request,
        found,
        editor,
        standing=standing,
        revision=kept.revision if kept else 0,
        before=before,
        starters=fitting(needs, loads, **looked_for),
        starter_kinds=Commitment.Kind.choices,
        starter_needs=need_names(),
        looked_for=looked_for,
    )


def worded(kept: Draft | None) -> list[str]:
    """What was typed into a kept wording, field by field."""
    typed = kept.body["typed"] if kept else {}
    said = (*WORDS, "support", "wishes")
    return [text for name, text in typed.items() if name.rsplit("-", 1)[-1] in said and text.strip()]


def draw(
    request: HttpRequest,
    found: Found,
    editor: Editor,
    *,
    status: int = 200,
    standing: queries.Standing | None = None,
    **extra: Any,
) -> HttpResponse:
    standing = standing or queries.standing(found.plan, found.seat)
    context = {
        "editor": editor,
        "plan": found.plan,
        "standing": standing,
        "ideas": queries.revealed_ideas(standing),
        "newest": editor.newest,
        "revision": whole(request.POST.get("revision")),  # what was posted comes back with what it is based on
    } | extra
    return render(request, "plans/propose.html", context, status=status)


def dropped(request: HttpRequest) -> frozenset[UUID]:
    """The lines that the last look back let go."""
    found = set()
    for key, value in request.GET.items():
        if key.startswith("line-") and value == "rest":
            try:
                found.add(UUID(key.removeprefix("line-")))
            except ValueError:
                continue
    return frozenset(found)


def today(found: Found) -> Any:
    return found.now.astimezone(found.seat.user.zone).date()


def put_forward(request: HttpRequest, found: Found, *, yes: bool) -> HttpResponse:
    newest = queries.newest_proposal(found.plan)
    editor = Editor(seat=found.seat, today=today(found), newest=newest, data=request.POST)
    if not editor.is_valid():
        return draw(request, found, editor, status=422)
    if noted := look_over(request, *editor.forms):
        try:
            kept = keep(found, request.POST)
        except RuleBroken as error:
            return not_kept(request, found, error)
        return draw(request, found, editor, coached=noted, revision=kept.revision)
    base = editor.follow_up.cleaned_data["base"]
    try:
        proposal = actions.propose(by=found.seat, plan=found.plan, base=base, wording=editor.wording(), now=found.now)
        actions.clear_draft(by=found.seat, plan=found.plan, exercise=DRAFT)
        if yes:
            actions.approve(by=found.seat, plan=found.plan, number=proposal.number, now=found.now)
    except Stale as error:
        editor = Editor(seat=found.seat, today=today(found), newest=newest, raw=raw_of(request.POST))
        newer = queries.agreement_page(queries.standing(found.plan, found.seat), seen=base)
        return draw(request, found, editor, status=409, stale=error.message, newer=newer)
    except RuleBroken as error:
        editor.problem = error.message
        return draw(request, found, editor, status=422)
    return see_other(request, agreement_address(found.plan.seen_number))


@needs_seat
@require_POST
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Keep an unfinished wording. Only mine, until I propose it."""
    found = find(request, number)
    posted = request.POST
    try:
        kept = keep(found, posted)
    except RuleBroken as error:
        return not_kept(request, found, error)
    if not request.headers.get("HX-Request"):
        return see_other(request, reverse("plans:propose", args=[number]) + looking(posted))
    response = render(request, "plans/_kept.html")
    response["X-Revision"] = str(kept.revision)
    return response


def keep(found: Found, posted: QueryDict) -> Draft:
    """Keep what was typed as the draft of a proposal. Raises Stale where another window kept some since."""
    return actions.save_draft(
        by=found.seat,
        plan=found.plan,
        exercise=DRAFT,
        body={"base": whole(posted.get("base")), "typed": raw_of(posted)},
        base=whole(posted.get("revision")),
        now=found.now,
    )


def looking(posted: Mapping[str, str]) -> str:
    """Back to the editor with the small thing that was taken, or to those that were asked for."""
    if posted.get("start"):
        return f"?{urlencode({'start': posted['start']})}#lines"
    if "show" in posted:
        wanted = {"show-kind": posted.get("show-kind") or "all", "show-need": posted.get("show-need", "")}
        return f"?{urlencode(wanted)}#starters"
    return ""


def not_kept(request: HttpRequest, found: Found, error: RuleBroken) -> HttpResponse:
    """Both texts: what is stored, to read, and what was just typed, still in the form."""
    stored = queries.own_draft(found.plan, found.seat, DRAFT) if isinstance(error, Stale) else None
    status = 409 if isinstance(error, Stale) else 422
    if request.headers.get("HX-Request"):
        context = {"sentence": error.message, "text": "\n".join(worded(stored))}
        return render(request, "plans/_stale_text.html", context, status=status)
    typed, newest = raw_of(request.POST), queries.newest_proposal(found.plan)
    editor = Editor(seat=found.seat, today=today(found), newest=newest, raw=typed)
    editor.problem = error.message
    return draw(
        request, found, editor, status=status, revision=stored.revision if stored else 0, elsewhere=worded(stored)
    )


def whole(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else 0


@needs_seat
@require_POST
def yes(request: HttpRequest, number: int) -> HttpResponse:
    """My yes to the version that I saw. A newer one since is a 409 with what changed."""
    found, seen = find(request, number), whole(request.POST.get("number"))
    try:
        actions.approve(by=found.seat, plan=found.plan, number=seen, now=found.now)
    except Stale as error:
        return page(request, found, status=409, problem=error.message, seen=seen)
    except RuleBroken as error:
        return page(request, found, status=422, problem=error.message)
    return see_other(request, agreement_address(number))


@needs_seat
@require_POST
def take_back_yes(request: HttpRequest, number: int) -> HttpResponse:
    """My yes back, while it is not agreed."""
    found = find(request, number)
    try:
        actions.withdraw(by=found.seat, plan=found.plan, number=whole(request.POST.get("number")), now=found.now)
    except RuleBroken as error:
        return page(request, found, status=422, problem=error.message)
    return see_other(request, agreement_address(number))


@needs_seat
@require_POST
def release(request: HttpRequest, number: int, lineage: UUID) -> HttpResponse:
    """Let one line rest, at once."""
    found = find(request, number)
    try:
        actions.release(by=found.seat, plan=found.plan, lineage=lineage, now=found.now)
    except RuleBroken as error:
        return page(request, found, status=422, problem=error.message)
    return see_other(request, agreement_address(number))


@needs_seat
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End the agreement: a page that says what happens, and one button."""
    found = find(request, number)
    if request.method == "POST":
        try:
            actions.end_agreement(by=found.seat, plan=found.plan, now=found.now)
        except RuleBroken as error:
            return page(request, found, status=422, problem=error.message)
        return see_other(request, agreement_address(number))
    return render(request, "plans/end.html", {"plan": found.plan})


@needs_seat
@require_POST
def thought(request: HttpRequest, number: int) -> HttpResponse:
    """What I think of a version, where the other asked."""
    found = find(request, number)
    form = ThoughtForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, thought=form)
    if noted := look_over(request, form):
        return page(request, found, thought=form, coached=noted)
    text, seen = form.cleaned_data["text"], form.cleaned_data["number"]
    try:
        actions.say_thought(by=found.seat, plan=found.plan, number=seen, text=text, now=found.now)
    except RuleBroken as error:
        status = 409 if isinstance(error, Stale) else 422
        return page(request, found, status=status, problem=error.message, thought=form)
    return see_other(request, agreement_address(number))


@needs_seat
@require_http_methods(["GET", "POST"])
def less(request: HttpRequest, number: int) -> HttpResponse:
    """ "I have less to give until …": both read the day, and nothing else."""
    found = find(request, number)
    if found.plan.closed_at is not None:
        return redirect("plans:plan", number)
    form = ReducedForm(request.POST if request.method == "POST" else None, today=today(found))
    if form.is_valid():
        try:
            actions.reduce(by=found.seat, until=form.cleaned_data["until"], now=found.now)
        except RuleBroken as error:
            form.add_error(None, error.message)
        else:
            return see_other(request, agreement_address(number))
    standing = queries.reduced(queries.standing(found.plan, found.seat), found.now)
    mine = next((one for one in standing if one.seat == found.seat), None)
    context = {"plan": found.plan, "seat": found.seat, "form": form, "mine": mine}
    return render(request, "plans/less.html", context, status=422 if form.is_bound else 200)


@needs_seat
@require_POST
def enough_again(request: HttpRequest, number: int) -> HttpResponse:
    """It is over, earlier than said."""
    found = find(request, number)
    actions.end_reduced(by=found.seat, now=found.now)
    return see_other(request, agreement_address(number))
