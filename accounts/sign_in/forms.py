"""What the sign-up page asks besides e-mail and password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.users import operations as users
from accounts.users.models import User
from core.errors import Invalid


class SignUpForm(forms.Form):
    """Base class of allauth's sign-up form (ACCOUNT_SIGNUP_FORM_CLASS)."""

    field_order = ("name", "email", "password1")

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("This is what other people see."), widget=forms.TextInput({"autocomplete": "name"})
    )

    def clean_name(self) -> str:
        try:
            return users.tidy_name(self.cleaned_data["name"])
        except Invalid as wrong:
            raise forms.ValidationError(wrong.message, code=wrong.code) from wrong

    def signup(self, request: HttpRequest, user: User) -> None:
        """The adapter has stored everything already."""
