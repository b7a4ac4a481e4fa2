from django.urls import path

from touchstone_web.units import views

urlpatterns = [
    path("units", views.units, name="units"),
    path("units/import", views.import_units, name="import_units"),
    path("units/import/<public_id:public_id>", views.tree_upload, name="tree_upload"),
    path(
        "units/import/<public_id:public_id>/progress",
        views.tree_upload_progress,
        name="tree_upload_progress",
    ),
    path("units/import/<public_id:public_id>/accept", views.accept, name="accept_tree_upload"),
    path("units/import/<public_id:public_id>/drop", views.drop, name="drop_tree_upload"),
    path("units/trees/<public_id:public_id>", views.tree, name="tree"),
    path("units/<public_id:public_id>", views.unit, name="unit"),
]
