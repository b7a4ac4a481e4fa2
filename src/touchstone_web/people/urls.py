from django.urls import path

from touchstone_web.people import views

urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("language", views.language, name="language"),
    path("password", views.ask_reset, name="ask_reset"),
    path("password/<str:uidb64>/<str:token>", views.Reset.as_view(), name="reset"),
    path(
        "invitations/<public_id:public_id>/<str:signature>",
        views.accept_invitation,
        name="accept_invitation",
    ),
    path("account", views.account, name="account"),
    path("account/password", views.change_password, name="change_password"),
    path("people", views.people, name="people"),
    path("people/invite", views.invite, name="invite"),
    path("people/<public_id:public_id>", views.person, name="person"),
    path("people/<public_id:public_id>/remits", views.grant, name="grant"),
    path("people/<public_id:public_id>/close", views.close, name="close_account"),
    path("remits/<public_id:public_id>/end", views.end, name="end_remit"),
]
