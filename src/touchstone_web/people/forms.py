"""Forms about accounts and remits."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError

from touchstone.content.texts import LANGUAGES
from touchstone_web.people.models import Person, Tree, Unit
from touchstone_web.shared import clocks
from touchstone_web.shared.forms import PageForm, choices_in_words, dress_field
from touchstone_web.shared.languages import LANGUAGE_NAMES, words_for
from touchstone_web.shared.roles import Role


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        words = words_for()
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True}
        )
        self.fields["username"].label = words.text("field.email")
        dress_field("email", self.fields["username"], words=words)
        dress_field("password", self.fields["password"], words=words)

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(words_for().text("sign_in.wrong"), code="invalid_login")


class ResetForm(PageForm):
    """The address whose account gets a link to choose a new password."""

    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class PasswordForm(PageForm):
    """A new password, twice."""

    password = forms.CharField(
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        # Django's own list of the rules, in the language of the page.
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password and cleaned.get("again") and password != cleaned["again"]:
            self.add_error("again", self.words.text("password.differ"))
        if password:
            try:
                validate_password(password, self.person)
            except ValidationError as fault:
                self.add_error("password", fault)
        return cleaned


class ChangePasswordForm(PasswordForm):
    """A new password for somebody who knows the old one."""

    old = forms.CharField(
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password", "again")

    def clean_old(self) -> str:
        old = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise ValidationError(self.words.text("password.old_wrong"))
        return old


class AcceptForm(PasswordForm):
    """What an invited person chooses."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "password", "again")


class InviteForm(PageForm):
    """Whom to invite."""

    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(max_length=200)
    language = forms.ChoiceField(choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES])


class GrantForm(PageForm):
    """Which role, over what, from when to when."""

    role = forms.ChoiceField()
    tree = forms.ModelChoiceField(Tree.objects.none(), required=False, to_field_name="public_id")
    unit = forms.CharField(max_length=100, required=False)
    begins_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, trees: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"begins_on": clocks.today().isoformat()})
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = choices_in_words(Role, "role", self.words)
        self.fields["tree"].queryset = trees
        self.fields["tree"].empty_label = self.words.text("remit.everything")

    def clean(self) -> dict[str, Any]:
        """Find the unit by its identifier within the tree."""
        cleaned = super().clean() or {}
        identifier, tree = cleaned.get("unit"), cleaned.get("tree")
        cleaned["unit"] = None
        if identifier and tree is None:
            self.add_error("tree", self.words.text("remit.tree_needed"))
        elif identifier:
            cleaned["unit"] = Unit.objects.filter(tree=tree, identifier=identifier.strip()).first()
            if cleaned["unit"] is None:
                self.add_error("unit", self.words.text("remit.unit_unknown", tree=tree.name))
        return cleaned
