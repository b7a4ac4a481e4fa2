from django.urls import path

from touchstone_web.shared import views

urlpatterns = [
    path("jobs/<public_id:public_id>/progress", views.job_progress, name="job_progress"),
    path("alive", views.alive, name="alive"),
]
