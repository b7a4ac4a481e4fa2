"""Pages about accounts and remits."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from touchstone.base.errors import TouchstoneError
from touchstone.content.texts import LANGUAGES
from touchstone_web.journal.queries import entries_about, names_in
from touchstone_web.people import commands, forms, queries
from touchstone_web.people.jobs import send_reset_link
from touchstone_web.people.models import Person
from touchstone_web.shared import clocks
from touchstone_web.shared.faults import fault_text
from touchstone_web.shared.languages import current_language, words_for
from touchstone_web.shared.queries import page_of
from touchstone_web.shared.roles import ALL_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE = 422
TOO_MANY = 429
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
NEWEST_ENTRIES = 20


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    """Django's view with the look of the product."""

    form_class = forms.SignInForm
    template_name = "people/sign_in.html"
    redirect_authenticated_user = True

    def form_invalid(self, form: forms.SignInForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


def paused(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """After too many wrong passwords."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "people/paused.html", {"minutes": minutes}, status=TOO_MANY)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, and on the person who is signed in."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    own_host = {request.get_host()}
    if not url_has_allowed_host_and_scheme(target, own_host, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    if chosen in LANGUAGES:
        _keep_in_cookie(response, chosen)
        if isinstance(request.user, Person):
            commands.choose_language(person=request.user, language=chosen)
    return response


@login_not_required
@GET_OR_POST
def ask_reset(request: HttpRequest) -> HttpResponse:
    form = forms.ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_reset_link.enqueue(form.cleaned_data["email"])
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        return render(request, "people/reset_sent.html", {"hours": hours})
    return _form_page(request, "people/ask_reset.html", form)


@method_decorator(login_not_required, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class Reset(auth_views.PasswordResetConfirmView):
    """Django's view checks the link and moves its token out of the address."""

    form_class = forms.PasswordForm
    template_name = "people/reset.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        keywords = super().get_form_kwargs()
        keywords["person"] = keywords.pop("user")
        return keywords

    def form_valid(self, form: forms.PasswordForm) -> HttpResponse:
        commands.change_password(
            person=self.user, password=form.cleaned_data["password"], by=self.user
        )
        del self.request.session[auth_views.INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, words_for().text("password.changed"))
        return redirect("sign_in")


@login_not_required
@sensitive_post_parameters()
@GET_OR_POST
def accept_invitation(request: HttpRequest, public_id: str, signature: str) -> HttpResponse:
    invitation = queries.open_invitation(public_id, signature, moment=clocks.now())
    initial = {"name": invitation.person.name}
    form = forms.AcceptForm(request.POST or None, person=invitation.person, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            joined = commands.accept_invitation(
                invitation=invitation, name=chosen["name"], password=chosen["password"]
            )
        except TouchstoneError as fault:
            form.take_fault(fault)
        else:
            login(request, joined, backend=MODEL_BACKEND)
            return redirect("account")
    return _form_page(request, "people/accept.html", form, person=invitation.person)


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """A person's own page: remits, and what is held about them."""
    person, today = request.user, clocks.today()
    entries = page_of(entries_about(person.public_id), 1, size=NEWEST_ENTRIES)
    context = {
        "person": person,
        "remits": queries.remits_of(person, seen_by=person, on=today),
        "today": today,
        "entries": entries,
        "names": names_in(entries, seen_by=person, on=today),
    }
    return render(request, "people/account.html", context)


@sensitive_post_parameters()
@GET_OR_POST
def change_password(request: HttpRequest) -> HttpResponse:
    form = forms.ChangePasswordForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        commands.change_password(
            person=request.user, password=form.cleaned_data["password"], by=request.user
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, words_for().text("password.changed"))
        return redirect("account")
    return _form_page(request, "people/change_password.html", form)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("text", "").strip()
    found = queries.people_seen_by(request.user, on=clocks.today(), text=text)
    page = page_of(found, request.GET.get("page"))
    return render(request, "people/people.html", {"page": page, "text": text})


@GET_OR_POST
def invite(request: HttpRequest) -> HttpResponse:
    queries.require_administrator(request.user, on=clocks.today())
    form = forms.InviteForm(request.POST or None, initial={"language": current_language()})
    if request.method == "POST" and form.is_valid():
        try:
            invitation = commands.invite_person(**form.cleaned_data, by=request.user)
        except TouchstoneError as fault:
            form.take_fault(fault)
        else:
            context = {"invitation": invitation, "link": queries.invitation_link(invitation)}
            return render(request, "people/invited.html", context)
    days = settings.TOUCHSTONE_INVITATION_DAYS
    return _form_page(request, "people/invite.html", form, days=days)


@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    found = queries.person_seen_by(public_id, seen_by=request.user, on=clocks.today())
    return _person_page(request, found, _grant_form(request))


@require_POST
def grant(request: HttpRequest, public_id: str) -> HttpResponse:
    found = queries.person_seen_by(public_id, seen_by=request.user, on=clocks.today())
    form = _grant_form(request, request.POST)
    if form.is_valid():
        try:
            commands.grant_remit(person=found, by=request.user, **form.cleaned_data)
        except TouchstoneError as fault:
            form.take_fault(fault)
        else:
            messages.success(request, words_for().text("remit.was_granted", name=found.name))
            return redirect("person", found.public_id)
    return _person_page(request, found, form)


@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    remit = queries.remit_seen_by(public_id, seen_by=request.user, on=clocks.today())
    try:
        commands.end_remit(remit=remit, by=request.user)
    except TouchstoneError as fault:
        messages.error(request, fault_text(fault, words_for()))
    else:
        messages.success(request, words_for().text("remit.was_ended"))
    return redirect("person", remit.person.public_id)


@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    found = queries.person_seen_by(public_id, seen_by=request.user, on=clocks.today())
    try:
        commands.close_account(person=found, by=request.user)
    except TouchstoneError as fault:
        messages.error(request, fault_text(fault, words_for()))
    else:
        messages.success(request, words_for().text("person.was_closed", name=found.name))
    return redirect("person", found.public_id)


def _person_page(request: HttpRequest, found: Person, form: forms.GrantForm) -> HttpResponse:
    today = clocks.today()
    context = {
        "person": found,
        "form": form,
        "all_roles": ALL_ROLES,
        "today": today,
        "remits": queries.remits_of(found, seen_by=request.user, on=today),
        "link": queries.open_link_of(found, seen_by=request.user, moment=clocks.now()),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "people/person.html", context, status=status)


def _grant_form(request: HttpRequest, sent: Any = None) -> forms.GrantForm:
    trees = queries.trees_seen_by(request.user, on=clocks.today(), roles=ALL_ROLES)
    return forms.GrantForm(sent, trees=trees.order_by("name"))


def _form_page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)


def _keep_in_cookie(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
