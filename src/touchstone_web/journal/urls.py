from django.urls import path

from touchstone_web.journal import views

urlpatterns = [
    path("journal", views.journal, name="journal"),
    path("journal/<int:height>", views.entry, name="entry"),
]
