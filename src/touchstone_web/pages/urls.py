from django.urls import path

from touchstone_web.pages import views

urlpatterns = [path("", views.home, name="home")]
