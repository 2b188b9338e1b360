"""One exercise: read it, keep a draft, share, undo, take back, add to a record of both or of one's own."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.review import look_over
from apps.core.errors import RuleBroken, Stale
from apps.core.http import see_other
from apps.guides.schema import Exercise
from apps.plans import actions, exercises, queries
from apps.plans.exercises.deck import DoneForm, OwnIdeaForm
from apps.plans.exercises.forms import ExerciseForm
from apps.plans.forms import AnswerForm, ReflectionForm, ReplyForm
from apps.plans.views.lookup import Found, find, find_exercise
from apps.spaces.decorators import needs_seat


@needs_seat
@require_safe
def exercise(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """The page of one exercise."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    if found.plan.closed_at is not None:
        return redirect("plans:plan", number)
    if definition.kind == "agreement":
        return redirect("plans:agreement", number)
    return page(request, found, definition)


def page(
    request: HttpRequest,
    found: Found,
    definition: Exercise,
    *,
    form: ExerciseForm | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """Draw the exercise; `form` is what was just posted, where something stood in its way."""
    standing = queries.standing(found.plan, found.seat)
    shown = queries.exercise_page(standing, definition, now=found.now)
    if shown.kind.writes and form is None and not shown.said:
        around = shown.records.around(today(found), shown.round)
        form = shown.kind.form(definition, body=shown.body, around=around)
    place = shown.place.key if shown.place else queries.PREPARE
    context = {"page": shown, "form": form, "plan": found.plan, "place": place, "standing": standing}
    context |= other_forms(shown, found) | extra
    return render(request, "plans/exercise.html", context, status=status)


def today(found: Found) -> Any:
    """The day on the person's own wall."""
    return found.now.astimezone(found.seat.user.zone).date()


def other_forms(shown: queries.ExercisePage, found: Found) -> dict[str, Any]:
    """The forms beside the exercise's own: saying back and answering it, replying, and what stands beside a deck."""
    waiting = shown.heard.may_answer if shown.heard else None
    forms: dict[str, Any] = {
        "reflection_form": ReflectionForm(initial={"text": shown.reflection_draft}),
        "answer_form": AnswerForm(initial={"number": waiting.number if waiting else None}),
        "reply_form": ReplyForm(initial=shown.reply_draft),
    }
    if shown.kind.joins:
        ideas = [*(shown.matches or []), *shown.earlier_matches]
        around = shown.records.around(today(found))
        matches = [
            (
                idea,
                around.last_done.get(idea.key),
                DoneForm(initial={"idea": idea.key, "on": today(found)}, auto_id=f"id_{idea.key}_%s"),
            )
            for idea in ideas
        ]
        newest = len(shown.matches or [])
        forms |= {
            "idea_form": OwnIdeaForm(),
            "matched": matches[:newest],
            "matched_before": matches[newest:],
        }
    if shown.kind.corrects:
        forms["box"] = [
            (
                one,
                shown.kind.form(shown.exercise, body=one.body).within(f"correct-{one.number}")
                if one.mine and one.taken_back_at is None and shown.open
                else None,
            )
            for one in shown.entries
        ]
    return forms


def posted(request: HttpRequest, number: int, place: str, key: str) -> tuple[Found, Exercise, ExerciseForm]:
    """The exercise's own form with what was sent, beside what was kept before."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    kind = exercises.kind(definition)
    if not kind.writes:
        raise Http404
    kept = queries.own_draft(found.plan, found.seat, key)
    around = queries.records(found.plan, found.seat, definition, now=found.now).around(today(found))
    return found, definition, kind.form(definition, request.POST, kept.body if kept else {}, around)


def keep(request: HttpRequest, found: Found, definition: Exercise, form: ExerciseForm) -> int:
    """Keep what was posted as the draft and return its revision; a small button of the form has its say first."""
    revision = request.POST.get("revision", "")
    kind = exercises.kind(definition)
    body = kind.drafted(form.body(), form.before)
    source = kind.draws_from(queries.guide_of(found.plan, found.seat).exercises())
    other = queries.own_draft(found.plan, found.seat, source) if source and "take" in request.POST else None
    kept = actions.save_draft(
        by=found.seat,
        plan=found.plan,
        exercise=definition.key,
        body=kind.pressed(form, body, other.body if other else {}),
        base=int(revision) if revision.isdecimal() and len(revision) < 9 else 0,
        prompt=definition.prompt,
        now=found.now,
    )
    return kept.revision


@needs_seat
@require_POST
def draft(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Keep a draft: after a pause in typing, or by pressing Save."""
    found, definition, form = posted(request, number, place, key)
    if not form.is_valid():
        if request.headers.get("HX-Request"):
            return render(request, "plans/_not_kept.html", {"form": form}, status=422)
        return page(request, found, definition, form=form, status=422)
    try:
        revision = keep(request, found, definition, form)
    except Stale as error:
        return stale(request, found, definition, form, error)
    except RuleBroken as error:
        form.add_error(None, error.message)
        return page(request, found, definition, form=form, status=422)
    if request.headers.get("HX-Request"):
        response = render(request, "plans/_kept.html")
        response["X-Revision"] = str(revision)
        return response
    return see_other(request, address(number, place, key) + ("?kept#own" if small_button(request) else "?kept"))


def small_button(request: HttpRequest) -> bool:
    """Was it one of the form's small buttons? Then one stays where it was pressed."""
    return bool({"up", "down", "take", "card-to-words", "filter"} & set(request.POST))


def address(number: int, place: str, key: str) -> str:
    return reverse("plans:exercise", args=[number, place, key])


def stale(request: HttpRequest, found: Found, definition: Exercise, form: ExerciseForm, error: Stale) -> HttpResponse:
    """Both texts: what is stored, to read, and what was just typed, still in the form."""
    if request.headers.get("HX-Request"):
        kept = queries.own_draft(found.plan, found.seat, definition.key)
        shown = exercises.kind(definition).shown(definition, kept.body if kept else {})
        context = {
            "shown": shown,
            "kind": exercises.kind(definition),
            "exercise": definition,
            "sentence": error.message,
        }
        return render(request, "plans/_stale_draft.html", context, status=409)
    return page(request, found, definition, form=form, status=409, stale=error.message)


@needs_seat
@require_POST
def share(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Publish what is in the form; it stays as a draft too."""
    found, definition, form = posted(request, number, place, key)
    form.sending = True
    return publish(request, found, definition, form, "body", actions.share)


@needs_seat
@require_POST
def add(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Put what is in the form into the record: of both, or of one's own; into a deck an idea of one's own."""
    found, definition, form = posted(request, number, place, key)
    kind = exercises.kind(definition)
    if kind.joins:
        return add_idea(request, found, definition)
    return publish(
        request, found, definition, form, *(("item", actions.keep_item) if kind.record else ("body", actions.add_entry))
    )


def publish(
    request: HttpRequest, found: Found, definition: Exercise, form: ExerciseForm, name: str, action: Any
) -> HttpResponse:
    """Keep what was sent, then hand its final words to `action` under that name."""
    if not form.is_valid():
        return page(request, found, definition, form=form, status=422)
    try:
        keep(request, found, definition, form)
        if not form.require():
            return page(request, found, definition, form=form, status=422)
        if noted := look_over(request, form):
            return page(request, found, definition, form=form, coached=noted)
        action(by=found.seat, plan=found.plan, exercise=definition.key, now=found.now, **{name: form.final()})
    except Stale as error:
        return stale(request, found, definition, form, error)
    except RuleBroken as error:
        form.add_error(None, error.message)
        return page(request, found, definition, form=form, status=422)
    return see_other(request, request.path.rsplit("/", 2)[0] + "/" + ("?added" if name == "item" else ""))


def add_idea(request: HttpRequest, found: Found, definition: Exercise) -> HttpResponse:
    """An idea of one's own for the deck of both."""
    form = OwnIdeaForm(request.POST)
    if form.is_valid():
        try:
            actions.add_idea(by=found.seat, plan=found.plan, exercise=definition.key, body=form.body(), now=found.now)
            return see_other(request, request.path.rsplit("/", 2)[0] + "/")
        except RuleBroken as error:
            form.add_error(None, error.message)
    return page(request, found, definition, status=422, idea_form=form)


@needs_seat
@require_POST
def remove(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Take one item out of one's own record, at once."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    if not exercises.kind(definition).record:
        raise Http404
    try:
        item = request.POST.get("item", "")[:40]
        actions.remove_item(by=found.seat, plan=found.plan, exercise=key, item=item, now=found.now)
    except RuleBroken as error:
        return page(request, found, definition, status=422, problem=error.message)
    return see_other(request, address(number, place, key) + "?gone")


@needs_seat
@require_POST
def undo(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Within ten minutes: as if it had not been shared, or not been put in."""
    return change(request, number, place, key, actions.undo_share, actions.undo_entry)


@needs_seat
@require_POST
def take_back(request: HttpRequest, number: int, place: str, key: str) -> HttpResponse:
    """Mark what I shared, or put in, as taken back."""
    return change(request, number, place, key, actions.take_back, actions.take_entry_back)


def change(request: HttpRequest, number: int, place: str, key: str, of_share: Any, of_entry: Any) -> HttpResponse:
    """Undo or take back what the person saw: a version of their share, or an `entry` of a `record`."""
    found = find(request, number)
    definition = find_exercise(found, place, key)
    entry, record = whole(request.POST.get("entry")), request.POST.get("record", "")
    given: dict[str, Any] = {"by": found.seat, "plan": found.plan, "exercise": key, "now": found.now}
    try:
        if entry is not None and record in ("", queries.REPLY, queries.DONE):
            of_entry(number=entry, record=record, **given)
        elif entry is None:
            of_share(version=whole(request.POST.get("version")), **given)
    except RuleBroken as error:
        return page(request, found, definition, status=422, problem=error.message)
    return see_other(request, address(number, place, key))


def whole(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 7 else None
