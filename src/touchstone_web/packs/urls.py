from django.urls import path

from touchstone_web.packs import views

urlpatterns = [
    path("packs", views.packs, name="packs"),
    path("packs/<slug:pack_name>", views.pack, name="pack"),
    path("packs/<slug:pack_name>/<slug:scheme_name>", views.scheme, name="scheme"),
]
