"""The couple's look backs under /check-ins/, one's own under /mine/. The two have nothing in common but their pages."""

from django.urls import path

from apps.checkins import views

app_name = "checkins"
urlpatterns = [
    path("look-back/", views.due, name="due"),
    path("check-ins/", views.check_ins, name="check_ins"),
    path("check-ins/<int:number>/", views.look_back, name="check_in"),
    path("check-ins/<int:number>/save/", views.save, name="save"),
    path("check-ins/<int:number>/share/", views.share, name="share"),
    path("check-ins/<int:number>/skip/", views.skip, name="skip"),
    path("check-ins/<int:number>/later/", views.later, name="later"),
    path("check-ins/<int:number>/not-later/", views.not_later, name="not_later"),
    path("check-ins/<int:number>/care/", views.afraid, name="afraid"),
    path("check-ins/<int:number>/awake/", views.awake, name="awake"),
    path("check-ins/<int:number>/rest/", views.rest, name="rest"),
    path("check-ins/<int:number>/return/", views.come_back, name="return"),
    path("mail/<slug:token>/later/", views.snooze, name="snooze"),
    path("kept/<uuid:lineage>/", views.kept, name="kept"),
    path("kept/<uuid:lineage>/undo/", views.not_kept, name="not_kept"),
    path("noticed/", views.noticed, name="noticed"),
    path("noticed/undo/", views.not_noticed, name="not_noticed"),
    path("progress/", views.progress, name="progress"),
    path("care/", views.care, name="care"),
    path("mine/", views.intentions, name="intentions"),
    path("mine/<int:number>/", views.look_back, {"own": True}, name="intention"),
    path("mine/<int:number>/save/", views.save, {"own": True}, name="save_own"),
    path("mine/<int:number>/share/", views.share, {"own": True}, name="share_own"),
    path("mine/<int:number>/skip/", views.skip, {"own": True}, name="skip_own"),
    path("mine/<int:number>/later/", views.later, {"own": True}, name="later_own"),
    path("mine/<int:number>/care/", views.afraid, {"own": True}, name="afraid_own"),
    path("mine/<int:number>/awake/", views.awake, {"own": True}, name="awake_own"),
    path("mine/<int:number>/stop/", views.stop, name="stop"),
    path("mine/<int:number>/return/", views.come_back, {"own": True}, name="return_own"),
]
