"""Times for two under /times/, and the calendar that one's own program reads."""

from django.urls import path, register_converter

from apps.appointments import views
from apps.spaces.converters import TokenConverter

register_converter(TokenConverter, "calendar_token")

app_name = "appointments"
urlpatterns = [
    path("times/", views.times, name="list"),
    path("times/new/", views.new, name="new"),
    path("times/look/", views.look, name="look"),
    path("times/hours/", views.hours, name="hours"),
    path("times/calendar/", views.make_feed, name="make_feed"),
    path("times/calendar/end/", views.end_feed, name="end_feed"),
    path("times/<int:number>/", views.appointment, name="appointment"),
    path("times/<int:number>/accept/", views.accept, name="accept"),
    path("times/<int:number>/other/", views.other, name="other"),
    path("times/<int:number>/not-now/", views.not_now, name="not_now"),
    path("times/<int:number>/end/", views.end, name="end"),
    path("times/<int:number>/start/", views.start, name="start"),
    path("times/<int:number>/move/", views.move, name="move"),
    path("times/<int:number>/calendar.ics", views.calendar_file, name="file"),
    path("calendar/<calendar_token:token>.ics", views.feed, name="feed"),
]
