"""Addresses below /plans/. A plan is addressed by its number in the space; a step and an exercise by their keys."""

from django.urls import path

from apps.plans.views import agree, answer, first, listen, start, summary, walk, write

app_name = "plans"

exercise = "<int:number>/<slug:place>/<slug:key>/"

urlpatterns = [
    path("first/", first.evening, name="first"),
    path("first/tonight/", first.tonight, name="tonight"),
    path("start/", start.start, name="start"),
    path("settle/", walk.settle, name="settle"),
    path("next/", agree.next_round, name="next_round"),
    path("<int:number>/", walk.plan, name="plan"),
    path("<int:number>/focus/", walk.focus, name="focus"),
    path("<int:number>/door/", walk.door, name="door"),
    path("<int:number>/rest/", walk.rest, name="rest"),
    path("<int:number>/agreement/", agree.agreement, name="agreement"),
    path("<int:number>/agreement/propose/", agree.propose, name="propose"),
    path("<int:number>/agreement/propose/with-yes/", agree.propose_with_yes, name="propose_with_yes"),
    path("<int:number>/agreement/propose/draft/", agree.draft, name="proposal_draft"),
    path("<int:number>/agreement/yes/", agree.yes, name="yes"),
    path("<int:number>/agreement/yes/take-back/", agree.take_back_yes, name="take_back_yes"),
    path("<int:number>/agreement/thought/", agree.thought, name="thought"),
    path("<int:number>/agreement/less/", agree.less, name="less"),
    path("<int:number>/agreement/less/over/", agree.enough_again, name="enough_again"),
    path("<int:number>/agreement/rest/<uuid:lineage>/", agree.release, name="release"),
    path("<int:number>/agreement/end/", agree.end, name="end"),
    path("<int:number>/summary/", summary.summary, name="summary"),
    path("<int:number>/summary/agree/", summary.agree, name="agree_to_summary"),
    path("<int:number>/summary/take-back/", summary.take_back, name="leave_summary"),
    path("<int:number>/<slug:place>/", walk.step, name="step"),
    path("<int:number>/<slug:place>/talked/", walk.talked, name="talked"),
    path("<int:number>/<slug:place>/talked/take-back/", walk.untalked, name="untalked"),
    path(exercise, write.exercise, name="exercise"),
    path(exercise + "draft/", write.draft, name="draft"),
    path(exercise + "share/", write.share, name="share"),
    path(exercise + "undo/", write.undo, name="undo"),
    path(exercise + "take-back/", write.take_back, name="take_back"),
    path(exercise + "add/", write.add, name="add"),
    path(exercise + "remove/", write.remove, name="remove"),
    path(exercise + "correct/", answer.correct, name="correct"),
    path(exercise + "reply/", answer.reply, name="reply"),
    path(exercise + "reply/draft/", answer.reply_draft, name="reply_draft"),
    path(exercise + "guess/", answer.guess, name="guess"),
    path(exercise + "drop-guess/", answer.drop_guess, name="drop_guess"),
    path(exercise + "done/", answer.done, name="done"),
    path(exercise + "say-back/", listen.reflect, name="reflect"),
    path(exercise + "say-back/draft/", listen.draft, name="reflection_draft"),
    path(exercise + "answer/", listen.answer, name="answer"),
    path(exercise + "leave-for-today/", listen.leave_for_today, name="leave_for_today"),
]
