from django.urls import path

from touchstone_web.evidence import views

urlpatterns = [
    path("evidence", views.evidence, name="evidence"),
    path("evidence/import", views.import_evidence, name="import_evidence"),
    path("evidence/import/<public_id:public_id>", views.upload, name="upload"),
    path(
        "evidence/import/<public_id:public_id>/progress",
        views.upload_progress,
        name="upload_progress",
    ),
    path("evidence/import/<public_id:public_id>/freeze", views.freeze, name="freeze_upload"),
    path("evidence/import/<public_id:public_id>/drop", views.drop, name="drop_upload"),
    path("evidence/<public_id:public_id>", views.snapshot, name="snapshot"),
    path("evidence/<public_id:public_id>.<str:ending>", views.download, name="download_snapshot"),
]
